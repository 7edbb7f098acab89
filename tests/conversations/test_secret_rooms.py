"""Whoever is not in a secret room, and was not let in, is answered as if there were no such room: whatever they ask.

The tables name every verb of IRC, every word of netcat and every command that a moderator has, so that a new one can't
be forgotten.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from hubbub.admin.argument_types import ROOM, ROOMS, ROOMS_OR_ALL
from hubbub.admin.command_tree import COMMANDS
from hubbub.dialects.irc.services import SERVICES
from hubbub.dialects.irc.services.chanserv import CHANSERV
from hubbub.dialects.irc.verbs import VERBS
from hubbub.dialects.netcat.commands import SHORT_WORDS, WORDS
from hubbub.engine.ids import msgid
from hubbub.engine.settings import ChangeRules
from hubbub.engine.state import Role
from tests.server_harness import ServerHarness, told

MSGID: Final = "0123456789abc"
CAPS: Final = (
    "message-tags batch draft/chathistory draft/read-marker draft/metadata-2 draft/message-redaction hubbub/edit "
    "hubbub/activity hubbub/drafts hubbub/members hubbub/notify hubbub/report hubbub/send-once soju.im/search "
    "draft/multiline draft/channel-rename hubbub/threads"
)

# fmt: off
OF_ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "JOIN": ("JOIN {room}", "JOIN {room} key"),
    "PART": ("PART {room}", "PART {room} :bye"),
    "TOPIC": ("TOPIC {room}", "TOPIC {room} :new"),
    "NAMES": ("NAMES {room}",),
    "MEMBERS": ("MEMBERS {room}", "MEMBERS {room} 0"),
    "KICK": ("KICK {room} ann :out", "KICK {room} eve", "KICK {room} nobody"),
    "INVITE": ("INVITE eve {room}", "INVITE ann {room}", "INVITE nobody {room}"),
    "CONVERSE": ("CONVERSE {room} +eve", "CONVERSE {room} +nobody", "CONVERSE {room}"),
    "KNOCK": ("KNOCK {room}", "KNOCK {room} :let me in"),
    "PRIVMSG": ("PRIVMSG {room} :hello", "PRIVMSG @{room} :hello", "@hubbub/nonce={nonce} PRIVMSG {room} :hello",
                "PRIVMSG *playback :PLAY {room} 0", "PRIVMSG *playback :LIST {room}"),
    "NOTICE": ("NOTICE {room} :hello",),
    "TAGMSG": ("@+typing=active TAGMSG {room}",),
    "BATCH": ("BATCH +1 draft/multiline {room}\n@batch=1 PRIVMSG {room} :a\n@batch=1 PRIVMSG {room} :b\nBATCH -1",),
    "REDACT": (f"REDACT {{room}} {MSGID}", "REDACT {room} {msgid}"),
    "EDIT": (f"EDIT {{room}} {MSGID} :new", "EDIT {room} {msgid} :new"),
    "REPORT": (f"REPORT {{room}} {MSGID}", "REPORT {room} {msgid} :bad"),
    "NOTIFY": ("NOTIFY {room} all",),
    "THREAD": (f"THREAD {{room}} {MSGID}", "THREAD {room} {msgid}", "THREAD {room} {msgid} *"),
    "THREADS": ("THREADS",),
    "FOLLOW": ("FOLLOW {room} {msgid}",),
    "UNFOLLOW": ("UNFOLLOW {room} {msgid}",),
    "THREADREAD": ("THREADREAD {room} {msgid} {msgid}",),
    "DRAFT": ("DRAFT {room} * :begun", "DRAFT {room} *", "DRAFT"),
    "MARKREAD": ("MARKREAD {room}", "MARKREAD {room} timestamp=2026-11-20T12:00:00.000Z"),
    "METADATA": ("METADATA {room} LIST", "METADATA {room} GET hubbub/pins", "METADATA {room} SET x :y",
                 "METADATA {room} CLEAR", "METADATA {room} SYNC"),
    "RENAME": ("RENAME {room} #elsewhere", "RENAME {room} {room}s :reason"),
    "MODE": ("MODE {room}", "MODE {room} b", "MODE {room} +o eve", "MODE {room} +s-n", "MODE {room} +z"),
    "CHATHISTORY": ("CHATHISTORY LATEST {room} * 10", "CHATHISTORY AROUND {room} timestamp=2026-11-20T12:00:00.000Z 5"),
    "SEARCH": ("SEARCH in={room};text=tea",),
    "LIST": ("LIST {room}", "LIST {room}*", "LIST"),
    "WHO": ("WHO {room}", "WHO {room} %cuhn"),
    "WHOIS": ("WHOIS ann", "WHOIS {room}"),
    "LUSERS": ("LUSERS",),
    "WHOWAS": ("WHOWAS {room}",),
    "MONITOR": ("MONITOR + {room}",),
    "CHANSERV": (),
    "CS": (),
    "HUBBUB": (),
}
# fmt: on
"""The lines that name a room, or tell of rooms."""

_NO_ROOM: Final = """
    CAP PASS WEBIRC NICK USER PING PONG QUIT TICKET ERROR AUTHENTICATE REGISTER INVITATION VERIFY AWAY WEBPUSH ISUPPORT
    SETNAME OPER KILL WALLOPS REHASH DIE CONNECT SQUIT NICKSERV NS ISON USERHOST MOTD VERSION TIME ADMIN INFO STATS
    LINKS USERS HELP HELPOP EMOJI PEOPLE
