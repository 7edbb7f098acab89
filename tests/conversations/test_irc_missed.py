"""What is shown to somebody who was away and whose client can't ask for history."""

import asyncio
import base64

import pytest

from hubbub.dialects.irc import history
from hubbub.dialects.session_api import ReadConversations, ReadHistory
from hubbub.node.effects import EFFECTS
from tests.server_harness import Person, ServerHarness, told
from tests.sign_in import arrive, depart


def spoken(lines: list[str]) -> list[str]:
    return [line for line in lines if " PRIVMSG " in line or "BATCH" in line or " NOTICE " in line]


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """Ann was in #tea and has left; bob is there and has said something before and after."""
    for name in ("bob", "ann"):
        await arrive(harness, name)
        await harness.ask(name, "JOIN #tea")
    await harness.ask("bob", "PRIVMSG #tea :before")
    await depart(harness, "ann")
    harness.wait(60)
    await harness.ask("bob", "PRIVMSG #tea :hello")
    await harness.ask("bob", "PRIVMSG ann :pst")
    harness.wait(60)
    await harness.ask("bob", "PRIVMSG #tea :\x01ACTION waves\x01")
    return harness


async def test_what_was_said_meanwhile(tea: ServerHarness) -> None:
    """After the rooms have been shown; a client without server-time sees the time in the text."""
    lines = await arrive(tea, "ann")
    missed = spoken(lines)
    assert missed == [
        ":bob!bob@local PRIVMSG #tea :[2026-11-18 11:07] hello",
        ":bob!bob@local PRIVMSG #tea :\x01ACTION [2026-11-18 11:08] waves\x01",
        ":bob!bob@local PRIVMSG ann :[2026-11-18 11:07] pst",
    ]
    assert lines[-3:] == missed
    assert ":ann!ann@local JOIN #tea" in lines[:-3]


async def test_once(tea: ServerHarness) -> None:
    await arrive(tea, "ann")
    await depart(tea, "ann")
    assert spoken(await arrive(tea, "ann")) == []


async def test_with_times_of_their_own(tea: ServerHarness) -> None:
    """ "messages inside the batch MUST be tagged with the time at which they were originally sent" """
    assert spoken(await arrive(tea, "ann", "server-time")) == [
        "@time=2026-11-18T11:07:40.000Z :bob!bob@local PRIVMSG #tea :hello",
        "@time=2026-11-18T11:08:40.000Z :bob!bob@local PRIVMSG #tea :\x01ACTION waves\x01",
        "@time=2026-11-18T11:07:40.000Z :bob!bob@local PRIVMSG ann :pst",
    ]


async def test_in_batches(tea: ServerHarness) -> None:
    """ "the server SHOULD put all PRIVMSGs and NOTICEs into a single `chathistory` batch" """
    missed = spoken(await arrive(tea, "ann", "batch"))
    assert missed[0] == ":hubbub BATCH +b1 chathistory #tea"
    assert missed[1] == "@batch=b1 :bob!bob@local PRIVMSG #tea :[2026-11-18 11:07] hello"
    assert missed[3:] == [
        ":hubbub BATCH -b1",
        ":hubbub BATCH +b2 chathistory bob",
        "@batch=b2 :bob!bob@local PRIVMSG ann :[2026-11-18 11:07] pst",
        ":hubbub BATCH -b2",
    ]


async def test_not_for_clients_that_ask_themselves(tea: ServerHarness) -> None:
    """ "the server (or bouncer) SHOULD NOT play back any history that would otherwise be sent automatically" """
    assert spoken(await arrive(tea, "ann", "batch server-time message-tags draft/chathistory")) == []


async def test_not_for_one_more_session(tea: ServerHarness) -> None:
    await arrive(tea, "ann")
    await depart(tea, "ann")
    await arrive(tea, "ann", "draft/chathistory")
    await tea.ask("bob", "PRIVMSG #tea :more")
    assert spoken(await arrive(tea, "ann2", account="ann")) == []


async def test_not_for_guests(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "PRIVMSG #tea :hello")
    await harness.irc("eve")
    assert spoken(await harness.ask("eve", "JOIN #tea")) == []


