"""Custom emoji, by the same vectors as the page's core: what the server tells of them, and where they stand."""

import json
from pathlib import Path
from typing import Any

import pytest

from hubbub.client.client import Client
from hubbub.client.completion import Completer
from hubbub.client.custom_emoji import pieces
from hubbub.client.identity import Identity
from hubbub.wire.message import parse

VECTORS = json.loads((Path(__file__).parent / "vectors" / "emoji.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["texts"], ids=lambda vector: repr(vector["text"]))
def test_where_they_stand(vector: dict[str, Any]) -> None:
    found = [[one.text, one.name] for one in pieces(vector["text"], VECTORS["known"])]
    assert found == vector["pieces"]


def test_what_the_server_tells() -> None:
    client = Client(Identity("ann"), lambda: "x")
    for vector in VECTORS["lines"]:
        line = parse(vector["line"].encode())
        assert line is not None
        client.emoji.told(line)
        assert client.emoji.known == vector["known"], vector["line"]


def test_they_are_completed_and_stay_as_they_are_written() -> None:
    client = Client(Identity("ann"), lambda: "x")
    client.emoji.known = {"teatime": "a1", "party": "b2"}
    completer = Completer(client, {}, {"tea": "🍵"})
    found = completer.complete(":te", 3, None)
    assert found and [(one.text, one.hint) for one in found.suggestions] == [
        ("🍵 ", ":tea:"),
        (":teatime: ", "an emoji of this server"),
    ]
    assert completer.complete(":party:", 7, None) is None