"""
OF_NO_ROOM: Final = frozenset(_NO_ROOM.split())
"""Verbs that take no room, and tell of none."""

CHANSERV_LINES: Final = {
    "REGISTER": "{room}", "DROP": "{room}", "INFO": "{room}", "ACCESS": "{room} LIST", "TRANSFER": "{room} eve",
    "OP": "{room}", "DEOP": "{room} ann", "HALFOP": "{room}", "DEHALFOP": "{room} ann", "VOICE": "{room}",
    "DEVOICE": "{room} ann", "KICK": "{room} ann", "BAN": "{room} ann", "UNBAN": "{room} ann", "INVITE": "{room} eve",
    "TOPIC": "{room} new", "RENAME": "{room} #elsewhere", "SET": "{room} SECRET off", "REQUESTS": "{room}",
    "ACCEPT": "{room} eve", "DENY": "{room} eve",
}  # fmt: skip

NETCAT_LINES: Final = ("/join {room}", "/join {room} key", "/make {room}", "/leave {room}", "/users {room}",
                       "/accept eve {room}", "/deny eve {room}", "/rooms", "/requests")  # fmt: skip
_OWN_ROOM: Final = """
    help msg history search topic me nick away back whoami password invite converse kick op deop admin exit quit login
    register invitation ?list !exit
"""
NETCAT_OF_NO_ROOM: Final = frozenset(_OWN_ROOM.split())
"""Words that are about the room one stands in, or about none."""

WAYS: Final = {
    "with a key": "+sk key2",
    "by invitation": "+si",
    "by approval": "+sA",
    "full": "+sl 1",
    "whose bans hold the stranger": "+sb eve!*@*",
}
"""How a secret room may be closed to a stranger."""


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """Rooms are made by administrators alone, and by ann before that."""
    async with ServerHarness(tmp_path, {"limits.lines_a_second": 0}) as harness:
        for name in ("ann", "eve"):
            await harness.account(name, role="moderator" if name == "eve" else "")
        harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
        await harness.look()
        yield harness


async def _secret_room(harness: ServerHarness, modes: str) -> str:
    """Ann's room, with a message in it; gives the id of that."""
    await harness.ask("ann", f"JOIN #secret\nMODE #secret {modes}")
    await harness.ask("ann", "PRIVMSG #secret :tea is ready")
    room = harness.node.state.room_named("secret")
    assert room is not None and room.secret
    return msgid(harness.node.clock.last_id)


async def _come(harness: ServerHarness, name: str, role: str) -> None:
    """A stranger: a member or a moderator, with all that a client can enable."""
    account = harness.node.state.account_named(name)
    assert account is not None
    account.role = Role[role.upper()]
    harness.connect(name).type(
        f"CAP REQ :{CAPS}\nPASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :Eve\nCAP END"
    )
    await harness.look()


def _same(lines: list[str], name: str) -> list[str]:
    """What is left of an answer without the room's name and the numbers of batches."""
    text = "\n".join(lines).replace(name, "ROOM").replace(name.lstrip("#"), "ROOM")
    return re.sub(r"(BATCH [+-]|batch=)b?\d+", r"\1N", text).split("\n")


