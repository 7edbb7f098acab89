"""modern-irc: what the protocol's own document asks of a server, sentence by sentence."""

import re

import pytest

from tests.server_harness import ServerHarness, told


async def _ask(harness: ServerHarness, name: str, text: str) -> list[str]:
    """What somebody is answered, without the server's name, and with every last parameter's colon left out."""
    lines = told(await harness.ask(name, text), name)
    return [
        line.removeprefix(":hubbub ").replace(" :", " ", 1) if line.startswith(":hubbub") else line
        for line in lines
    ]


async def _in_tea(harness: ServerHarness, *names: str) -> None:
    for name in names:
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")


# Lines


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\n\r\n", b"\n\n\r\n"])
async def test_ends_of_lines(harness: ServerHarness, end: bytes) -> None:
    """ "Servers SHOULD handle single `\\n` character … as if it was a `\\r\\n` pair"; "Servers and clients SHOULD
    ignore empty lines."
    """
    ann = await harness.irc("ann")
    assert ann.receiver is not None
    ann.receiver.received(b"PING a" + end + b"PING b" + end)
    assert await harness.look() == ["ann < :hubbub PONG hubbub a", "ann < :hubbub PONG hubbub b"]


async def test_a_line_that_is_too_long(harness: ServerHarness) -> None:
    """ "Servers SHOULD gracefully handle messages over the 512-bytes limit." """
    await harness.irc("ann")
    assert await _ask(harness, "ann", f"PRIVMSG ann :{'x' * 600}") == ["417 ann Input line was too long"]
    assert await _ask(harness, "ann", "PING x") == ["PONG hubbub x"]


async def test_verbs_and_spaces(harness: ServerHarness) -> None:
    """Verbs in any case, a source that counts for nothing, and more than one space between words."""
    await harness.irc("ann")
    for line in ("ping x", "PiNg   x", ":ann!x@y PING x", ":somebody PING :x"):
        assert await _ask(harness, "ann", line) == ["PONG hubbub x"]


async def test_what_there_is_not(harness: ServerHarness) -> None:
    """ "If a command is not implemented, it MUST return the ERR_UNKNOWNCOMMAND numeric." """
    await harness.irc("ann")
    for verb in ("SUMMON", "SERVICE", "TRACE", "RESTART", "XYZZY", "0", "999"):
        assert await _ask(harness, "ann", f"{verb} x") == [f"421 ann {verb} Unknown command"]


async def test_numerics_are_addressed(harness: ServerHarness) -> None:
    """ "a numeric reply MUST contain a `<source>`"; it "SHOULD contain the target of the reply" first."""
    harness.connect("ann").type("NICK ann\nUSER ann 0 * :Ann\nLUSERS\nWHOIS ann\nSTATS u")
    lines = told(await harness.look(), "ann")
    assert len(lines) > 20 and all(re.match(r":hubbub [0-9]{3} ann ", line) for line in lines)


# Coming in


async def test_nicknames(harness: ServerHarness) -> None:
    """ERR_NONICKNAMEGIVEN, ERR_ERRONEUSNICKNAME, ERR_NICKNAMEINUSE; the casemapping is `ascii`."""
    await harness.irc("ann")
    await harness.irc("bob")
    for wanted, code in (("", "431"), ("#tea", "432"), ("a b", "432"), ("ANN", "433"), ("x" * 40, "432")):
        lines = await _ask(harness, "bob", f"NICK :{wanted}" if wanted else "NICK")
        assert [line.split()[0] for line in lines] == [code] or wanted == "a b", (wanted, lines)


async def test_the_greeting_says_what_the_server_supports(harness: ServerHarness) -> None:
    """ "Servers MUST advertise the casemapping they use in the `RPL_ISUPPORT` numeric"; 001 to 005 in this order."""
    harness.connect("ann").type("NICK ann\nUSER ann 0 * :Ann")
    lines = told(await harness.look(), "ann")
    assert [line.split()[1] for line in lines[:5]] == ["001", "002", "003", "004", "005"]
    assert " CASEMAPPING=ascii " in " ".join(lines) and " NETWORK=Hubbub " in " ".join(lines)
    assert [line.split()[1] for line in lines[-1:]] == ["422"]


