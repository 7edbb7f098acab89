"""extended-monitor: hearing more of those whom one watches."""

from tests.server_harness import House, told

CAPS = "away-notify account-notify setname"


async def test_what_they_change_is_told(house: House) -> None:
    """ "If `away-notify` is also enabled, the client will get AWAY notifications for monitored nicks", and so on."""
    await house.account("acc")
    await house.irc("ann")
    await house.irc("more", f"extended-monitor {CAPS}")
    await house.irc("less", CAPS)
    await house.irc("none", "extended-monitor")
    for name in ("more", "less", "none"):
        await house.ask(name, "MONITOR + ann")
    for command, line in (
        ("AWAY :lunch", ":ann!ann@local AWAY lunch"),
        ("AWAY", ":ann!ann@local AWAY"),
        ("SETNAME :New Name", ":ann!ann@local SETNAME :New Name"),
    ):
        lines = await house.ask("ann", command)
        assert [each.replace("AWAY :", "AWAY ") for each in told(lines, "more")] == [line]
        assert told(lines, "less") == told(lines, "none") == []
    lines = await house.ask("ann", "NS IDENTIFY acc correct horse")
    assert ":ann!ann@local ACCOUNT acc" in told(lines, "more") and "ACCOUNT" not in " ".join(
        told(lines, "less")
    )


async def test_it_can_be_given_up(house: House) -> None:
    await house.irc("ann")
    await house.irc("more", f"extended-monitor {CAPS}")
    await house.ask("more", "MONITOR + ann")
    await house.ask("more", "CAP REQ :-extended-monitor")
    assert told(await house.ask("ann", "AWAY :lunch"), "more") == []


async def test_nobody_is_told_twice(house: House) -> None:
    await house.irc("ann")
    await house.irc("more", f"extended-monitor {CAPS}")
    for name in ("ann", "more"):
        await house.ask(name, "JOIN #tea")
    await house.ask("more", "MONITOR + ann")
    assert len(told(await house.ask("ann", "AWAY :lunch"), "more")) == 1
