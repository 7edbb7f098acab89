"""The chat as the website needs it: one Protocol, which the node fits without being known here."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from hubbub.config.sections import Settings
from hubbub.engine.event import Command, Event
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Account, State
from hubbub.storage.base import Storage

if TYPE_CHECKING:
    from hubbub.node.admin_context import ConsoleContext
    from hubbub.node.commit_gate import CommitGate
    from hubbub.node.disk_watch import DiskWatch
    from hubbub.node.endpoint import Endpoint
    from hubbub.node.entrance import Entrance
    from hubbub.node.event_log import EventLog
    from hubbub.node.health import Health
    from hubbub.node.id_clock import IdClock
    from hubbub.node.limits import SessionLimits
    from hubbub.node.proofs import Proofs
    from hubbub.node.session import LiveSession


class Chat(Protocol):
    """What is asked and read, each member an object with a subject of its own."""

    @property
    def state(self) -> State:
        """The engine's state as it is."""

    @property
    def settings(self) -> Settings:
        """The settings as they are."""

    @property
    def clock(self) -> "IdClock": ...
    @property
    def limits(self) -> "SessionLimits": ...
    @property
    def gate(self) -> "CommitGate":
        """To wait for until what was asked is on disk."""

    @property
    def storage(self) -> Storage:
        """To be read in a thread."""

    @property
    def disk(self) -> "DiskWatch": ...
    @property
    def health(self) -> "Health": ...
    @property
    def proofs(self) -> "Proofs":
        """Who somebody is."""

    @property
    def live(self) -> "Mapping[int, LiveSession]": ...
    @property
    def journal(self) -> "EventLog": ...
    @property
    def endpoint(self) -> "Endpoint": ...
    @property
    def entrance(self) -> "Entrance":
        """To it a WebSocket is handed on."""

    @property
    def listening(self) -> list[Callable[[Event], None]]:
        """Who hears of every event, as it happens."""

    def ask(
        self,
        command: Command,
        asking: "LiveSession | None" = None,
        operator: str = "Console",
        account: int = 0,
    ) -> Sequence[Event] | Refusal:
        """Ask the engine, for a session or for a program of an `account`."""
        ...

    def desk(self, who: "LiveSession | Account") -> "ConsoleContext":
        """What somebody administers the server by."""
        ...
