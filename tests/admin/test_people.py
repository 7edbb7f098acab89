"""Who there is, and who is connected."""

from hubbub.engine.away import SetAway
from hubbub.engine.nicks import ChangeNick
from hubbub.engine.sessions import Connect
from hubbub.engine.state import Role
from tests.admin.admin_harness import Office


async def test_users() -> None:
    office = Office()
    assert await office.says("users") == ["There are no accounts yet, and nobody is connected."]
    office.account("zoe", Role.MODERATOR)
    office.account("bob")
    office.account("eve")
    office.room("Sales")
    zoe = office.arrive("zoe")
    office.join(zoe, "Sales")
    office.must(zoe, ChangeNick("zora"))
    office.must(zoe, SetAway("lunch"))
    office.arrive("gus")
    await office.says("ban bob Advertising")
    await office.says("kick eve 1d Shouting")
    assert await office.says("users") == [
        "name                role       state                                sessions  rooms",
        "gus                 guest      online                               1",
        "zora (account zoe)  moderator  away: lunch                          1         Sales",
        "bob                 member     banned                               0",
        "eve                 member     suspended until 2026-11-21 12:00:00  0",
        "2 users online, 3 accounts.",
    ]


async def test_connections() -> None:
    office = Office()
    assert await office.says("connections") == ["Nobody is connected."]
    office.room("Sales")
    office.join(office.arrive("ann", client="Quill\x1b[2J 3"), "Sales")
    office.time += 5000
    office.must(99, Connect("2001:db8::1", 50_000, False, "netcat"))
    assert await office.says("connections") == [
        "name          address              by        client      since (UTC)          rooms",
        "ann           192.0.2.7:40000      irc, TLS  Quill[2J 3  2026-11-20 12:00:00  Sales",
        "(signing in)  [2001:db8::1]:50000  netcat    (unknown)   2026-11-20 12:00:05",
        "2 sessions.",
    ]
