"""Accounts: registered, signed in to, approved, with a credential and a role."""

from itertools import count
from typing import Final

from .audit import record
from .event import Answer, Command, Event, Request
from .invitations import InvitationUsed, shown_by
from .members import newcomer, telling_room, telling_rooms
from .membership import MemberAdded
from .name_policy import may_take_nick
from .names import Nick
from .policy import asked_as
from .refusals import NotPermitted, NotPresent, NotSignedIn, Refusal
from .revocation import revoking_all
from .rules import EventRule, Rule
from .state import Account, Actor, Credential, Role, Session, State


class RegisterAccount(Command, frozen=True):
    """Make an account. From the console it is made whatever the policy, approved, and with the role given."""

    name: str
    credential: Credential
    role: Role = Role.MEMBER


class SetCredential(Command, frozen=True):
    """A new password for one's own account; that the old one is known, the shell has seen.

    With `everywhere` all else that was opened before ends: other sessions, and tokens, certificates and keys.
    """

    credential: Credential
    everywhere: bool = True


class ResetCredential(Command, frozen=True):
    """An administrator's new password for an account: whatever was opened before ends."""

    name: str
    credential: Credential


class RenewCredential(Command, frozen=True):
    """The same password, hashed anew: the shell's own command after a proof. It must still be the `old` one."""

    account: int
    old: Credential
    credential: Credential


class ChangeRole(Command, frozen=True):
    name: str
    role: Role


class ApproveAccount(Command, frozen=True):
    """Let an account be used that waits for it (`registration = approval`)."""

    name: str


class GrantRole(Command, frozen=True):
    """The asking session has proved to be an operator of the settings (IRC's OPER): a role until the user leaves."""

    operator: str
    role: Role


class AccountRegistered(Event, frozen=True):
    account: int
    name: str
    credential: Credential
    role: Role
    approved: bool


class CredentialSet(Event, frozen=True):
    account: int
    credential: Credential


class CredentialRenewed(Event, frozen=True):
    """The password is what it was."""

    account: int
    credential: Credential


PASSWORD_CHANGED: Final = "Your password was changed. Sign in again with the new one."
PASSWORD_RESET: Final = "An administrator reset your password. Sign in again with the new one."


class RoleChanged(Event, frozen=True):
    account: int
    name: str
    role: Role


class AccountApproved(Event, frozen=True):
    account: int
    name: str


class RoleGranted(Event, frozen=True):
    person: int
    nick: str
    role: Role