async def test_user_only_once(harness: ServerHarness) -> None:
    await harness.irc("ann")
    for line in ("USER x 0 * :X", "PASS x"):
        assert await _ask(harness, "ann", line) == ["462 ann You may not reregister"]


async def test_ping_and_pong(harness: ServerHarness) -> None:
    """ "Servers MUST send a `<server>` parameter" in PONG; ERR_NOORIGIN without a token."""
    await harness.irc("ann")
    assert told(await harness.ask("ann", "PING :a token"), "ann") == [":hubbub PONG hubbub :a token"]
    assert await _ask(harness, "ann", "PING") == ["409 ann No origin specified"]


async def test_quit(harness: ServerHarness) -> None:
    """ "servers SHOULD prepend `<reason>` with the ASCII string `"Quit: "` …. This applies even if `<reason>` is
    empty"; "the server MUST distribute a `QUIT` message" also when a connection is closed without one, "with a message
    reflecting the nature of the event".
    """
    await _in_tea(harness, "ann", "bob", "eve", "kim")
    assert told(await harness.ask("ann", "QUIT :bye"), "kim") == [":ann!ann@local QUIT :Quit: bye"]
    assert told(await harness.ask("bob", "QUIT"), "kim") == [":bob!bob@local QUIT :Quit: "]
    harness.people["eve"].hang_up("Connection reset by peer")
    assert told(await harness.look(), "kim") == [
        ":eve!eve@local QUIT :Connection lost: Connection reset by peer"
    ]


# Rooms


async def test_joining(harness: ServerHarness) -> None:
    """ "If a client's `JOIN` command to the server is successful, the server MUST send, in this order": JOIN, the
    topic, and the names, which "MUST include the requesting client".
    """
    await _in_tea(harness, "ann")
    await harness.ask("ann", "TOPIC #tea :leaves")
    await harness.irc("bob")
    lines = told(await harness.ask("bob", "JOIN #tea"), "bob")
    assert lines[0] == ":bob!bob@local JOIN #tea"
    assert [line.split()[1] for line in lines[1:]] == ["332", "333", "353", "366"]
    assert lines[3].endswith(":@ann bob")


async def test_lists_of_rooms_and_keys(harness: ServerHarness) -> None:
    """ "Servers MUST process the parameters of this command as lists …, with the first `<key>` being used for the first
    `<channel>`"; "SHOULD distribute these multiple-channel `JOIN` messages as a series of messages".
    """
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #a,#b,#c\nMODE #a +k one\nMODE #b +k two")
    await harness.irc("bob")
    lines = told(await harness.ask("bob", "JOIN #a,#b,#c one,two"), "bob")
    assert [line for line in lines if " JOIN " in line] == [f":bob!bob@local JOIN #{room}" for room in "abc"]
    lines = told(await harness.ask("bob", "PART #a,#b :bye"), "bob")
    assert lines == [":bob!bob@local PART #a :bye", ":bob!bob@local PART #b :bye"]


async def test_join_zero(harness: ServerHarness) -> None:
    """ "the special argument `0` …: leaving all channels" """
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #a,#b")
    lines = told(await harness.ask("ann", "JOIN 0"), "ann")
    assert [line.split()[1:3] for line in lines] == [["PART", "#a"], ["PART", "#b"]]


async def test_topics(harness: ServerHarness) -> None:
    """ "If `RPL_TOPIC` is returned to the client sending this command, `RPL_TOPICWHOTIME` SHOULD also be sent" """
    await _in_tea(harness, "ann", "bob")
    assert await _ask(harness, "ann", "TOPIC #tea") == ["331 ann #tea No topic is set"]
    await harness.ask("ann", "TOPIC #tea :leaves")
    assert [line.split()[0] for line in await _ask(harness, "ann", "TOPIC #tea")] == ["332", "333"]
    assert await _ask(harness, "bob", "TOPIC #tea :x") == ["482 bob #tea You're not channel operator"]
    assert told(await harness.ask("ann", "TOPIC #tea :"), "bob") == [":ann!ann@local TOPIC #tea :"]