async def test_only_the_newest(tea: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MISSED_LINES_MAX", 2)
    await tea.ask("bob", "PRIVMSG #tea :bye")
    assert spoken(await arrive(tea, "ann"))[:3] == [
        ":hubbub NOTICE ann :#tea has more messages from while you were away; these are the latest 2.",
        ":bob!bob@local PRIVMSG #tea :\x01ACTION [2026-11-18 11:08] waves\x01",
        ":bob!bob@local PRIVMSG #tea :[2026-11-18 11:08] bye",
    ]


async def test_nothing_that_others_may_not_read(tea: ServerHarness) -> None:
    await tea.account("root", role="admin")
    await arrive(tea, "root")
    await tea.ask("bob", "JOIN #cake")
    await tea.ask("bob", "PRIVMSG #cake :not in it")
    await tea.ask("root", "JOIN #tea")
    await tea.ask("root", "MODE #tea +o root")
    await tea.ask("root", "PRIVMSG @#tea :for operators")
    await tea.ask("root", "PRIVMSG bob :for bob")
    assert [line for line in spoken(await arrive(tea, "ann")) if "root" in line or "cake" in line] == []


async def test_who_was_taken_out_reads_nothing(tea: ServerHarness) -> None:
    await tea.account("root", role="admin")
    await arrive(tea, "root")
    await tea.ask("root", "KICK #tea ann")
    assert spoken(await arrive(tea, "ann")) == [":bob!bob@local PRIVMSG ann :[2026-11-18 11:07] pst"]


async def test_no_questions_that_a_client_would_answer_late(tea: ServerHarness) -> None:
    await tea.ask("bob", "PRIVMSG ann :\x01VERSION\x01")
    assert not any("VERSION\x01" in line for line in await arrive(tea, "ann", "server-time"))


async def test_after_a_restart(tea: ServerHarness) -> None:
    await tea.restart()
    assert len(spoken(await arrive(tea, "ann"))) == 3


async def test_what_is_said_at_that_moment_comes_after(tea: ServerHarness) -> None:
    ann = tea.connect("ann")
    ann.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await asyncio.wait(set(tea.node.tasks))
    assert tea.node.state.user_named("ann"), "she is in, and what she missed is being read"
    tea.people["bob"].type("PRIVMSG #tea :now\nPRIVMSG ann :here")
    missed = spoken([line for line in await tea.look() if line.startswith("ann < ")])
    assert [line.rsplit(":", 1)[1] for line in missed[-2:]] == ["now", "here"]
    assert len(missed) == 5


async def test_what_another_client_has_marked_as_read_is_not_shown_again(harness: ServerHarness) -> None:
    """A client that tells what was read leaves to an old one what was not."""
    await harness.account("ann")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #Général")
    sign_in = "PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A\nCAP END"
    harness.connect("phone").type(f"CAP REQ draft/read-marker\n{sign_in}")
    for text in ("one", "two"):
        harness.wait(60)
        await harness.ask("bob", f"PRIVMSG #Général :{text} in the room")
        await harness.ask("bob", f"PRIVMSG ann :{text} alone")
    for place in ("#Général", "bob"):
        await harness.ask("phone", f"MARKREAD {place} timestamp=2026-11-18T11:07:40.000Z")
    await harness.ask("phone", "QUIT")
    harness.connect("old").type(sign_in)
    missed = [line.split("] ", 1)[1] for line in told(await harness.look(), "old") if " PRIVMSG " in line]
    assert missed == ["two in the room", "two alone"]


async def test_a_second_client_is_shown_what_nobody_has_marked_as_read(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    sign_in = "PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A\nCAP END"
    harness.connect("phone").type(f"CAP REQ draft/read-marker\n{sign_in}")
    await harness.ask("bob", "PRIVMSG ann :not looked at yet")
    harness.connect("old").type(sign_in)
    assert any("old < " in line and "not looked at yet" in line for line in await harness.look())
    # One that shows everything at once has been read on.
    harness.connect("older").type(sign_in)
    assert not any("older < " in line and "not looked at yet" in line for line in await harness.look())


async def come(harness: ServerHarness) -> Person:
    """Ann signs in, and takes nothing of what she is sent after that."""
    ann = harness.connect("ann")
    ann.type("CAP REQ :sasl server-time\nNICK ann\nUSER ann 0 * :Ann\nAUTHENTICATE PLAIN")
    await harness.look()
    ann.type("AUTHENTICATE " + base64.b64encode(b"\0ann\0correct horse").decode())
    await harness.look()
    harness.wait(61)  # What is noted by the clock counts for nothing here either.
    ann.type("CAP END")
    ann.connection.stalled = True
    return ann


async def turns() -> None:
    for _ in range(50):
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("end", ["cut", "hung up", "stop"])
async def test_what_was_never_taken_comes_again(tea: ServerHarness, end: str) -> None:
    """However a connection ends on which the missed messages waited."""
    ann = await come(tea)
    await turns()
    if end == "stop":
        await tea.restart()
    else:
        ann.hang_up("Reset." if end == "cut" else None)
        tea.people.pop("ann")
        await tea.settle()
    assert len(spoken(await arrive(tea, "ann"))) == 3


async def test_the_next_room_waits_until_the_last_is_taken(tea: ServerHarness) -> None:
    ann = await come(tea)
    asked: list[object] = []
    begun = asyncio.Event()

    async def read(node: object, session: object, thing: object) -> tuple[()]:
        asked.append(thing)
        begun.set()
        return ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EFFECTS, ReadHistory, read)
        patch.setitem(EFFECTS, ReadConversations, read)
        await turns()
        assert not asked
        ann.connection.stalled = False
        await tea.settle()
        assert asked


async def test_who_takes_nothing_is_asked_nothing(harness: ServerHarness) -> None:
    """What has come already waits as well: it can't ask for page after page."""
    ann = await harness.irc("ann")
    ann.connection.stalled = True
    ann.type("PING one\nPING two")
    await harness.settle()
    assert ann.connection.queued_bytes == 0
    ann.connection.stalled = False
    assert len(told(await harness.look(), "ann")) == 2


async def test_long_messages_are_fewer(tea: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MISSED_BYTES_MAX", 16)
    lines = spoken(await arrive(tea, "ann", "server-time"))
    assert [line.split(" :")[-1] for line in lines] == [
        "#tea has more messages from while you were away; these are the latest 1.",
        "\x01ACTION waves\x01",
        "pst",
    ]


async def test_a_page_has_an_end(tea: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest to what was asked for, so that the next page goes on from there."""
    monkeypatch.setattr(history, "PAGE_BYTES_MAX", 10)
    await tea.irc("eve", "batch draft/chathistory")
    await tea.ask("eve", "JOIN #tea")
    newest = await tea.ask("eve", "CHATHISTORY LATEST #tea * 50")
    oldest = await tea.ask("eve", "CHATHISTORY AFTER #tea timestamp=2020-01-01T00:00:00.000Z 50")
    assert [line.partition(" PRIVMSG #tea :")[2] for line in newest if "PRIVMSG" in line] == [
        "\x01ACTION waves\x01"
    ]
    assert [line.partition(" PRIVMSG #tea :")[2] for line in oldest if "PRIVMSG" in line] == ["before"]
