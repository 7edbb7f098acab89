"""Being away: what each session says of it, and what others read of the user."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from msgspec.structs import replace

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Origin, Request
from .refusals import NotPresent
from .rules import EventRule, Rule
from .state import Session, State, User

NOBODY_THERE: Final = "*"
"""pre-away: the text of a session without a person: "the user is not present for an unspecified reason"."""


NOT_HERE: Final = "Away"
"""The away text that others read of a user none of whose clients has a person before it."""


class SetAway(Command, frozen=True):
    """Away with this text on the asking session, or here again if it is empty.

    The user is away when all sessions are.
    """

    text: str = ""


class SessionAwaySet(Event, frozen=True):
    """A session's away state; `text` is None when its user is back."""

    session: int
    text: str | None


class AwaySet(Event, frozen=True):
    """A user's away state; `text` is None when they are back."""

    origin: Origin
    text: str | None


def away_text(state: State, text: str) -> str | None:
    return cut(clean(text), state.rules.reason_bytes)[0] or None


def said_elsewhere(user: User, but: int) -> list[str | None]:
    """The away texts of a user's sessions, except one."""
    return [session.away for session in user.sessions.values() if session.id != but]


def together(said: Sequence[str | None], newest: str | None = None) -> str | None:
    """The away text of a user from their sessions' texts, `newest` last; None if one session is not away.

    pre-away: "an away message of `*` should be treated as though the connection did not exist at all".
    """
    if None in said or not said:
        return None
    reasons = [text for text in said if text is not None and text != NOBODY_THERE]
    if newest in reasons:
        return newest
    return reasons[-1] if reasons else NOT_HERE


def away_together(
    ids: Iterator[int], user: User, said: Sequence[str | None], newest: str | None = None
) -> Iterator[Event]:
    """The event with which a user goes away or is here again, if that follows from what all sessions say."""
    text = together(said, newest or user.origin.away)
    if text != user.origin.away:
        yield AwaySet(next(ids), user.origin, text)


def set_away(state: State, request: Request, command: SetAway) -> Answer:
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    text = away_text(state, command.text)
    ids = count(request.id)
    events: list[Event] = []
    if text != state.sessions[request.session].away:
        events.append(SessionAwaySet(next(ids), request.session, text))
    return [*events, *away_together(ids, user, [*said_elsewhere(user, request.session), text], newest=text)]


def session_away_set(state: State, event: SessionAwaySet) -> None:
    state.sessions[event.session].away = event.text


def away_set(state: State, event: AwaySet) -> None:
    user = state.users[event.origin.person]
    user.origin = replace(user.origin, away=event.text)


def others_see(state: State, event: AwaySet) -> dict[int, Session]:
    """One knows oneself whether one is away."""
    user = state.users[event.origin.person]
    known = state.acquaintances(user)
    return {number: known[number] for number in known if number not in user.sessions}


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SetAway: set_away,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    SessionAwaySet: EventRule(session_away_set),
    AwaySet: EventRule(away_set, others_see),
}
