"""What is suggested while a line is written."""

import pytest

from hubbub.engine.state import Access, Role
from tests.admin.admin_harness import Office


@pytest.fixture
def office() -> Office:
    office = Office()
    office.account("bob")
    office.account("Bernd")
    for name in ("Général", "Sales", '"odd'):
        office.room(name, Access.APPROVAL)
    ann = office.arrive("ann")
    bob = office.arrive("bob", "198.51.100.1")
    for name in ("Sales", "Général"):
        office.join(bob, name)
    assert ann
    return office


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
def test_completion(office: Office, line: str, expected: list[str]) -> None:
    assert office.completes(line) == expected


async def test_who_is_kept_out_is_suggested_for_the_undo(office: Office) -> None:
    await office.says("kick bob 1d r")
    await office.says("ban Bernd r")
    await office.says("ban ip 203.0.113.0/24 r")
    await office.says("kick ip 203.0.113.9 1d r")
    assert office.completes("unkick ") == ["ip", "bob"]
    assert office.completes("unban ") == ["ip", "bernd"]
    assert office.completes("unkick ip ") == ["203.0.113.9"]
    assert office.completes("unban ip 2") == ["203.0.113.0/24"]


def test_a_moderator_is_suggested_no_administrators_commands(office: Office) -> None:
    office.role = Role.MODERATOR
    assert "shutdown" not in office.completes("")
    assert "kick" in office.completes("")
    assert office.completes("set role ") == []
    assert office.completes("help s") == ["status"]


def test_somebody_called_like_a_command_is_suggested_in_quotes(office: Office) -> None:
    office.state.nicks["ip"] = office.state.nicks.pop("ann")
    user = office.state.user_named("ip")
    assert user
    user.nick = type(user.nick).known("ip")
    assert office.completes("kick i") == ["ip", '"ip"']
    assert office.completes("kill i") == ["ip"]


def test_suggestions_have_a_limit(office: Office) -> None:
    for number in range(300):
        office.account(f"user{number}")
    assert len(office.completes("ban user")) == 200
