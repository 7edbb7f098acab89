"""hubbub/threads: a message and the replies to it, which the owners of accounts follow on all their devices."""

import re

import pytest

from hubbub.engine import notifications
from hubbub.engine import threads as threads_of
from hubbub.engine.edits import MessageUnknown
from hubbub.engine.event import Origin
from hubbub.engine.ids import msgid
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.state import History, Level, Push
from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags echo-message hubbub/threads"
HISTORY = f"{CAPS} server-time draft/chathistory"


async def _come(harness: ServerHarness, name: str, account: str, caps: str = CAPS) -> None:
    harness.connect(name).type(
        f"CAP REQ :{caps}\nPASS :{account}:correct horse\nNICK {account}\nUSER x 0 * x\nCAP END"
    )
    await harness.look()


@pytest.fixture
async def room(harness: ServerHarness) -> ServerHarness:
    """ann on two devices, bob and cat in a room; old has a client that knows no threads."""
    for account in ("ann", "bob", "cat", "old"):
        await harness.account(account)
    for name, account in (("ann", "ann"), ("laptop", "ann"), ("bob", "bob"), ("cat", "cat")):
        await _come(harness, name, account)
    await _come(harness, "old", "old", "message-tags")
    for name in ("ann", "bob", "cat", "old"):
        await harness.ask(name, "JOIN #tea")
    return harness


async def _say(
    harness: ServerHarness, name: str, text: str, to: str = "", more: str = "", target: str = "#tea"
) -> str:
    """Say something, as an answer `to` a message; gives its id."""
    tags = ";".join([*([f"+reply={to}"] if to else []), *([more] if more else [])])
    lines = await harness.ask(name, f"{f'@{tags} ' if tags else ''}PRIVMSG {target} :{text}")
    harness.wait(1)
    [found] = [
        match for line in told(lines, name) if (match := re.search(r"msgid=(\S+?)[; ].*PRIVMSG", line))
    ]
    return found[1]


def _plain(lines: list[str], name: str, verb: str) -> list[str]:
    """The lines of a verb that somebody is shown, without the server's name and the tags."""
    found = [line for line in told(lines, name) if f":hubbub {verb} " in line]
    return [line.partition(":hubbub ")[2] for line in found]


async def _reply(harness: ServerHarness, name: str, to: str, text: str = "yes") -> tuple[list[str], str]:
    """What everybody sees of a reply, and its id."""
    lines = await harness.ask(name, f"@+reply={to} PRIVMSG #tea :{text}")
    found = [match for line in told(lines, name) if (match := re.search(r"msgid=(\S+?)[; ].*PRIVMSG", line))]
    harness.wait(1)
    return lines, found[0][1]


def _room(harness: ServerHarness) -> int:
    found = harness.node.state.room_named("tea")
    assert found is not None
    return found.id


def _ms(harness: ServerHarness) -> int:
    return harness.now_ms - 1000


async def test_who_can_read_the_root_is_told_of_each_reply(room: ServerHarness) -> None:
    """ "The server MUST send a `THREAD` line to all sessions that have the capability and can read the root" """
    root = await _say(room, "ann", "tea?")
    lines, reply = await _reply(room, "bob", root)
    line = f"THREAD #tea {root} 1 {reply} {_ms(room)} :bob"
    assert [_plain(lines, name, "THREAD") for name in ("ann", "laptop", "bob", "cat")] == [[line]] * 4
    assert told(lines, "old") == [f"@msgid={reply};+reply={root} :bob!x@local PRIVMSG #tea :yes"]


async def test_a_reply_to_a_reply_belongs_to_the_same_thread(room: ServerHarness) -> None:
    root = await _say(room, "ann", "tea?")
    first = await _say(room, "bob", "yes", root)
    lines, last = await _reply(room, "cat", first, "green?")
    assert _plain(lines, "ann", "THREAD") == [f"THREAD #tea {root} 2 {last} {_ms(room)} :cat bob"]


async def test_who_takes_part_follows(room: ServerHarness) -> None:
    """ "The author of the root and everybody who replies follow the thread by themselves" """
    root = await _say(room, "ann", "tea?")
    lines, first = await _reply(room, "bob", root)
    assert _plain(lines, "ann", "THREADREAD") == [f"THREADREAD #tea {root} {root} 1 following"]
    assert _plain(lines, "laptop", "THREADREAD") == [f"THREADREAD #tea {root} {root} 1 following"]
    assert _plain(lines, "bob", "THREADREAD") == [f"THREADREAD #tea {root} {first} 0 following"]
    assert _plain(lines, "cat", "THREADREAD") == []
    lines, _ = await _reply(room, "bob", first)
    assert _plain(lines, "ann", "THREADREAD") == [f"THREADREAD #tea {root} {root} 2 following"]
    assert _plain(lines, "bob", "THREADREAD") == [f"THREADREAD #tea {root} {first} 0 following"]


