"""hubbub/conversations: channels of several people, which nobody else can join or see."""

import re

import pytest

from hubbub.engine import conversations
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.names import RoomName
from hubbub.engine.notifications import keep_push, told_of
from hubbub.engine.state import Push, Role, Room
from hubbub.node.room_cleanup import RoomCleanup
from tests.server_harness import ServerHarness, told

CAPS = "batch labeled-response message-tags draft/chathistory server-time draft/metadata-2 hubbub/notify"
KNOWING = f"{CAPS} hubbub/conversations"
PEOPLE = ("ann", "bob", "carol", "dave")


async def _come(harness: ServerHarness, name: str, caps: str = KNOWING) -> list[str]:
    harness.connect(name).type(
        f"CAP REQ :{caps}\nPASS :{name}:correct horse\nNICK {name}\nUSER x 0 * x\nCAP END"
    )
    return told(await harness.look(), name)


@pytest.fixture
async def people(harness: ServerHarness) -> ServerHarness:
    """ann and bob are connected, carol and dave are not; bob's client knows nothing of conversations."""
    for name in PEOPLE:
        await harness.account(name)
    await _come(harness, "ann")
    await _come(harness, "bob", CAPS)
    return harness


def _plain(lines: list[str]) -> list[str]:
    """The lines without their tags."""
    return [re.sub(r"^@\S+ ", "", line) for line in lines]


def _room(harness: ServerHarness) -> Room:
    (room,) = (room for room in harness.node.state.rooms.values() if room.conversation)
    return room


async def _begin(harness: ServerHarness) -> str:
    await harness.ask("ann", "CONVERSE bob,carol")
    return f"#{_room(harness).name}"


async def test_naming_people_begins_one_and_everybody_is_in_it(people: ServerHarness) -> None:
    """ "The server MUST send them … before the `JOIN` of the session's own user" """
    lines = await people.ask("ann", "CONVERSE bob,carol")
    name = f"#{_room(people).name}"
    by = ":ann!x@local"
    seen = _plain(told(lines, "ann"))
    assert seen[:3] == [f"{by} CONVERSE {name}", f"{by} CONVERSE {name} +ann,bob,carol", f"{by} JOIN {name}"]
    assert f":bob!x@local JOIN {name}" in seen
    other = _plain(told(lines, "bob"))
    assert not any("CONVERSE" in line for line in other)
    assert other[0] == f":bob!x@local JOIN {name}", "of those who came before he reads in NAMES"
    assert any(" 353 bob @ " in line and line.endswith(":ann bob") for line in other), "as IRC shows it"
    seen = _plain(await _come(people, "carol"))
    assert f":hubbub CONVERSE {name} +ann,bob,carol" in seen
    assert seen.index(f":hubbub CONVERSE {name}") < seen.index(f":carol!x@local JOIN {name}")


async def test_the_same_people_find_the_same_one(people: ServerHarness) -> None:
    name = await _begin(people)
    for asked in ("bob,carol", "carol,BOB,bob", "ann,carol,bob"):
        assert _plain(told(await people.ask("ann", f"CONVERSE {asked}"), "ann")) == [
            f":hubbub CONVERSE {name}",
            f":hubbub CONVERSE {name} +ann,bob,carol",
        ]
    assert _plain(told(await people.ask("bob", "CONVERSE ann,carol"), "bob")) == [
        f":hubbub NOTICE bob :This conversation is {name}."
    ]
    await people.restart()
    await _come(people, "bob")
    assert f":hubbub CONVERSE {name}" in _plain(told(await people.ask("bob", "CONVERSE ann,carol"), "bob"))
    await people.ask("bob", "CONVERSE ann,carol,dave")
    assert sum(room.conversation for room in people.node.state.rooms.values()) == 2


async def test_a_label_gets_all_of_the_answer(people: ServerHarness) -> None:
    name = await _begin(people)
    lines = told(await people.ask("ann", "@label=x CONVERSE bob,carol"), "ann")
    assert lines[0].startswith("@label=x ") and " BATCH +" in lines[0]
    assert [line.split(" ", 1)[1] for line in lines[1:3]] == [
        f":hubbub CONVERSE {name}",
        f":hubbub CONVERSE {name} +ann,bob,carol",
    ]


async def test_a_member_adds_people_who_read_from_then_on(people: ServerHarness) -> None:
    name = await _begin(people)
    await people.ask("ann", f"PRIVMSG {name} :before dave")
    lines = await people.ask("bob", f"CONVERSE {name} +dave,carol")
    assert f":bob!x@local CONVERSE {name} +ann,bob,carol,dave" in _plain(told(lines, "ann"))
    await people.ask("ann", f"PRIVMSG {name} :hello dave")
    await _come(people, "dave")
    text = "\n".join(told(await people.ask("dave", f"CHATHISTORY LATEST {name} * 50"), "dave"))
    assert ":hello dave" in text and "before dave" not in text


