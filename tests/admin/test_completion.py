"""What is suggested while a line is written."""

import pytest

from hubbub.engine.state import Access, Role
from tests.admin.admin_harness import AdminHarness


@pytest.fixture
def harness() -> AdminHarness:
    harness = AdminHarness()
    harness.account("bob")
    harness.account("Bernd")
    for name in ("Général", "Sales", '"odd'):
        harness.room(name, Access.APPROVAL)
    ann = harness.arrive("ann")
    bob = harness.arrive("bob", "198.51.100.1")
    for name in ("Sales", "Général"):
        harness.join(bob, name)
    assert ann
    return harness


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ki", ["kick", "kill"]),
        ("KIC", ["kick"]),
        ("add ", ["account", "invitation", "room", "webhook"]),
        ("  pending ro", ["rooms"]),
        ("kick ", ["ip", "ann", "Bernd", "bob"]),
        ("kick B", ["Bernd", "bob"]),
        ("kill b", ["bob"]),
        ("kick bob ", ["30s", "10m", "2h", "1d", "1y"]),
        ("kick bob 1", ["10m", "1d", "1y"]),
        ("kick bob 10m ", []),
        ("kick ip ", ["192.0.2.7", "198.51.100.1"]),
        ("members gÉ", ["Général"]),
        ("members ", ['"\\"odd"', "Général", "Sales"]),
        ("set role bob ", ["member", "moderator", "admin"]),
        ("set room Sales ", ["access", "listed", "history"]),
        ("set room Sales history s", ["since"]),
        ("set room Sales history since ", ["joining"]),
        ("accept pending ", ["bob"]),
        ("accept pending bob ", ["all", "Général", "Sales"]),
        ("accept pending bob Sales,g", ["Sales,Général"]),
        ("deny pending bob ", ["Général", "Sales"]),
        ("help kick ", ["ip"]),
        ("help unb", ["unban"]),
        ("nonsense ", []),
        ("shutdown ", []),
        ('kick "b', []),
        ('"kick" ', []),
        ('backup "a', []),
    ],
)
def test_completion(harness: AdminHarness, line: str, expected: list[str]) -> None:
    assert harness.completes(line) == expected


async def test_who_is_kept_out_is_suggested_for_the_undo(harness: AdminHarness) -> None:
    await harness.says("kick bob 1d r")
    await harness.says("ban Bernd r")
    await harness.says("ban ip 203.0.113.0/24 r")
    await harness.says("kick ip 203.0.113.9 1d r")
    assert harness.completes("unkick ") == ["ip", "bob"]
    assert harness.completes("unban ") == ["ip", "bernd"]
    assert harness.completes("unkick ip ") == ["203.0.113.9"]
    assert harness.completes("unban ip 2") == ["203.0.113.0/24"]


def test_a_moderator_is_suggested_no_administrators_commands(harness: AdminHarness) -> None:
    harness.role = Role.MODERATOR
    assert "shutdown" not in harness.completes("")
    assert "kick" in harness.completes("")
    assert harness.completes("set role ") == []
    assert harness.completes("help s") == ["status"]


def test_somebody_called_like_a_command_is_suggested_in_quotes(harness: AdminHarness) -> None:
    harness.state.nicks["ip"] = harness.state.nicks.pop("ann")
    user = harness.state.user_named("ip")
    assert user
    user.nick = type(user.nick).known("ip")
    assert harness.completes("kick i") == ["ip", '"ip"']
    assert harness.completes("kill i") == ["ip"]


def test_suggestions_have_a_limit(harness: AdminHarness) -> None:
    for number in range(300):
        harness.account(f"user{number}")
    assert len(harness.completes("ban user")) == 200
