"""A room's modes: flags, key, limit, lists of masks, and what its members are.

A command's changes follow each other: each is judged by the room as the one before would leave it. They are made all
or not at all.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from .event import Answer, Command, Event, Origin, Request
from .extbans import is_mute, normalise
from .membership import PersonNotMember
from .names import RoomName, fold
from .policy import HALF_OPERATOR, OPERATOR, RANKS, NotOperator, asked_in, must_operate, rank, rank_in
from .refusals import Refusal, UserUnknown
from .rules import EventRule, Rule
from .state import Access, Actor, ListEntry, Room, Session, State

LISTS: Final = "beI"
"""Type A: bans, exceptions from them, and who may come in without an invitation."""

FLAGS: Final = "ACMimnst"
"""Type D: by approval (A), no CTCP (C), only who is signed in speaks (M), by invitation (i), moderated (m), members
only (n), secret (s), topic protected (t)."""

KEY_BYTES_MAX: Final = 23
LIMIT_MAX: Final = 1_000_000
MASK_BYTES_MAX: Final = 200

_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_ADDRESS_MASK: Final = re.compile(r"(?=.*[0-9:])(?=.*[.:])[0-9a-fA-F.:*?/]+")
"""An address, a part of one with wildcards, or a CIDR block."""


@dataclass(frozen=True, slots=True)
class ModeChange:
    """One letter, set or unset; `argument` is a person for a member's mode, so that a nickname may change."""

    adding: bool
    letter: str
    argument: str = ""
    person: int = 0


class ChangeModes(Command, frozen=True):
    room: RoomName
    changes: tuple[ModeChange, ...]


class ModesChanged(Event, frozen=True):
    """The effective changes, in the requested order."""

    by: Origin
    room: int
    room_name: str
    changes: tuple[ModeChange, ...]


class _Place(Struct, frozen=True):
    """The context of one change: its author, and the room as the changes before it have left it."""

    state: State
    room: Room
    actor: Actor


class ModeUnknown(Refusal, frozen=True):
    letter: str

    def __str__(self) -> str:
        return f"There is no mode {self.letter}."


class ModeArgumentWrong(Refusal, frozen=True):
    room: str
    letter: str
    argument: str
    why: str

    def __str__(self) -> str:
        return f"That is not a valid value for mode {self.letter} of {self.room}: {self.why}."


class ListFull(Refusal, frozen=True):
    room: str
    letter: str
    mask: str
    limit: int

    def __str__(self) -> str:
        return f"This list of the room {self.room} is full ({self.limit} entries). Remove one first."


def change_modes(state: State, request: Request, command: ChangeModes) -> Answer:
    found = asked_in(state, request, command.room)
    if isinstance(found, Refusal):
        return found
    actor, room = found
    place = _Place(state, _draft(room), actor)
    changes: list[ModeChange] = []
    for wanted in command.changes:
        change = _judged(place, wanted)
        if isinstance(change, Refusal):
            return change
        if change is not None:
            _make(place.room, change, ListEntry(change.argument, actor.origin.mask, request.at))
            changes.append(change)
    return (
        [ModesChanged(request.id, actor.origin, room.id, room.name.text, tuple(changes))] if changes else []
    )


def _draft(room: Room) -> Room:
    """The room on paper: what `_make` changes in it is not changed in the room itself."""
    lists = {letter: entries.copy() for letter, entries in room.lists.items()}
    return replace(room, lists=lists, members=room.members.copy())


Checked = ModeChange | Refusal | None
"""A change as it will be made, why it can't be, or None if it changes nothing."""


def _judged(place: _Place, wanted: ModeChange) -> Checked:
    if refusal := must_operate(place.room, place.actor, HALF_OPERATOR):
        return refusal
    check = _CHECKS.get(wanted.letter)
    return check(place, wanted) if check else ModeUnknown(wanted.letter)


def _flag(place: _Place, wanted: ModeChange) -> Checked:
    if rank_in(place.room, place.actor) < OPERATOR:
        return NotOperator(place.room.name.text)
    changes_it = wanted.adding != (wanted.letter in flags(place.room))
    return ModeChange(wanted.adding, wanted.letter) if changes_it else None


def _key(place: _Place, wanted: ModeChange) -> Checked:
    room = place.room
    if not wanted.adding:
        return ModeChange(False, "k", "*") if room.key is not None else None
    key = wanted.argument
    if not 0 < len(key.encode()) <= KEY_BYTES_MAX or "," in key or " " in key or not key.isprintable():
        why = f"a key has 1 to {KEY_BYTES_MAX} bytes, without spaces and commas"
        return ModeArgumentWrong(room.name.text, "k", "", why)
    return ModeChange(True, "k", key) if key != room.key else None


def _limit(place: _Place, wanted: ModeChange) -> Checked:
    room = place.room
    if not wanted.adding:
        return ModeChange(False, "l") if room.limit is not None else None
    limit = int(wanted.argument) if _DIGITS.fullmatch(wanted.argument) else 0
    if not 0 < limit <= LIMIT_MAX:
        why = f"a limit is a number from 1 to {LIMIT_MAX}"
        return ModeArgumentWrong(room.name.text, "l", wanted.argument[:20], why)
    return ModeChange(True, "l", str(limit)) if limit != room.limit else None