async def test_an_invitation_adds_too(people: ServerHarness) -> None:
    """ "A server SHOULD treat `INVITE` to a conversation as the second form." """
    name = await _begin(people)
    await _come(people, "dave")
    lines = await people.ask("bob", f"INVITE dave {name}")
    assert f":dave!x@local JOIN {name}" in _plain(told(lines, "dave"))
    assert f":bob!x@local CONVERSE {name} +ann,bob,carol,dave" in _plain(told(lines, "dave"))


async def test_who_leaves_returns_only_when_added(people: ServerHarness) -> None:
    name = await _begin(people)
    await people.ask("bob", f"PART {name}")
    lines = told(await people.ask("bob", f"JOIN {name}"), "bob")
    assert lines == [
        f":hubbub 476 bob {name} :The room name {name[1:]} is not available. Choose another one."
    ]
    assert not any(name in line for line in await people.ask("bob", "INVITE")), "nor is it in any list of his"
    await people.restart()
    await _come(people, "bob")
    await _come(people, "ann")
    assert " 476 bob " in told(await people.ask("bob", f"JOIN {name}"), "bob")[0]
    await people.ask("ann", f"CONVERSE {name} +bob")
    assert _room(people).members.keys() == {_person(people, one) for one in ("ann", "bob", "carol")}


def _person(harness: ServerHarness, name: str) -> int:
    account = harness.node.state.account_named(name)
    assert account
    return account.id


async def test_it_ends_some_time_after_the_last_has_left(people: ServerHarness) -> None:
    name = await _begin(people)
    await _come(people, "carol")
    for one in ("ann", "bob"):
        await people.ask(one, f"PART {name}")
    people.wait(3_601)
    await RoomCleanup(people.node).tidy()
    assert _room(people).name.text == name[1:], "somebody is still in it"
    await people.ask("carol", f"PART {name}")
    people.wait(3_601)
    await RoomCleanup(people.node).tidy()
    assert not any(room.conversation for room in people.node.state.rooms.values())


@pytest.mark.parametrize(
    "line",
    [
        "MODE {room} +m", "MODE {room} -s", "MODE {room} +k key", "MODE {room} +l 5", "MODE {room} +b x!*@*",
        "MODE {room} +o ann", "KICK {room} bob", "RENAME {room} #tea", "PRIVMSG @{room} :operators",
    ],
)  # fmt: skip
async def test_there_are_no_operators_and_no_settings(people: ServerHarness, line: str) -> None:
    name = await _begin(people)
    (answer,) = told(await people.ask("ann", line.format(room=name)), "ann")
    assert answer.startswith(f":hubbub 482 ann {name} :{name[1:]} is a conversation: it has no operators"), (
        answer
    )


@pytest.mark.parametrize(
    "line",
    [
        "set room {room} access open", "set room {room} listed yes", "set room {room} history all",
        "rename room {room} tea", "delete room {room}", "op ann {room}", "add webhook in {room} Build",
        "add webhook out {room} Build https://hook.example.org/",
    ],
)  # fmt: skip
async def test_nor_for_an_administrator_who_is_in_it(people: ServerHarness, line: str) -> None:
    name = await _begin(people)
    people.node.state.accounts[_person(people, "ann")].role = Role.ADMIN
    before = repr(people.node.state.rooms)
    await people.ask("ann", f"PRIVMSG Hubbub :{line.format(room=name[1:])}")
    assert repr(people.node.state.rooms) == before and not people.node.state.webhooks


@pytest.mark.parametrize("word", ["DROP", "REGISTER", "SET SECRET off", "KICK bob", "BAN bob", "OP ann"])
async def test_nor_by_chanserv(people: ServerHarness, word: str) -> None:
    name = await _begin(people)
    verb, _, rest = word.partition(" ")
    before = repr(_room(people))
    text = "\n".join(told(await people.ask("ann", f"CS {verb} {name} {rest}"), "ann"))
    assert "it has no operators" in text or "No" in text, text
    assert repr(_room(people)) == before


async def test_every_member_sets_the_title_and_pins(people: ServerHarness) -> None:
    name = await _begin(people)
    lines = await people.ask("bob", f"TOPIC {name} :Supper")
    assert f":bob!x@local TOPIC {name} :Supper" in _plain(told(lines, "ann"))
    lines = await people.ask("bob", f"METADATA {name} SET hubbub/pins :x")
    assert not any(" FAIL " in line for line in lines)
    assert _room(people).metadata == {"hubbub/pins": "x"}


async def test_it_is_in_no_list(people: ServerHarness) -> None:
    name = await _begin(people)
    assert not any(name in line for line in await people.ask("ann", f"LIST\nLIST {name}"))
    await people.netcat("net", "login bob correct horse")
    assert name[1:] not in "\n".join(await people.ask("net", "/rooms"))
    assert name[1:] in "\n".join(await people.ask("net", "/converse"))


REFUSED = {
    "bob": "TOO_FEW_PEOPLE",
    "ann,bob": "TOO_FEW_PEOPLE",
    "bob,gus": "NEEDS_ACCOUNT",
    "bob,sue": "CANNOT_BE_ADDED",
    "bob,carol,dave": "TOO_MANY_PEOPLE",
    "#Général +dave": "NOT_CONVERSATION",
}


