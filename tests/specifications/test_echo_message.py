"""echo-message: one's own words, as the others are shown them."""

from tests.server_harness import ServerHarness, told


async def test_one_is_shown_what_one_says(harness: ServerHarness) -> None:
    """ "If enabled, servers MUST send `PRIVMSG` and `NOTICE` messages back to the client that sent them." """
    await harness.irc("ann", "echo-message message-tags")
    await harness.irc("bob")
    await harness.irc("old")
    for name in ("ann", "bob", "old"):
        await harness.ask(name, "JOIN #tea")
    for line in ("PRIVMSG #tea :hi", "NOTICE #tea :hi", "PRIVMSG bob :hi", "NOTICE bob :hi"):
        (echo,) = told(await harness.ask("ann", line), "ann")
        assert echo.endswith(f":ann!ann@local {line}")
    assert told(await harness.ask("old", "PRIVMSG #tea :hi"), "old") == []


async def test_the_final_version(harness: ServerHarness) -> None:
    """ "If servers apply any modifications to these messages, they MUST send the final version of the message back" """
    await harness.irc("ann", "echo-message")
    await harness.ask("ann", "JOIN #tea")
    assert told(await harness.ask("ann", "PRIVMSG #tea :a\u202eb"), "ann") == [
        ":ann!ann@local PRIVMSG #tea :ab"
    ]


async def test_what_is_not_said_is_not_echoed(harness: ServerHarness) -> None:
    await harness.irc("ann", "echo-message")
    (line,) = told(await harness.ask("ann", "PRIVMSG #nowhere :hi"), "ann")
    assert line == ":hubbub 403 ann #nowhere :No such channel"


async def test_the_other_clients_of_the_same_person(harness: ServerHarness) -> None:
    await harness.account("ann")
    for name in ("home", "work"):
        harness.connect(name).type(
            "PASS :ann:correct horse\nCAP REQ echo-message\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await harness.look()
    lines = await harness.ask("home", "PRIVMSG #Général :hi")
    assert told(lines, "home") == told(lines, "work") == [":ann!a@local PRIVMSG #Général :hi"]


async def test_what_one_says_to_oneself_arrives_beside_the_echo(harness: ServerHarness) -> None:
    """As from anybody else: a CTCP PING to oneself measures the way there and back."""
    await harness.irc("ann")
    await harness.irc("echoed", "echo-message")
    for line in ("PRIVMSG {} :hi", "NOTICE {} :hi", "PRIVMSG {} :\x01PING 1\x01", "PRIVMSG {0},{0} :hi"):
        for name, times in (("ann", 1), ("echoed", 2)):
            wanted = f":{name}!{name}@local {line.replace('{0},', '').replace('{0}', '{}').format(name)}"
            assert told(await harness.ask(name, line.format(name)), name) == [wanted] * times, line
    assert await harness.ask("ann", "TAGMSG ann") == ["ann < :hubbub 421 ann TAGMSG :Unknown command"]


async def test_ones_other_clients_get_it_once(harness: ServerHarness) -> None:
    await harness.account("ann")
    for name, caps in (("home", "echo-message"), ("work", "echo-message"), ("old", "server-time")):
        harness.connect(name).type(
            f"PASS :ann:correct horse\nCAP REQ {caps}\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await harness.look()
    lines = await harness.ask("home", "PRIVMSG ann :hi")
    said = ":ann!a@local PRIVMSG ann :hi"
    assert [line.partition(" < ")[0] for line in lines if line.endswith(said)] == [
        "home",
        "home",
        "work",
        "old",
    ]


async def test_netcat_is_told_what_it_has_said_to_itself(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    assert await harness.ask("ann", "@ann remember the milk") == [
        "ann < ann (private): remember the milk",
        "ann < Private message sent to ann",
    ]
