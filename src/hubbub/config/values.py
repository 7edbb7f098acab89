"""One value of one setting: what is allowed, whether what was given is, and how it is written."""

import unicodedata
from typing import Any, Final

import msgspec

from .declaration import MASK, Setting

_SHOWN_CHARACTERS: Final = 60
_YES_OR_NO: Final = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_DRIVING: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, and line ends: what could drive a terminal or end an IRC line."""


class NotAllowed(Exception):
    """The given value is not allowed for this setting."""


def accept(setting: Setting, given: object, words: bool = False) -> Any:
    """Turn what was given into a value; with `words` it is text that stands for it, as in the environment."""
    if words and isinstance(given, str):
        given = _from_words(setting, given)
    if setting.kind is bool and isinstance(given, str):
        given = _YES_OR_NO.get(given.lower(), given)
    if setting.about.off and given == "off":
        given = 0
    try:
        value = msgspec.convert(given, setting.hint)
    except (msgspec.ValidationError, RecursionError, UnicodeEncodeError):
        raise NotAllowed from None
    for text in value if setting.is_list else (value,):
        if isinstance(text, str) and not _is_allowed(setting, text):
            raise NotAllowed
    return value


def _from_words(setting: Setting, text: str) -> object:
    if setting.is_list:
        return [entry for entry in map(str.strip, text.split(",")) if entry]
    if setting.kind is int and text.isascii() and text.isdecimal() and len(text) < 20:
        return int(text)
    return text


def _is_allowed(setting: Setting, text: str) -> bool:
    line = text.translate({0x09: None, 0x0A: None}) if setting.about.lines else text
    if harmless(line) != line:
        return False
    return setting.about.check is None or setting.about.check(text)


def harmless(text: str) -> str:
    """Take out of a line what could drive a terminal or end the line."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in _DRIVING)


def allowed(setting: Setting) -> str:
    """Say in words what a setting may be, as what follows "Give …"."""
    if setting.about.allowed:
        return setting.about.allowed
    if setting.choices:
        return " or ".join((", ".join(setting.choices[:-1]), setting.choices[-1]))
    if setting.kind is bool:
        return "true or false"
    if setting.kind is int:
        least, most = setting.meta.ge, setting.meta.le
        off = ', or 0 or "off" for no limit' if setting.about.off else ""
        return f"a whole number from {1 if off else least} to {most}{off}"
    least, most = setting.meta.min_length or 0, setting.meta.max_length
    size = f"{least} to {most}" if least else f"at most {most}"
    return f"text of {size} characters" if setting.about.lines else f"one line of {size} characters"


def written(value: object) -> str:
    """Write a value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return _quoted(str(value))


def shown(setting: Setting, given: object) -> str:
    """Write what was given, whatever it is, so that it can stand in a sentence: short, tame, and no secret."""
    if setting.about.secret:
        return MASK
    if isinstance(given, str):
        return _quoted(_cut(given))
    if isinstance(given, bool | float):
        return str(given).lower()
    if isinstance(given, int):
        return str(given) if abs(given) < 10**20 else "a very large number"
    if isinstance(given, list | tuple) and all(isinstance(entry, str) for entry in given):
        return f"[{_cut(', '.join(_quoted(_cut(entry)) for entry in given))}]"
    return kind(given)


def kind(given: object) -> str:
    """Say what something in the file is."""
    if isinstance(given, dict):
        return "a table"
    if isinstance(given, list | tuple):
        return "a list"
    return "text" if isinstance(given, str) else "a single value"


def tame(text: str, most: int = _SHOWN_CHARACTERS) -> str:
    """Cut text short and take out what could drive a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in _cut(text, most))


def _cut(text: str, most: int = _SHOWN_CHARACTERS) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter == "\n":
        return "\\n"
    if letter.isprintable() or unicodedata.category(letter) == "Zs":
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
