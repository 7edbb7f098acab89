"""The disk's state: while it takes nothing, the server stays up for reading, and tries again."""

from collections.abc import Callable
from typing import Any, Final

from hubbub.engine.accounts import CredentialRenewed
from hubbub.engine.entering import SeenNoted
from hubbub.engine.event import Event
from hubbub.engine.known_addresses import AddressNoted
from hubbub.engine.membership import MemberJoined, MemberLeft
from hubbub.engine.rooms import RoomDeleted
from hubbub.engine.sessions import UserLeft
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import State
from hubbub.engine.tokens import TokenUsed
from hubbub.engine.webhooks import WebhookDelivered

ROOM_BYTES_MIN: Final = 10_000_000
"""With less than this free nothing is written any more: what is under way at that moment still finds its place."""

ROOM_AGAIN_BYTES_MIN: Final = 20_000_000
"""With as much free as this it is again: else it would be so and not so by turns, and everybody be told each time."""

PAUSES_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Before each further try; the last one before all that follow."""

FULL: Final = "The server can't write to its disk right now: new messages are neither saved nor shown."
AGAIN: Final = "The server can write to its disk again."
GONE: Final = "The server's disk failed, and the latest messages were not saved. Reconnect to read."


class Disk:
    """The state of the disk; times in seconds of a monotonic clock."""

    def __init__(self) -> None:
        self.trouble = ""
        """Why nothing is written, for the administrator; empty while everything is."""
        self._tries = 0
        self._try_at = 0.0
        self.is_tried = False
        """Whether a write is being tried."""
        self.owed: list[RoomDeleted] = []
        """The rooms that have gone meanwhile: else they would be there again, beside others of their names."""

    def fail(self, why: str, now: float) -> None:
        """It does not take what is written, once more."""
        self.trouble = why
        self.is_tried = False
        self._try_at = now + PAUSES_SECONDS[min(self._tries, len(PAUSES_SECONDS) - 1)]
        self._tries += 1

    def is_due(self, now: float) -> bool:
        """Whether it is time to try again."""
        return bool(self.trouble) and not self.is_tried and now >= self._try_at

    def recover(self) -> list[RoomDeleted]:
        """It takes again what is written; gives what is to be written first."""
        owed, self.owed = self.owed, []
        self.trouble, self._tries, self.is_tried = "", 0, False
        return owed


def may_be_forgotten(state: State, event: Event) -> bool:
    """Whether an event may happen without being stored: later readers of the data do not miss it.

    So that people come and go, and read, while the disk takes nothing.
    """
    known = _FORGETTABLE.get(type(event))
    return known is not None and known(state, event)


def _always(state: State, event: Event) -> bool:
    return True


def _is_deleted_already(state: State, event: RoomDeleted) -> bool:
    """Whether an event deletes a guest's things, which end with the guest whatever is on disk."""
    room = state.rooms.get(event.room)
    return room is not None and not room.kept


_FORGETTABLE: Final[dict[type[Event], Callable[[State, Any], bool]]] = {
    SeenNoted: _always,
    UserLeft: _always,
    TokenUsed: _always,
    AddressNoted: _always,
    CredentialRenewed: _always,
    WebhookDelivered: _always,
    UserSignedIn: lambda state, event: not event.memberships,
    MemberJoined: lambda state, event: not event.lasting,
    MemberLeft: lambda state, event: event.origin.account is None,
    RoomDeleted: _is_deleted_already,
}
