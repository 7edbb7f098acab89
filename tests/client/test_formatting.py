"""How texts look: IRC's codes, Markdown's everyday part, links; and what completes a word."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.client.chat_model import Kind, Member, Message
from hubbub.client.client import Client
from hubbub.client.completion import Completer, with_emoji
from hubbub.client.formatting import PLAIN, Look, Span, colour, links, plain, spans, uncoded
from hubbub.client.identity import Identity

VECTORS = json.loads((Path(__file__).parent / "vectors" / "formatting.json").read_text())
"""The page's own core is held to the same file."""


@pytest.mark.parametrize("vector", VECTORS["spans"], ids=lambda vector: repr(vector["text"][:20]))
def test_spans(vector: dict[str, Any]) -> None:
    expected = [Span(text, Look(**look)) for text, look in vector["spans"]]
    # Whether code is a block is no look of its own there.
    assert [Span(one.text, replace(one.look, block=False)) for one in spans(vector["text"])] == expected


@pytest.mark.parametrize("vector", VECTORS["links"], ids=lambda vector: vector["text"])
def test_links(vector: dict[str, Any]) -> None:
    assert links(vector["text"]) == vector["links"]


@given(st.text(alphabet=st.sampled_from("ab *_~`\x02\x03\x0f\x1d0123456789,#:/.()\n\x1b\x07"), max_size=80))
def test_nothing_of_a_text_is_lost_but_its_marks(text: str) -> None:
    kept = plain(text)
    assert not set(kept) & set("\x1b\x07\x02\x03\x0f\x1d")
    letters = [letter for letter in text if letter in "ab"]
    assert [letter for letter in kept if letter in "ab"] == letters


def test_code_is_a_block_or_in_its_line_and_copied_with_its_marks() -> None:
    text = "\x02see\x02 `x  y`:\n```py\n  if a:\n    b\n```"
    code = [(span.text, span.look.block) for span in spans(text) if span.look.code]
    assert code == [("x  y", False), ("  if a:\n    b\n", True)]
    assert uncoded(text) == text.replace("\x02", "") and "`" not in plain(text)


def test_colours() -> None:
    assert colour(0) == "#ffffff" and colour(16) == "#470000" and colour(98) == "#ffffff" and colour(99) == ""
    assert len({colour(number) for number in range(16, 88)}) == 72
    assert Span("x").look is PLAIN


EMOJI = {"tada": "🎉", "tea": "🍵", "teapot": "🫖"}


def test_emoji_by_their_names() -> None:
    assert with_emoji("a :tada: b :nothing: 10:30:20 `:tea:` :tea::tada:", EMOJI) == (
        "a 🎉 b :nothing: 10:30:20 `:tea:` 🍵🎉"
    )


def completer() -> tuple[Completer, Client]:
    client = Client(Identity("ann"), lambda: "x")
    room = client.open("#tea")
    client.open("#coffee")
    for nick in ("bob", "Bobby", "cleo"):
        room.members[nick.lower()] = Member(client.people.get(nick))
    client.people.get("cleo").metadata["display-name"] = "Cleopatra"
    room.timeline.append(Message(Kind.SAID, "Bobby", "hello", 1, "1"))
    return Completer(client, {"topic": "the topic", "join": "go"}, EMOJI), client


@pytest.mark.parametrize(
    ("line", "asked", "expected"),
    [
        ("/to", False, ["/topic "]),
        ("say /to", False, None),
        ("@bo", False, ["@Bobby ", "@bob "]),
        ("hi @bo", False, ["@Bobby ", "@bob "]),
        ("bo", False, None),
        ("bo", True, ["Bobby: ", "bob: "]),
        ("hi bo", True, ["Bobby ", "bob "]),
        ("cleop", True, ["cleo: "]),
        ("see #co", False, ["#coffee "]),
        (":te", False, ["🍵 ", "🫖 "]),
        (":t", False, None),
        (":tea:", False, None),
        ("", True, None),
    ],
)
def test_completion(line: str, asked: bool, expected: list[str] | None) -> None:
    made, client = completer()
    found = made.complete(line, len(line), client.find("#tea"), asked=asked)
    assert (found and [suggestion.text for suggestion in found.suggestions]) == expected


def test_a_word_in_the_middle_is_completed_up_to_the_cursor() -> None:
    made, client = completer()
    found = made.complete("ask @cl about", 7, client.find("#tea"))
    assert found and (found.start, found.end) == (4, 7)