async def _is_answered_alike(
    harness: ServerHarness, line: str, number: str, nowhere: str = "#nowhere", secret: str = "#secret"
) -> None:
    state = harness.node.state
    answers = {}
    for name, nonce in ((nowhere, "a" * 16), (secret, "b" * 16)):
        before = repr((state.rooms, state.users[state.nicks["ann"]].rooms))
        asked = line.format(room=name, msgid=number, nonce=nonce)
        lines = await harness.ask("eve", asked)
        assert not told(lines, "ann"), f"nobody in the room is told of {asked}"
        answers[name] = _same(told(lines, "eve"), name)
        assert repr((state.rooms, state.users[state.nicks["ann"]].rooms)) == before, asked
    assert answers[secret] == answers[nowhere], line


def test_every_verb_is_in_a_table() -> None:
    assert set(VERBS) == OF_ROOMS.keys() | OF_NO_ROOM
    assert not OF_ROOMS.keys() & OF_NO_ROOM
    assert {word.usage.split(" ")[0] for word in CHANSERV.words} == CHANSERV_LINES.keys() | {"HELP"}
    assert len(SERVICES) == 5, "a new service has words of its own"
    of_rooms = {line.split(" ")[0].lstrip("/") for line in NETCAT_LINES}
    assert of_rooms | NETCAT_OF_NO_ROOM == WORDS.keys() | SHORT_WORDS.keys()


@pytest.mark.parametrize("role", ["member", "moderator"])
@pytest.mark.parametrize("modes", WAYS.values(), ids=WAYS.keys())
async def test_every_verb_answers_as_for_no_room(harness: ServerHarness, modes: str, role: str) -> None:
    number = await _secret_room(harness, modes)
    await _only_administrators_make_rooms(harness)
    await _come(harness, "eve", role)
    for lines in OF_ROOMS.values():
        for line in lines:
            await _is_answered_alike(harness, line, number)
    for word, rest in CHANSERV_LINES.items():
        await _is_answered_alike(harness, f"CS {word} {rest}", number)


@pytest.mark.parametrize("modes", ["+s", "+sn", "+smt"])
async def test_an_open_secret_room_is_known_to_those_who_know_its_name(
    harness: ServerHarness, modes: str
) -> None:
    """Joining it is the one thing that finds it, as on IRC; nothing else does."""
    number = await _secret_room(harness, modes)
    await _only_administrators_make_rooms(harness)
    await _come(harness, "eve", "member")
    for verb, lines in OF_ROOMS.items():
        for line in lines if verb != "JOIN" else ():
            await _is_answered_alike(harness, line, number)
    assert any(" JOIN #secret" in line for line in told(await harness.ask("eve", "JOIN #secret"), "eve"))


async def _only_administrators_make_rooms(harness: ServerHarness) -> None:
    harness.node.ask(ChangeRules(replace(harness.node.state.rules, room_creation="administrators")))


@pytest.mark.parametrize("modes", WAYS.values(), ids=WAYS.keys())
async def test_where_everybody_makes_rooms_a_closed_one_is_a_name_that_is_not_to_be_had(
    harness: ServerHarness, modes: str
) -> None:
    """That much a name tells that can be had once: not that there is a room, nor why it is closed."""
    await _secret_room(harness, modes)
    await _come(harness, "eve", "member")
    sentence = "The room name secret is not available. Choose another one."
    assert await harness.ask("eve", "JOIN #secret") == [f"eve < :hubbub 476 eve #secret :{sentence}"]
    assert await harness.ask("eve", "JOIN #sеcret") == [  # the second letter is Cyrillic
        f"eve < :hubbub 476 eve #sеcret :{sentence.replace('secret', 'sеcret')}"
    ]
    (line,) = await harness.ask("eve", "CS REGISTER #secret")
    assert line.endswith(sentence)
    await harness.ask("eve", "JOIN #mine")
    assert await harness.ask("eve", "RENAME #mine #secret") == [
        f"eve < :hubbub FAIL RENAME CANNOT_RENAME #mine #secret :{sentence}"
    ]


async def test_who_was_let_in_knows_the_room(harness: ServerHarness) -> None:
    await _secret_room(harness, "+si")
    await _come(harness, "eve", "member")
    await harness.ask("ann", "INVITE eve #secret")
    assert await harness.ask("eve", "PART #secret") == [
        "eve < :hubbub 442 eve #secret :You're not on that channel"
    ]
    assert any(" JOIN #secret" in line for line in told(await harness.ask("eve", "JOIN #secret"), "eve"))


