"""Commands about requests: who asks for which room, and the answer."""

from collections.abc import Callable, Iterator
from typing import Final

from hubbub.engine.accounts import AccountUnknown
from hubbub.engine.event import Command as EngineCommand
from hubbub.engine.names import RoomName
from hubbub.engine.policy import RoomUnknown
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_requests import Accept, Deny, NoRequest
from hubbub.engine.state import Account, Room, RoomRequest, State

from .answers import Mistake, Result, Rows, listed, refused, said
from .argument_types import ASKING, ROOMS, ROOMS_OR_ALL, TEXT
from .command import Command, Parameter
from .context import AdminContext
from .times import moment


def pending_rooms(desk: AdminContext, name: str = "") -> Result:
    """The requests of one person, or of all, the earliest first."""
    account = desk.state.account_named(name)
    if name and account is None:
        return refused(AccountUnknown(name))
    found = [pair for pair in _requests(desk.state) if account is None or pair[1].account == account.id]
    if not found:
        return said(f"{account.name} has no requests." if account else "There are no requests.")
    found.sort(key=lambda pair: (pair[1].at, pair[0].name.key))
    rows = Rows(found, lambda pair: (pair[1].name, pair[0].name.text, moment(pair[1].at), pair[1].wish))
    return listed(("username", "room", "since (UTC)", "says"), rows)


def _requests(state: State) -> Iterator[tuple[Room, RoomRequest]]:
    return ((room, wish) for room in state.rooms.values() for wish in room.requests.values())


def accept_pending(desk: AdminContext, name: str, rooms: tuple[RoomName, ...]) -> Result:
    """None named: all that the person asks for."""
    account = desk.state.account_named(name)
    if account and not rooms:
        rooms = tuple(room.name for room in desk.state.rooms.values() if account.id in room.requests)
        if not rooms:
            return refused(Mistake(f"{account.name} has no requests."))
    return _answered(desk, name, rooms, lambda room: Accept(room, name), "{} is now a member of the room {}.")


def deny_pending(desk: AdminContext, name: str, rooms: tuple[RoomName, ...], reason: str = "") -> Result:
    sentence = "The request of {} to join the room {} is denied."
    return _answered(desk, name, rooms, lambda room: Deny(room, name, reason), sentence)


def _answered(
    desk: AdminContext,
    name: str,
    rooms: tuple[RoomName, ...],
    command: Callable[[RoomName], EngineCommand],
    sentence: str,
) -> Result:
    """All of the requests, or none if one of them is not there."""
    account = desk.state.account_named(name)
    if account is None:
        return refused(AccountUnknown(name))
    if missing := [refusal for room in rooms if (refusal := _missing(desk.state, account, room))]:
        return refused(*missing)
    rooms = tuple(room.name for asked in rooms if (room := desk.state.room_named(asked)))
    answers = [(room, desk.ask(command(room))) for room in rooms]
    if wrong := [answer for _, answer in answers if isinstance(answer, Refusal)]:
        return refused(*wrong)
    return said(*(sentence.format(account.name, room) for room in rooms))


def _missing(state: State, account: Account, name: RoomName) -> Refusal | None:
    room = state.room_named(name)
    if room is None or room.conversation:
        return RoomUnknown(name.text)
    return None if account.id in room.requests else NoRequest(account.name.text, room.name.text)


_NAME: Final = Parameter("username", ASKING)

COMMANDS: Final = (
    Command(
        ("pending", "rooms"),
        (Parameter("username", ASKING, required=False),),
        "List somebody's requests to join rooms, or everybody's.",
        "pending rooms ann",
        pending_rooms,
        changes=False,
    ),
    Command(
        ("accept", "pending"),
        (_NAME, Parameter("room1,room2,...", ROOMS_OR_ALL)),
        "Accept somebody's requests for these rooms, all or none; the word all accepts every request of that person.",
        "accept pending ann Marketing",
        accept_pending,
    ),
    Command(
        ("deny", "pending"),
        (_NAME, Parameter("room1,room2,...", ROOMS), Parameter("reason", TEXT, required=False)),
        "Deny somebody's requests for these rooms, all or none, and notify that person with the reason.",
        "deny pending ann Marketing Ask your teacher first",
        deny_pending,
    ),
)
