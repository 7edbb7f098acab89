"""A bug in showing harms nobody else: what happens happens whole, and whoever could not be shown it is disconnected."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubbub.dialects.irc import events
from hubbub.engine import engine
from hubbub.engine.event import Event
from hubbub.engine.membership import MemberJoined, MemberLeft
from hubbub.engine.messages import MessageSaid
from hubbub.engine.rules import EventRule
from hubbub.engine.sessions import Disconnect, SessionEnded, UserLeft
from hubbub.engine.topics import TopicSet
from hubbub.node.node import Node
from hubbub.wire.capabilities import Capabilities
from tests.server_harness import ServerHarness, told

WRONG = "ERROR :Closing link: (127.0.0.1) [Something went wrong on the server]"


def broken(*arguments: object) -> Any:
    raise ZeroDivisionError("a bug")


def put(monkeypatch: pytest.MonkeyPatch, table: dict[Any, Any], kind: type[Event], entry: object) -> None:
    """Let a table of the server have another entry while the test lasts."""
    monkeypatch.setitem(table, kind, entry)


def for_tags(writer: Callable[..., Any]) -> Callable[..., Any]:
    """A writer with a bug in it for clients that take tags."""

    def write(event: Event, caps: Capabilities, server: str) -> Any:
        return broken() if caps.tags else writer(event, caps, server)

    return write


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """Ann, bob, and eve, whose client takes tags, are in #tea."""
    for name in ("ann", "bob", "eve"):
        await harness.irc(name, "message-tags" if name == "eve" else "")
        await harness.ask(name, "JOIN #tea")
    await harness.look()
    return harness


@pytest.mark.parametrize("kind", [MessageSaid, TopicSet])
async def test_a_view_that_fails_ends_its_sessions_alone(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: type[Event]
) -> None:
    text = {MessageSaid: "PRIVMSG #tea :hi", TopicSet: "TOPIC #tea :hi"}[kind]
    put(monkeypatch, events.EVENTS, kind, for_tags(events.EVENTS[kind]))
    lines = await tea.ask("ann", text)
    assert told(lines, "bob") == [
        f":ann!ann@local {text}",
        ":eve!eve@local QUIT :Something went wrong on the server",
    ]
    assert told(lines, "eve")[-1].endswith(WRONG)
    assert not tea.people["ann"].connection.closed and tea.people["eve"].connection.closed
    assert (
        f"A bug in delivering {kind.__name__}; the server disconnects the sessions that missed it"
        in caplog.text
    )