class AccountExists(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"The name {self.name} is already registered. Choose another one, or log in."


class RegistrationClosed(Refusal, frozen=True):
    """`how` is the policy: invitation or closed."""

    how: str

    def __str__(self) -> str:
        if self.how == "invitation":
            return "Registration on this server requires an invitation. Ask an administrator for one."
        return "Registration on this server is closed. Ask an administrator for an account."


class AccountUnknown(Refusal, frozen=True):
    name: str

    def __str__(self) -> str:
        return f"There is no account {self.name}."


class LastAdministrator(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This is the last administrator. Make somebody else an administrator first."


class OldPasswordWrong(Refusal, frozen=True):
    """The given current password is wrong."""

    def __str__(self) -> str:
        return (
            "That is not your current password. Nothing has changed. Try again, or ask an administrator "
            "for a new one."
        )


class PasswordIsOwn(Refusal, frozen=True):
    """An administrator would reset the password of their own account, without saying the one there is."""

    def __str__(self) -> str:
        return (
            "This is your own account. Change your password with the old one. If you have lost it, ask "
            "another administrator or the owner of the machine."
        )


class PasswordRefused(Refusal, frozen=True):
    characters_min: int
    bytes_max: int

    def __str__(self) -> str:
        return (
            f"A password needs at least {self.characters_min} characters and may have at most "
            f"{self.bytes_max} bytes."
        )


class PasswordCommon(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This password is one of the thousand most common ones. Choose one that is harder to guess."


class PasswordIsName(Refusal, frozen=True):
    def __str__(self) -> str:
        return "This password is too close to the name of the account or of the server. Choose another one."


class PasswordNotSendable(Refusal, frozen=True):
    """The password has characters that some programs drop or cannot send."""

    def __str__(self) -> str:
        return (
            "A password can't begin or end with a space or contain control characters, and must be UTF-8; "
            "otherwise some programs can't send it. Choose another one."
        )


def may_register(state: State, request: Request, name: str) -> Nick | Refusal:
    """The name as it would be registered, or why not; asked before the slow hashing, and again after it."""
    policy = state.rules.registration
    actor = state.actor(request)
    by_staff = actor is not None and actor.role is Role.ADMIN
    invitation = shown_by(state, request)
    if policy in ("closed", "invitation") and not by_staff and not invitation:
        return RegistrationClosed(policy)
    nick = Nick.parse(name, state.rules.names)
    if isinstance(nick, Refusal):
        return nick
    if nick.key in state.account_names:
        return AccountExists(nick.text)
    user = state.user(request.session)
    for_admin = invitation is not None and invitation.role is Role.ADMIN
    refusal = may_take_nick(state, nick, user.person if user else 0, gives_titles=by_staff or for_admin)
    return nick if refusal is None else refusal


def register(state: State, request: Request, command: RegisterAccount) -> Answer:
    nick = may_register(state, request, command.name)
    if isinstance(nick, Refusal):
        return nick
    actor = state.actor(request)
    by_staff = actor is not None and actor.role is Role.ADMIN
    invitation = None if by_staff else shown_by(state, request)
    approved = by_staff or invitation is not None or state.rules.registration != "approval"
    role = command.role if by_staff else invitation.role if invitation else Role.MEMBER
    ids = count(request.id)
    number = next(ids)
    events: list[Event] = [AccountRegistered(number, number, nick.text, command.credential, role, approved)]
    if welcome := state.room_named(state.rules.welcome_room):
        events.append(MemberAdded(next(ids), number, welcome.id, welcome.name.text, ""))
        if approved:
            events += telling_room(ids, welcome, "", newcomer(number, nick, role))
    if invitation:
        events.append(InvitationUsed(next(ids), invitation.digest, number, nick.text))
    if actor and by_staff:
        events.append(record(next(ids), actor, "register", nick.text, role.word))
    return events


def set_credential(state: State, request: Request, command: SetCredential) -> Answer:
    user = state.user(request.session)
    if user is None or user.account is None:
        return NotSignedIn()
    ids = count(request.id)
    events: list[Event] = [CredentialSet(next(ids), user.account.id, command.credential)]
    if command.everywhere:
        kept = user.sessions[request.session]
        events += revoking_all(state, ids, user.account, PASSWORD_CHANGED, kept)
    return events


def reset_credential(state: State, request: Request, command: ResetCredential) -> Answer:
    """Reset another account's password. Not one's own: an open session must not replace the password without it."""
    found = _administered(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, account = found
    if actor.user and actor.user.account is account:
        return PasswordIsOwn()
    ids = count(request.id)
    return [
        CredentialSet(next(ids), account.id, command.credential),
        *revoking_all(state, ids, account, PASSWORD_RESET),
        record(next(ids), actor, "reset password", account.name.text),
    ]


def renew_credential(state: State, request: Request, command: RenewCredential) -> Answer:
    if not request.is_shell:
        return NotPermitted("administrator")
    account = state.accounts.get(command.account)
    if account is None or account.credential != command.old:
        return []  # It was changed meanwhile: what was proved is not its password any more.
    return [CredentialRenewed(request.id, account.id, command.credential)]


def change_role(state: State, request: Request, command: ChangeRole) -> Answer:
    found = _administered(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, account = found
    admins = [other for other in state.accounts.values() if other.role is Role.ADMIN]
    if admins == [account] and command.role is not Role.ADMIN:
        return LastAdministrator()
    ids = count(request.id)
    granted = state.users[account.id].granted if account.id in state.users else Role.MEMBER
    return [
        RoleChanged(next(ids), account.id, account.name.text, command.role),
        record(next(ids), actor, "role", account.name.text, command.role.word),
        *telling_rooms(state, ids, account.id, max(command.role, granted)),
    ]


def approve(state: State, request: Request, command: ApproveAccount) -> Answer:
    found = _administered(state, request, command.name)
    if isinstance(found, Refusal):
        return found
    actor, account = found
    if account.approved:
        return []
    ids = count(request.id)
    return [
        AccountApproved(next(ids), account.id, account.name.text),
        record(next(ids), actor, "approve", account.name.text),
        *telling_rooms(state, ids, account.id),
    ]


def _administered(state: State, request: Request, name: str) -> tuple[Actor, Account] | Refusal:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    account = state.account_named(name)
    return (actor, account) if account else AccountUnknown(name)


def grant_role(state: State, request: Request, command: GrantRole) -> Answer:
    user = state.user(request.session)
    if user is None:
        return NotPresent()
    actor = Actor(user.nick.text, user.role, user.origin, user)
    ids = count(request.id)
    role = max(command.role, user.account.role) if user.account else command.role
    return [
        RoleGranted(next(ids), user.person, user.nick.text, command.role),
        record(next(ids), actor, "oper", command.operator, command.role.word),
        *telling_rooms(state, ids, user.person, role),
    ]


def registered(state: State, event: AccountRegistered) -> None:
    account = Account(
        event.account,
        Nick.known(event.name),
        event.credential,
        event.role,
        event.approved,
        seen=event.id,
    )
    state.accounts[account.id] = account
    state.account_names[account.name.key] = account.id
    state.account_looks.enter(account.name.text, account.id)


def credential_set(state: State, event: CredentialSet | CredentialRenewed) -> None:
    state.accounts[event.account].credential = event.credential


def role_changed(state: State, event: RoleChanged) -> None:
    state.accounts[event.account].role = event.role
    if user := state.users.get(event.account):
        state.set_modes(user, user.modes.replace("o", "") + ("o" if user.role else ""))


def account_approved(state: State, event: AccountApproved) -> None:
    state.accounts[event.account].approved = True


def role_granted(state: State, event: RoleGranted) -> None:
    user = state.users[event.person]
    user.granted = event.role
    state.set_modes(user, user.modes.replace("o", "") + "o")


def role_audience(state: State, event: RoleChanged) -> dict[int, Session]:
    return state.sessions_of([event.account])


def granted_audience(state: State, event: RoleGranted) -> dict[int, Session]:
    return state.sessions_of([event.person])


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    RegisterAccount: register,
    SetCredential: set_credential,
    RenewCredential: renew_credential,
    ResetCredential: reset_credential,
    ChangeRole: change_role,
    ApproveAccount: approve,
    GrantRole: grant_role,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    AccountRegistered: EventRule(registered),
    CredentialSet: EventRule(credential_set),
    CredentialRenewed: EventRule(credential_set),
    RoleChanged: EventRule(role_changed, role_audience),
    AccountApproved: EventRule(account_approved),
    RoleGranted: EventRule(role_granted, granted_audience),
}
