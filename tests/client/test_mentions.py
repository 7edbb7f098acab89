"""Which messages mention a client's user, by the vectors that the page's core follows too."""

import json
from pathlib import Path

import pytest

from hubbub.client.client import Client
from hubbub.client.identity import Identity

VECTORS = json.loads((Path(__file__).parent / "vectors" / "mentions.json").read_text())


@pytest.mark.parametrize(
    ("capabilities", "account", "nick", "lines", "expected"),
    [vector[1:] for vector in VECTORS],
    ids=[vector[0] for vector in VECTORS],
)
def test_what_mentions_its_user(
    capabilities: str, account: str, nick: str, lines: list[str], expected: bool
) -> None:
    client = Client(Identity(nick), lambda: "x")
    client.opened(1_000, is_secure=True, is_private=True)
    arrival = [f":srv CAP * LS :{capabilities}", f":srv CAP * ACK :{capabilities}"]
    signed_in = [f":srv 900 {nick} {nick}!a@h {account} :You are signed in"] if account else []
    here = [f":srv 001 {nick} :hello", f":srv 422 {nick} :no greeting", f":{nick}!a@h JOIN #tea"]
    for line in (*arrival, *signed_in, *here, *lines):
        client.received(f"{line}\r\n".encode(), 2_000)
    (message,) = [
        one for room in client.conversations.values() for one in room.timeline.messages if one.is_talk
    ]
    assert message.is_mention is expected
