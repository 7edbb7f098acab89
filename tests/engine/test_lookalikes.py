"""What names look like: UTS #39's skeletons, in any case; and that the fast way gives what the whole one does."""

import doctest
import importlib.util
import unicodedata

import pytest

from hubbub.engine import confusables, lookalikes
from hubbub.engine.lookalikes import Looks, folded, is_seen, looks, scripts_mixed
from tools.confusables import TABLE, _read, source


def test_the_examples_in_the_module() -> None:
    assert doctest.testmod(lookalikes).failed == 0


def _alike(one: str, other: str) -> bool:
    return not set(looks(one)).isdisjoint(looks(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Général", "GÉNÉRAL"),
        ("Général", "ge\u0301ne\u0301ral"),
        ("Général", "Généra1"),
        ("Général", "Généra\u04cf"),  # Cyrillic palochka
        ("tea", "te\u0430"),  # Cyrillic a
        ("tea", "t\u0435a"),  # Cyrillic ie
        ("tea", "ｔｅａ"),
        ("tea", "𝓽𝓮𝓪"),
        ("tea", "tea\ufe0f"),
        ("tea", "t\u034fea"),
        ("tea", "te\u00ada"),
        ("tea", "tea\u3164"),
        ("tea", "tea\u2060"),
        ("tea", "tea\U000e0041"),
        ("paul", "PauI"),
        ("Paul", "pau1"),
        ("bob", "b0b"),
        ("modern", "modem"),
        ("Straße", "STRASSE"),
        ("room5", "room５"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert _alike(one, other) and _alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Comptabilité", "Comptabilite"),
        ("mail", "mall"),
        ("tea", "tee"),
        ("room1", "room2"),
        ("ann", "anna"),
        ("東京", "京東"),
        ("чай", "tea"),
    ],
)
def test_not_alike(one: str, other: str) -> None:
    assert not _alike(one, other)


def test_names_of_ascii_are_read_in_a_faster_way_that_gives_the_same() -> None:
    letters = [chr(code) for code in range(ord("!"), 127)]
    for name in [*letters, *(a + b for a in letters for b in letters)]:
        forms = dict.fromkeys((lookalikes._shape(name), lookalikes._shape(folded(name))))
        assert looks(name) == tuple(forms), name


@pytest.mark.parametrize(
    "name", ["t\u034fea", "tea\u3164", "\u2800", "te\u00ada", "\u0301tea", "a\U000e0041", "a\ufe0f", "\u115f"]
)
def test_what_is_not_seen(name: str) -> None:
    assert not is_seen(name)
    assert is_seen("Générał-茶_🍵")


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("Аnna", ("Cyrillic", "Latin")),
        ("Αthena", ("Greek", "Latin")),
        ("Anna7", ()),
        ("Анна_7", ()),
        ("ゲームboy東", ()),
        ("한국TV", ()),
        ("한ゲ", ("Hangul", "Katakana")),
        ("Ａnna", ()),
    ],
)
def test_scripts(name: str, scripts: tuple[str, ...]) -> None:
    assert scripts_mixed(name) == scripts


def test_all_at_once_is_as_one_after_the_other() -> None:
    for names in (["ann", "bob", "eve"], ["ann", "bob", "b0b", "PauI", "Paul"], ["ann", "Анна"], []):
        at_once, one_by_one = Looks(), Looks()
        at_once.enter_all(names, range(len(names)))
        for number, name in enumerate(names):
            one_by_one.enter(name, number)
        for name in names:
            assert set(at_once.like(name)) == set(one_by_one.like(name)), name


def test_of_names_that_clash_each_is_known_until_it_is_gone() -> None:
    known = Looks()
    for number, name in enumerate(("bob", "b0b", "BOB"), start=1):
        known.enter(name, number)
    assert set(known.like("B0B")) == {1, 2, 3}
    known.leave("bob", 1)
    assert set(known.like("bob")) == {2, 3}
    known.leave("BOB", 3)
    assert known.like("bob") == [2]
    known.leave("b0b", 2)
    assert known.like("bob") == [] and not known and not known.shared


def test_the_table_is_whole() -> None:
    """As it was written: every character once, none that comes apart or isn't seen."""
    lines = [line.split("\0") for line in confusables.ALIKE.split("\n")[:-1]]
    letters = [letter for _, alike in lines for letter in alike]
    assert len(letters) == len(set(letters)) > 5000
    assert not any(lookalikes._INVISIBLE.match(letter) for letter in letters)
    known = [letter for letter in letters if unicodedata.category(letter) != "Cn"]
    assert all(unicodedata.normalize("NFD", letter) == letter for letter in known)


@pytest.mark.skipif(
    importlib.util.find_spec("icu") is None, reason="ICU is installed only to write the table"
)
def test_the_table_is_icus() -> None:
    import icu  # type: ignore[import-not-found]

    assert source(icu.UNICODE_VERSION, *_read(icu)) == TABLE.read_text()
