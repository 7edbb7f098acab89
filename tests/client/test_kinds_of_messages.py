"""Kinds of messages at a client: one without a row reads as its text, one with a row is kept with what it has."""

import json
from pathlib import Path

import pytest

from hubbub.client.chat_model import TALK, Kind, TalkKind, TalkLook
from hubbub.client.outbox import parts
from hubbub.dialects.irc import message_kinds
from hubbub.engine.message_kinds import has_text
from tests.client.client_harness import come, settle
from tests.server_harness import ServerHarness

TAG = "+example/poll"
TEXT = "Which tea? 1. green 2. black"


async def say(harness: ServerHarness, *lines: str) -> None:
    """Say these as ann, whose client has every capability; what others are shown waits for them."""
    ann = harness.connect("ann")
    ann.type("CAP REQ :message-tags draft/message-redaction\nNICK ann\nUSER ann 0 * :Ann\nCAP END\nJOIN #tea")
    for line in lines:
        ann.type(line)
    await harness.settle()


async def test_a_kind_without_a_row_reads_as_its_text(harness: ServerHarness) -> None:
    bob = await come(harness, "bob", rooms=("#tea",))
    await say(harness, f"@{TAG}=[1] PRIVMSG #tea :{TEXT}")
    await settle(bob)
    message = bob["#tea"].timeline.messages[-1]
    assert (message.kind, message.text, message.content) == (Kind.SAID, TEXT, "")
    assert message.is_talk and not message.is_own


async def test_a_kind_with_a_row_is_kept_with_what_it_has_beside_its_text(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TALK, Kind.NOTE, TalkKind(content_tag=TAG))
    bob = await come(harness, "bob", rooms=("#tea",))
    await say(harness, f"@{TAG}=[1] PRIVMSG #tea :{TEXT}", f"PRIVMSG #tea :{TEXT}")
    await settle(bob)
    poll, said = bob["#tea"].timeline.messages[-2:]
    assert (poll.kind, poll.text, poll.content, poll.look) == (Kind.NOTE, TEXT, "[1]", TalkLook.TALK)
    assert (said.kind, said.content) == (Kind.SAID, "")
    harness.people["ann"].type(f"REDACT #tea {poll.id}")
    await settle(bob)
    assert poll.is_deleted and poll.content == ""


def test_a_kind_that_is_a_ctcp_leaves_room_for_it() -> None:
    longest = {kind: len(parts(None, "#tea", kind, "x" * 1_000)[0]) for kind in (Kind.SAID, Kind.ACTION)}
    assert longest[Kind.SAID] - longest[Kind.ACTION] == len("\x01ACTION \x01")


def test_every_kind_with_a_text_has_its_row() -> None:
    rows = {(row.verb, row.content_tag) for row in TALK.values()}
    told = {(row.verb, row.content_tag) for kind, row in message_kinds.KINDS.items() if has_text(kind)}
    assert told <= rows


def test_the_page_has_the_same_rows() -> None:
    """`webclient/tests/kinds.test.ts` compares the page's rows with the same file."""
    rows = {kind.value: [row.verb, row.ctcp, row.content_tag, row.look.value] for kind, row in TALK.items()}
    assert json.loads((Path(__file__).parent / "vectors/kinds.json").read_text("utf-8")) == rows