async def test_who_has_unfollowed_does_not_follow_by_a_further_reply(room: ServerHarness) -> None:
    """ "unless the account has unfollowed the thread" """
    root = await _say(room, "ann", "tea?")
    first = await _say(room, "bob", "yes", root)
    lines = await room.ask("ann", f"UNFOLLOW #tea {root}")
    line = f"THREADREAD #tea {root} {first} 0 not"
    assert _plain(lines, "ann", "THREADREAD") == _plain(lines, "laptop", "THREADREAD") == [line]
    assert not told(lines, "bob")
    for name in ("bob", "ann"):
        lines, _ = await _reply(room, name, root)
        assert _plain(lines, "ann", "THREADREAD") == []
    lines = await room.ask("ann", f"UNFOLLOW #tea {root}")
    assert _plain(lines, "ann", "THREADREAD") == [line], "nothing has changed"
    assert not told(lines, "laptop")


async def test_who_begins_to_follow_has_read_what_there_is(room: ServerHarness) -> None:
    root = await _say(room, "ann", "tea?")
    first = await _say(room, "bob", "yes", root)
    lines = await room.ask("cat", f"FOLLOW #tea {first}")
    assert _plain(lines, "cat", "THREADREAD") == [f"THREADREAD #tea {root} {first} 0 following"]
    lines, _ = await _reply(room, "ann", root)
    assert _plain(lines, "cat", "THREADREAD") == [f"THREADREAD #tea {root} {first} 1 following"]


async def test_what_was_read_is_told_to_the_devices_and_stays_read(room: ServerHarness) -> None:
    """ "The marker only ever moves forward" """
    root = await _say(room, "ann", "tea?")
    first = await _say(room, "bob", "yes", root)
    last = await _say(room, "cat", "me too", root)
    lines = await room.ask("laptop", f"THREADREAD #tea {root} {first}")
    line = f"THREADREAD #tea {root} {first} 1 following"
    assert _plain(lines, "ann", "THREADREAD") == _plain(lines, "laptop", "THREADREAD") == [line]
    await room.ask("ann", f"THREADREAD #tea {root} 7zzzzzzzzzzzz")
    lines = await room.ask("ann", f"THREADREAD #tea {root} {first}")
    assert _plain(lines, "ann", "THREADREAD") == [f"THREADREAD #tea {root} {last} 0 following"]
    assert not told(lines, "laptop")
    lines = await room.ask("bob", "THREADS")
    assert f":hubbub THREADREAD #tea {root} {first} 1 following" in [
        line.partition(" ")[2] for line in told(lines, "bob")
    ]


async def test_the_history_has_the_summary_and_the_root(room: ServerHarness) -> None:
    """ "in the history the root carries the tag `hubbub/thread`, a reply the tag `hubbub/root`" """
    root = await _say(room, "ann", "tea?")
    first = await _say(room, "bob", "yes", root)
    last = await _say(room, "cat", "me too", first)
    await _come(room, "phone", "ann", HISTORY)
    lines = told(await room.ask("phone", "CHATHISTORY LATEST #tea * 10"), "phone")
    assert [re.findall(r"hubbub/\w+=[^; ]+", line) for line in lines[1:-1]] == [
        [f"hubbub/thread=2,{last},{_ms(room)},cat,bob"], [f"hubbub/root={root}"], [f"hubbub/root={root}"]
    ]  # fmt: skip
    await _come(room, "plain", "ann", HISTORY.replace("hubbub/threads", ""))
    assert "hubbub/" not in "".join(told(await room.ask("plain", "CHATHISTORY LATEST #tea * 10"), "plain"))
    assert first in lines[2]


