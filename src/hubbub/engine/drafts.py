"""Drafts: what the owner of an account has begun to write and not sent, for the other clients of the same account.

Each change of a draft has a version, the id of its event. `since` is the version with which a line of drafts began in
which each came out of the one before. Two devices that write at once begin two such lines, and the later one stays:

    ann's phone:   base 0  "tea?"       version 1, since 1
    ann's laptop:  base 1  "tea at 5?"  version 2, since 1   came out of what the phone had written
    ann's phone:   base 1  "tea, now"   version 3, since 3   did not: the laptop keeps its text in the box

A draft that was cleared keeps its place with an empty text, so that a device that comes back learns of it.
"""

from typing import Final

from .event import Answer, Command, Event, Request
from .refusals import NotSignedIn, Refusal
from .rules import EventRule, Rule
from .state import Account, Draft, Session, State

DRAFT_BYTES_MAX: Final = 16_384
"""The longest draft that is kept."""
DRAFTS_MAX: Final = 200
"""The most conversations that an account has drafts for; the one changed longest ago makes room."""
DRAFTS_BYTES_MAX: Final = 131_072
"""The most bytes of all drafts of one account; those changed longest ago make room."""


class SetDraft(Command, frozen=True):
    """`place` is a room's id or an account's; `base` is the version from which the text came, 0 for none."""

    place: int
    name: str
    base: int
    text: str

    def __repr__(self) -> str:
        return f"SetDraft({self.place}, …)"


class DraftSet(Event, frozen=True):
    """Shown to the account's own sessions alone. `name` is the room's with `#`, or the other person's.

    Without a `text` the draft is cleared. `forgotten` are the places whose drafts make way.
    """

    account: int
    place: int
    name: str
    since: int
    text: str
    forgotten: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"DraftSet({self.id}, {self.account}, {self.place}, …)"


class DraftTooLong(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"A draft may have at most {self.limit} bytes. Shorten it to have it on your other devices."


def set_draft(state: State, request: Request, command: SetDraft) -> Answer:
    """The last text stays, whatever it came from; only what the asker knows is cleared."""
    user = state.user(request.session)
    if user is None or user.account is None:
        return NotSignedIn()
    if len(command.text.encode()) > DRAFT_BYTES_MAX:
        return DraftTooLong(DRAFT_BYTES_MAX)
    account = user.account
    before = account.drafts.get(command.place, Draft(0, 0, ""))
    is_next = command.base == before.version
    if command.text == before.text or not (command.text or is_next):
        return []
    since = before.since if before.version and is_next else request.id
    forgotten = _forgotten(account, command)
    return [DraftSet(request.id, account.id, command.place, command.name, since, command.text, forgotten)]


def _forgotten(account: Account, command: SetDraft) -> tuple[int, ...]:
    others = {place: draft for place, draft in account.drafts.items() if place != command.place}
    count, size = len(others) + 1, len(command.text.encode()) + sum(map(_size, others.values()))
    found = []
    for place, draft in others.items():
        if count <= DRAFTS_MAX and size <= DRAFTS_BYTES_MAX:
            break
        found.append(place)
        count, size = count - 1, size - _size(draft)
    return tuple(found)


def _size(draft: Draft) -> int:
    return len(draft.text.encode())


def draft_set(state: State, event: DraftSet) -> None:
    """The drafts stay in the order of their versions."""
    drafts = state.accounts[event.account].drafts
    for place in (event.place, *event.forgotten):
        drafts.pop(place, None)
    drafts[event.place] = Draft(event.id, event.since, event.text)


def own_see(state: State, event: DraftSet) -> dict[int, Session]:
    return state.sessions_of([event.account])


def as_it_is(account: Account, place: int, name: str) -> DraftSet | None:
    """The event that has made a draft what it is now; None where there was never one."""
    draft = account.drafts.get(place)
    if draft is None:
        return None
    return DraftSet(draft.version, account.id, place, name, draft.since, draft.text)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    SetDraft: set_draft,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    DraftSet: EventRule(draft_set, own_see),
}
