"""hubbub/invitation: a code with which a session may register, where not everybody may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.engine import invitations
from hubbub.engine.invitations import CreateInvitation, TooManyInvitations
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role
from hubbub.engine.tokens import digest_of
from tests.server_harness import House, told

CODE = "k3sR9pQxZ1vT0aLm"
CAPS = "draft/account-registration hubbub/invitation"


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[House]:
    """Where registering takes an invitation, and one is there, for two."""
    async with House(tmp_path, {"accounts.registration": "invitation", "accounts.guests": False}) as house:
        house.node.ask(
            CreateInvitation(digest_of(CODE), uses=2, until=house.now_ms + 3_600_000, note="class 4b")
        )
        yield house


async def _register(house: House, name: str, code: str = "", password: str = "correct horse") -> list[str]:
    """What somebody is told who comes, shows a code and registers."""
    person = house.connect(name)
    shown = f"INVITATION {code}\n" if code else ""
    person.type(f"CAP REQ :{CAPS}\nNICK {name}\nUSER {name} 0 * :x\n{shown}REGISTER {name} * :{password}")
    lines = told(await house.look(), name)
    return [line for line in lines if " INVITATION " in line or " REGISTER " in line]


async def test_registered_with_a_code(closed: House) -> None:
    """ "the account can be used at once, whatever the server's policy is" """
    async with closed as house:
        shown, registered = await _register(house, "ann", CODE)
        assert shown == ":hubbub INVITATION OK :You can now register."
        assert registered.startswith(":hubbub REGISTER SUCCESS ann ")
        account = house.node.state.account_named("ann")
        assert account and account.approved and account.role is Role.MEMBER


async def test_without_one_nobody_registers(closed: House) -> None:
    async with closed as house:
        [refused] = await _register(house, "ann")
        assert " FAIL REGISTER " in refused and "requires an invitation" in refused


async def test_used_up(closed: House) -> None:
    """ "the invitation has one use less"; "showing a code uses nothing up"."""
    async with closed as house:
        for name in ("ann", "bob"):
            house.connect("looker").type(f"CAP REQ :{CAPS}\nNICK looker\nINVITATION {CODE}")
            await house.settle()
            assert "SUCCESS" in (await _register(house, name, CODE))[-1]
        shown, refused = await _register(house, "eve", CODE)
        assert " FAIL INVITATION INVALID_CODE :This invitation is no longer valid." in shown
        assert " FAIL REGISTER " in refused


async def test_that_fails_uses_nothing_up(closed: House) -> None:
    async with closed as house:
        assert "WEAK_PASSWORD" in (await _register(house, "ann", CODE, "x"))[-1]
        assert house.node.state.invitations[digest_of(CODE)].uses == 2


async def test_too_late(closed: House) -> None:
    async with closed as house:
        house.wait(3_600)
        assert "INVALID_CODE" in (await _register(house, "ann", CODE))[0]


async def test_those_that_are_over_take_no_place(closed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "INVITATIONS_MAX", 2)
    async with closed as house:
        later = house.now_ms + 7_200_000
        assert not isinstance(house.node.ask(CreateInvitation(digest_of("b"), until=later)), Refusal)
        assert isinstance(house.node.ask(CreateInvitation(digest_of("c"), until=later)), TooManyInvitations)
        house.wait(3_600)
        assert not isinstance(house.node.ask(CreateInvitation(digest_of("c"), until=later)), Refusal)
        assert set(house.node.state.invitations) == {digest_of("b"), digest_of("c")}
        await house.restart()
        assert set(house.node.state.invitations) == {digest_of("b"), digest_of("c")}


@pytest.mark.parametrize("code", ["x", "k3sR9pQxZ1vT0aLM", "*", "é" * 200])
async def test_a_code_that_is_none(closed: House, code: str) -> None:
    async with closed as house:
        assert "INVALID_CODE" in (await _register(house, "ann", code))[0]


async def test_it_outlives_the_server(closed: House) -> None:
    async with closed as house:
        await _register(house, "ann", CODE)
        await house.restart()
        assert house.node.state.invitations[digest_of(CODE)].uses == 1
        assert "SUCCESS" in (await _register(house, "bob", CODE))[-1]
        await house.restart()
        assert not house.node.state.invitations


async def test_approval_is_not_waited_for(tmp_path: Path) -> None:
    async with House(tmp_path, {"accounts.registration": "approval"}) as house:
        house.node.ask(CreateInvitation(digest_of(CODE)))
        assert "VERIFICATION_REQUIRED" in (await _register(house, "eve"))[-1]
        assert "SUCCESS" in (await _register(house, "ann", CODE))[-1]


async def test_the_first_administrator(tmp_path: Path) -> None:
    """By a code that the server prints; it is void as soon as there is one, and with the server's end."""
    async with House(tmp_path, {"accounts.registration": "closed"}) as house:
        first, second = house.node.first_invitation.code(), house.node.first_invitation.code()
        await house.restart()
        assert "INVALID_CODE" in (await _register(house, "eve", first))[0]
        first, second = house.node.first_invitation.code(), house.node.first_invitation.code()
        assert "SUCCESS" in (await _register(house, "ann", first))[-1]
        account = house.node.state.account_named("ann")
        assert account and account.role is Role.ADMIN
        assert "INVALID_CODE" in (await _register(house, "mallory", second))[0]
        assert house.node.first_invitation.code() == ""


async def test_with_netcat(closed: House) -> None:
    async with closed as house:
        person = await house.netcat("ann", f"invitation {CODE}")
        person.type("register ann correct horse")
        assert "Registered as ann." in " ".join(told(await house.look(), "ann"))