async def test_inviting(harness: ServerHarness) -> None:
    """ "the server SHOULD reject the command with the `ERR_NOSUCHCHANNEL`"; "MUST reject the command with the
    `ERR_NOTONCHANNEL`", "MUST … `ERR_USERONCHANNEL`"; "the server MUST send a `RPL_INVITING` numeric to the command
    issuer, and an `INVITE` message … to the target user".
    """
    await _in_tea(harness, "ann", "bob")
    await harness.irc("kim")
    assert await _ask(harness, "ann", "INVITE kim #nowhere") == ["403 ann #nowhere No such channel"]
    assert await _ask(harness, "kim", "INVITE ann #tea") == ["442 kim #tea You're not on that channel"]
    assert await _ask(harness, "ann", "INVITE bob #tea") == ["443 ann bob #tea is already on channel"]
    assert await _ask(harness, "ann", "INVITE nobody #tea") == ["401 ann nobody No such nick/channel"]
    lines = await harness.ask("ann", "INVITE kim #tea")
    assert told(lines, "ann") == [":hubbub 341 ann kim #tea"] and told(lines, "kim") == [
        ":ann!ann@local INVITE kim #tea"
    ]
    assert await _ask(harness, "kim", "INVITE") == ["336 kim #tea", "337 kim End of /INVITE list"]


async def test_kicking(harness: ServerHarness) -> None:
    """ "If no comment is given, the server SHOULD use a default message instead. Servers MUST NOT send multiple users
    in this message to clients".
    """
    await _in_tea(harness, "ann", "bob", "eve", "kim")
    assert await _ask(harness, "bob", "KICK #tea ann") == ["482 bob #tea You're not channel operator"]
    assert told(await harness.ask("ann", "KICK #tea bob,eve"), "kim") == [
        ":ann!ann@local KICK #tea bob :ann",
        ":ann!ann@local KICK #tea eve :ann",
    ]
    assert await _ask(harness, "ann", "KICK #tea bob") == ["441 ann bob #tea They aren't on that channel"]
    assert await _ask(harness, "ann", "KICK #nowhere bob") == ["403 ann #nowhere No such channel"]


async def test_listing_rooms(harness: ServerHarness) -> None:
    """ "the server MAY send one `RPL_LISTSTART` numeric, MUST send back zero or more `RPL_LIST` numerics, and MUST send
    back one `RPL_LISTEND` numeric".
    """
    await _in_tea(harness, "ann")
    for words, rooms in (
        ("", 6),
        ("#tea", 1),
        ("#nowhere", 0),
        ("#t*", 1),
        ("!#t*", 5),
        (">0", 1),
        ("<1", 5),
        ("C<60", 6),
    ):
        lines = [line.split()[0] for line in await _ask(harness, "ann", f"LIST {words}")]
        assert lines == ["321", *["322"] * rooms, "323"], words


# Messages


async def test_messages_that_can_not_be_delivered(harness: ServerHarness) -> None:
    """ "If a message cannot be delivered to a channel, the server SHOULD respond with an ERR_CANNOTSENDTOCHAN numeric";
    nothing to a NOTICE.
    """
    await _in_tea(harness, "ann", "bob")
    await harness.irc("eve")
    await harness.ask("ann", "MODE #tea +m")
    for name, line, code in (
        ("bob", "PRIVMSG #tea :x", "404"),
        ("eve", "PRIVMSG #tea :x", "404"),
        ("eve", "PRIVMSG nobody :x", "401"),
        ("eve", "PRIVMSG #nowhere :x", "403"),
        ("eve", "PRIVMSG", "411"),
        ("eve", "PRIVMSG ann", "412"),
        ("eve", "PRIVMSG ann :", "412"),
        ("eve", "PRIVMSG a,b,c,d,e :x", "407"),
    ):
        assert [each.split()[0] for each in await _ask(harness, name, line)] == [code], line
        assert await _ask(harness, name, line.replace("PRIVMSG", "NOTICE")) == []


