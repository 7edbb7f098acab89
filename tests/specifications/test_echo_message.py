"""echo-message: one's own words, as the others are shown them."""

from tests.server_harness import House, told


async def test_one_is_shown_what_one_says(house: House) -> None:
    """ "If enabled, servers MUST send `PRIVMSG` and `NOTICE` messages back to the client that sent them." """
    await house.irc("ann", "echo-message message-tags")
    await house.irc("bob")
    await house.irc("old")
    for name in ("ann", "bob", "old"):
        await house.ask(name, "JOIN #tea")
    for line in ("PRIVMSG #tea :hi", "NOTICE #tea :hi", "PRIVMSG bob :hi", "NOTICE bob :hi"):
        (echo,) = told(await house.ask("ann", line), "ann")
        assert echo.endswith(f":ann!ann@local {line}")
    assert told(await house.ask("old", "PRIVMSG #tea :hi"), "old") == []


async def test_the_final_version(house: House) -> None:
    """ "If servers apply any modifications to these messages, they MUST send the final version of the message back" """
    await house.irc("ann", "echo-message")
    await house.ask("ann", "JOIN #tea")
    assert told(await house.ask("ann", "PRIVMSG #tea :a\u202eb"), "ann") == [
        ":ann!ann@local PRIVMSG #tea :ab"
    ]


async def test_what_is_not_said_is_not_echoed(house: House) -> None:
    await house.irc("ann", "echo-message")
    (line,) = told(await house.ask("ann", "PRIVMSG #nowhere :hi"), "ann")
    assert line == ":hubbub 403 ann #nowhere :No such channel"


async def test_the_other_clients_of_the_same_person(house: House) -> None:
    await house.account("ann")
    for name in ("home", "work"):
        house.connect(name).type(
            "PASS :ann:correct horse\nCAP REQ echo-message\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await house.look()
    lines = await house.ask("home", "PRIVMSG #Général :hi")
    assert told(lines, "home") == told(lines, "work") == [":ann!a@local PRIVMSG #Général :hi"]


async def test_what_one_says_to_oneself_arrives_beside_the_echo(house: House) -> None:
    """As from anybody else: a CTCP PING to oneself measures the way there and back."""
    await house.irc("ann")
    await house.irc("echoed", "echo-message")
    for line in ("PRIVMSG {} :hi", "NOTICE {} :hi", "PRIVMSG {} :\x01PING 1\x01", "PRIVMSG {0},{0} :hi"):
        for name, times in (("ann", 1), ("echoed", 2)):
            wanted = f":{name}!{name}@local {line.replace('{0},', '').replace('{0}', '{}').format(name)}"
            assert told(await house.ask(name, line.format(name)), name) == [wanted] * times, line
    assert await house.ask("ann", "TAGMSG ann") == ["ann < :hubbub 421 ann TAGMSG :Unknown command"]


async def test_ones_other_clients_get_it_once(house: House) -> None:
    await house.account("ann")
    for name, caps in (("home", "echo-message"), ("work", "echo-message"), ("old", "server-time")):
        house.connect(name).type(f"PASS :ann:correct horse\nCAP REQ {caps}\nNICK ann\nUSER a 0 * :A\nCAP END")
        await house.look()
    lines = await house.ask("home", "PRIVMSG ann :hi")
    said = ":ann!a@local PRIVMSG ann :hi"
    assert [line.partition(" < ")[0] for line in lines if line.endswith(said)] == [
        "home",
        "home",
        "work",
        "old",
    ]


async def test_netcat_is_told_what_it_has_said_to_itself(house: House) -> None:
    await house.netcat("ann")
    assert await house.ask("ann", "@ann remember the milk") == [
        "ann < ann (private): remember the milk",
        "ann < Private message sent to ann",
    ]
