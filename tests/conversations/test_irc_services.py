"""NickServ, ChanServ and the server itself, spoken to as people speak to them."""

import pytest

from hubbub.dialects.irc.services.chanserv import CHANSERV
from hubbub.dialects.irc.services.nickserv import NICKSERV
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import CreateRoom
from hubbub.engine.state import Access
from tests.server_harness import ServerHarness

SECRET = "a-good-password"


def said(service: str, *sentences: str, to: str = "bob", nick: str = "") -> list[str]:
    return [f"{to} < :{service}!services@hubbub NOTICE {nick or to} :{sentence}" for sentence in sentences]


async def on(harness: ServerHarness, name: str) -> None:
    """Somebody comes in who is logged in to the account of this name."""
    harness.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name}")
    await harness.look()


async def test_registering_the_current_nickname(harness: ServerHarness) -> None:
    await harness.irc("bob")
    lines = await harness.ask("bob", f"PRIVMSG NickServ :REGISTER {SECRET} bob@example.org")
    assert lines[:2] == [
        "bob < :hubbub 900 bob bob!bob@local bob :You are now logged in as bob",
        *said("NickServ", "The account bob is registered, and you are logged in."),
    ]
    assert not any(SECRET in line for line in lines)
    assert await harness.ask("bob", f"NS REGISTER {SECRET}") == said(
        "NickServ", "You are already logged in as bob."
    )


async def test_registering_takes_a_password_that_is_one_word(harness: ServerHarness) -> None:
    await harness.irc("bob")
    for line in ("NS REGISTER two words", "NS REGISTER one two three"):
        assert await harness.ask("bob", line) == said(
            "NickServ",
            "A password can't contain spaces here. Write: /msg NickServ REGISTER <password> [email]",
        )
    (refused,) = await harness.ask("bob", "NS REGISTER short")
    assert refused.startswith(said("NickServ", "A password needs at least ")[0])
    usage = said("NickServ", "Write: /msg NickServ REGISTER <password> [email]")
    assert await harness.ask("bob", "NS REGISTER") == usage
    assert not harness.node.state.accounts


@pytest.mark.parametrize(
    "line",
    [
        "PRIVMSG NickServ :IDENTIFY ann correct horse",
        "PRIVMSG nickserv :login ANN correct horse",
        "NICKSERV ID ann :correct horse",
        "NS IDENTIFY ann correct horse",
    ],
)
async def test_logging_in_to_another_account(harness: ServerHarness, line: str) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    lines = await harness.ask("bob", line)
    assert lines[1:2] == said("NickServ", "You are logged in as ann.")
    assert "bob < :bob!bob@local NICK ann" in lines


async def test_a_wrong_password(harness: ServerHarness) -> None:
    await harness.account("ann", SECRET)
    await harness.irc("bob")
    wrong = said("NickServ", "The name or the password is wrong. Try again.")
    for line in (
        "IDENTIFY ann wrong",
        "IDENTIFY nobody wrong",
        f"IDENTIFY {SECRET}",
        f"IDENTIFY ann {SECRET} x",
    ):
        assert await harness.ask("bob", f"PRIVMSG NickServ :{line}") == wrong
    assert await harness.ask("bob", "PRIVMSG NickServ :IDENTIFY") == said(
        "NickServ", "Write: /msg NickServ IDENTIFY [account] <password>"
    )


async def test_a_new_password(harness: ServerHarness) -> None:
    await harness.irc("bob")
    assert await harness.ask("bob", "NS SET PASSWORD something new-one") == said(
        "NickServ", "This requires an account. Register one, or log in to yours."
    )
    await harness.ask("bob", f"NS REGISTER {SECRET}")
    changed = said("NickServ", "Your password was changed. No other sessions were signed in.")
    assert await harness.ask("bob", f'NS SET PASSWORD {SECRET} "something new"') == changed
    assert await harness.ask("bob", 'NS PASSWD :"something new" "something else again"') == changed
    (refused,) = await harness.ask("bob", 'NS PASSWD :"something else again" x')
    assert refused.startswith(said("NickServ", "A password needs at least ")[0])
    assert (await harness.ask("bob", "NS PASSWD something"))[0] == said(
        "NickServ", "Write: /msg NickServ PASSWD <old> <new> [keep]"
    )[0]
    assert await harness.ask("bob", "NS SET EMAIL bob@example.org") == said(
        "NickServ", "You can set only the password. Write: /msg NickServ SET PASSWORD <old> <new> [keep]"
    )
    await harness.irc("eve")
    await harness.ask("eve", "NS IDENTIFY bob something else again")
    user = harness.node.state.user_named("bob")
    assert user and len(user.sessions) == 2


