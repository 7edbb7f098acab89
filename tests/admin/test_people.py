"""Who there is, and who is connected."""

from hubbub.engine.away import SetAway
from hubbub.engine.nicks import ChangeNick
from hubbub.engine.sessions import Connect
from hubbub.engine.state import Role
from tests.admin.admin_harness import AdminHarness


async def test_users() -> None:
    harness = AdminHarness()
    assert await harness.says("users") == ["There are no accounts yet, and nobody is connected."]
    harness.account("zoe", Role.MODERATOR)
    harness.account("bob")
    harness.account("eve")
    harness.room("Sales")
    zoe = harness.arrive("zoe")
    harness.join(zoe, "Sales")
    harness.must(zoe, ChangeNick("zora"))
    harness.must(zoe, SetAway("lunch"))
    harness.arrive("gus")
    await harness.says("ban bob Advertising")
    await harness.says("kick eve 1d Shouting")
    assert await harness.says("users") == [
        "name                role       state                                sessions  rooms",
        "gus                 guest      online                               1",
        "zora (account zoe)  moderator  away: lunch                          1         Sales",
        "bob                 member     banned                               0",
        "eve                 member     suspended until 2026-11-21 12:00:00  0",
        "2 users online, 3 accounts.",
    ]


async def test_connections() -> None:
    harness = AdminHarness()
    assert await harness.says("connections") == ["Nobody is connected."]
    harness.room("Sales")
    harness.join(harness.arrive("ann", client="Quill\x1b[2J 3"), "Sales")
    harness.time += 5000
    harness.must(99, Connect("2001:db8::1", 50_000, False, "netcat"))
    assert await harness.says("connections") == [
        "name          address              by        client      since (UTC)          rooms",
        "ann           192.0.2.7:40000      irc, TLS  Quill[2J 3  2026-11-20 12:00:00  Sales",
        "(signing in)  [2001:db8::1]:50000  netcat    (unknown)   2026-11-20 12:00:05",
        "2 sessions.",
    ]
