"""NickServ, ChanServ and the server itself, spoken to as people speak to them."""

import pytest

from hubbub.dialects.irc.services.chanserv import CHANSERV
from hubbub.dialects.irc.services.nickserv import NICKSERV
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import CreateRoom
from hubbub.engine.state import Access
from tests.house import House

SECRET = "a-good-password"


def said(service: str, *sentences: str, to: str = "bob", nick: str = "") -> list[str]:
    return [f"{to} < :{service}!services@hubbub NOTICE {nick or to} :{sentence}" for sentence in sentences]


async def test_registering_the_current_nickname(house: House) -> None:
    await house.irc("bob")
    lines = await house.ask("bob", f"PRIVMSG NickServ :REGISTER {SECRET} bob@example.org")
    assert "bob < :hubbub 900 bob bob!bob@local bob :You are now logged in as bob" in lines
    assert lines[-1:] == said("NickServ", "The account bob is registered, and you are logged in to it.")
    assert not any(SECRET in line for line in lines)
    assert await house.ask("bob", f"NS REGISTER {SECRET}") == said(
        "NickServ", "You are logged in as bob already."
    )


async def test_registering_takes_a_password_that_is_one_word(house: House) -> None:
    await house.irc("bob")
    assert await house.ask("bob", "NS REGISTER two words") == said(
        "NickServ", "A password takes no spaces here. Write: /msg NickServ REGISTER <password> [email]"
    )
    (refused,) = await house.ask("bob", "NS REGISTER short")
    assert refused.startswith(said("NickServ", "A password has at least ")[0])
    for line in ("NS REGISTER", "NS REGISTER one two three"):
        assert await house.ask("bob", line) == said(
            "NickServ", "Write: /msg NickServ REGISTER <password> [email]"
        )
    assert not house.node.state.accounts


@pytest.mark.parametrize(
    "line",
    [
        "PRIVMSG NickServ :IDENTIFY ann correct horse",
        "PRIVMSG nickserv :login ANN correct horse",
        "NICKSERV ID ann :correct horse",
        "NS IDENTIFY ann correct horse",
    ],
)
async def test_logging_in_to_another_account(house: House, line: str) -> None:
    await house.account("ann")
    await house.irc("bob")
    lines = await house.ask("bob", line)
    assert "bob < :bob!bob@local NICK ann" in lines
    assert lines[-1:] == said("NickServ", "You are logged in as ann.", nick="ann")


async def test_a_wrong_password(house: House) -> None:
    await house.account("ann", SECRET)
    await house.irc("bob")
    wrong = said("NickServ", "The name or the password is wrong. Try again.")
    for line in (
        "IDENTIFY ann wrong",
        "IDENTIFY nobody wrong",
        f"IDENTIFY {SECRET}",
        f"IDENTIFY ann {SECRET} x",
    ):
        assert await house.ask("bob", f"PRIVMSG NickServ :{line}") == wrong
    assert await house.ask("bob", "PRIVMSG NickServ :IDENTIFY") == said(
        "NickServ", "Write: /msg NickServ IDENTIFY [account] <password>"
    )


async def test_a_new_password(house: House) -> None:
    await house.irc("bob")
    assert await house.ask("bob", "NS SET PASSWORD something new") == said(
        "NickServ", "This takes an account. Register one, or log in to yours."
    )
    await house.ask("bob", f"NS REGISTER {SECRET}")
    changed = said("NickServ", "Your password is changed. Your sessions stay; new ones need the new one.")
    assert await house.ask("bob", "NS SET PASSWORD something new") == changed
    assert await house.ask("bob", "NS PASSWD :something else again") == changed
    (refused,) = await house.ask("bob", "NS PASSWD x")
    assert refused.startswith(said("NickServ", "A password has at least ")[0])
    assert await house.ask("bob", "NS SET EMAIL bob@example.org") == said(
        "NickServ", "Only the password can be set. Write: /msg NickServ SET PASSWORD <new password>"
    )
    await house.irc("eve")
    await house.ask("eve", "NS IDENTIFY bob something else again")
    user = house.node.state.user_named("bob")
    assert user and len(user.sessions) == 2