async def test_sessions_are_those_of_oneself(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    await harness.irc("ann1", address="127.0.0.2")
    await harness.ask("bob", "NS IDENTIFY ann correct horse")
    await harness.ask("ann1", "NS IDENTIFY ann correct horse")
    assert await harness.ask("bob", "NS SESSIONS") == said(
        "NickServ",
        "You have 2 sessions:",
        "1: 127.0.0.1 port 40000, irc, not encrypted, since 2026-11-18T11:06:40.000Z (this one)",
        "2: 127.0.0.2 port 40000, irc, not encrypted, since 2026-11-18T11:06:40.000Z",
        nick="ann",
    )


async def test_what_there_is_to_know_of_an_account(harness: ServerHarness) -> None:
    await harness.account("ann", role="admin")
    await harness.irc("bob")
    assert await harness.ask("bob", "NS INFO ANN") == said(
        "NickServ",
        "ann is an account, registered 2026-11-18T11:06:40.000Z.",
        "ann is an admin on this server.",
        "ann is offline.",
    )
    assert await harness.ask("bob", "NS INFO bob") == said(
        "NickServ", "bob is online as a guest, without an account."
    )
    assert await harness.ask("bob", "NS INFO nobody") == said("NickServ", "There is no account nobody.")


@pytest.mark.parametrize("service", ["NickServ", "ChanServ"])
async def test_help_names_every_word_and_tells_each(harness: ServerHarness, service: str) -> None:
    await harness.irc("bob")
    words = {"NickServ": NICKSERV, "ChanServ": CHANSERV}[service].words
    lines = await harness.ask("bob", f"PRIVMSG {service} :HELP")
    for word in words:
        assert said(service, f"{word.usage}: {word.help}")[0] in lines
        for name in (word.name, word.name.lower(), *word.aliases):
            (told,) = await harness.ask("bob", f"PRIVMSG {service} :help {name}")
            assert told.startswith(said(service, f"{word.usage}: {word.help}")[0])


@pytest.mark.parametrize(
    "text", ["hunter2", "\x01VERSION\x01", "  ", "IDENTIFYann", "é" * 200, ":", "HELP hunter2"]
)
async def test_what_is_not_understood_is_not_repeated(harness: ServerHarness, text: str) -> None:
    await harness.irc("bob")
    for service in ("NickServ", "ChanServ"):
        assert await harness.ask("bob", f"PRIVMSG {service} :{text}") == said(
            service, f"I don't know this command. Write: /msg {service} HELP"
        )


async def test_notices_to_services_are_never_answered(harness: ServerHarness) -> None:
    """ "Automatic replies must never be sent in response to a NOTICE" """
    await harness.irc("bob")
    for service in ("NickServ", "ChanServ", "Hubbub", "Console"):
        assert await harness.ask("bob", f"NOTICE {service} :HELP") == []


async def test_services_have_no_ear_for_who_is_not_in(harness: ServerHarness) -> None:
    harness.connect("eve")
    for line in ("PRIVMSG NickServ :HELP", "NS HELP", "CS HELP", "HUBBUB users"):
        assert await harness.ask("eve", line) == ["eve < :hubbub 451 * :You have not registered"]


async def test_registering_a_room(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #guests")
    needed = said("ChanServ", "This requires an account. Register one, or log in to yours.")
    for room in ("#tea", "#guests"):
        assert await harness.ask("bob", f"CS REGISTER {room}") == needed
    await harness.ask("bob", "NS IDENTIFY ann correct horse")
    lines = await harness.ask("bob", "CS REGISTER #tea")
    assert "bob < :hubbub MODE #tea +qo ann ann" in lines
    assert lines[-1:] == said(
        "ChanServ", "The room tea is now registered, and you are its founder.", nick="ann"
    )
    # What a guest has made stays once somebody with an account looks after it.
    assert await harness.ask("bob", "CS REGISTER #guests") == [
        "bob < :ann!bob@local MODE #guests +q ann",
        *said(
            "ChanServ",
            "The room guests is now registered and permanent, and you are its founder.",
            nick="ann",
        ),
    ]
    await harness.irc("eve")
    await harness.ask("eve", "JOIN #guests")
    await harness.ask("bob", "PART #guests")
    await harness.ask("eve", "PART #guests")
    assert harness.node.state.room_named("guests")


async def test_a_room_that_is_registered_already(harness: ServerHarness) -> None:
    await harness.account("bob")
    await harness.account("ann")
    await on(harness, "bob")
    assert await harness.ask("bob", "CS REGISTER #général") == said(
        "ChanServ", "The room général is already registered, like every room that an account creates."
    )
    (refused,) = await harness.ask("bob", "CS REGISTER #a,b")
    assert refused.startswith(said("ChanServ", "This room name can't be used.")[0])


async def test_operators_of_a_room(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.irc("eve")
    await harness.ask("bob", "JOIN #tea")
    await harness.ask("eve", "JOIN #tea")
    assert await harness.ask("bob", "CS OP #tea eve") == [
        "bob < :bob!bob@local MODE #tea +o eve",
        *said("ChanServ", "eve is now an operator in the room tea."),
        "eve < :bob!bob@local MODE #tea +o eve",
    ]
    assert await harness.ask("bob", "CS OP #tea eve") == said("ChanServ", "Nothing has changed.")
    assert (await harness.ask("eve", "CS DEOP tea"))[-1:] == said(
        "ChanServ", "eve is no longer an operator in the room tea.", to="eve"
    )
    assert await harness.ask("eve", "CS OP #tea") == said(
        "ChanServ", "Only an operator of the room tea can do this.", to="eve"
    )
    assert await harness.ask("eve", "CS OP #nowhere") == said(
        "ChanServ", "There is no room nowhere.", to="eve"
    )
    assert await harness.ask("eve", "CS OP") == said(
        "ChanServ", "Write: /msg ChanServ OP <#room> [nick]", to="eve"
    )


async def test_requests_are_listed_accepted_and_denied(harness: ServerHarness) -> None:
    harness.node.ask(CreateRoom(RoomName.known("club"), Access.APPROVAL, False))
    for name, role in (("root", "admin"), ("ann", "member"), ("eve", "member")):
        await harness.account(name, role=role)
        await harness.irc(f"{name}1")
        await harness.ask(f"{name}1", f"NS IDENTIFY {name} correct horse")
    await harness.ask("ann1", "KNOCK #club :let me in, please")
    await harness.ask("eve1", "JOIN #club")
    assert await harness.ask("root1", "CS REQUESTS #club") == said(
        "ChanServ",
        "ann, since 2026-11-18T11:06:40.000Z let me in, please",
        "eve, since 2026-11-18T11:06:40.000Z ",
        to="root1",
        nick="root",
    )
    (refused,) = await harness.ask("ann1", "CS REQUESTS #club")
    assert (
        refused == said("ChanServ", "You are not in the room club. Join it first.", to="ann1", nick="ann")[0]
    )
    assert (await harness.ask("root1", "CS ACCEPT #club ann"))[:1] == said(
        "ChanServ", "ann is now a member of the room club.", to="root1", nick="root"
    )
    lines = await harness.ask("root1", "CS DENY #club eve not this year")
    assert lines[:1] == said(
        "ChanServ", "The request of eve to join the room club is denied.", to="root1", nick="root"
    )
    assert any("denied your request to join the room club: not this year" in line for line in lines)
    assert await harness.ask("root1", "CS DENY #club eve") == said(
        "ChanServ", "eve has not asked to join the room club.", to="root1", nick="root"
    )
    assert await harness.ask("root1", "CS REQUESTS #club") == said(
        "ChanServ", "The room club has no requests.", to="root1", nick="root"
    )


async def test_a_room_with_a_key_is_asked_for_by_whoever_lacks_the_key(harness: ServerHarness) -> None:
    for name in ("ann", "bob", "eve"):
        await harness.account(name)
        await harness.irc(f"{name}1")
        await harness.ask(f"{name}1", f"NS IDENTIFY {name} correct horse")
    await harness.ask("ann1", "JOIN #den\nMODE #den +k sesame\nINVITE eve #den")
    assert any(" 710 " in line for line in await harness.ask("bob1", "KNOCK #den")), "he lacks its key"
    assert " 713 " in (await harness.ask("eve1", "KNOCK #den"))[0], "she is invited"
    await harness.ask("ann1", "CS ACCEPT #den bob")
    assert not any(" 404 " in line for line in await harness.ask("bob1", "PRIVMSG #den :thanks"))


async def test_a_secret_room_is_nobodys_business(harness: ServerHarness) -> None:
    harness.node.ask(CreateRoom(RoomName.known("lair"), Access.INVITATION, True))
    await harness.irc("bob")
    for word in ("INFO", "REQUESTS"):
        assert await harness.ask("bob", f"CS {word} #lair") == said("ChanServ", "There is no room lair.")
    assert await harness.ask("bob", "CS REGISTER #lair") == said(
        "ChanServ", "This requires an account. Register one, or log in to yours."
    )


async def test_what_there_is_to_know_of_a_room(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    assert await harness.ask("bob", "CS INFO tea") == said(
        "ChanServ",
        "The room tea was created 2026-11-18T11:06:40.000Z.",
        "It is open to everybody. It has 1 member.",
        "A guest created it. The server deletes it when it stays empty.",
    )


@pytest.mark.parametrize("line", ["PRIVMSG Hubbub :users", "PRIVMSG console :users", "HUBBUB users"])
async def test_the_administrators_commands_inside_the_chat(harness: ServerHarness, line: str) -> None:
    await harness.account("root", role="admin")
    await harness.irc("bob")
    stranger = await harness.ask("bob", line)
    assert stranger == said(
        "Hubbub",
        "I am the server hubbub. Administrators send me their commands.",
        "For your account, write: /msg NickServ HELP. For rooms, write: /msg ChanServ HELP.",
    )
    await harness.ask("bob", "NS IDENTIFY root correct horse")
    lines = await harness.ask("bob", line)
    assert all(each.startswith("bob < :Hubbub!services@hubbub NOTICE root :") for each in lines)
    assert any(" :root " in each for each in lines)


async def test_an_administrators_act_and_mistake(harness: ServerHarness) -> None:
    await harness.account("root", role="admin")
    await harness.irc("bob")
    await harness.irc("eve")
    await harness.ask("bob", "NS IDENTIFY root correct horse")
    lines = await harness.ask("bob", "PRIVMSG Hubbub :kill eve spam")
    assert "eve < ERROR :Closing link: (127.0.0.1) [Killed by root: spam]" in lines
    (mistake,) = await harness.ask("bob", "PRIVMSG Hubbub :frobnicate")
    assert "There is no command frobnicate." in mistake


# Rooms of one's own


async def _club(harness: ServerHarness) -> None:
    """Ann has founded the room club; bob is in it, and eve has an account."""
    for name in ("ann", "bob", "eve"):
        await harness.account(name)
    await on(harness, "ann")
    await on(harness, "bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #club")


async def _told(harness: ServerHarness, name: str, line: str) -> list[str]:
    """What a service says, in sentences."""
    lines = await harness.ask(name, line)
    return [
        each.split(" :", 2)[2] for each in lines if each.startswith(f"{name} < :") and "!services@" in each
    ]


async def test_ranks_for_those_who_are_there_and_for_those_who_are_not(harness: ServerHarness) -> None:
    await _club(harness)
    lines = await harness.ask("ann", "CS ACCESS #club ADD bob op")
    assert "bob < :ann!ann@local MODE #club +o bob" in lines
    assert "bob is an operator in the room club, now or on joining." in lines[1]
    lines = await harness.ask("ann", "CS ACCESS #club ADD bob voice")
    assert "bob < :ann!ann@local MODE #club -o+v bob bob" in lines
    assert await _told(harness, "ann", "CS ACCESS #club ADD eve halfop") == [
        "eve is a half-operator in the room club, now or on joining."
    ]
    assert await _told(harness, "ann", "CS ACCESS #club") == [
        "eve: halfop (not in the room)",
        "ann: founder, op",
        "bob: voice",
    ]
    await harness.restart()
    await on(harness, "eve")
    assert "eve < :hubbub MODE #club +h eve" in await harness.ask("eve", "JOIN #club")


async def test_ranks_are_taken_back(harness: ServerHarness) -> None:
    await _club(harness)
    await harness.ask("ann", "MODE #club +i")
    for name in ("bob", "eve"):
        await harness.ask("ann", f"CS ACCESS #club ADD {name} op")
        assert await _told(harness, "ann", f"CS ACCESS #club DEL {name}") == [
            f"{name} no longer has a rank in the room club."
        ]
    assert await _told(harness, "ann", "CS ACCESS #club LIST") == ["ann: founder, op"]
    await on(harness, "eve")
    assert "eve < :hubbub 473 eve #club :Cannot join channel (+i)" in await harness.ask("eve", "JOIN #club")


async def test_nobody_gives_more_than_they_have(harness: ServerHarness) -> None:
    await _club(harness)
    only = ["Only an operator of the room club can do this."]
    assert await _told(harness, "bob", "CS ACCESS #club") == only
    assert await _told(harness, "bob", "CS ACCESS #club ADD eve voice") == only
    await harness.ask("ann", "CS OP #club bob")
    for line in ("ADD eve founder", "ADD ann voice", "DEL ann"):
        assert await _told(harness, "bob", f"CS ACCESS #club {line}") == only
    assert await _told(harness, "bob", "CS ACCESS #club ADD nobody op") == ["There is no account nobody."]
    for line in ("ADD eve", "ADD eve king", "DEL", "DANCE"):
        assert (await _told(harness, "bob", f"CS ACCESS #club {line}"))[1] == (
            "The levels are founder, protected, op, halfop, voice."
        )


async def test_a_room_changes_hands(harness: ServerHarness) -> None:
    await _club(harness)
    assert await _told(harness, "bob", "CS TRANSFER #club bob") == [
        "Only an operator of the room club can do this."
    ]
    lines = await harness.ask("ann", "CS TRANSFER #club bob")
    assert "bob < :ann!ann@local MODE #club +q-q bob ann" in lines
    assert lines[1].endswith(":bob is now the founder of the room club.")
    state = harness.node.state
    room = state.room_named("club")
    assert room and {state.name_of(member.person): member.modes for member in room.members.values()} == {
        "ann": "o",
        "bob": "q",
    }
    assert (await _told(harness, "bob", "CS TRANSFER #club eve"))[0].startswith("eve is not in the room")


async def test_a_founder_alone_gives_a_room_away_and_stays_an_operator(harness: ServerHarness) -> None:
    """The changes follow each other, so what makes the founder an operator comes before what they give up."""
    await _club(harness)
    await harness.ask("ann", "MODE #club -o ann")
    assert "bob < :ann!ann@local MODE #club +qo-q bob ann ann" in await harness.ask(
        "ann", "CS TRANSFER #club bob"
    )


async def test_a_room_is_given_up(harness: ServerHarness) -> None:
    harness.change("rooms", guests_absence_seconds=0)
    await _club(harness)
    await harness.ask("ann", "CS OP #club bob")
    assert await _told(harness, "bob", "CS DROP #club") == ["Only an operator of the room club can do this."]
    assert await _told(harness, "ann", "CS DROP #club") == [
        "The room club is no longer registered. The server deletes it when it stays empty."
    ]
    assert await _told(harness, "ann", "CS DROP #club") == ["Nothing has changed."]
    for name in ("ann", "bob"):
        await harness.ask(name, "PART #club")
    assert harness.node.state.room_named("club") is None


async def test_everything_else_that_an_operator_does(harness: ServerHarness) -> None:
    await _club(harness)
    await harness.irc("guest")
    await harness.ask("guest", "JOIN #club")
    for line, answer, state in (
        ("HALFOP #club bob", "bob is now a half-operator in the room club.", "MODE #club +h bob"),
        ("DEHALFOP #club bob", "bob is no longer a half-operator in the room club.", "MODE #club -h bob"),
        (
            "VOICE #club bob",
            "bob is now voiced in the room club.",
            "MODE #club +v bob",
        ),
        (
            "DEVOICE #club bob",
            "bob is no longer voiced in the room club.",
            "-v bob",
        ),
        ("TOPIC #club all about it", "The topic of the room club was changed.", "TOPIC #club :all about it"),
        ("BAN #club guest", "guest is banned from the room club.", "MODE #club +b guest!*@*"),
        ("UNBAN #club guest", "guest is no longer banned from the room club.", "MODE #club -b guest!*@*"),
        ("BAN #club bob", "bob is banned from the room club.", "MODE #club +b ~account:bob"),
        ("UNBAN #club ~a:bob", "~a:bob is no longer banned from the room club.", "-b ~account:bob"),
        ("KICK #club guest go away", "guest was kicked from the room club.", "KICK #club guest :go away"),
        ("SET #club ACCESS approval", "ACCESS of the room club is now approval.", "MODE #club +A"),
        ("SET #club SECRET on", "SECRET of the room club is now on.", "MODE #club +s"),
        ("SET #club HISTORY since joining", "HISTORY of the room club is now since joining.", ""),
        ("INVITE #club eve", "eve is invited to the room club.", ""),
        ("RENAME #club #pub why not", "The room is now called pub.", "PART #club :why not"),
    ):
        lines = await harness.ask("ann", f"CS {line}")
        assert any(each.endswith(f"NOTICE ann :{answer}") for each in lines), (line, lines)
        assert not state or any(each.startswith("bob < ") and state in each for each in lines), (line, lines)


async def test_what_can_not_be_set(harness: ServerHarness) -> None:
    await _club(harness)
    assert await _told(harness, "ann", "CS SET #club ACCESS maybe") == [
        "Write: /msg ChanServ SET club ACCESS <open | approval | invitation>"
    ]
    assert await _told(harness, "ann", "CS SET #club COLOR red") == [
        "Write: /msg ChanServ SET club <ACCESS | HISTORY | SECRET> <value>"
    ]


async def test_help_tells_of_every_word(harness: ServerHarness) -> None:
    await harness.irc("bob")
    for short, service in (("NS", NICKSERV), ("CS", CHANSERV)):
        told = "\n".join(await _told(harness, "bob", f"{short} HELP"))
        for word in service.words:
            assert word.usage in told
            assert (await _told(harness, "bob", f"{short} HELP {word.name}"))[0].startswith(f"{word.usage}: ")


# Sessions


async def test_ending_ones_other_sessions(harness: ServerHarness) -> None:
    await harness.account("ann")
    for name in ("home", "work", "phone"):
        harness.connect(name).type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
        await harness.look()
    lines = await harness.ask("home", "NS LOGOUT 3")
    assert (
        "phone < ERROR :Closing link: (127.0.0.1) [Another session of yours signed you out. Sign in again.]"
        in lines
    )
    assert lines[-1:] != [] and harness.people["phone"].connection.closed
    assert await _told(harness, "home", "NS LOGOUT 99") == [
        "You have no such session. To list your sessions, write: /msg NickServ SESSIONS"
    ]
    lines = await harness.ask("home", "NS GHOST")
    assert "work < ERROR :Closing link: (127.0.0.1) [Signed out by another session]" in lines
    assert await _told(harness, "home", "NS LOGOUT others") == ["No other sessions were signed in."]
    assert await harness.ask("home", "NS LOGOUT") == [
        "home < ERROR :Closing link: (127.0.0.1) [You signed out.]"
    ]


async def test_a_ghost_goes_when_its_owner_comes(harness: ServerHarness) -> None:
    await harness.account("ann")
    harness.connect("old").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    await harness.irc("ann2")
    assert await _told(harness, "ann2", "NS GHOST ann wrong") == [
        "The name or the password is wrong. Try again."
    ]
    assert await _told(harness, "ann2", "NS GHOST ann") == ["Write: /msg NickServ GHOST <account> <password>"]
    lines = await harness.ask("ann2", "NS RECOVER ann correct horse")
    assert "old < ERROR :Closing link: (127.0.0.1) [Signed out by another session]" in lines
    assert any(line.endswith("NOTICE ann2 :1 other session was ended.") for line in lines)


async def test_nobody_ends_the_sessions_of_others(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("eve")
    number = harness.node.state.user_named("ann").sessions  # type: ignore[union-attr]
    assert (await _told(harness, "eve", f"NS LOGOUT {next(iter(number))}"))[0].startswith(
        "You have no such session."
    )


async def test_programs_ask_who_is_logged_in(harness: ServerHarness) -> None:
    await harness.account("ann")
    await on(harness, "ann")
    await harness.irc("bob")
    for line, answer in (
        ("NS STATUS ann", "ann STATUS 3"),
        ("NS ACC ann", "ann ACC 3"),
        ("NS ACC", "bob ACC 1"),
        ("NS ACC nobody", "nobody ACC 0"),
    ):
        assert await _told(harness, "bob", line) == [answer]