async def test_several_targets(harness: ServerHarness) -> None:
    """As many as TARGMAX says, each once."""
    await _in_tea(harness, "ann", "bob", "eve")
    lines = await harness.ask("ann", "PRIVMSG bob,eve,bob,#tea :x")
    assert told(lines, "bob") == [":ann!ann@local PRIVMSG bob :x", ":ann!ann@local PRIVMSG #tea :x"]
    assert told(lines, "eve") == [":ann!ann@local PRIVMSG eve :x", ":ann!ann@local PRIVMSG #tea :x"]


async def test_statusmsg(harness: ServerHarness) -> None:
    """ "Servers that support this feature will list the prefixes … in the STATUSMSG `RPL_ISUPPORT` parameter" """
    await _in_tea(harness, "ann", "bob", "eve")
    await harness.ask("ann", "MODE #tea +v bob")
    lines = await harness.ask("eve", "PRIVMSG +#tea :x")
    assert told(lines, "ann") == told(lines, "bob") == [":eve!eve@local PRIVMSG +#tea :x"]
    lines = await harness.ask("eve", "PRIVMSG @#tea :x")
    assert told(lines, "ann") == [":eve!eve@local PRIVMSG @#tea :x"] and told(lines, "bob") == []


async def test_away(harness: ServerHarness) -> None:
    """ "Servers SHOULD notify clients when a user they're interacting with is away": PRIVMSG, INVITE, WHOIS."""
    await _in_tea(harness, "ann")
    await harness.irc("bob")
    await harness.ask("bob", "AWAY :lunch")
    for line in ("PRIVMSG bob :x", "INVITE bob #tea", "WHOIS bob"):
        assert "301 ann bob lunch" in await _ask(harness, "ann", line)


# Modes


async def test_modes_of_oneself(harness: ServerHarness) -> None:
    """ "the server MUST apply the modes that are implemented, and then send the ERR_UMODEUNKNOWNFLAG in reply" """
    await harness.irc("ann")
    await harness.irc("bob")
    lines = await _ask(harness, "ann", "MODE ann +iXw")
    assert lines[0].endswith(":ann MODE ann +iw") and lines[1] == "501 ann Unknown MODE flag"
    assert await _ask(harness, "ann", "MODE ann") == ["221 ann +iw"]
    assert await _ask(harness, "ann", "MODE bob +i") == ["502 ann Cant change mode for other users"]
    assert await _ask(harness, "ann", "MODE nobody +i") == ["401 ann nobody No such nick/channel"]


async def test_modes_of_a_room(harness: ServerHarness) -> None:
    """ "Servers SHOULD also return the RPL_CREATIONTIME numeric following `RPL_CHANNELMODEIS`"; "If a user does not
    have appropriate privileges …, the server MUST NOT process the message, and ERR_CHANOPRIVSNEEDED numeric is
    returned"; "If a type B or C mode does not have a parameter when being set, the server MUST ignore that mode"; "If a
    type A mode has been sent without an argument, the contents of the list MUST be sent to the user".
    """
    await _in_tea(harness, "ann", "bob")
    assert [line.split()[0] for line in await _ask(harness, "bob", "MODE #tea")] == ["324", "329"]
    assert await _ask(harness, "bob", "MODE #tea +m") == ["482 bob #tea You're not channel operator"]
    assert told(await harness.ask("ann", "MODE #tea +klm"), "bob") == [":ann!ann@local MODE #tea +m"]
    await harness.ask("ann", "MODE #tea +bb a!*@* b!*@*")
    lines = await _ask(harness, "bob", "MODE #tea b")
    assert [line.split()[0] for line in lines] == ["367", "367", "368"]
    assert await _ask(harness, "ann", "MODE #tea +Z") == ["472 ann Z is unknown mode char to me"]


