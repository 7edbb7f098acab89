"""account-notify: who signs in to which account, told to those who share a room."""

from tests.server_harness import ServerHarness, told


async def test_signing_in_is_told_to_those_who_share_a_room(harness: ServerHarness) -> None:
    """ "`:nick!user@host ACCOUNT accountname`" is sent to "clients sharing a channel with the user"."""
    await harness.account("acc")
    for name, caps in (("new", "account-notify"), ("old", ""), ("away", "account-notify"), ("ann", "")):
        await harness.irc(name, caps)
    for name in ("new", "old", "ann"):
        await harness.ask(name, "JOIN #tea")
    lines = await harness.ask("ann", "NS IDENTIFY acc correct horse")
    assert told(lines, "new")[0] == ":ann!ann@local ACCOUNT acc"
    assert "ACCOUNT" not in " ".join([*told(lines, "old"), *told(lines, "away"), *told(lines, "ann")])


async def test_ones_own_signing_in(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("ann2", "account-notify")
    assert ":ann2!ann2@local ACCOUNT ann" in told(
        await harness.ask("ann2", "NS IDENTIFY ann correct horse"), "ann2"
    )