async def test_sessions_are_those_of_oneself(house: House) -> None:
    await house.account("ann")
    await house.irc("bob")
    await house.irc("ann1", address="127.0.0.2")
    await house.ask("bob", "NS IDENTIFY ann correct horse")
    await house.ask("ann1", "NS IDENTIFY ann correct horse")
    assert await house.ask("bob", "NS SESSIONS") == said(
        "NickServ",
        "You have 2 sessions:",
        "127.0.0.1 port 40000, irc, in clear, since 2026-11-18T11:06:40.000Z (this one)",
        "127.0.0.2 port 40000, irc, in clear, since 2026-11-18T11:06:40.000Z",
        nick="ann",
    )


async def test_what_there_is_to_know_of_an_account(house: House) -> None:
    await house.account("ann", role="admin")
    await house.irc("bob")
    assert await house.ask("bob", "NS INFO ANN") == said(
        "NickServ",
        "ann is an account, registered 2026-11-18T11:06:40.000Z.",
        "ann is an admin here.",
        "ann is not here now.",
    )
    assert await house.ask("bob", "NS INFO bob") == said(
        "NickServ", "bob is here as a guest, without an account."
    )
    assert await house.ask("bob", "NS INFO nobody") == said("NickServ", "There is no account nobody.")


@pytest.mark.parametrize("service", ["NickServ", "ChanServ"])
async def test_help_names_every_word_and_tells_each(house: House, service: str) -> None:
    await house.irc("bob")
    words = {"NickServ": NICKSERV, "ChanServ": CHANSERV}[service].words
    lines = await house.ask("bob", f"PRIVMSG {service} :HELP")
    for word in words:
        assert said(service, f"{word.usage}: {word.help}")[0] in lines
        for name in (word.name, word.name.lower(), *word.aliases):
            (told,) = await house.ask("bob", f"PRIVMSG {service} :help {name}")
            assert told.startswith(said(service, f"{word.usage}: {word.help}")[0])


@pytest.mark.parametrize(
    "text", ["hunter2", "\x01VERSION\x01", "  ", "IDENTIFYann", "é" * 200, ":", "HELP hunter2"]
)
async def test_what_is_not_understood_is_not_repeated(house: House, text: str) -> None:
    await house.irc("bob")
    for service in ("NickServ", "ChanServ"):
        assert await house.ask("bob", f"PRIVMSG {service} :{text}") == said(
            service, f"I don't know this word. Write: /msg {service} HELP"
        )


async def test_notices_to_services_are_never_answered(house: House) -> None:
    """ "Automatic replies must never be sent in response to a NOTICE" """
    await house.irc("bob")
    for service in ("NickServ", "ChanServ", "Hubbub", "Console"):
        assert await house.ask("bob", f"NOTICE {service} :HELP") == []


async def test_services_have_no_ear_for_who_is_not_in(house: House) -> None:
    house.connect("eve")
    for line in ("PRIVMSG NickServ :HELP", "NS HELP", "CS HELP", "HUBBUB users"):
        assert await house.ask("eve", line) == ["eve < :hubbub 451 * :You have not registered"]


async def test_a_room_is_registered_by_being_made(house: House) -> None:
    await house.account("ann")
    await house.irc("bob")
    await house.ask("bob", "JOIN #guests")
    assert await house.ask("bob", "CS REGISTER #tea") == said(
        "ChanServ", "Rooms are registered by being made. Log in to your account, then write: /join #tea"
    )
    assert await house.ask("bob", "CS REGISTER #guests") == said(
        "ChanServ",
        "A guest has made the room guests: it goes with the last who leaves it. A room that an account makes stays.",
    )
    assert await house.ask("bob", "CS REGISTER #général") == said(
        "ChanServ", "The room général is registered already, as is every room that an account makes."
    )
    (refused,) = await house.ask("bob", "CS REGISTER #a,b")
    assert refused.startswith(said("ChanServ", "This can't be a room's name.")[0])


async def test_operators_of_a_room(house: House) -> None:
    await house.irc("bob")
    await house.irc("eve")
    await house.ask("bob", "JOIN #tea")
    await house.ask("eve", "JOIN #tea")
    assert await house.ask("bob", "CS OP #tea eve") == [
        "bob < :bob!bob@local MODE #tea +o eve",
        *said("ChanServ", "eve is an operator of the room tea now."),
        "eve < :bob!bob@local MODE #tea +o eve",
    ]
    assert await house.ask("bob", "CS OP #tea eve") == said("ChanServ", "Nothing changes by that.")
    assert (await house.ask("eve", "CS DEOP tea"))[-1:] == said(
        "ChanServ", "eve is no operator of the room tea any more.", to="eve"
    )
    assert await house.ask("eve", "CS OP #tea") == said(
        "ChanServ", "Only an operator of the room tea may do this.", to="eve"
    )
    assert await house.ask("eve", "CS OP #nowhere") == said("ChanServ", "There is no room nowhere.", to="eve")
    assert await house.ask("eve", "CS OP") == said(
        "ChanServ", "Write: /msg ChanServ OP <#room> [nick]", to="eve"
    )


