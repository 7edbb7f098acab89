"""Names that can only be valid: nicknames, accounts and rooms, case-folded once, where they come in."""

import re
from typing import Final, Self

from msgspec import Struct

from hubbub.text import normal

from .lookalikes import without_emoji_style
from .refusals import Refusal


class NameRefused(Refusal, frozen=True):
    name: str
    rule: str

    def __str__(self) -> str:
        return f"This name can't be used. Names are {self.rule}."


class NameReserved(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} is reserved. Choose another one."


class RoomNameRefused(Refusal, frozen=True):
    name: str
    limit_bytes: int

    def __str__(self) -> str:
        return (
            f"This room name can't be used. A room name has 1 to {self.limit_bytes} bytes, without spaces, "
            "commas, invisible characters or any of * ? ! @ :"
        )


ROOM_NAME_BYTES_MAX: Final = 63
"""Without the `#` that IRC writes before it."""

CONVERSATION_PREFIX: Final = "talk-"
_CONVERSATION: Final = re.compile(rf"{CONVERSATION_PREFIX}[0-9a-hjkmnp-tv-z]{{13}}")
"""The prefix, and the id of the event with which a conversation of several people began."""

SERVICES: Final = ("NickServ", "ChanServ", "Hubbub", "Console")
"""The services' names; no user can take them."""

KEPT: Final = (
    *("MemoServ", "OperServ", "HostServ", "BotServ", "HelpServ", "Global", "Server"),
    *("everyone", "here", "all", "channel"),
)
"""Names of services elsewhere, and words for a whole room: no user can newly take them."""

TITLES: Final = (
    *("admin", "administrator", "root", "system"),
    *("operator", "moderator", "support", "security"),
)
"""Names of roles: only an administrator can give them."""

_FOLD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(text: str) -> str:
    """The form in which two names are compared: `ascii` casemapping, as announced on IRC, and composed (NFC).

    So a name is the same at every door, from whichever keyboard it comes.
    """
    return text.lower() if text.isascii() else normal("NFC", text).translate(_FOLD)


_RESERVED: Final = frozenset(fold(name) for name in SERVICES)


class NameRule(Struct, frozen=True):
    """The rule for nicknames and account names, as a pattern and in words."""

    pattern: re.Pattern[str] = re.compile(r"^[a-zA-Z0-9_]{3,20}$")
    words: str = "3 to 20 letters, digits or underscores"


class Name(Struct, frozen=True, eq=False):
    """A valid name: as it is written, and the key by which it is found."""

    text: str
    key: str

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and type(self) is type(other) and self.key == other.key

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.key)

    @classmethod
    def known(cls, text: str) -> Self:
        """A name that was valid when it was stored; rules may have changed since."""
        return cls(text, fold(text))


class Nick(Name, frozen=True, eq=False):
    """A nickname; account names follow the same rule."""

    @classmethod
    def parse(cls, text: str, rule: NameRule) -> "Nick | Refusal":
        """NFC, as a room's name is."""
        name = normal("NFC", text)
        if not rule.pattern.fullmatch(name):
            return NameRefused(text, rule.words)
        if cls.is_reserved(name):
            return NameReserved(name)
        return cls.known(name)

    @staticmethod
    def is_reserved(text: str) -> bool:
        """Whether it is a name that speaks for the server."""
        return fold(text) in _RESERVED


class RoomName(Name, frozen=True, eq=False):
    """A room's name, in letters of any language, without IRC's `#`."""

    @classmethod
    def parse(cls, text: str) -> "RoomName | Refusal":
        """NFC, so that one word typed on two keyboards is one room; a leading `#` is IRC's and is taken off."""
        name = normal("NFC", text.removeprefix("#"))
        size = len(name.encode(errors="replace"))
        if not name or size > ROOM_NAME_BYTES_MAX or not all(map(_fits_a_room_name, name)):
            return RoomNameRefused(name, ROOM_NAME_BYTES_MAX)
        return cls.known(name)

    @property
    def is_conversation(self) -> bool:
        """Whether it has the form of the names of conversations, which no room can be given."""
        return _CONVERSATION.fullmatch(self.key) is not None

    def tidy(self) -> "RoomName":
        """The name as a new room has it: keyboards write of an emoji how it is drawn, too."""
        return RoomName.known(without_emoji_style(self.text) or self.text)


def _fits_a_room_name(letter: str) -> bool:
    return letter not in ",*?!@:" and letter.isprintable() and not letter.isspace()
