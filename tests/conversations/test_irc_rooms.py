"""IRC: rooms, what their members see, and several sessions of one account."""

import pytest
from msgspec.structs import replace

from hubbub.admin.interpreter import run
from hubbub.engine.settings import ChangeRules
from hubbub.node.admin_context import ConsoleContext
from tests.server_harness import ServerHarness
from tests.sign_in import arrive


async def test_who_joins_sees_topic_and_names_and_the_others_see_who_joined(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "JOIN #tea") == [
        "ann < :ann!ann@local JOIN #tea",
        "ann < :hubbub MODE #tea +o ann",
        "ann < :hubbub 353 ann = #tea @ann",
        "ann < :hubbub 366 ann #tea :End of /NAMES list",
    ]
    assert await harness.ask("ann", "TOPIC #tea :Oolong") == ["ann < :ann!ann@local TOPIC #tea :Oolong"]
    await harness.irc("bob", "multi-prefix extended-join userhost-in-names")
    assert await harness.ask("bob", "JOIN #tea") == [
        "ann < :bob!bob@local JOIN #tea",
        "bob < :bob!bob@local JOIN #tea * :Bob",
        "bob < :hubbub 332 bob #tea Oolong",
        "bob < :hubbub 333 bob #tea ann!ann@local 1795000000",
        "bob < :hubbub 353 bob = #tea :@ann!ann@local bob!bob@local",
        "bob < :hubbub 366 bob #tea :End of /NAMES list",
    ]
    assert await harness.ask("bob", "JOIN #tea") == []
    assert await harness.ask("bob", "PART #tea :bye all") == [
        "ann < :bob!bob@local PART #tea :bye all",
        "bob < :bob!bob@local PART #tea :bye all",
    ]
    assert await harness.ask("bob", "PART #tea") == ["bob < :hubbub 442 bob #tea :You're not on that channel"]


