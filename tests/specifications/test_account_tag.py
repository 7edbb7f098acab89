"""account-tag: as whom somebody is signed in, on everything that they do."""

from tests.server_harness import ServerHarness, told


async def test_everything_that_somebody_does_carries_it(harness: ServerHarness) -> None:
    """ "The tag MUST be added by the ircd to all commands sent by a user (… and all others)." """
    await harness.account("ann")
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await harness.irc("bob", "account-tag")
    await harness.irc("old")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #tea")
    for command in (
        "PRIVMSG #tea :x",
        "NOTICE #tea :x",
        "TOPIC #tea :x",
        "MODE #tea +m",
        "PRIVMSG bob :x",
        "INVITE bob #other",
        "NICK anna",
        "PART #tea",
    ):
        if command.startswith("INVITE"):
            await harness.ask("ann", "JOIN #other")
        lines = await harness.ask("ann", command)
        (line,) = told(lines, "bob")
        assert line.startswith("@account=ann :ann"), line
        assert not any(line.startswith("@") for line in told(lines, "old"))


async def test_not_of_guests(harness: ServerHarness) -> None:
    """ "If the user is not identified to any services account, the tag MUST NOT be sent." """
    await harness.irc("ann")
    await harness.irc("bob", "account-tag")
    assert told(await harness.ask("ann", "PRIVMSG bob :x"), "bob") == [":ann!ann@local PRIVMSG bob :x"]
