"""A typed line, told apart: a message, a command, or a doubt, which is sent only if the user says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SECRETS: Final = ("login", "register", "password", "identify")
"""A line that begins with one of these is never a message, nor kept: a password might stand in it."""

NICKSERV_SECRETS: Final = (*SECRETS, "id", "ghost", "recover", "release", "regain", "set", "passwd")
"""The same of what is written to NickServ."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message to the open conversation, also if it begins with a name."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the words, with what stands behind it."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A slash, and no word behind it."""

    name: str


@dataclass(frozen=True, slots=True)
class TooShort:
    """A word that needs more behind it."""

    name: str


@dataclass(frozen=True, slots=True)
class Secret:
    """Meant for a service, with a password in it perhaps; the room would read it."""


Typed = Said | Asked | Unknown | TooShort | Secret


def read_line(text: str, needs: Mapping[str, int], bare: Mapping[str, str]) -> Typed:
    """`needs` has each word with how many others it needs behind it; `bare` the lines that mean one without a slash."""
    line = text.strip()
    if line in bare:
        return Asked(bare[line], "")
    first, *others = line.split(maxsplit=1)[:2] or [""]
    rest = others[0] if others else ""
    if first.lower() in SECRETS and first.lower() in needs:
        return _asked(first.lower(), rest, needs)
    if first.lower() == "@nickserv" and is_secret(line):
        return Secret()
    if line.startswith("/") and not line.startswith("//"):
        return _asked(first[1:].lower(), rest, needs)
    return Said(text.lstrip()[1:] if line.startswith("//") else text)


def _asked(name: str, rest: str, needs: Mapping[str, int]) -> Typed:
    if name not in needs:
        return Unknown(name)
    return Asked(name, rest) if len(rest.split()) >= needs[name] else TooShort(name)


def is_secret(text: str) -> bool:
    """Whether a password may stand in it, as a command or as what is written to a service: then it is kept nowhere."""
    words = text.lower().split(maxsplit=3)
    if words[:1] == ["/msg"]:
        words = [f"@{words[1].removeprefix('@')}", *words[2:]] if len(words) > 1 else []
    decisive = words[1:2] if words and words[0].startswith("@") else words[:1]
    if words[:1] == ["@nickserv"]:
        return any(word in NICKSERV_SECRETS for word in decisive)
    return any(word.lstrip("/") in SECRETS for word in decisive)
