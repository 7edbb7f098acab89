"""The socket between the gateway and the server: each answer reaches who has asked."""

import asyncio
import json
import socket
from typing import Any

import pytest

from hubbub.ssh.server_link import Control, NoServer


def nothing(*what: Any) -> None:
    """Nobody comes here."""


async def test_two_questions_for_one_visitor_get_their_own_answers() -> None:
    """As where two terminals are opened at once; the answers may come in any order."""
    own, other = socket.socketpair()
    control = Control(own, nothing, nothing, nothing)
    first = asyncio.create_task(control.ask(1, "key", name="ann"))
    second = asyncio.create_task(control.ask(1, "key", name="bob"))
    await asyncio.sleep(0)
    asked = [json.loads(line) for line in other.recv(65_536).splitlines()]
    for one in reversed(asked):
        answer = {"visit": 1, "number": one["number"], "pass": one["name"], "sockets": 0}
        other.send(json.dumps(answer).encode() + b"\n")
    assert [(await task)[0]["pass"] for task in (first, second)] == ["ann", "bob"]
    assert not control._answers
    third = asyncio.create_task(control.ask(1, "key", name="cid"))
    await asyncio.sleep(0)
    other.close()
    with pytest.raises(NoServer):
        await third
    assert not control._answers


async def test_a_busy_server_is_no_server_that_is_gone() -> None:
    """What it can't take now it is told later, in order: also that a visitor has gone and has left a place."""
    own, other = socket.socketpair()
    control = Control(own, nothing, nothing, nothing)
    for visit in range(20_000):
        control.say({"visit": visit, "ask": "done"})
    heard = b""
    while heard.count(b"\n") < 20_000:
        heard += other.recv(1 << 20)
        await asyncio.sleep(0)
    assert [json.loads(line)["visit"] for line in heard.splitlines()] == list(range(20_000))
    other.close()
    with pytest.raises(NoServer):
        control.say({"visit": 1, "ask": "done"})
