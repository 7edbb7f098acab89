"""Names that look alike, whatever they are written with (UTS #39), and characters that no name may have."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

from .confusables import ALIKE, UNSEEN

_BLANKS: Final = "\u2800\U0001d159"
"""They take up room and show nothing, without being spaces."""
_INVISIBLE: Final = re.compile(f"[{''.join(f'{chr(low)}-{chr(high)}' for low, high in UNSEEN)}{_BLANKS}]")
_EMOJI_STYLE: Final = re.compile("[\ufe0e\ufe0f]")
"""Whether a character is drawn as text or as emoji: keyboards write it, and it is no part of a name."""

_WITH_LATIN: Final = tuple(
    frozenset(scripts.split())
    for scripts in ("LATIN CJK HIRAGANA KATAKANA", "LATIN CJK BOPOMOFO", "LATIN CJK HANGUL")
)
"""UTS #39, 5.2, "Highly Restrictive": what may stand together in a name that is not of one script."""
_SCRIPTS_BY_WORD: Final = {"IDEOGRAPHIC": "CJK", "KATAKANA-HIRAGANA": "", "MODIFIER": ""}


class Looks(dict[str, int]):
    """Skeleton → the number of the person or room with such a name; of names that clash already, `shared` has all."""

    __slots__ = ("shared",)

    def __init__(self) -> None:
        super().__init__()
        self.shared: dict[str, dict[int, None]] = {}

    def enter(self, name: str, number: int) -> None:
        for look in looks(name):
            first = self.setdefault(look, number)
            if first != number:
                self.shared.setdefault(look, {first: None})[number] = None

    def enter_all(self, names: Sequence[str], numbers: Sequence[int]) -> None:
        """Into an empty one, at the start: in a few steps where it can be, since names may be very many."""
        together = "\n".join(names)
        if together.isascii() and _SHAPED_BY_CASE not in together:
            self.update(zip(together.translate(_ascii_shapes()).split("\n"), numbers, strict=False))
        if len(self) < len(names):
            for name, number in zip(names, numbers, strict=True):
                self.enter(name, number)

    def leave(self, name: str, number: int) -> None:
        for look in looks(name):
            others = self.shared.get(look, {})
            others.pop(number, None)
            if self.get(look) == number:
                del self[look]
            if others:
                self.setdefault(look, next(iter(others)))
            if len(others) < 2:
                self.shared.pop(look, None)

    def like(self, name: str) -> list[int]:
        """The numbers of all whose names look like this one."""
        found: dict[int, None] = {}
        for look in looks(name):
            if look in self:
                found.update(self.shared.get(look) or {self[look]: None})
        return list(found)


@lru_cache(maxsize=4096)
def looks(name: str) -> tuple[str, ...]:
    """The skeletons of a name, as written and in lower case; names that share one look alike.

    Both are taken, since a skeleton is of shapes: a capital I is an l, while it means an i.

    >>> looks("PauI"), looks("аdmin"), looks("tea\u034f")
    (('paul', 'paui'), ('adrnin',), ('tea',))
    """
    if name.isascii() and _SHAPED_BY_CASE not in name:
        return (name.translate(_ascii_shapes()),)
    return tuple(dict.fromkeys((_shape(name), _shape(folded(name)))))


_SHAPED_BY_CASE: Final = "I"
"""The one letter of ASCII whose shape says another letter than it means."""


@cache
def _ascii_shapes() -> dict[int, str]:
    return {code: _shape(chr(code)) for code in range(ord("!"), 128)}


def _shape(text: str) -> str:
    return _skeleton(_skeleton(text).casefold())


def _skeleton(text: str) -> str:
    """UTS #39, section 4: without what is not seen, each part in the place of all that looks like it."""
    parts = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFD", parts.translate(_prototypes()))


@cache
def _prototypes() -> dict[int, str]:
    lines = (line.partition("\0") for line in ALIKE.split("\n")[:-1])
    return {ord(letter): prototype for prototype, _, letters in lines for letter in letters}


def folded(name: str) -> str:
    """A name as people mean it: without case, width and style.

    >>> folded("GÉNÉRAL"), folded("Ｔｅａ"), folded("Straße")
    ('général', 'tea', 'strasse')
    """
    if name.isascii():
        return name.lower()
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold()
    return unicodedata.normalize("NFKC", plain)


def without_emoji_style(name: str) -> str:
    return _EMOJI_STYLE.sub("", name)


def is_seen(name: str) -> bool:
    """Whether all of a name shows, and a mark stands on a letter of its own."""
    return not _INVISIBLE.search(name) and not unicodedata.category(name[0]).startswith("M")


def scripts_mixed(name: str) -> tuple[str, ...]:
    """The scripts of a name if they don't go together in one; else none.

    >>> scripts_mixed("Anna"), scripts_mixed("Аnna"), scripts_mixed("東京タワーTV")
    ((), ('Cyrillic', 'Latin'), ())
    """
    if name.isascii():
        return ()
    letters = (letter for letter in unicodedata.normalize("NFKC", name) if letter.isalpha())
    found = dict.fromkeys(script for script in map(_script, letters) if script)
    may_stand = len(found) < 2 or any(found.keys() <= scripts for scripts in _WITH_LATIN)
    return () if may_stand else tuple(script.capitalize() for script in found)


def _script(letter: str) -> str:
    """The first word of its name tells a letter's script."""
    word = unicodedata.name(letter, "").partition(" ")[0]
    return _SCRIPTS_BY_WORD.get(word, word)


def all_looks(names: Iterable[str]) -> frozenset[str]:
    """The skeletons of ASCII words in any case."""
    return frozenset(
        look
        for name in names
        for form in (name, name.lower(), name.upper(), name.title())
        for look in looks(form)
    )
