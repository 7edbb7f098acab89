"""REGISTER and VERIFY: draft/account-registration through the front door."""

from pathlib import Path

import pytest

from tests.server_harness import House

SECRET = "a good password"


async def test_after_coming_in(house: House) -> None:
    await house.irc("ann")
    lines = await house.ask("ann", f"REGISTER * * :{SECRET}")
    assert lines[:2] == [
        "ann < :hubbub REGISTER SUCCESS ann :The account ann is registered, and you are logged in",
        "ann < :hubbub 900 ann ann!ann@local ann :You are now logged in as ann",
    ]
    assert not any(SECRET in line for line in lines)


async def test_before_coming_in(house: House) -> None:
    person = house.connect("ann")
    person.type("CAP REQ draft/account-registration\nNICK ann\nUSER ann 0 * :Ann")
    await house.look()
    assert await house.ask("ann", f"REGISTER * ann@example.org :{SECRET}") == [
        "ann < :hubbub REGISTER SUCCESS ann :The account ann is registered, and you are logged in",
        "ann < :hubbub 900 ann ann!ann@local ann :You are now logged in as ann",
    ]
    lines = await house.ask("ann", "CAP END")
    assert lines[0] == "ann < :hubbub 001 ann :Welcome to the Hubbub Network, ann"
    assert "ann < :ann!ann@local JOIN #Général" in lines


async def test_under_another_name_than_the_nickname(house: House) -> None:
    """custom-account-name: "the account name can be different from the user's current nickname" """
    await house.irc("ann")
    lines = await house.ask("ann", f"REGISTER Anna * :{SECRET}")
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
async def test_names_that_can_not_be(house: House, name: str, code: str) -> None:
    await house.account("taken")
    await house.irc("bob")
    await house.irc("ann")
    (failed,) = await house.ask("ann", f"REGISTER {name} * :{SECRET}")
    assert failed.startswith(f"ann < :hubbub FAIL REGISTER {code} :")
    assert len(house.node.state.accounts) == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [("", "WEAK_PASSWORD"), ("short", "WEAK_PASSWORD"), ("x" * 301, "UNACCEPTABLE_PASSWORD")],
)
async def test_passwords_that_can_not_be(house: House, password: str, code: str) -> None:
    await house.irc("ann")
    (failed,) = await house.ask("ann", f"REGISTER * * :{password}")
    assert failed.startswith(f"ann < :hubbub FAIL REGISTER {code} ann :A password needs at least ")
    assert not house.node.state.accounts


async def test_a_nickname_is_needed_first(house: House) -> None:
    """NEED_NICK: "if the client sends `REGISTER` before sending a NICK command" """
    house.connect("ann")
    assert await house.ask("ann", f"REGISTER * * :{SECRET}") == [
        "ann < :hubbub FAIL REGISTER NEED_NICK * :Choose a nickname first: NICK name"
    ]
    assert await house.ask("ann", "REGISTER * *") == ["ann < :hubbub 461 * REGISTER :Not enough parameters"]


async def test_nobody_registers_twice(house: House) -> None:
    await house.irc("ann")
    await house.ask("ann", f"REGISTER * * :{SECRET}")
    already = "ALREADY_AUTHENTICATED ann :You are already logged in as ann."
    assert await house.ask("ann", f"REGISTER bob * :{SECRET}") == [f"ann < :hubbub FAIL REGISTER {already}"]
    assert await house.ask("ann", "VERIFY ann 123") == [f"ann < :hubbub FAIL VERIFY {already}"]


async def test_no_code_is_ever_right(house: House) -> None:
    await house.irc("bob")
    assert await house.ask("bob", "VERIFY bob 123") == [
        "bob < :hubbub FAIL VERIFY INVALID_CODE bob :This server needs no verification code. Log in to the account."
    ]


async def test_where_registering_is_closed(tmp_path: Path) -> None:
    async with House(tmp_path, {"accounts.registration": "closed"}) as house:
        await house.irc("ann")
        (failed,) = await house.ask("ann", f"REGISTER * * :{SECRET}")
        assert failed.startswith(
            "ann < :hubbub FAIL REGISTER TEMPORARILY_UNAVAILABLE ann :Registration on this server is closed"
        )


async def test_where_an_account_takes_approval(tmp_path: Path) -> None:
    """VERIFICATION_REQUIRED: "when further action is required to complete registration" """
    async with House(tmp_path, {"accounts.registration": "approval"}) as house:
        await house.irc("ann")
        lines = await house.ask("ann", f"REGISTER * * :{SECRET}")
        assert lines[-1] == (
            "ann < :hubbub REGISTER VERIFICATION_REQUIRED ann :You are registered. "
            "An administrator has not approved the account ann yet. Try again later."
        )


async def test_a_servers_password_is_not_passed_by(tmp_path: Path) -> None:
    """ "this functionality cannot be used to bypass any authentication restrictions" """
    async with House(tmp_path, {"server.password": "open sesame"}) as house:
        house.connect("ann").type("NICK ann")
        (failed,) = await house.ask("ann", f"REGISTER * * :{SECRET}")
        assert failed == (
            "ann < :hubbub FAIL REGISTER TEMPORARILY_UNAVAILABLE ann "
            ":This server has a password. Send it first: PASS password"
        )
        await house.ask("ann", "PASS :open sesame")
        assert "REGISTER SUCCESS" in (await house.ask("ann", f"REGISTER * * :{SECRET}"))[0]


async def test_no_password_in_clear_from_another_machine(house: House) -> None:
    house.connect("ann", address="192.0.2.7").type("NICK ann")
    (failed,) = await house.ask("ann", f"REGISTER * * :{SECRET}")
    assert failed.startswith(
        "ann < :hubbub FAIL REGISTER TEMPORARILY_UNAVAILABLE ann "
        ":This server accepts passwords and messages only over an encrypted connection."
    )
    assert not house.node.state.accounts
