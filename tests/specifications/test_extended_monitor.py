"""extended-monitor: hearing more of those whom one watches."""

from tests.server_harness import ServerHarness, told

CAPS = "away-notify account-notify setname"


async def test_what_they_change_is_told(harness: ServerHarness) -> None:
    """ "If `away-notify` is also enabled, the client will get AWAY notifications for monitored nicks", and so on."""
    await harness.account("acc")
    await harness.irc("ann")
    await harness.irc("more", f"extended-monitor {CAPS}")
    await harness.irc("less", CAPS)
    await harness.irc("none", "extended-monitor")
    for name in ("more", "less", "none"):
        await harness.ask(name, "MONITOR + ann")
    for command, line in (
        ("AWAY :lunch", ":ann!ann@local AWAY lunch"),
        ("AWAY", ":ann!ann@local AWAY"),
        ("SETNAME :New Name", ":ann!ann@local SETNAME :New Name"),
    ):
        lines = await harness.ask("ann", command)
        assert [each.replace("AWAY :", "AWAY ") for each in told(lines, "more")] == [line]
        assert told(lines, "less") == told(lines, "none") == []
    lines = await harness.ask("ann", "NS IDENTIFY acc correct horse")
    assert ":ann!ann@local ACCOUNT acc" in told(lines, "more") and "ACCOUNT" not in " ".join(
        told(lines, "less")
    )


async def test_it_can_be_given_up(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("more", f"extended-monitor {CAPS}")
    await harness.ask("more", "MONITOR + ann")
    await harness.ask("more", "CAP REQ :-extended-monitor")
    assert told(await harness.ask("ann", "AWAY :lunch"), "more") == []


async def test_nobody_is_told_twice(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("more", f"extended-monitor {CAPS}")
    for name in ("ann", "more"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("more", "MONITOR + ann")
    assert len(told(await harness.ask("ann", "AWAY :lunch"), "more")) == 1