def _list(place: _Place, wanted: ModeChange) -> Checked:
    entries = place.room.lists[wanted.letter]
    mask = normalise(wanted.argument)
    if mask is None:
        why = "an extended ban is ~account:NAME, ~mute:MASK or ~mute:~account:NAME"
        return ModeArgumentWrong(place.room.name.text, wanted.letter, wanted.argument[:60], why)
    if len(mask.encode()) > MASK_BYTES_MAX or not mask.isprintable() or " " in mask:
        why = f"a mask has at most {MASK_BYTES_MAX} bytes, without spaces"
        return ModeArgumentWrong(place.room.name.text, wanted.letter, mask[:60], why)
    known = _same(mask, entries)
    if not wanted.adding:
        return ModeChange(False, wanted.letter, known) if known is not None else None
    if known is not None:
        return None
    if _names_an_address(mask):
        why = (
            "this server hides addresses, so the mask would match nobody; write a nickname, or ~account:NAME"
        )
        return ModeArgumentWrong(place.room.name.text, wanted.letter, mask[:60], why)
    if wanted.letter == "I" and is_mute(mask):
        why = "a mute can't be an invitation exception; write a mask, or ~account:NAME"
        return ModeArgumentWrong(place.room.name.text, "I", mask[:60], why)
    limit = place.state.rules.room_list_entries
    if limit and len(entries) >= limit:
        return ListFull(place.room.name.text, wanted.letter, mask, limit)
    return ModeChange(True, wanted.letter, mask)


def _same(mask: str, entries: dict[str, ListEntry]) -> str | None:
    """The form of a mask by which lists compare it: A to Z equal a to z, as in matching."""
    if mask in entries:
        return mask
    key = fold(mask)
    return next((known for known in entries if fold(known) == key), None)


def _names_an_address(mask: str) -> bool:
    """Whether a mask names an address or a network, in whose place others see a cloak."""
    host = mask.rpartition("@")[2]
    return _ADDRESS_MASK.fullmatch(host) is not None


def _member(place: _Place, wanted: ModeChange) -> Checked:
    """Nobody gives more than they have, nor takes from whom they don't reach; what is one's own one may give up."""
    room, actor = place.room, place.actor
    person = place.state.person_named(wanted.argument)
    if person is None:
        return UserUnknown(wanted.argument)
    member = room.members.get(person)
    if member is None:
        return PersonNotMember(wanted.argument, room.name.text)
    own = actor.origin.person == person and not wanted.adding
    mine = rank_in(room, actor)
    needed = max(rank(wanted.letter), OPERATOR if wanted.letter != "v" else HALF_OPERATOR)
    if not own and (mine < needed or mine < rank(member.modes)):
        return NotOperator(room.name.text)
    if wanted.adding == (wanted.letter in member.modes):
        return None
    return ModeChange(wanted.adding, wanted.letter, place.state.name_of(person), person)


_CHECKS: Final[dict[str, Callable[[_Place, ModeChange], Checked]]] = {
    **dict.fromkeys(FLAGS, _flag),
    **dict.fromkeys(LISTS, _list),
    **dict.fromkeys(RANKS, _member),
    "k": _key,
    "l": _limit,
}


def flags(room: Room) -> str:
    """The room's flags as letters, in the order of the alphabet; access and secrecy among them."""
    found = room.flags + _ACCESS_FLAGS[room.access] + ("s" if room.secret else "")
    return "".join(sorted(found))


_ACCESS_FLAGS: Final = {Access.OPEN: "", Access.APPROVAL: "A", Access.INVITATION: "i"}


def modes_changed(state: State, event: ModesChanged) -> None:
    room = state.rooms[event.room]
    for change in event.changes:
        if change.letter == "s":
            state.hide_room(room, change.adding)
        _make(room, change, ListEntry(change.argument, event.by.mask, event.at))


def _make(room: Room, change: ModeChange, entry: ListEntry) -> None:
    """Make a change in a room, or in its draft; `entry` is what goes on a list."""
    if change.letter in LISTS:
        _change_list(room, change, entry)
    elif change.letter in RANKS:
        _change_member(room, change)
    else:
        _change_room(room, change)


def _change_list(room: Room, change: ModeChange, entry: ListEntry) -> None:
    entries = room.lists[change.letter]
    if change.adding:
        entries[change.argument] = entry
    else:
        entries.pop(change.argument, None)


def _change_member(room: Room, change: ModeChange) -> None:
    """The member is replaced, not changed: a draft shares those that stay as they are."""
    member = room.members[change.person]
    letters = member.modes + change.letter if change.adding else member.modes.replace(change.letter, "")
    modes = "".join(letter for letter in RANKS if letter in letters)
    room.members[change.person] = replace(member, modes=modes)


def _change_room(room: Room, change: ModeChange) -> None:
    letter, adding = change.letter, change.adding
    if letter == "k":
        room.key = change.argument if adding else None
    elif letter == "l":
        room.limit = int(change.argument) if adding else None
    elif letter == "s":
        room.secret = adding
    elif letter in "Ai":
        other = Access.APPROVAL if letter == "A" else Access.INVITATION
        room.access = other if adding else Access.OPEN if room.access is other else room.access
    else:
        room.flags = room.flags + letter if adding else room.flags.replace(letter, "")


def room_audience(state: State, event: ModesChanged) -> dict[int, Session]:
    return state.rooms[event.room].listeners


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    ChangeModes: change_modes,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    ModesChanged: EventRule(modes_changed, room_audience),
}