async def test_who_was_put_out_is_a_stranger_again(harness: ServerHarness) -> None:
    number = await _secret_room(harness, "+s")
    await _come(harness, "eve", "member")
    await harness.ask("eve", "JOIN #secret")
    await harness.ask("ann", "MODE #secret +i\nKICK #secret eve")
    await _only_administrators_make_rooms(harness)
    for line in ("PART {room}", "KNOCK {room}", "PRIVMSG {room} :hello", "JOIN {room}"):
        await _is_answered_alike(harness, line, number)


@pytest.mark.parametrize("modes", WAYS.values(), ids=WAYS.keys())
async def test_netcat_answers_as_for_no_room(harness: ServerHarness, modes: str) -> None:
    await _secret_room(harness, modes)
    await _only_administrators_make_rooms(harness)
    await harness.netcat("eve", "login eve correct horse")
    for line in NETCAT_LINES:
        await _is_answered_alike(harness, line, "")


async def test_a_moderators_commands_answer_as_for_no_room(harness: ServerHarness) -> None:
    """Those that name a room; administrators know all."""
    await _secret_room(harness, "+s")
    await _come(harness, "eve", "moderator")
    of_rooms = [
        " ".join(command.words)
        for command in COMMANDS
        if command.role <= Role.MODERATOR
        and any(one.kind in (ROOM, ROOMS, ROOMS_OR_ALL) for one in command.parameters)
    ]
    assert of_rooms == ["members"]
    for line in ("HUBBUB members {room}", "HUBBUB rooms", "HUBBUB users"):
        await _is_answered_alike(harness, line, "")


async def _conversation(harness: ServerHarness) -> tuple[str, str]:
    """A conversation of ann with two others, with a message in it: its name, and the id of that."""
    for name in ("kim", "lea"):
        await harness.account(name)
    lines = await harness.ask("ann", "CONVERSE kim,lea")
    name = next(line for line in told(lines, "ann") if " JOIN #" in line).rpartition(" ")[2]
    await harness.ask("ann", f"PRIVMSG {name} :tea is ready")
    return name, msgid(harness.node.clock.last_id)


NO_CONVERSATION: Final = "#talk-06hwya4s6c2s0"
"""A name that one could have, and that none has."""


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
async def test_a_conversation_is_not_there_for_anybody_else(harness: ServerHarness, role: str) -> None:
    """Nor for an administrator, whatever verb is tried; and no room can be given its name."""
    name, number = await _conversation(harness)
    await _come(harness, "eve", role)
    for lines in OF_ROOMS.values():
        for line in lines:
            await _is_answered_alike(harness, line, number, NO_CONVERSATION, name)
    for word, rest in CHANSERV_LINES.items():
        await _is_answered_alike(harness, f"CS {word} {rest}", number, NO_CONVERSATION, name)
    for command in COMMANDS:
        if any(one.kind in (ROOM, ROOMS, ROOMS_OR_ALL) for one in command.parameters) and role == "admin":
            line = command.example.replace("Marketing", "{room}").replace("Sales", "{room}")
            line = line.replace("Informatique", "{room}")
            assert "{room}" in line, line
            await _is_answered_alike(harness, f"HUBBUB {line}", number, NO_CONVERSATION, name)
    for line in ("HUBBUB rooms", "HUBBUB users", "HUBBUB add room {room}", "WHO *", "WHOIS kim"):
        await _is_answered_alike(harness, line, number, NO_CONVERSATION, name)


@pytest.mark.parametrize("role", ["member", "admin"])
async def test_netcat_finds_no_conversation_of_others(harness: ServerHarness, role: str) -> None:
    name, _ = await _conversation(harness)
    account = harness.node.state.account_named("eve")
    assert account is not None
    account.role = Role[role.upper()]
    await harness.netcat("eve", "login eve correct horse")
    for line in (*NETCAT_LINES, "/converse"):
        await _is_answered_alike(harness, line, "", NO_CONVERSATION, name)


async def test_how_many_rooms_there_are_is_said_without_the_secret_ones(harness: ServerHarness) -> None:
    await harness.irc("bob")

    async def count() -> str:
        return next(line for line in await harness.ask("bob", "LUSERS") if " 254 " in line)

    await harness.ask("ann", "JOIN #secret")
    there, hidden = await count(), ""
    for modes in ("+s", "-s", "+s"):
        await harness.ask("ann", f"MODE #secret {modes}")
        hidden = await count()
        assert (hidden == there) is (modes == "-s")
    await harness.ask("ann", "PART #secret")
    await harness.restart()
    await harness.irc("bob")
    assert await count() == hidden