async def test_requests_are_listed_accepted_and_denied(house: House) -> None:
    house.node.ask(CreateRoom(RoomName.known("club"), Access.APPROVAL, False))
    for name, role in (("root", "admin"), ("ann", "member"), ("eve", "member")):
        await house.account(name, role=role)
        await house.irc(f"{name}1")
        await house.ask(f"{name}1", f"NS IDENTIFY {name} correct horse")
    await house.ask("ann1", "KNOCK #club :let me in, please")
    await house.ask("eve1", "JOIN #club")
    assert await house.ask("root1", "CS REQUESTS #club") == said(
        "ChanServ",
        "ann, since 2026-11-18T11:06:40.000Z let me in, please",
        "eve, since 2026-11-18T11:06:40.000Z ",
        to="root1",
        nick="root",
    )
    (refused,) = await house.ask("ann1", "CS REQUESTS #club")
    assert (
        refused == said("ChanServ", "You are not in the room club. Join it first.", to="ann1", nick="ann")[0]
    )
    assert (await house.ask("root1", "CS ACCEPT #club ann"))[:1] == said(
        "ChanServ", "ann is in the room club now.", to="root1", nick="root"
    )
    lines = await house.ask("root1", "CS DENY #club eve not this year")
    assert lines[:1] == said(
        "ChanServ", "The request of eve for the room club is denied.", to="root1", nick="root"
    )
    assert any("has denied your request for the room club: not this year" in line for line in lines)
    assert await house.ask("root1", "CS DENY #club eve") == said(
        "ChanServ", "eve has not asked for the room club.", to="root1", nick="root"
    )
    assert await house.ask("root1", "CS REQUESTS #club") == said(
        "ChanServ", "Nobody asks for the room club.", to="root1", nick="root"
    )


async def test_a_secret_room_is_nobodys_business(house: House) -> None:
    house.node.ask(CreateRoom(RoomName.known("lair"), Access.INVITATION, True))
    await house.irc("bob")
    for word in ("INFO", "REQUESTS"):
        assert await house.ask("bob", f"CS {word} #lair") == said("ChanServ", "There is no room lair.")
    assert await house.ask("bob", "CS REGISTER #lair") == said(
        "ChanServ", "Rooms are registered by being made. Log in to your account, then write: /join #lair"
    )


async def test_what_there_is_to_know_of_a_room(house: House) -> None:
    await house.irc("bob")
    await house.ask("bob", "JOIN #tea")
    assert await house.ask("bob", "CS INFO tea") == said(
        "ChanServ",
        "The room tea was made 2026-11-18T11:06:40.000Z.",
        "It is open to everybody. It has 1 member.",
        "A guest has made it: it goes with the last who leaves it.",
    )


@pytest.mark.parametrize("line", ["PRIVMSG Hubbub :users", "PRIVMSG console :users", "HUBBUB users"])
async def test_the_administrators_commands_inside_the_chat(house: House, line: str) -> None:
    await house.account("root", role="admin")
    await house.irc("bob")
    stranger = await house.ask("bob", line)
    assert stranger == said(
        "Hubbub",
        "I am the server hubbub. Administrators write their commands to me.",
        "For your account write: /msg NickServ HELP. For rooms write: /msg ChanServ HELP.",
    )
    await house.ask("bob", "NS IDENTIFY root correct horse")
    lines = await house.ask("bob", line)
    assert all(each.startswith("bob < :Hubbub!services@hubbub NOTICE root :") for each in lines)
    assert any(" :root " in each for each in lines)


async def test_an_administrators_act_and_mistake(house: House) -> None:
    await house.account("root", role="admin")
    await house.irc("bob")
    await house.irc("eve")
    await house.ask("bob", "NS IDENTIFY root correct horse")
    lines = await house.ask("bob", "PRIVMSG Hubbub :kill eve spam")
    assert "eve < ERROR :Closing link: (127.0.0.1) [Killed by root: spam]" in lines
    (mistake,) = await house.ask("bob", "PRIVMSG Hubbub :frobnicate")
    assert "There is no command frobnicate." in mistake