async def test_lists_of_rooms_and_keys(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea,#chess")
    await harness.ask("ann", "MODE #chess +k pawn")
    await harness.irc("bob")
    lines = await harness.ask("bob", "JOIN #tea,#chess,#chess wrong,pawn")
    assert "bob < :bob!bob@local JOIN #tea" in lines
    assert "bob < :bob!bob@local JOIN #chess" in lines
    await harness.ask("bob", "JOIN 0")
    assert harness.node.state.user_named("bob").rooms == {}  # type: ignore[union-attr]
    assert await harness.ask("bob", "JOIN #chess") == [
        "bob < :hubbub 475 bob #chess :Cannot join channel (+k)"
    ]


async def test_what_can_not_be_a_rooms_name(harness: ServerHarness) -> None:
    await harness.irc("ann")
    for name in ("tea", "#", "#a?b", f"#{'x' * 64}", "&tea", "#a\x07b"):
        lines = await harness.ask("ann", f"JOIN {name}")
        assert len(lines) == 1 and lines[0].split()[3] in ("403", "476"), lines
    assert await harness.ask("ann", "JOIN #Großer-Saal_日本") != []
    assert harness.node.state.room_named("Großer-Saal_日本")


async def test_kick_takes_an_operator_and_the_kicked_sees_it(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("bob", "JOIN #tea")
    assert await harness.ask("bob", "KICK #tea ann") == [
        "bob < :hubbub 482 bob #tea :You're not channel operator"
    ]
    kicked = ":ann!ann@local KICK #tea bob :out"
    assert await harness.ask("ann", "KICK #tea bob :out") == [f"ann < {kicked}", f"bob < {kicked}"]
    assert await harness.ask("ann", "KICK #tea bob") == [
        "ann < :hubbub 441 ann bob #tea :They aren't on that channel"
    ]
    assert await harness.ask("ann", "KICK #tea nobody") == [
        "ann < :hubbub 401 ann nobody :No such nick/channel"
    ]


async def test_an_invitation_opens_a_closed_room(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "MODE #tea +i")
    assert await harness.ask("bob", "JOIN #tea") == ["bob < :hubbub 473 bob #tea :Cannot join channel (+i)"]
    assert await harness.ask("ann", "INVITE bob #tea") == [
        "ann < :hubbub 341 ann bob #tea",
        "bob < :ann!ann@local INVITE bob #tea",
    ]
    assert await harness.ask("bob", "INVITE") == [
        "bob < :hubbub 336 bob #tea",
        "bob < :hubbub 337 bob :End of /INVITE list",
    ]
    assert "bob < :bob!bob@local JOIN #tea" in await harness.ask("bob", "JOIN #tea")


async def test_joining_by_approval_makes_a_request_that_operators_see(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.account("bob")
    for name in ("ann", "bob"):
        person = harness.connect(name)
        person.type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :x")
    await harness.look()
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "MODE #tea +A")
    lines = await harness.ask("bob", "JOIN #tea")
    assert "ann < :hubbub 710 #tea #tea bob!bob@local :has asked for an invite." in lines
    assert lines[-2].startswith("bob < :hubbub 473 bob #tea") and lines[-1].startswith(
        "bob < :hubbub 711 bob #tea"
    )
    lines = await harness.ask("ann", "PRIVMSG ChanServ :ACCEPT #tea bob")
    assert "bob < :bob!bob@local JOIN #tea" in lines
    told = "bob < :Hubbub!hubbub@hubbub NOTICE bob :ann accepted your request. You are now a member of the room tea."
    assert told in lines


async def test_a_moderated_room_and_a_message_for_operators(harness: ServerHarness) -> None:
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE #tea +m")
    assert (await harness.ask("bob", "PRIVMSG #tea :hi"))[0].startswith("bob < :hubbub 404 bob #tea")
    assert await harness.ask("bob", "NOTICE #tea :hi") == [], "nothing is answered to a NOTICE"
    await harness.ask("ann", "MODE #tea +v bob")
    assert await harness.ask("bob", "PRIVMSG #tea :hi") == [
        "ann < :bob!bob@local PRIVMSG #tea :hi",
        "eve < :bob!bob@local PRIVMSG #tea :hi",
    ]
    assert await harness.ask("bob", "PRIVMSG @#tea :help") == ["ann < :bob!bob@local PRIVMSG @#tea :help"]
    seen = ["bob < :ann!ann@local PRIVMSG +#tea :hi"]
    assert await harness.ask("ann", "PRIVMSG +#tea :hi") == seen, "eve has no voice"


async def test_a_room_in_which_only_accounts_speak(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await arrive(harness, "bob")
    await harness.irc("eve")
    for name in ("ann", "bob", "eve"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE #tea +M")
    assert (await harness.ask("eve", "MODE #tea"))[0] == "eve < :hubbub 324 eve #tea +Mnt"
    refused = "You can't send messages to the room tea: it requires an account; log in, or ask an operator for a voice."
    assert await harness.ask("eve", "PRIVMSG #tea :hi") == [f"eve < :hubbub 404 eve #tea :{refused}"]
    assert len(await harness.ask("bob", "PRIVMSG #tea :hi")) == 2
    assert len(await harness.ask("ann", "PRIVMSG #tea :hi")) == 2, "its operator has a rank in it"
    await harness.ask("ann", "MODE #tea +v eve")
    assert len(await harness.ask("eve", "PRIVMSG #tea :hi")) == 2
    await harness.ask("ann", "MODE #tea -M-v eve")
    assert len(await harness.ask("eve", "PRIVMSG #tea :hi")) == 2


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
async def test_a_room_without_ctcp(harness: ServerHarness, verb: str) -> None:
    """Whoever says it, and however it is hidden; ACTION is only another way to speak."""
    await harness.irc("ann", "batch message-tags draft/multiline hubbub/edit")
    await harness.irc("bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE #tea +C")
    refused = "ann < :hubbub 404 ann #tea :You can't send messages to the room tea: it accepts no CTCP except ACTION."
    for text in ("\x01VERSION\x01", "\x01ping 1\x01", "\x01VERSION", "\u202e\x01VERSION\x01"):
        assert await harness.ask("ann", f"{verb} #tea :{text}") == ([refused] if verb == "PRIVMSG" else [])
    for text in ("\x01ACTION waves\x01", "\x01ACTION\x01", "hi \x01VERSION\x01"):
        assert len(await harness.ask("ann", f"{verb} #tea :{text}")) == 1
    several = f"@batch=1 {verb} #tea :hi\n@batch=1 {verb} #tea :\x01VERSION\x01"
    lines = await harness.ask("ann", f"BATCH +1 draft/multiline #tea\n{several}\nBATCH -1")
    assert not [line for line in lines if line.startswith("bob")]
    await harness.ask("ann", "MODE #tea -C")
    assert len(await harness.ask("ann", f"{verb} #tea :\x01VERSION\x01")) == 1


async def test_who_is_banned_can_neither_come_nor_speak(harness: ServerHarness) -> None:
    for name in ("ann", "bob"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE #tea +b bob!*@*")
    assert (await harness.ask("bob", "PRIVMSG #tea :hi"))[0].startswith("bob < :hubbub 404")
    await harness.ask("bob", "PART #tea")
    assert await harness.ask("bob", "JOIN #tea") == ["bob < :hubbub 474 bob #tea :Cannot join channel (+b)"]
    await harness.ask("ann", "MODE #tea -b bob!*@*")
    assert len(await harness.ask("bob", "JOIN #tea")) > 1


async def test_who_quits_is_seen_once_by_those_who_share_a_room(harness: ServerHarness) -> None:
    for name in ("ann", "bob"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea,#chess")
    await harness.irc("eve")
    assert await harness.ask("bob", "QUIT :bye") == [
        "ann < :bob!bob@local QUIT :Quit: bye",
        "bob < ERROR :Closing link: (127.0.0.1) [Quit: bye]",
    ]


async def test_a_new_nickname_is_seen_by_those_who_share_a_room(harness: ServerHarness) -> None:
    for name in ("ann", "bob"):
        await harness.irc(name)
        await harness.ask(name, "JOIN #tea")
    await harness.irc("eve")
    changed = ":bob!bob@local NICK robert"
    assert await harness.ask("bob", "NICK robert") == [f"ann < {changed}", f"bob < {changed}"]
    assert await harness.ask("eve", "NICK Ann") == ["eve < :hubbub 433 eve Ann :Nickname is already in use"]
    assert await harness.ask("eve", "NICK EVE") == ["eve < :eve!eve@local NICK EVE"]


async def test_two_sessions_of_one_account_are_one_user(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.netcat("bob")
    for name in ("home", "work"):
        harness.connect(name).type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :Ann")
        await harness.look()
    assert len(harness.node.state.user_named("ann").sessions) == 2  # type: ignore[union-attr]
    assert await harness.ask("home", "PRIVMSG #Général :from home") == [
        "bob < ann: from home",
        "work < :ann!a@local PRIVMSG #Général :from home",
    ]
    assert await harness.ask("bob", "@ann psst") == [
        "bob < Private message sent to ann",
        "home < :bob!netcat@local PRIVMSG ann :psst",
        "work < :bob!netcat@local PRIVMSG ann :psst",
    ]
    joined = await harness.ask("home", "JOIN #tea")
    assert "work < :ann!a@local JOIN #tea" in joined
    assert [line for line in await harness.ask("home", "QUIT") if not line.startswith("home")] == []
    assert "bob < ann has left the chat." in await harness.ask("work", "QUIT")


async def test_a_guest_who_signs_in_goes_over_to_the_user_who_is_there(harness: ServerHarness) -> None:
    await harness.account("ann")
    harness.connect("home").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :Ann")
    await harness.look()
    await harness.irc("guest1")
    await harness.ask("guest1", "JOIN #chess")
    lines = await harness.ask("guest1", "PRIVMSG NickServ :IDENTIFY ann correct horse")
    assert "guest1 < :guest1!guest1@local NICK ann" in lines
    assert "guest1 < :ann!a@local PART #chess" in lines
    assert "guest1 < :ann!a@local JOIN #Général" in lines
    assert await harness.ask("guest1", "PRIVMSG #Général :here too") == [
        "home < :ann!a@local PRIVMSG #Général :here too"
    ]


async def test_a_guest_steps_aside_when_the_owner_of_the_name_comes(harness: ServerHarness) -> None:
    """Somebody who registers the nickname they have, where accounts wait for approval, stays a guest meanwhile."""
    harness.node.ask(ChangeRules(replace(harness.node.state.rules, registration="approval")))
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #Général")
    await harness.ask("ann", "PRIVMSG NickServ :REGISTER horsebattery")
    await run(ConsoleContext(harness.node), "accept account ann")
    harness.connect("owner").type("PASS ann:horsebattery\nNICK ann\nUSER a 0 * :Ann")
    lines = await harness.look()
    renamed = next(line for line in lines if line.startswith("ann < :ann!ann@local NICK guest"))
    assert "owner < :hubbub 001 ann :Welcome to the Hubbub Network, ann" in lines
    assert harness.node.state.user_named(renamed.split()[-1])


async def test_rooms_of_guests_go_with_the_last_of_them(harness: ServerHarness) -> None:
    """Where the settings say so; `test_unused_rooms` has what is usual."""
    harness.change("rooms", guests_absence_seconds=0)
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "PART #tea")
    assert harness.node.state.room_named("tea") is None
    await harness.ask("ann", "JOIN #chess")
    await harness.ask("ann", "QUIT")
    assert harness.node.state.room_named("chess") is None


async def test_a_deleted_room_is_left_by_all(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.netcat("bob")
    await harness.ask("ann", "JOIN #Blabla")
    await harness.ask("bob", "/join Blabla")
    await run(ConsoleContext(harness.node), "rename room Blabla Parloir")
    lines = await harness.look()
    assert "ann < :ann!ann@local PART #Blabla :The room is now called #Parloir" in lines
    assert "ann < :ann!ann@local JOIN #Parloir" in lines
    assert "bob < The room Blabla is now called Parloir." in lines
    await run(ConsoleContext(harness.node), "delete room Parloir")
    lines = await harness.look()
    assert "ann < :hubbub KICK #Parloir ann :The room was deleted" in lines
    assert "bob < The room Parloir was deleted." in lines
    assert harness.node.state.user_named("ann").rooms == {}  # type: ignore[union-attr]


async def test_neither_having_been_there_nor_an_invitation_lifts_a_ban_or_a_key(
    harness: ServerHarness,
) -> None:
    for name in ("ann", "bob"):
        await harness.account(name)
        harness.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :x")
        await harness.look()
        await harness.ask(name, "JOIN #tea")
    await harness.irc("eve")
    await harness.ask("eve", "JOIN #tea")
    await harness.ask("bob", "PART #tea")
    await harness.ask("ann", "MODE #tea +b bob!*@*")
    await harness.ask("eve", "INVITE bob #tea")
    assert await harness.ask("bob", "JOIN #tea") == ["bob < :hubbub 474 bob #tea :Cannot join channel (+b)"]
    await harness.ask("ann", "MODE #tea -b+k bob!*@* leaf")
    assert await harness.ask("bob", "JOIN #tea") == ["bob < :hubbub 475 bob #tea :Cannot join channel (+k)"]
    await harness.ask("ann", "PART #tea")
    assert "ann < :ann!ann@local JOIN #tea" in await harness.ask("ann", "JOIN #tea"), (
        "who operates it answers"
    )
