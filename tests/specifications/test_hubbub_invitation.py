"""hubbub/invitation: a code with which a session may register, where not everybody may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hubbub.engine import invitations
from hubbub.engine.invitations import CreateInvitation, TooManyInvitations
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role
from hubbub.engine.tokens import digest_of
from tests.server_harness import ServerHarness, told

CODE = "k3sR9pQxZ1vT0aLm"
CAPS = "draft/account-registration hubbub/invitation"


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """Where registering takes an invitation, and one is there, for two."""
    async with ServerHarness(
        tmp_path, {"accounts.registration": "invitation", "accounts.guests": False}
    ) as harness:
        harness.node.ask(
            CreateInvitation(digest_of(CODE), uses=2, until=harness.now_ms + 3_600_000, note="class 4b")
        )
        yield harness


async def _register(
    harness: ServerHarness, name: str, code: str = "", password: str = "correct horse"
) -> list[str]:
    """What somebody is told who comes, shows a code and registers."""
    person = harness.connect(name)
    shown = f"INVITATION {code}\n" if code else ""
    person.type(f"CAP REQ :{CAPS}\nNICK {name}\nUSER {name} 0 * :x\n{shown}REGISTER {name} * :{password}")
    lines = told(await harness.look(), name)
    return [line for line in lines if " INVITATION " in line or " REGISTER " in line]


async def test_registered_with_a_code(closed: ServerHarness) -> None:
    """ "the account can be used at once, whatever the server's policy is" """
    async with closed as harness:
        shown, registered = await _register(harness, "ann", CODE)
        assert shown == ":hubbub INVITATION OK :You can now register."
        assert registered.startswith(":hubbub REGISTER SUCCESS ann ")
        account = harness.node.state.account_named("ann")
        assert account and account.approved and account.role is Role.MEMBER


async def test_without_one_nobody_registers(closed: ServerHarness) -> None:
    async with closed as harness:
        [refused] = await _register(harness, "ann")
        assert " FAIL REGISTER " in refused and "requires an invitation" in refused


async def test_used_up(closed: ServerHarness) -> None:
    """ "the invitation has one use less"; "showing a code uses nothing up"."""
    async with closed as harness:
        for name in ("ann", "bob"):
            harness.connect("looker").type(f"CAP REQ :{CAPS}\nNICK looker\nINVITATION {CODE}")
            await harness.settle()
            assert "SUCCESS" in (await _register(harness, name, CODE))[-1]
        shown, refused = await _register(harness, "eve", CODE)
        assert " FAIL INVITATION INVALID_CODE :This invitation is no longer valid." in shown
        assert " FAIL REGISTER " in refused


async def test_that_fails_uses_nothing_up(closed: ServerHarness) -> None:
    async with closed as harness:
        assert "WEAK_PASSWORD" in (await _register(harness, "ann", CODE, "x"))[-1]
        assert harness.node.state.invitations[digest_of(CODE)].uses == 2


async def test_too_late(closed: ServerHarness) -> None:
    async with closed as harness:
        harness.wait(3_600)
        assert "INVALID_CODE" in (await _register(harness, "ann", CODE))[0]


async def test_those_that_are_over_take_no_place(
    closed: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "INVITATIONS_MAX", 2)
    async with closed as harness:
        later = harness.now_ms + 7_200_000
        assert not isinstance(harness.node.ask(CreateInvitation(digest_of("b"), until=later)), Refusal)
        assert isinstance(harness.node.ask(CreateInvitation(digest_of("c"), until=later)), TooManyInvitations)
        harness.wait(3_600)
        assert not isinstance(harness.node.ask(CreateInvitation(digest_of("c"), until=later)), Refusal)
        assert set(harness.node.state.invitations) == {digest_of("b"), digest_of("c")}
        await harness.restart()
        assert set(harness.node.state.invitations) == {digest_of("b"), digest_of("c")}


@pytest.mark.parametrize("code", ["x", "k3sR9pQxZ1vT0aLM", "*", "é" * 200])
async def test_a_code_that_is_none(closed: ServerHarness, code: str) -> None:
    async with closed as harness:
        assert "INVALID_CODE" in (await _register(harness, "ann", code))[0]


async def test_it_outlives_the_server(closed: ServerHarness) -> None:
    async with closed as harness:
        await _register(harness, "ann", CODE)
        await harness.restart()
        assert harness.node.state.invitations[digest_of(CODE)].uses == 1
        assert "SUCCESS" in (await _register(harness, "bob", CODE))[-1]
        await harness.restart()
        assert not harness.node.state.invitations


async def test_approval_is_not_waited_for(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"accounts.registration": "approval"}) as harness:
        harness.node.ask(CreateInvitation(digest_of(CODE)))
        assert "VERIFICATION_REQUIRED" in (await _register(harness, "eve"))[-1]
        assert "SUCCESS" in (await _register(harness, "ann", CODE))[-1]


async def test_the_first_administrator(tmp_path: Path) -> None:
    """By a code that the server prints; it is void as soon as there is one, and with the server's end."""
    async with ServerHarness(tmp_path, {"accounts.registration": "closed"}) as harness:
        first, second = harness.node.first_invitation.code(), harness.node.first_invitation.code()
        await harness.restart()
        assert "INVALID_CODE" in (await _register(harness, "eve", first))[0]
        first, second = harness.node.first_invitation.code(), harness.node.first_invitation.code()
        assert "SUCCESS" in (await _register(harness, "ann", first))[-1]
        account = harness.node.state.account_named("ann")
        assert account and account.role is Role.ADMIN
        assert "INVALID_CODE" in (await _register(harness, "mallory", second))[0]
        assert harness.node.first_invitation.code() == ""


async def test_with_netcat(closed: ServerHarness) -> None:
    async with closed as harness:
        person = await harness.netcat("ann", f"invitation {CODE}")
        person.type("register ann correct horse")
        assert "Registered as ann." in " ".join(told(await harness.look(), "ann"))
