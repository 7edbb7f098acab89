"""Checks of texts in the settings, where type and length do not say it all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hubbub.addresses import known_address, parse_network
from hubbub.engine.names import RoomName
from hubbub.engine.state import Access

_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_WEB_ADDRESS: Final = re.compile(r"https://[!-~]+")
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://[!-.0-~]+", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,16}")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_HASH: Final = re.compile(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")
_REPEATED_GROUP: Final = re.compile(r"\)[+*{]")
"""A repeated group: matching such a pattern can take exponential time."""

_FORBIDDEN: Final = " #:!@,*?$~&%\0\n"
_NAME_CHARACTERS_MAX: Final = 63


@dataclass(frozen=True, slots=True)
class BornRoom:
    """A room that the server is born with."""

    name: str
    access: Access = Access.OPEN
    secret: bool = False


def parse_room(text: str) -> BornRoom:
    """Read `name` or `name: access`, with the word `secret` behind it if wanted; ValueError if it is neither.

    A room's name holds no colon, so this is never ambiguous.
    """
    name, colon, rest = text.partition(":")
    words = rest.split()
    secret = words[-1:] == ["secret"]
    accesses = words[:-1] if secret else words
    parsed = RoomName.parse(name.strip())
    if not isinstance(parsed, RoomName) or len(accesses) > 1 or (colon and not words):
        raise ValueError(text)
    return BornRoom(parsed.text, Access(accesses[0]) if accesses else Access.OPEN, secret)


def is_born_room(text: str) -> bool:
    try:
        parse_room(text)
    except ValueError:
        return False
    return True


def is_room_name_or_empty(text: str) -> bool:
    return not text or isinstance(RoomName.parse(text), RoomName)


def is_network(text: str) -> bool:
    """Whether it is an address or a network in CIDR form, without bits outside its mask."""
    try:
        parse_network(text, strict=True)
    except ValueError:
        return False
    return True


def is_web_address_or_empty(text: str) -> bool:
    """Whether it is an address of the web that no clear connection is needed for."""
    return not text or bool(_WEB_ADDRESS.fullmatch(text))


def is_origin(text: str) -> bool:
    """Whether it is what a browser calls a site, or stands for all of them."""
    return text == "*" or bool(_ORIGIN.fullmatch(text))


def is_host_name(text: str) -> bool:
    return bool(_HOST.fullmatch(text))


def is_host(text: str) -> bool:
    """Whether it is an address, or could be a host's name."""
    return is_address(text) or is_host_name(text)


def is_host_or_every(text: str) -> bool:
    return text == "*" or is_host(text)


def is_address(text: str) -> bool:
    return known_address(text) is not None


def is_ending(text: str) -> bool:
    return bool(_ENDING.fullmatch(text))


def is_title(text: str) -> bool:
    return bool(text) and text == text.strip()


def is_plain_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))


def is_name_to_reserve(text: str) -> bool:
    return 0 < len(text) <= _NAME_CHARACTERS_MAX and text.isprintable() and " " not in text


def is_hash(text: str) -> bool:
    return bool(_HASH.fullmatch(text))


def is_name_pattern(text: str) -> bool:
    """Whether it is a pattern that allows no name that IRC could not carry, and never takes for ever."""
    if _REPEATED_GROUP.search(text):
        return False
    try:
        pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return not any(map(pattern.fullmatch, _impossible_names()))


def _impossible_names() -> Iterator[str]:
    """Names that no pattern may allow: on IRC they would be something else, or too long."""
    yield ""
    for letter in _FORBIDDEN:
        for length in range(_NAME_CHARACTERS_MAX):
            yield letter * (length + 1)
            yield "a" + letter * (length + 1)
    for letter in "aA0_é":
        yield letter * (_NAME_CHARACTERS_MAX + 1)