async def test_several_modes_in_one_line(harness: ServerHarness) -> None:
    await _in_tea(harness, "ann", "bob")
    lines = told(await harness.ask("ann", "MODE #tea +ov-t+kl bob bob secret 10"), "bob")
    assert lines == [":ann!ann@local MODE #tea +ov-t+kl bob bob secret 10"]


# Questions


async def test_questions_about_the_server(harness: ServerHarness) -> None:
    """VERSION with RPL_ISUPPORT, ADMIN, LUSERS ("MUST reply with `RPL_LUSERCLIENT` and `RPL_LUSERME`"), TIME, INFO,
    LINKS, MOTD, STATS: each with its numerics in their order.
    """
    await harness.irc("ann")
    for command, codes in (
        ("VERSION", ["351", "005"]),
        ("LUSERS", ["251", "255"]),
        ("TIME", ["391"]),
        ("INFO", ["371", "374"]),
        ("LINKS", ["364", "365"]),
        ("MOTD", ["422"]),
        ("STATS u", ["242", "219"]),
        ("HELP", ["704", "705", "706"]),
    ):
        found = list(dict.fromkeys(line.split()[0] for line in await _ask(harness, "ann", command)))
        assert [code for code in found if code in codes] == codes, (command, found)


async def test_help(harness: ServerHarness) -> None:
    """ "a single RPL_HELPSTART message, then arbitrarily many RPL_HELPTXT messages, then a single RPL_ENDOFHELP"; "the
    first RPL_HELPTXT message SHOULD be empty"; else "a single ERR_HELPNOTFOUND".
    """
    await harness.irc("ann")
    lines = await _ask(harness, "ann", "HELP JOIN")
    assert [line.split()[0] for line in lines] == ["704", *["705"] * (len(lines) - 2), "706"]
    assert lines[1].rstrip() == "705 ann JOIN"
    assert [line.split()[0] for line in await _ask(harness, "ann", "HELP FLYING")] == ["524"]


async def test_whois(harness: ServerHarness) -> None:
    """ "The server SHOULD end its response … with `RPL_ENDOFWHOIS`, even if it did not send any other" one."""
    await _in_tea(harness, "ann", "bob")
    lines = await _ask(harness, "ann", "WHOIS BOB")
    assert [line.split()[0] for line in lines] == ["311", "319", "312", "317", "318"]
    assert lines[-1] == "318 ann BOB End of /WHOIS list"
    assert [line.split()[0] for line in await _ask(harness, "ann", "WHOIS nobody")] == ["401", "318"]
    assert await _ask(harness, "ann", "WHOIS") == ["431 ann No nickname given"]


async def test_whowas(harness: ServerHarness) -> None:
    """ "Servers MUST reply with either ERR_WASNOSUCHNICK or a non-empty list of WHOWAS entries, both followed with
    RPL_ENDOFWHOWAS"; "If the `<nick>` argument is missing, they SHOULD send a single reply, using either
    ERR_NONICKNAMEGIVEN or ERR_NEEDMOREPARAMS".
    """
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("bob", "QUIT")
    assert [line.split()[0] for line in await _ask(harness, "ann", "WHOWAS bob")] == ["314", "312", "369"]
    assert [line.split()[0] for line in await _ask(harness, "ann", "WHOWAS nobody")] == ["406", "369"]
    assert await _ask(harness, "ann", "WHOWAS") == ["431 ann No nickname given"]


async def test_userhost_takes_five(harness: ServerHarness) -> None:
    """ "The USERHOST command takes up to five nicknames" """
    for name in ("ann", "bob"):
        await harness.irc(name)
    (line,) = await _ask(harness, "ann", "USERHOST ann bob nobody x y ann")
    assert line.split(" ", 2)[2].split() == ["ann=+ann@local", "bob=+bob@local"]
