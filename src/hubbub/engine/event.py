"""The base of every command and event: who did it, its id, and what `decide` may answer."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from .ids import time_of
from .refusals import Refusal


class Origin(Struct, frozen=True):
    """The author of an event as others saw them then; it stays true when they change or leave."""

    person: int
    nick: str
    username: str = "hubbub"
    host: str = "hubbub"
    account: str | None = None
    realname: str = ""
    away: str | None = None
    bot: bool = False
    operator: bool = False

    @property
    def mask(self) -> str:
        return f"{self.nick}!{self.username}@{self.host}"


SERVER: Final = Origin(0, "Hubbub")
"""The server as an origin: of its own messages, and of acts from its console."""


class Command(Struct, frozen=True):
    """A request to the engine; its name is an imperative."""


class Event(Struct, frozen=True):
    """Something that happened; past. Its id is its place in the one order of all events."""

    id: int

    @property
    def at(self) -> int:
        """Milliseconds since the epoch."""
        return time_of(self.id)


class Request(Struct, frozen=True):
    """A command as it reaches the engine: with the id that its first event gets, and the session that asks.

    Session 0 is the server's own console, where `operator` sits; or, with the id of an `account`, a program that speaks
    for it without being there. `now` is what the wall clock says, in milliseconds since the epoch; 0 where that is the
    time of the id. What ends at some time is counted by it; the id can be ahead of it for a while.
    """

    id: int
    session: int
    command: Command
    operator: str = "Console"
    account: int = 0
    now: int = 0

    @property
    def at(self) -> int:
        return self.now or time_of(self.id)

    @property
    def is_shell(self) -> bool:
        """Whether the server itself or its console asks; no session may send commands that only the shell knows."""
        return not self.session and not self.account


Answer = Sequence[Event] | Refusal
