"""The server's features: its capabilities, the enabled ones among them, and what RPL_ISUPPORT says."""

from collections.abc import Callable, Iterable
from typing import Final

from hubbub.text import clean
from hubbub.wire import isupport
from hubbub.wire.casemapping import folding
from hubbub.wire.mode_changes import classification

WANTED: Final = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "bot-mode",
    "cap-notify",
    "chghost",
    "draft/account-registration",
    "draft/channel-rename",
    "draft/chathistory",
    "draft/event-playback",
    "draft/extended-isupport",
    "draft/message-redaction",
    "draft/metadata-2",
    "draft/metadata-3",
    "draft/multiline",
    "draft/oper-tag",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "hubbub/activity",
    "hubbub/conversations",
    "hubbub/drafts",
    "hubbub/edit",
    "hubbub/emoji",
    "hubbub/invitation",
    "hubbub/members",
    "hubbub/report",
    "hubbub/send-once",
    "hubbub/threads",
    "hubbub/ticket",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "soju.im/search",
    "standard-replies",
    "userhost-in-names",
)
"""The capabilities that are asked for wherever they are offered."""

_OLDER: Final = {"draft/metadata-2": "draft/metadata-3"}
"""Drafts that are asked for only where the newer one is not offered: "a client asks for one of the two, never both"."""


def wanted(offered: Iterable[str], held: Iterable[str]) -> list[str]:
    """The capabilities to request of those offered, given those held already."""
    names, have = set(offered), {*offered, *held}
    return [name for name in WANTED if name in names and _OLDER.get(name) not in have]


_MULTILINE_BYTES: Final = 4096


def number(text: str, default: int) -> int:
    """A server's number of at most nine digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


class Server:
    """A server, as far as it has told what it can do."""

    def __init__(self) -> None:
        self.name = ""
        self.offered: dict[str, str] = {}
        """Capability → its value."""
        self.enabled: set[str] = set()
        self.support: dict[str, str] = {}
        """Token of RPL_ISUPPORT → its value."""
        self.motd: list[str] = []
        self.fold: Callable[[str], str] = folding("rfc1459")
        self._ranks = {"o": "@", "v": "+"}
        self._kinds = classification("b,k,l,imnpst", "ov")

    def has(self, capability: str) -> bool:
        return capability in self.enabled

    @property
    def keeps_metadata(self) -> bool:
        """Whether people and rooms may have metadata, in whichever of the two drafts the server has."""
        return self.has("draft/metadata-3") or self.has("draft/metadata-2")

    def take_support(self, words: Iterable[str]) -> None:
        """Take in the tokens of one line."""
        for name, value in isupport.parse(words).items():
            if name.startswith("-"):
                self.support.pop(name[1:], None)
            else:
                # A value may say any byte by its number, also what drives a terminal.
                self.support[name] = clean(value or "")
        # modern-irc: "If the parameter is not published by the server at all, clients SHOULD assume rfc1459".
        self.fold = folding(self.support.get("CASEMAPPING", "rfc1459"))
        letters, _, prefixes = self.support.get("PREFIX", "(ov)@+").removeprefix("(").partition(")")
        self._ranks = dict(zip(letters, prefixes, strict=False))
        self._kinds = classification(self.support.get("CHANMODES", "b,k,l,imnpst"), letters)

    @property
    def network(self) -> str:
        return self.support.get("NETWORK") or self.name

    @property
    def ranks(self) -> dict[str, str]:
        """Mode letter → prefix, the highest first."""
        return self._ranks

    @property
    def mode_kinds(self) -> dict[str, str]:
        """Mode letter → how it takes a parameter, as `wire.modes.classification` says it."""
        return dict(self._kinds)

    def is_room(self, name: str) -> bool:
        return name.startswith(tuple(self.support.get("CHANTYPES", "#&")) or ("#",))

    def room_of(self, target: str) -> str:
        """The room that a target names, `@#room` (STATUSMSG) included."""
        bare = target.lstrip(self.support.get("STATUSMSG", ""))
        return bare if bare != target and self.is_room(bare) else target

    @property
    def history_limit(self) -> int:
        """The most messages in a page of history; 0 without history."""
        if not self.has("draft/chathistory"):
            return 0
        return min(self._number("CHATHISTORY", 100) or 100, 100)

    def _number(self, token: str, default: int) -> int:
        return number(self.support.get(token, ""), default)

    @property
    def multiline(self) -> tuple[int, int] | None:
        """The most bytes and lines that one message may have; None where it has to be one line."""
        if not self.has("draft/multiline"):
            return None
        fields = dict(part.partition("=")[::2] for part in self.offered["draft/multiline"].split(","))
        most, lines = fields.get("max-bytes", ""), fields.get("max-lines", "")
        return number(most, _MULTILINE_BYTES), number(lines, 100)

    @property
    def mechanisms(self) -> list[str]:
        """The SASL mechanisms that it names; empty if it names none."""
        return [word for word in self.offered.get("sasl", "").split(",") if word]
