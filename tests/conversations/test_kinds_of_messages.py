"""A kind of message that nobody has made: with its rows it goes and stays, and without them it reads as its text."""

from collections.abc import Iterator

import pytest
from msgspec import Struct

from hubbub.dialects.irc import message_kinds as irc_kinds
from hubbub.dialects.irc.message_kinds import IrcKind
from hubbub.dialects.netcat.rendering import KIND_MARKS
from hubbub.engine.message_kinds import CONTENT_BYTES_MAX, KINDS, MESSAGE, NOTICE, TAGS, MessageKind
from hubbub.engine.messages import MessageSaid, SayInRoom
from hubbub.web.app_loader import LazyWebsite
from hubbub.wire.message import escape_tag_value
from tests.server_harness import ServerHarness, told
from tests.web.http_client import HttpClient
from tests.web.test_api import ticket

TEXT = "Which tea? 1. green 2. black"
CONTENT = '{"question":"Which tea?","choices":["green", "black ✓"]}'
TAG = "+example/poll"
LINE = f"@{TAG}={escape_tag_value(CONTENT)} PRIVMSG #tea :{TEXT}"


class Poll(Struct):
    question: str
    choices: list[str]


@pytest.fixture(autouse=True)
def poll(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with monkeypatch.context() as rows:
        rows.setitem(KINDS, "poll", MessageKind("application/vnd.example.poll+json", Poll))
        rows.setitem(irc_kinds.KINDS, "poll", IrcKind("PRIVMSG", content_tag=TAG))
        rows.setitem(KIND_MARKS, "poll", "poll")
        yield rows


async def people(harness: ServerHarness) -> None:
    await harness.irc(
        "ann", "message-tags echo-message hubbub/ticket draft/chathistory batch draft/message-redaction"
    )
    await harness.irc("old")
    await harness.netcat("nell")
    for name in ("ann", "old"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("nell", "/join tea")


def kept(harness: ServerHarness) -> MessageSaid:
    """The only message of the room, as it is on disk."""
    (said,) = harness.storage.history(limit=9, room=harness.node.state.room_names["tea"])
    assert isinstance(said, MessageSaid)
    return said


async def test_it_is_said_shown_and_kept(harness: ServerHarness) -> None:
    await people(harness)
    lines = await harness.ask("ann", LINE)
    (echo,) = told(lines, "ann")
    assert echo.endswith(f"PRIVMSG #tea :{TEXT}") and f"{TAG}={escape_tag_value(CONTENT)}" in echo
    assert [line.partition(" PRIVMSG ")[2] for line in told(lines, "old")] == [f"#tea :{TEXT}"]
    assert [line for line in lines if line.startswith("nell")] == [f"nell < ann (poll): {TEXT}"]
    said = kept(harness)
    assert (said.kind, said.content, said.text, said.tags) == ("poll", CONTENT, TEXT, ())


async def test_who_does_not_know_it_reads_its_text_and_loses_nothing(
    harness: ServerHarness, poll: pytest.MonkeyPatch
) -> None:
    """The server is another version after the restart, which has no rows for it."""
    await harness.account("bob")
    await people(harness)
    harness.connect("bob").type("PASS :bob:correct horse\nNICK bob\nUSER bob 0 * x\nJOIN #tea")
    await harness.ask("ann", LINE)
    poll.undo()
    await harness.restart()
    said = kept(harness)
    assert (said.kind, said.content, said.text) == ("poll", CONTENT, TEXT)
    await people(harness)
    page = [line for line in await harness.ask("ann", "CHATHISTORY LATEST #tea * 9") if "PRIVMSG" in line]
    assert len(page) == 1 and page[0].endswith(f"PRIVMSG #tea :{TEXT}") and TAG not in page[0]
    told_again = [line for line in await harness.ask("nell", "/history") if TEXT in line]
    assert len(told_again) == 1 and told_again[0].endswith(f"] ann: {TEXT}")
    website = LazyWebsite(harness.node)
    harness.node.entrance.website = website.serve
    website.start()
    client = HttpClient(harness, website, "127.0.0.1", False)
    client.bear(await ticket(harness, "ann"))
    (shown,) = (await client.get("/api/v1/rooms/tea/messages")).json["messages"]
    assert shown["text"] == TEXT
    await website.stop()


async def test_nothing_is_left_of_it_when_it_is_deleted(harness: ServerHarness) -> None:
    await people(harness)
    (echo,) = told(await harness.ask("ann", LINE), "ann")
    number = echo.partition("msgid=")[2].partition(";")[0].partition(" ")[0]
    await harness.ask("ann", f"REDACT #tea {number}")
    said = kept(harness)
    assert said.redacted and (said.text, said.content) == ("", None)


async def test_its_text_is_not_edited_away_from_what_stands_beside_it(harness: ServerHarness) -> None:
    await people(harness)
    await harness.ask("ann", "CAP REQ :hubbub/edit")
    (echo,) = told(await harness.ask("ann", LINE), "ann")
    number = echo.partition("msgid=")[2].partition(";")[0].partition(" ")[0]
    assert "EDIT_FORBIDDEN" in (await harness.ask("ann", f"EDIT #tea {number} :Which coffee?"))[0]
    assert kept(harness).text == TEXT


@pytest.mark.parametrize(
    ("content", "verb"),
    [
        ("{", "PRIVMSG"),
        ('{"question":"Which tea?"}', "PRIVMSG"),
        ("[" * 3_000, "PRIVMSG"),
        ('{"question":"","choices":["%s"]}' % ("x" * (CONTENT_BYTES_MAX - 26)), "PRIVMSG"),
        (CONTENT, "NOTICE"),
    ],
)
async def test_what_is_no_content_of_its_kind_is_left_out(
    harness: ServerHarness, content: str, verb: str
) -> None:
    await people(harness)
    (echo,) = told(await harness.ask("ann", f"@{TAG}={escape_tag_value(content)} {verb} #tea :{TEXT}"), "ann")
    assert echo.endswith(f"{verb} #tea :{TEXT}") and TAG not in echo
    said = kept(harness)
    assert (said.kind, said.content) == (NOTICE if verb == "NOTICE" else MESSAGE, None)


async def test_only_the_kind_s_own_content_is_taken_from_a_program(harness: ServerHarness) -> None:
    """The engine decides what stands beside a text, wherever it comes from."""
    await people(harness)
    session = next(iter(harness.node.live.values()))
    for kind in (MESSAGE, TAGS):
        answer = harness.node.ask(SayInRoom("tea", "hello", kind=kind, content=CONTENT), session)
        assert isinstance(answer, list) and (answer[0].kind, answer[0].content) == (kind, None)
    poll = harness.node.ask(SayInRoom("tea", "hello", kind="poll"), session)
    assert isinstance(poll, list) and poll[0].kind == MESSAGE


async def test_of_several_lines_it_is_one(harness: ServerHarness) -> None:
    await people(harness)
    await harness.ask("ann", "CAP REQ :draft/multiline")
    for line in (
        f"@{TAG}={escape_tag_value(CONTENT)} BATCH +1 draft/multiline #tea",
        "@batch=1 PRIVMSG #tea :Which tea?",
        "@batch=1 PRIVMSG #tea :1. green",
    ):
        await harness.ask("ann", line)
    lines = told(await harness.ask("ann", "BATCH -1"), "ann")
    assert TAG in lines[0] and not [line for line in lines[1:] if TAG in line]
    assert (kept(harness).kind, kept(harness).content, kept(harness).text) == (
        "poll",
        CONTENT,
        "Which tea?\n1. green",
    )
