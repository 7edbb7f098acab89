"""REGISTER and VERIFY: draft/account-registration through the front door."""

from pathlib import Path

import pytest

from tests.server_harness import ServerHarness

SECRET = "a good password"


async def test_after_coming_in(harness: ServerHarness) -> None:
    await harness.irc("ann")
    lines = await harness.ask("ann", f"REGISTER * * :{SECRET}")
    assert lines[:2] == [
        "ann < :hubbub REGISTER SUCCESS ann :The account ann is registered, and you are logged in",
        "ann < :hubbub 900 ann ann!ann@local ann :You are now logged in as ann",
    ]
    assert not any(SECRET in line for line in lines)


async def test_before_coming_in(harness: ServerHarness) -> None:
    person = harness.connect("ann")
    person.type("CAP REQ draft/account-registration\nNICK ann\nUSER ann 0 * :Ann")
    await harness.look()
    assert await harness.ask("ann", f"REGISTER * ann@example.org :{SECRET}") == [
        "ann < :hubbub REGISTER SUCCESS ann :The account ann is registered, and you are logged in",
        "ann < :hubbub 900 ann ann!ann@local ann :You are now logged in as ann",
    ]
    lines = await harness.ask("ann", "CAP END")
    assert lines[0] == "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"
    assert "ann < :ann!ann@local JOIN #Général" in lines


async def test_under_another_name_than_the_nickname(harness: ServerHarness) -> None:
    """custom-account-name: "the account name can be different from the user's current nickname" """
    await harness.irc("ann")
    lines = await harness.ask("ann", f"REGISTER Anna * :{SECRET}")
    assert lines[0].startswith("ann < :hubbub REGISTER SUCCESS Anna ")
    assert "ann < :ann!ann@local NICK Anna" in lines


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("taken", "ACCOUNT_EXISTS taken"),
        ("TAKEN", "ACCOUNT_EXISTS TAKEN"),
        ("bob", "BAD_ACCOUNT_NAME bob"),
        ("a", "BAD_ACCOUNT_NAME a"),
        ("x" * 300, "BAD_ACCOUNT_NAME " + "x" * 300),
        ("nick!serv", "BAD_ACCOUNT_NAME nick!serv"),
        ("NickServ", "BAD_ACCOUNT_NAME NickServ"),
    ],
)
async def test_names_that_can_not_be(harness: ServerHarness, name: str, code: str) -> None:
    await harness.account("taken")
    await harness.irc("bob")
    await harness.irc("ann")
    (failed,) = await harness.ask("ann", f"REGISTER {name} * :{SECRET}")
    assert failed.startswith(f"ann < :hubbub FAIL REGISTER {code} :")
    assert len(harness.node.state.accounts) == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [("", "WEAK_PASSWORD"), ("short", "WEAK_PASSWORD"), ("x" * 301, "UNACCEPTABLE_PASSWORD")],
)
async def test_passwords_that_can_not_be(harness: ServerHarness, password: str, code: str) -> None:
    await harness.irc("ann")
    (failed,) = await harness.ask("ann", f"REGISTER * * :{password}")
    assert failed.startswith(f"ann < :hubbub FAIL REGISTER {code} ann :A password needs at least ")
    assert not harness.node.state.accounts


async def test_a_nickname_is_needed_first(harness: ServerHarness) -> None:
    """NEED_NICK: "if the client sends `REGISTER` before sending a NICK command" """
    harness.connect("ann")
    assert await harness.ask("ann", f"REGISTER * * :{SECRET}") == [
        "ann < :hubbub FAIL REGISTER NEED_NICK * :Choose a nickname first: NICK name"
    ]
    assert await harness.ask("ann", "REGISTER * *") == ["ann < :hubbub 461 * REGISTER :Not enough parameters"]


async def test_nobody_registers_twice(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.ask("ann", f"REGISTER * * :{SECRET}")
    already = "ALREADY_AUTHENTICATED ann :You are already logged in as ann."
    assert await harness.ask("ann", f"REGISTER bob * :{SECRET}") == [f"ann < :hubbub FAIL REGISTER {already}"]
    assert await harness.ask("ann", "VERIFY ann 123") == [f"ann < :hubbub FAIL VERIFY {already}"]


async def test_no_code_is_ever_right(harness: ServerHarness) -> None:
    await harness.irc("bob")
    assert await harness.ask("bob", "VERIFY bob 123") == [
        "bob < :hubbub FAIL VERIFY INVALID_CODE bob :This server needs no verification code. Log in to the account."
    ]


async def test_where_registering_is_closed(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"accounts.registration": "closed"}) as harness:
        await harness.irc("ann")
        (failed,) = await harness.ask("ann", f"REGISTER * * :{SECRET}")
        assert failed.startswith(
            "ann < :hubbub FAIL REGISTER TEMPORARILY_UNAVAILABLE ann :Registration on this server is closed"
        )


async def test_where_an_account_takes_approval(tmp_path: Path) -> None:
    """VERIFICATION_REQUIRED: "when further action is required to complete registration" """
    async with ServerHarness(tmp_path, {"accounts.registration": "approval"}) as harness:
        await harness.irc("ann")
        lines = await harness.ask("ann", f"REGISTER * * :{SECRET}")
        assert lines[-1] == (
            "ann < :hubbub REGISTER VERIFICATION_REQUIRED ann :You are registered. "
            "An administrator has not approved the account ann yet. Try again later."
        )


async def test_a_servers_password_is_not_passed_by(tmp_path: Path) -> None:
    """ "this functionality cannot be used to bypass any authentication restrictions" """
    async with ServerHarness(tmp_path, {"server.password": "open sesame"}) as harness:
        harness.connect("ann").type("NICK ann")
        (failed,) = await harness.ask("ann", f"REGISTER * * :{SECRET}")
        assert failed == (
            "ann < :hubbub FAIL REGISTER TEMPORARILY_UNAVAILABLE ann "
            ":This server has a password. Send it first: PASS password"
        )
        await harness.ask("ann", "PASS :open sesame")
        assert "REGISTER SUCCESS" in (await harness.ask("ann", f"REGISTER * * :{SECRET}"))[0]


async def test_no_password_in_clear_from_another_machine(harness: ServerHarness) -> None:
    harness.connect("ann", address="192.0.2.7").type("NICK ann")
    (failed,) = await harness.ask("ann", f"REGISTER * * :{SECRET}")
    assert failed.startswith(
        "ann < :hubbub FAIL REGISTER TEMPORARILY_UNAVAILABLE ann "
        ":This server accepts passwords and messages only over an encrypted connection."
    )
    assert not harness.node.state.accounts