async def test_a_thread_is_read_page_by_page(room: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "the newest replies first; the first page begins with the root" """
    monkeypatch.setattr("hubbub.dialects.irc.threads.PAGE", 2)
    root = await _say(room, "ann", "tea?")
    await _say(room, "bob", "elsewhere")
    first, second, third = [await _say(room, "bob", text, root) for text in ("one", "two", "three")]
    lines = told(await room.ask("cat", f"THREAD #tea {second}"), "cat")
    assert re.fullmatch(rf":hubbub BATCH \+\S+ hubbub/threads #tea {root}", lines[0])
    assert [re.search(r"msgid=(\S+?)[; ]", line)[1] for line in lines[1:4]] == [root, second, third]  # type: ignore[index]
    assert lines[5] == f":hubbub THREADREAD #tea {root} * 0 not"
    lines = told(await room.ask("cat", f"THREAD #tea {root} {second}"), "cat")
    assert lines[0].startswith("@draft/chathistory-end ")
    assert first in lines[1] and "BATCH -" in lines[2]


async def test_a_deleted_reply_counts_no_more(room: ServerHarness) -> None:
    root = await _say(room, "ann", "tea?")
    first = await _say(room, "bob", "yes", root)
    second = await _say(room, "bob", "or no", root)
    await _come(room, "phone", "bob", f"{CAPS} draft/message-redaction")
    lines = await room.ask("phone", f"REDACT #tea {second}")
    assert _plain(lines, "cat", "THREAD") == [f"THREAD #tea {root} 1 {first} {_ms(room) - 1000} :bob"]
    assert _plain(lines, "ann", "THREADREAD") == [f"THREADREAD #tea {root} {root} 1 following"]
    lines = await room.ask("phone", f"REDACT #tea {first}")
    assert _plain(lines, "cat", "THREAD") == [f"THREAD #tea {root} 0 * 0 :"]


async def test_what_one_follows_is_listed_with_what_is_unread(
    room: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.dialects.irc.threads.LIST_PAGE", 1)
    old, new = await _say(room, "ann", "tea?"), await _say(room, "ann", "cake?")
    first = await _say(room, "bob", "yes", old)
    last = await _say(room, "cat", "yes", new)
    await room.ask("ann", f"THREADREAD #tea {old} {first}")
    lines = told(await room.ask("ann", "THREADS"), "ann")
    assert re.fullmatch(rf":hubbub BATCH \+\S+ hubbub/threads-list 1 {last}", lines[0])
    assert [line.partition(" ")[2] for line in lines[1:3]] == [
        f":hubbub THREAD #tea {new} 1 {last} {_ms(room)} cat",
        f":hubbub THREADREAD #tea {new} {new} 1 following",
    ]
    assert lines[3].endswith(" PRIVMSG #tea :cake?") and f"msgid={new}" in lines[3]
    lines = told(await room.ask("ann", f"THREADS {last}"), "ann")
    assert re.fullmatch(r":hubbub BATCH \+\S+ hubbub/threads-list 1 \*", lines[0]) and old in lines[1]
    await room.ask("ann", "PART #tea")
    assert len(told(await room.ask("ann", "THREADS"), "ann")) == 2


async def test_a_private_conversation_has_threads(room: ServerHarness) -> None:
    root = await _say(room, "ann", "tea?", target="bob")
    lines = await room.ask("bob", f"@+reply={root} PRIVMSG ann :yes")
    assert [line.split()[1] for line in _plain(lines, "ann", "THREAD")] == ["bob"]
    assert [line.split()[1] for line in _plain(lines, "bob", "THREAD")] == ["ann"]
    assert not told(lines, "cat")
    assert told(await room.ask("cat", f"THREAD bob {root}"), "cat") == [
        f":hubbub FAIL THREAD UNKNOWN_MSGID bob {root} :{MessageUnknown()}"
    ]
    assert len(_plain(await room.ask("bob", f"THREAD ann {root}"), "bob", "THREADREAD")) == 1


async def test_a_message_elsewhere_or_for_a_rank_is_no_root(room: ServerHarness) -> None:
    """ "Only a message of the same conversation, for the same rank" """
    root = await _say(room, "ann", "tea?")
    assert not _plain(await room.ask("ann", f"@+reply={root} PRIVMSG @#tea :psst"), "ann", "THREAD")
    assert not _plain(await room.ask("ann", f"@+reply={root} PRIVMSG bob :psst"), "ann", "THREAD")
    assert not _plain(await room.ask("ann", f"@+reply={root};+draft/react=x TAGMSG #tea"), "ann", "THREAD")
    secret = await _say(room, "ann", "psst", target="@#tea")
    lines = await room.ask("ann", f"@+reply={secret} PRIVMSG @#tea :yes")
    assert len(_plain(lines, "ann", "THREAD")) == 1 and not told(lines, "bob")


async def test_who_reads_since_joining_knows_no_earlier_thread(room: ServerHarness) -> None:
    root = await _say(room, "ann", "tea?")
    room.node.state.rooms[_room(room)].history = History.SINCE_JOINING
    await room.account("eve")
    await _come(room, "eve", "eve")
    await room.ask("eve", "JOIN #tea")
    lines, _ = await _reply(room, "bob", root)
    assert _plain(lines, "cat", "THREAD") and not _plain(lines, "eve", "THREAD")
    for line in (f"THREAD #tea {root}", f"FOLLOW #tea {root}"):
        assert "UNKNOWN_MSGID" in told(await room.ask("eve", line), "eve")[0]


async def test_a_guest_reads_and_follows_nothing(room: ServerHarness) -> None:
    await room.irc("guest", CAPS)
    await room.ask("guest", "JOIN #tea")
    root = await _say(room, "guest", "tea?")
    lines, _ = await _reply(room, "bob", root)
    assert _plain(lines, "guest", "THREAD") and not _plain(lines, "guest", "THREADREAD")
    for line in (f"FOLLOW #tea {root}", f"THREADREAD #tea {root} {root}", "THREADS"):
        assert "ACCOUNT_REQUIRED" in told(await room.ask("guest", line), "guest")[0]
    assert len(told(await room.ask("guest", f"THREAD #tea {root}"), "guest")) == 4


async def test_what_is_wrong_is_said(room: ServerHarness) -> None:
    root = await _say(room, "ann", "tea?")
    for line, code in (
        (f"THREAD #nowhere {root}", "INVALID_TARGET #nowhere"),
        (f"THREAD nobody {root}", "INVALID_TARGET nobody"),
        ("THREAD #tea x", "UNKNOWN_MSGID #tea x"),
        ("FOLLOW #tea 0123456789abc", "UNKNOWN_MSGID #tea 0123456789abc"),
        (f"THREAD #tea {root} x", "INVALID_PARAMS x"),
        (f"THREADREAD #tea {root} x", "INVALID_PARAMS x"),
        ("THREADS x", "INVALID_PARAMS x"),
    ):
        answer = told(await room.ask("ann", line), "ann")
        assert len(answer) == 1 and f" FAIL {line.split()[0]} {code} :" in answer[0], answer
    for verb in (f"THREAD #tea {root}", "THREADS", f"FOLLOW #tea {root}", f"THREADREAD #tea {root} {root}"):
        assert " 421 " in told(await room.ask("old", verb), "old")[0]


async def test_the_follows_are_bounded_and_last(room: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads_of, "FOLLOWS_MAX", 2)
    roots = [await _say(room, "ann", text) for text in ("one", "two", "three")]
    for root in roots:
        await room.ask("cat", f"FOLLOW #tea {root}")
    cat = room.node.state.account_named("cat")
    assert cat and [msgid(root) for root in cat.threads] == roots[1:]
    await room.restart()
    cat = room.node.state.account_named("cat")
    assert cat and [msgid(root) for root in cat.threads] == roots[1:]
    assert len(room.node.state.thread_followers) == 2


async def test_a_reply_for_its_thread_alone_is_an_ordinary_message_with_a_tag(room: ServerHarness) -> None:
    """ "To clients that do not know the tag it is an ordinary reply" """
    root = await _say(room, "ann", "tea?")
    lines = await room.ask("bob", f"@+reply={root};+hubbub/in-thread PRIVMSG #tea :yes")
    assert told(lines, "old")[0].endswith(" PRIVMSG #tea :yes")
    assert "+hubbub/in-thread" in told(lines, "cat")[0]
    assert len(_plain(lines, "cat", "THREAD")) == 1
    assert not told_of_all(room, root) and told_of_all(room, root, in_thread=False)


def told_of_all(harness: ServerHarness, root: str, in_thread: bool = True) -> bool:
    """Whether somebody who wants a notification for each message of the room gets one for a reply."""
    account = harness.node.state.account_named("cat")
    assert account
    place = _room(harness)
    account.levels[place] = Level.ALL
    harness.node.state.pushes["https://push.test/1"] = account.pushes["https://push.test/1"] = Push(
        "https://push.test/1", account.id, "", ""
    )
    tags = (("+reply", root), *([("+hubbub/in-thread", "")] if in_thread else []))
    event = MessageSaid(1, Origin(1, "bob"), ToRoom(place, "tea"), "yes", tags=tags)
    return list(notifications.told_of(harness.node.state, event)) == [account]
