"""Commands about accounts: made, let in, given a role or a new password."""

import secrets
from typing import Final

from hubbub.engine.accounts import (
    AccountApproved,
    AccountExists,
    AccountRegistered,
    AccountUnknown,
    ApproveAccount,
    ChangeRole,
    RegisterAccount,
    ResetCredential,
)
from hubbub.engine.event import Event
from hubbub.engine.ids import time_of
from hubbub.engine.names import Nick
from hubbub.engine.refusals import Refusal
from hubbub.engine.revocation import Revoked
from hubbub.engine.state import Role

from .answers import Result, Rows, listed, refused, said
from .argument_types import ACCOUNT, NEW_NAME, ROLE, WAITING_ACCOUNT
from .command import Command, Parameter
from .context import AdminContext
from .times import moment

PASSWORD_GROUPS: Final = 4
PASSWORD_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike (i, l, o, 0, 1): sixteen of them are 79 bits."""


def new_password() -> str:
    """A random password of four groups of four letters, which can be read out over a telephone."""
    groups = ("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(PASSWORD_GROUPS))
    return "-".join(groups)


async def add_account(desk: AdminContext, name: str) -> Result:
    nick = Nick.parse(name, desk.state.rules.names)
    if isinstance(nick, Refusal):
        return refused(nick)
    if desk.state.account_named(name):
        return refused(AccountExists(nick.text))
    password = new_password()
    answer = desk.ask(RegisterAccount(nick.text, await desk.hash_password(password)))
    if isinstance(answer, Refusal):
        return refused(answer)
    made = next(event for event in answer if isinstance(event, AccountRegistered))
    return said(f"The account {made.name} was created.", *_once(made.name, password))


async def reset_password(desk: AdminContext, name: str) -> Result:
    account = desk.state.account_named(name)
    if account is None:
        return refused(AccountUnknown(name))
    password = new_password()
    answer = desk.ask(ResetCredential(account.name.text, await desk.hash_password(password)))
    if isinstance(answer, Refusal):
        return refused(answer)
    ended = Revoked.among(answer).sentence()
    return said(f"{account.name} has a new password. {ended}", *_once(account.name.text, password))


def _once(name: str, password: str) -> tuple[str, str]:
    return (
        f"The password is {password}",
        f"It is shown only once. Give it to {name}, who should change it after logging in.",
    )


def set_role(desk: AdminContext, name: str, role: Role) -> Result:
    account = desk.state.account_named(name)
    if account and account.role is role:
        return said(f"{account.name} already has the role {role.word}.")
    answer = desk.ask(ChangeRole(name, role))
    if isinstance(answer, Refusal):
        return refused(answer)
    return said(f"{account.name if account else name} now has the role {role.word}.")


def pending_accounts(desk: AdminContext) -> Result:
    waiting = [account for account in desk.state.accounts.values() if not account.approved]
    if not waiting:
        return said("No accounts are waiting for approval.")
    rows = Rows(waiting, lambda account: (account.name.text, moment(time_of(account.id))))
    return listed(("account", "registered (UTC)"), rows)


def accept_account(desk: AdminContext, name: str) -> Result:
    answer = desk.ask(ApproveAccount(name))
    if isinstance(answer, Refusal):
        return refused(answer)
    return said(_approved(answer[0]) if answer else f"{name} is not waiting for approval.")


def _approved(event: Event) -> str:
    name = event.name if isinstance(event, AccountApproved) else ""
    return f"The account {name} is approved."


COMMANDS: Final = (
    Command(
        ("add", "account"),
        (Parameter("username", NEW_NAME),),
        "Create an account with a generated password, which is shown once.",
        "add account ann",
        add_account,
    ),
    Command(
        ("reset", "password"),
        (Parameter("username", ACCOUNT),),
        "Set a new generated password, which is shown once, and end all sessions of the account.",
        "reset password ann",
        reset_password,
    ),
    Command(
        ("set", "role"),
        (Parameter("username", ACCOUNT), Parameter("role", ROLE)),
        "Change somebody's role to member, moderator or admin.",
        "set role ann moderator",
        set_role,
    ),
    Command(
        ("pending", "accounts"),
        (),
        "List the accounts that are waiting for approval.",
        "pending accounts",
        pending_accounts,
        changes=False,
    ),
    Command(
        ("accept", "account"),
        (Parameter("username", WAITING_ACCOUNT),),
        "Approve an account.",
        "accept account ann",
        accept_account,
    ),
)
