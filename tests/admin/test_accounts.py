"""Accounts: added, approved, with a role and a new password."""

import re

from msgspec.structs import replace

from hubbub.engine.accounts import CredentialSet, RegisterAccount
from hubbub.engine.settings import ChangeRules
from hubbub.engine.state import Credential, Role
from tests.admin.admin_harness import AdminHarness


async def test_add_account_shows_a_generated_password_once() -> None:
    harness = AdminHarness()
    lines = await harness.says("add account ann")
    (password,) = harness.passwords
    assert re.fullmatch("(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert lines == [
        "The account ann was created.",
        f"The password is {password}",
        "It is shown only once. Give it to ann, who should change it after logging in.",
    ]
    assert password not in repr(harness.events)
    assert await harness.refuses("add account ANN") == [
        "The name ANN is already registered. Choose another one, or log in."
    ]
    assert (await harness.refuses("add account x!"))[0].startswith("This name can't be used.")
    harness.arrive("guest")
    assert await harness.refuses("add account guest") == [
        "Username already taken. Please choose another one."
    ]


async def test_two_passwords_differ() -> None:
    harness = AdminHarness()
    await harness.says("add account ann")
    await harness.says("reset password ann")
    assert len(set(harness.passwords)) == 2


async def test_reset_password() -> None:
    harness = AdminHarness()
    harness.account("ann")
    assert (await harness.says("reset password ANN"))[
        0
    ] == "ann has a new password. No other sessions were signed in."
    assert any(isinstance(event, CredentialSet) for event in harness.events)
    assert harness.state.accounts[harness.state.account_names["ann"]].credential.argon2 == "argon2 1"
    assert await harness.refuses("reset password eve") == ["There is no account eve."]
    assert len(harness.passwords) == 1


async def test_set_role() -> None:
    harness = AdminHarness()
    harness.account("ann")
    harness.account("root", Role.ADMIN)
    assert await harness.says("set role ann moderator") == ["ann now has the role moderator."]
    assert await harness.says("set role ann moderator") == ["ann already has the role moderator."]
    assert await harness.refuses("set role root member") == [
        "This is the last administrator. Make somebody else an administrator first."
    ]
    assert await harness.refuses("set role eve admin") == ["There is no account eve."]
    assert await harness.refuses("set role ann king") == [
        "king is not a role. It is one of: member, moderator, admin. Write: set role <username> <role>"
    ]


async def test_accounts_that_wait_are_listed_and_accepted() -> None:
    harness = AdminHarness()
    assert await harness.says("pending accounts") == ["No accounts are waiting for approval."]
    harness.must(0, ChangeRules(replace(harness.state.rules, registration="approval")))
    guest = harness.arrive("guest")
    harness.must(guest, RegisterAccount("ann", Credential("argon2", "scram")))
    assert await harness.says("pending accounts") == [
        "account  registered (UTC)",
        "ann      2026-11-20 12:00:00",
    ]
    assert any(
        re.fullmatch("ann +member +waiting for approval +0", line) for line in await harness.says("users")
    )
    assert harness.completes("accept account ") == ["ann"]
    assert await harness.says("accept account ANN") == ["The account ann is approved."]
    assert await harness.says("accept account ann") == ["ann is not waiting for approval."]
    assert await harness.refuses("accept account eve") == ["There is no account eve."]
