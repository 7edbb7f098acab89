"""The access to the engine that the node gives to others: the state, the clock, and asking."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from hubbub.engine.event import Command, Event
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import State

if TYPE_CHECKING:
    from .id_clock import IdClock
    from .session import LiveSession


class EngineAccess(Protocol):
    """The part of the node that every caller of the engine needs; larger Protocols extend it."""

    @property
    def state(self) -> State:
        """The engine's state, to be read alone: only `ask` changes it."""

    @property
    def clock(self) -> "IdClock": ...
    def ask(
        self,
        command: Command,
        asking: "LiveSession | None" = None,
        operator: str = "Console",
        account: int = 0,
    ) -> Sequence[Event] | Refusal:
        """Ask the engine, for a session, for a program of an `account`, or for the server's console."""
        ...