@pytest.mark.parametrize(("asked", "code"), REFUSED.items())
async def test_who_cannot_be_in_one(
    people: ServerHarness, monkeypatch: pytest.MonkeyPatch, asked: str, code: str
) -> None:
    monkeypatch.setattr(conversations, "PEOPLE_MAX", 3)
    await people.account("sue")
    await people.account("root", role="admin")
    await _come(people, "root")
    await people.ask("root", "PRIVMSG Hubbub :kick sue 1h noise")
    await people.irc("gus")
    (answer,) = told(await people.ask("ann", f"CONVERSE {asked}"), "ann")
    assert answer.startswith(f":hubbub FAIL CONVERSE {code} :"), answer
    assert not any(room.conversation for room in people.node.state.rooms.values())


async def test_a_guest_begins_none(people: ServerHarness) -> None:
    await people.irc("gus")
    assert " FAIL CONVERSE NOT_SIGNED_IN " in told(await people.ask("gus", "CONVERSE ann,bob"), "gus")[0]


async def test_one_can_be_in_so_many(people: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS_MAX", 1)
    await _begin(people)
    assert " TOO_MANY_CONVERSATIONS " in told(await people.ask("ann", "CONVERSE bob,dave"), "ann")[0]
    await _come(people, "dave")
    await people.account("eve")
    assert " CANNOT_BE_ADDED " in told(await people.ask("dave", "CONVERSE bob,eve"), "dave")[0]


async def test_conversations_are_none_of_the_rooms_that_one_may_be_in(people: ServerHarness) -> None:
    await _begin(people)
    people.change("limits", rooms_a_person=2)
    await people.ask("ann", "JOIN #tea")
    assert any(room.name.text == "tea" for room in people.node.state.rooms.values())


async def test_long_names_are_said_in_several_lines(people: ServerHarness) -> None:
    """ "take those of the lines that follow, of which there are as many as needed" """
    people.change("accounts", name_pattern="^[a-z0-9]{3,60}$")
    long = [f"{letter * 55}" for letter in "efghijklmn"]
    for name in long:
        await people.account(name)
    lines = _plain(told(await people.ask("ann", f"CONVERSE {','.join(long[:7])}"), "ann"))
    name = f"#{_room(people).name}"
    lines = _plain(told(await people.ask("ann", f"CONVERSE {name} +{','.join(long[7:])}"), "ann"))
    named = [line.partition(" +")[2] for line in lines if f"CONVERSE {name} +" in line]
    assert len(named) == 2 and set(",".join(named).split(",")) == {"ann", *long}
    assert all(len(line.encode()) <= 510 for line in lines)


async def test_every_message_is_worth_a_notification(people: ServerHarness) -> None:
    """ "the level `usual` … is `all`" """
    name = await _begin(people)
    state, bob = people.node.state, _person(people, "bob")
    keep_push(state, Push("https://push.example.org/1", bob, "", ""))

    def is_told() -> bool:
        room = _room(people)
        said = MessageSaid(
            1, state.users[_person(people, "ann")].origin, ToRoom(room.id, room.name.text), "hello"
        )
        return [one.name.text for one in told_of(state, said)] == ["bob"]

    assert is_told()
    await people.ask("bob", f"NOTIFY {name} mentions")
    assert not is_told()
    await people.ask("bob", f"NOTIFY {name} usual")
    assert is_told()


async def test_an_administrator_reads_only_who_wrote(people: ServerHarness) -> None:
    """Of the texts nothing is in the console's list of messages."""
    name = await _begin(people)
    await people.ask("ann", f"PRIVMSG {name} :hushhush")
    await people.account("root", role="admin")
    await _come(people, "root")
    text = "\n".join(told(await people.ask("root", "PRIVMSG Hubbub :messages 1h"), "root"))
    assert f"ann → {name} (private)" in text and "hushhush" not in text


def test_the_form_of_the_names_is_reserved() -> None:
    for text, is_one in {
        "talk-06hwya4s6c2s0": True, "TALK-06hwya4s6c2s0": True, "talk-06hwya4s6c2s": False, "talk-tea": False,
    }.items():  # fmt: skip
        assert RoomName.known(text).is_conversation is is_one


async def test_netcat(people: ServerHarness) -> None:
    await people.netcat("net", "login carol correct horse")
    lines = told(await people.ask("net", "/converse ann,bob"), "net")
    name = _room(people).name.text
    assert f"You are in the conversation {name}: ann, bob, carol." in lines
    assert f":carol!netcat@local PRIVMSG #{name} :hello" in _plain(
        told(await people.ask("net", "hello"), "ann")
    )
    await people.ask("net", "/invite dave")
    assert _person(people, "dave") in _room(people).members
    assert "482" not in "".join(lines)
    assert any("it has no operators" in line for line in await people.ask("net", "/kick ann"))
