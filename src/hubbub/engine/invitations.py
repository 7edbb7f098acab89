"""Invitations: codes that allow registration under any policy, made by administrators, used once or more."""

from collections.abc import Sequence
from itertools import count
from typing import Final

from hubbub.text import clean, cut

from .audit import record
from .event import Answer, Command, Event, Request
from .policy import asked_as
from .refusals import NotPresent, Refusal
from .rules import EventRule, Rule
from .state import Invitation, Role, State

INVITATIONS_MAX: Final = 1000
USES_MAX: Final = 10_000
NOTE_BYTES_MAX: Final = 100


class CreateInvitation(Command, frozen=True):
    """Make an invitation; `digest` is its code's SHA-256, `until` milliseconds since the epoch, 0 for any time.

    One for an administrator is made by the shell alone: it holds while there is none, and until the server ends.
    """

    digest: str
    uses: int = 1
    until: int = 0
    note: str = ""
    role: Role = Role.MEMBER


class Withdraw(Command, frozen=True):
    """`number` is the invitation's, as lists show it."""

    number: int


class ShowInvitation(Command, frozen=True):
    """The asking session has a code: what it registers, it registers with this."""

    digest: str


class InvitationMade(Event, frozen=True):
    """`lasting` unless it is the one for the first administrator."""

    invitation: Invitation
    lasting: bool


class InvitationUsed(Event, frozen=True):
    digest: str
    account: int
    name: str


class InvitationWithdrawn(Event, frozen=True):
    digest: str


class InvitationShown(Event, frozen=True):
    session: int
    digest: str


class InvitationUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This invitation is no longer valid. Ask the person who sent it for another one."


class TooManyInvitations(Refusal, frozen=True):
    most: int

    def __str__(self) -> str:
        return f"There are already {self.most} invitations. Delete one of them first."


def invite(state: State, request: Request, command: CreateInvitation) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    is_first = command.role is Role.ADMIN
    over = [one for one in state.invitations.values() if one.until and request.at >= one.until]
    if len(state.invitations) - len(over) >= INVITATIONS_MAX:
        return TooManyInvitations(INVITATIONS_MAX)
    note, _ = cut(clean(command.note), NOTE_BYTES_MAX)
    uses = min(max(command.uses, 1), USES_MAX)
    ids = count(request.id)
    number = next(ids)
    made = Invitation(number, command.digest, actor.name, uses, command.until, note, command.role)
    events: list[Event] = [InvitationMade(number, made, not is_first)]
    if not is_first:
        events.append(record(next(ids), actor, "invite", note or "somebody", f"{uses} uses"))
    return [*events, *(InvitationWithdrawn(next(ids), one.digest) for one in over)]


def withdraw(state: State, request: Request, command: Withdraw) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    found = next((one for one in state.invitations.values() if one.number == command.number), None)
    if found is None:
        return InvitationUnknown()
    acts = record(request.id + 1, actor, "withdraw invitation", found.note or "somebody", "")
    return [InvitationWithdrawn(request.id, found.digest), acts]


def show_invitation(state: State, request: Request, command: ShowInvitation) -> Answer:
    if request.session not in state.sessions:
        return NotPresent()
    if usable(state, command.digest, request.at) is None:
        return InvitationUnknown()
    return [InvitationShown(request.id, request.session, command.digest)]


def usable(state: State, digest: str, now: int) -> Invitation | None:
    """The invitation, if it can be used now; the one for an administrator only while there is none."""
    found = state.invitations.get(digest)
    if found is None or (found.until and now >= found.until):
        return None
    has_admin = found.role is Role.ADMIN and any(
        account.role is Role.ADMIN for account in state.accounts.values()
    )
    return None if has_admin else found


def shown_by(state: State, request: Request) -> Invitation | None:
    """The invitation that the session may register with."""
    session = state.sessions.get(request.session)
    return usable(state, session.invitation, request.at) if session else None


def open_invitations(state: State, now: int) -> Sequence[Invitation]:
    """Those that can be used, the oldest first, without the one for the first administrator."""
    return [
        one
        for one in state.invitations.values()
        if one.role is not Role.ADMIN and usable(state, one.digest, now)
    ]


def invitation_made(state: State, event: InvitationMade) -> None:
    state.invitations[event.invitation.digest] = event.invitation


def invitation_used(state: State, event: InvitationUsed) -> None:
    found = state.invitations[event.digest]
    if found.uses == 1:
        del state.invitations[event.digest]
    else:
        state.invitations[event.digest] = found.used_once()


def invitation_withdrawn(state: State, event: InvitationWithdrawn) -> None:
    state.invitations.pop(event.digest, None)


def invitation_shown(state: State, event: InvitationShown) -> None:
    state.sessions[event.session].invitation = event.digest


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    CreateInvitation: invite,
    Withdraw: withdraw,
    ShowInvitation: show_invitation,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    InvitationMade: EventRule(invitation_made),
    InvitationUsed: EventRule(invitation_used),
    InvitationWithdrawn: EventRule(invitation_withdrawn),
    InvitationShown: EventRule(invitation_shown),
}