async def test_ones_own_view_may_fail_and_the_others_are_shown_it(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is whole, also for a room that goes with its last member."""
    tea.change("rooms", guests_absence_seconds=0)
    put(monkeypatch, events.EVENTS, TopicSet, for_tags(events.EVENTS[TopicSet]))
    await tea.ask("ann", "MODE #tea -t")
    lines = await tea.ask("eve", "TOPIC #tea :hi")
    assert told(lines, "ann")[0] == ":eve!eve@local TOPIC #tea :hi"
    await tea.irc("zed", "message-tags")
    await tea.ask("zed", "JOIN #alone")
    put(monkeypatch, events.EVENTS, MemberLeft, for_tags(events.EVENTS[MemberLeft]))
    await tea.ask("zed", "PART #alone")
    assert tea.people["zed"].connection.closed
    assert tea.node.state.room_named("#alone") is None


@pytest.mark.parametrize("before", [True, False])
async def test_who_is_shown_it_can_not_be_found(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    kind: type[Event] = MemberLeft if before else TopicSet
    effect = engine.EVENT_RULES[kind]
    put(monkeypatch, engine.EVENT_RULES, kind, EventRule(effect.change, broken, before))
    await tea.ask("ann", "PART #tea" if before else "TOPIC #tea :hi")
    room = tea.node.state.room_named("#tea")
    assert room is not None and not tea.people["ann"].connection.closed
    assert len(room.members) == 2 if before else room.topic is not None
    assert told(await tea.ask("eve", "PRIVMSG #tea :still here"), "bob") == [
        ":eve!eve@local PRIVMSG #tea :still here"
    ]


async def test_what_changes_may_fail_and_what_follows_happens(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an answer of several events the others are applied, and the session ends."""
    put(monkeypatch, engine.EVENT_RULES, UserLeft, EventRule(broken))
    await tea.ask("ann", "QUIT :bye")
    assert tea.people["ann"].connection.closed
    assert not [one for one in tea.node.live.values() if one.connection is tea.people["ann"].connection]


async def test_a_listener_that_fails_is_one_of_many(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[type[Event]] = []
    monkeypatch.setattr(tea.node, "listening", [broken, lambda event: heard.append(type(event))])
    monkeypatch.setattr(tea.node.journal, "note", broken)
    assert await tea.ask("ann", "PRIVMSG bob :hi") == ["bob < :ann!ann@local PRIVMSG bob :hi"]
    assert heard == [MessageSaid]
    assert "A bug in listening to MessageSaid; the server continues" in caplog.text
    assert "A bug in writing down MessageSaid; the server continues" in caplog.text


async def test_what_is_shown_to_the_one_concerned_may_fail(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, events.PERSONAL_EVENTS, MemberJoined, broken)
    await tea.irc("zed")
    lines = await tea.ask("zed", "JOIN #tea")
    assert told(lines, "zed")[-1].endswith(WRONG)
    assert told(lines, "ann") == [
        ":zed!zed@local JOIN #tea",
        ":zed!zed@local QUIT :Something went wrong on the server",
    ]


async def test_one_that_nothing_can_be_sent_to(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever stands behind it in the same batch is sent theirs, and the gate stays open."""
    eve = tea.people["eve"].connection
    session = next(one for one in tea.node.live.values() if one.connection is eve)
    monkeypatch.setattr(session.outlet, "send", broken)
    lines = await tea.ask("ann", "PRIVMSG #tea :hi\nPRIVMSG eve :hi")
    assert told(lines, "bob")[0] == ":ann!ann@local PRIVMSG #tea :hi"
    assert eve.aborted and tea.node.state.user_named("eve") is None
    assert await tea.ask("ann", "PRIVMSG bob :hi") == ["bob < :ann!ann@local PRIVMSG bob :hi"]


async def test_one_that_can_not_be_looked_after(tea: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    session = next(one for one in tea.node.live.values())
    monkeypatch.setattr(type(session.talk), "ping", broken)
    tea.wait(10_000)
    lines = await tea.look()
    assert all(tea.people[name].connection.closed for name in ("ann", "bob", "eve")), lines


async def test_the_stop_finishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is let go, all is on disk, and the writer has ended."""
    harness = ServerHarness(tmp_path)
    for name in ("ann", "bob"):
        await harness.irc(name)
    harness.people["ann"].type("JOIN #tea\nPRIVMSG #tea :hi")
    put(monkeypatch, events.EVENTS, SessionEnded, broken)
    ask = Node.ask

    def ask_but(node: Node, command: Any, asking: Any = None, *more: Any) -> Any:
        is_ann = asking and asking.connection is harness.people["ann"].connection
        return broken() if isinstance(command, Disconnect) and is_ann else ask(node, command, asking, *more)

    monkeypatch.setattr(Node, "ask", ask_but)
    await harness.close()
    assert harness.people["bob"].connection.closed
    assert not harness.node.gate._writer.is_alive()


async def test_the_log_has_no_text_of_what_could_not_be_shown(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(monkeypatch, events.EVENTS, MessageSaid, for_tags(events.EVENTS[MessageSaid]))
    with caplog.at_level(logging.INFO):
        await tea.ask("ann", "PRIVMSG #tea :confidential")
    assert "confidential" not in caplog.text
