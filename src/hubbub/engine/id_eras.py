"""Eras: a new one begins where the clock was ahead, so that time does not stand still until it gets there.

What was made while it was ahead is set right with it: nothing that lasts for a time lasts longer than was meant.
"""

from collections.abc import MutableMapping
from typing import Any, Final

from msgspec.structs import replace

from .audit import ActRecorded
from .event import Answer, Command, Event, Request
from .ids import time_of
from .refusals import NotPermitted
from .rules import EventRule, Rule
from .state import Invitation, Sanction, State


class BeginEra(Command, frozen=True):
    """Asked by the shell alone, with the first id of the new era."""


class EraBegun(Event, frozen=True):
    """The era begins with the act before it, the `first` thing in it.

    Times after `now` (milliseconds since the epoch) came from the clock that was ahead. A suspension and an invitation
    made then last as long as they were meant to, counted from `now`; what was read then is read up to `now`; a room
    that was left then is empty since `now`, and who left then was last connected at `now`.
    """

    first: int

    @property
    def now(self) -> int:
        return time_of(self.first)


def begin_era(state: State, request: Request, command: BeginEra) -> Answer:
    if not request.is_shell:
        return NotPermitted("administrator")
    act = ActRecorded(request.id, request.operator, "set right", "the clock", "It was ahead.")
    return [act, EraBegun(request.id + 1, act.id)]


def era_begun(state: State, event: EraBegun) -> None:
    state.eras.append(event.first)
    now = event.now
    for kept_out in (state.names_kept_out, state.networks_kept_out):
        _set_right(kept_out, now)
    for digest, invitation in state.invitations.items():
        state.invitations[digest] = _invitation_from(invitation, now)
    accounts, users = state.accounts.values(), state.users.values()
    for account in accounts:
        account.left_at = min(account.left_at, now)
    for read in (*(account.read for account in accounts), *(user.read for user in users)):
        for place, until in read.items():
            read[place] = min(until, now)
    for room in state.rooms.values():
        room.emptied = min(room.emptied, now)


def _set_right(kept_out: MutableMapping[Any, Sanction], now: int) -> None:
    for who, sanction in kept_out.items():
        if sanction.at > now:
            until = None if sanction.until is None else now + sanction.until - sanction.at
            kept_out[who] = replace(sanction, until=until, at=now)


def _invitation_from(made: Invitation, now: int) -> Invitation:
    """One that was made when the clock was right again already ends by the right time: before the time of its id."""
    at = time_of(made.number)
    return replace(made, until=now + made.until - at) if now < at < made.until else made


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    BeginEra: begin_era,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    EraBegun: EventRule(era_begun),
}
