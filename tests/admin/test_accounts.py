"""Accounts: added, approved, with a role and a new password."""

import re

from msgspec.structs import replace

from hubbub.engine.accounts import CredentialSet, RegisterAccount
from hubbub.engine.settings import ChangeRules
from hubbub.engine.state import Credential, Role
from tests.admin.admin_harness import Office


async def test_add_account_shows_a_generated_password_once() -> None:
    office = Office()
    lines = await office.says("add account ann")
    (password,) = office.passwords
    assert re.fullmatch("(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert lines == [
        "The account ann was created.",
        f"The password is {password}",
        "It is shown only once. Give it to ann, who should change it after logging in.",
    ]
    assert password not in repr(office.events)
    assert await office.refuses("add account ANN") == [
        "The name ANN is already registered. Choose another one, or log in."
    ]
    assert (await office.refuses("add account x!"))[0].startswith("This name can't be used.")
    office.arrive("guest")
    assert await office.refuses("add account guest") == ["Username already taken. Please choose another one."]


async def test_two_passwords_differ() -> None:
    office = Office()
    await office.says("add account ann")
    await office.says("reset password ann")
    assert len(set(office.passwords)) == 2


async def test_reset_password() -> None:
    office = Office()
    office.account("ann")
    assert (await office.says("reset password ANN"))[
        0
    ] == "ann has a new password. No other sessions were signed in."
    assert any(isinstance(event, CredentialSet) for event in office.events)
    assert office.state.accounts[office.state.account_names["ann"]].credential.argon2 == "argon2 1"
    assert await office.refuses("reset password eve") == ["There is no account eve."]
    assert len(office.passwords) == 1


async def test_set_role() -> None:
    office = Office()
    office.account("ann")
    office.account("root", Role.ADMIN)
    assert await office.says("set role ann moderator") == ["ann now has the role moderator."]
    assert await office.says("set role ann moderator") == ["ann already has the role moderator."]
    assert await office.refuses("set role root member") == [
        "This is the last administrator. Make somebody else an administrator first."
    ]
    assert await office.refuses("set role eve admin") == ["There is no account eve."]
    assert await office.refuses("set role ann king") == [
        "king is not a role. It is one of: member, moderator, admin. Write: set role <username> <role>"
    ]


async def test_accounts_that_wait_are_listed_and_accepted() -> None:
    office = Office()
    assert await office.says("pending accounts") == ["No accounts are waiting for approval."]
    office.must(0, ChangeRules(replace(office.state.rules, registration="approval")))
    guest = office.arrive("guest")
    office.must(guest, RegisterAccount("ann", Credential("argon2", "scram")))
    assert await office.says("pending accounts") == [
        "account  registered (UTC)",
        "ann      2026-11-20 12:00:00",
    ]
    assert any(
        re.fullmatch("ann +member +waiting for approval +0", line) for line in await office.says("users")
    )
    assert office.completes("accept account ") == ["ann"]
    assert await office.says("accept account ANN") == ["The account ann is approved."]
    assert await office.says("accept account ann") == ["ann is not waiting for approval."]
    assert await office.refuses("accept account eve") == ["There is no account eve."]
