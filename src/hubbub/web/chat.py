"""The chat as the website needs it: one Protocol, which the node fits without being known here."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from hubbub.config.sections import Settings
from hubbub.engine.event import Event
from hubbub.engine.state import Account
from hubbub.node.engine_access import EngineAccess
from hubbub.storage.base import Storage

if TYPE_CHECKING:
    from hubbub.node.admin_context import ConsoleContext
    from hubbub.node.commit_gate import CommitGate
    from hubbub.node.disk_watch import DiskWatch
    from hubbub.node.endpoint import Endpoint
    from hubbub.node.entrance import Entrance
    from hubbub.node.event_log import EventLog
    from hubbub.node.health import Health
    from hubbub.node.limits import SessionLimits
    from hubbub.node.proofs import Proofs
    from hubbub.node.session import LiveSession


class Chat(EngineAccess, Protocol):
    """The node as the website uses it; each member has a subject of its own."""

    @property
    def settings(self) -> Settings:
        """The settings as they are."""

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
        """Authentication."""

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
        """The listeners called with every event as it happens."""

    def desk(self, who: "LiveSession | Account") -> "ConsoleContext":
        """The administration context of a session, or of an account."""
        ...
