"""Threads in the clients' core, by the vectors that the page's core follows too, and at a server of ours."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hubbub.client.client import Client
from hubbub.client.identity import Identity, Password
from hubbub.client.threads import Thread
from tests.client.client_harness import ClientHarness
from tests.server_harness import ServerHarness

VECTORS = json.loads((Path(__file__).parent / "vectors" / "threads.json").read_text("utf-8"))


class Script:
    """A client, and what the steps of a vector do to it."""

    def __init__(self) -> None:
        self.client = Client(Identity("ann"), lambda: "x")
        self.barrier = ""

    def come(self, capabilities: str) -> None:
        self.client.opened(1_000, is_secure=True, is_private=True)
        for word in ("LS", "ACK"):
            self.lines([f":srv CAP * {word} :{capabilities}"])
        self.lines([":srv 001 ann :hello", ":srv 422 ann :no greeting"])
        self.sent(None)
        self.lines([":srv PONG srv :hubbub-LAST"])
        self.sent(None)

    def cut(self) -> None:
        self.client.closed(3_000)

    def lines(self, lines: list[str]) -> None:
        self.sent(None)
        for line in lines:
            text = line.replace("hubbub-LAST", self.barrier)
            self.client.received(f"{text}\r\n".encode(), 2_000)

    def sent(self, expected: list[str] | None) -> None:
        lines = b"".join(self.client.take_output()).decode().splitlines()
        for line in lines:
            if found := re.fullmatch(r"PING :?(hubbub-\d+)", line):
                self.barrier = found[1]
        if expected is not None:
            asked = [_in_order(line) for line in lines if re.search("THREAD|FOLLOW|PRIVMSG", line)]
            assert asked == expected

    def _thread(self, name: str, root: str) -> Thread:
        return self.client.open(name).threads[root]

    def roots(self, name: str, expected: dict[str, str]) -> None:
        messages = self.client.open(name).timeline.messages
        assert {message.id: message.root for message in messages if message.is_talk} == expected

    def thread(self, name: str, root: str, expected: list[Any]) -> None:
        one = self._thread(name, root)
        assert [one.count, one.last, one.last_ms, list(one.names)] == expected

    def followed(self, name: str, root: str, expected: list[Any]) -> None:
        one = self._thread(name, root)
        assert [one.is_following, one.unread, one.read] == expected

    def replies(self, name: str, root: str, text: str, expected: list[str], whole: bool) -> None:
        one = self._thread(name, root)
        assert one.message is not None and one.message.text == text
        assert [message.text for message in one.replies] == expected
        assert one.is_whole is whole

    def load(self, name: str, root: str) -> None:
        self.client.threads.load(self.client.open(name), root)

    def follow(self, name: str, root: str, following: bool) -> None:
        self.client.threads.follow(self.client.open(name), root, following)

    def mark_read(self, name: str, root: str) -> None:
        self.client.threads.mark_read(self.client.open(name), self._thread(name, root))

    def list_followed(self, more: bool) -> None:
        self.client.threads.ask_list(more)

    def listed(self, expected: Sequence[Any], unread: int, more: bool) -> None:
        threads = self.client.threads
        found = [
            [where.name, one.root, one.message.text if one.message else "", one.unread]
            for where, one in threads.followed
        ]
        assert (found, threads.unread, threads.has_more) == (expected, unread, more)

    def unread(self, name: str, expected: Sequence[int]) -> None:
        conversation = self.client.open(name)
        assert [conversation.unread, conversation.mentions] == expected

    def apart(self, name: str, expected: bool) -> None:
        assert self.client.threads.is_apart(self.client.open(name)) is expected

    def say(self, name: str, text: str, reply_to: str, in_thread: bool) -> None:
        self.client.say(self.client.open(name), text, reply_to=reply_to, in_thread=in_thread)


def _in_order(line: str) -> str:
    """The line with its tags by their names, and without colons."""
    if line.startswith("@"):
        tags, _, rest = line.partition(" ")
        line = f"@{';'.join(sorted(tags[1:].split(';')))} {rest}"
    return line.replace(":", "")


@pytest.mark.parametrize(
    ("name", "steps"), VECTORS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_threads(name: str, steps: list[list[Any]]) -> None:
    script = Script()
    for step, *given in steps:
        getattr(script, step)(*given)


async def test_a_thread_at_a_server_of_ours(harness: ServerHarness) -> None:
    """ann hears of replies to her message, reads the thread on one device, and finds it read on the other."""
    users = []
    for name, account in (("ann", "ann"), ("laptop", "ann"), ("bob", "bob")):
        if account == name:
            await harness.account(account)
        users.append(
            ClientHarness(harness, Identity(name, account=account, secret=Password("correct horse")))
        )
    ann, laptop, bob = users
    for user in users:
        user.connect()
        await user.settle()
        user.client.join("#tea")
        await user.settle()
    ann.client.say(ann["#tea"], "tea?")
    for user in users:
        await user.settle()
    root = bob["#tea"].timeline.messages[-1].id
    bob.client.say(bob["#tea"], "yes", reply_to=root)
    for user in (*users, *users):
        await user.settle()
    for user in (ann, laptop):
        thread = user["#tea"].threads[root]
        assert (thread.count, thread.names, thread.unread, thread.is_following) == (1, ("bob",), 1, True)
    laptop.client.threads.load(laptop["#tea"], root)
    await laptop.settle()
    thread = laptop["#tea"].threads[root]
    assert [message.text for message in thread.replies] == ["yes"] and thread.is_whole
    laptop.client.threads.mark_read(laptop["#tea"], thread)
    await laptop.settle()
    await ann.settle()
    assert ann["#tea"].threads[root].unread == 0
    ann.client.threads.ask_list()
    await ann.settle()
    [(where, listed)] = ann.client.threads.followed
    assert where is ann["#tea"] and listed.root == root and ann.client.threads.unread == 0
