"""account-tag: as whom somebody is signed in, on everything that they do."""

from tests.server_harness import House, told


async def test_everything_that_somebody_does_carries_it(house: House) -> None:
    """ "The tag MUST be added by the ircd to all commands sent by a user (… and all others)." """
    await house.account("ann")
    house.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await house.irc("bob", "account-tag")
    await house.irc("old")
    for name in ("ann", "bob", "old"):
        await house.ask(name, "JOIN #tea")
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
            await house.ask("ann", "JOIN #other")
        lines = await house.ask("ann", command)
        (line,) = told(lines, "bob")
        assert line.startswith("@account=ann :ann"), line
        assert not any(line.startswith("@") for line in told(lines, "old"))


async def test_not_of_guests(house: House) -> None:
    """ "If the user is not identified to any services account, the tag MUST NOT be sent." """
    await house.irc("ann")
    await house.irc("bob", "account-tag")
    assert told(await house.ask("ann", "PRIVMSG bob :x"), "bob") == [":ann!ann@local PRIVMSG bob :x"]
