"""Timelines, completion, the outbox and STS, by the vectors that the page's core follows too (webclient/tests)."""

import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hubbub.client.chat_model import Conversation, Kind, Outgoing
from hubbub.client.client import Client
from hubbub.client.completion import Completer, with_emoji
from hubbub.client.identity import Identity
from hubbub.client.outbox import parts
from hubbub.client.sts import Policy, parse_sts
from hubbub.client.timeline import Timeline
from hubbub.wire.message import Message as Line
from hubbub.wire.message import parse


def _vectors(name: str) -> Any:
    return json.loads((Path(__file__).parent / "vectors" / f"{name}.json").read_text("utf-8"))


class TimelineScript:
    """A timeline, and what the steps of a vector do to it; messages are known by their labels."""

    def __init__(self) -> None:
        self.timeline: Timeline[Any] = Timeline()

    def message(self, label: str, message_id: str, time_ms: int) -> Any:
        return SimpleNamespace(label=label, id=message_id, time_ms=time_ms, place_ms=0, follows_gap=False)

    def append(self, label: str, message_id: str, time_ms: int, is_new: bool) -> None:
        assert self.timeline.append(self.message(label, message_id, time_ms)) is is_new

    def local(self, label: str, time_ms: int, is_new: bool) -> None:
        assert self.timeline.append(self.message(label, "", time_ms), is_local=True) is is_new

    def merge(self, page: list[tuple[str, str, int]], joins: str, fresh: list[str]) -> None:
        by_label = {one.label: one for one in self.timeline.messages}
        messages = [
            by_label[label] if not at and label in by_label else self.message(label, at, time)
            for label, at, time in page
        ]
        new = self.timeline.merge(messages, joins_older=joins == "older", joins_newer=joins == "newer")
        assert [one.label for one in new] == fresh

    def show(self, expected: list[str]) -> None:
        assert [f"{'?' if one.follows_gap else ''}{one.label}" for one in self.timeline.messages] == expected

    def since(self, time_ms: int, expected: list[str]) -> None:
        assert [one.label for one in self.timeline.since(time_ms)] == expected

    def newest(self, expected: str) -> None:
        assert (newest := self.timeline.newest_known()) and newest.label == expected

    def gaps(self, expected: list[str]) -> None:
        assert [one.label for one in self.timeline.gaps()] == expected


@pytest.mark.parametrize(("name", "steps"), _vectors("timeline"))
def test_timelines(name: str, steps: list[list[Any]]) -> None:
    script = TimelineScript()
    for step, *given in steps:
        getattr(script, step)(*given)


COMPLETION = _vectors("completion")


@pytest.fixture(scope="module")
def completing() -> Client:
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1_000, is_secure=True, is_private=True)
    client.received("".join(f"{line}\r\n" for line in COMPLETION["lines"]).encode(), 2_000)
    line = parse(COMPLETION["emoji_line"].encode())
    assert line is not None
    client.emoji.told(line)
    return client


@pytest.mark.parametrize("case", COMPLETION["cases"], ids=lambda case: repr(case["text"]))
def test_completion(case: dict[str, Any], completing: Client) -> None:
    completer = Completer(completing, COMPLETION["words"], COMPLETION["emoji"])
    at = case.get("at", len(case["text"]))
    here = completing.find(COMPLETION["here"])
    found = completer.complete(case["text"], at, here, asked=case.get("asked", False))
    assert (found and [one.text for one in found.suggestions]) == case["found"]
    if found:
        assert (found.start, found.end) == (case.get("start", 0), at)
    if found and "hints" in case:
        assert [one.hint for one in found.suggestions] == case["hints"]


@pytest.mark.parametrize(("text", "expected"), COMPLETION["written"])
def test_emoji_written_by_name(text: str, expected: str) -> None:
    assert with_emoji(text, COMPLETION["emoji"]) == expected


OUTBOX = _vectors("outbox")


@pytest.mark.parametrize(("multiline", "target", "kind", "text", "expected"), OUTBOX["parts"])
def test_parts(multiline: list[int] | None, target: str, kind: str, text: str, expected: list[str]) -> None:
    limits = (multiline[0], multiline[1]) if multiline else None
    assert parts(limits, target, Kind(kind), text) == expected


class OutboxScript:
    """A client in a room of a server with some capabilities, which the steps of a vector play."""

    SAYS = ("PRIVMSG", "NOTICE", "BATCH", "TAGMSG", "REDACT", "EDIT")

    def __init__(self, capabilities: list[str]) -> None:
        numbers = itertools.count()
        self.made: list[str] = []
        self.client = Client(Identity("ann"), lambda: self._made(f"entropy{next(numbers):04}"))
        self.capabilities = " ".join(capabilities)
        self.now_ms = 1_000
        self.said: list[Line] = []
        self.open_answers: list[tuple[str, str]] = []
        self.names: dict[str, str] = {}
        self.back()

    def _made(self, nonce: str) -> str:
        self.made.append(nonce)
        return nonce

    @property
    def room(self) -> Conversation:
        return self.client.open("#tea")

    def back(self) -> None:
        self.client.opened(self.now_ms, is_secure=True, is_private=True)
        self.line(f":srv CAP * LS :{self.capabilities}")
        self.line(":srv 001 ann :hello")
        self.line(":srv 422 ann :no greeting")
        self.line(":ann!a@h JOIN #tea")

    def line(self, text: str) -> None:
        self.client.received(f"{text}\r\n".encode(), self.now_ms)
        self.listen()

    def listen(self) -> None:
        """Answer what comes of coming in; keep what is said, and by which label or PING it is answered."""
        lines = [parse(raw.rstrip()) for raw in self.client.take_output()]
        for at, line in enumerate(lines):
            following = lines[at + 1] if at + 1 < len(lines) else None
            if line.verb == "CAP" and line.params[0] == "REQ":
                self.line(f":srv CAP * ACK :{line.params[1]}")
            elif line.verb in self.SAYS:
                self.said.append(line)
                is_first = "batch" not in line.tags and not line.params[0].startswith("-")
                if is_first and (label := line.tags.get("label")):
                    self.open_answers.append(("label", label))
                elif "label" not in line.tags and following and following.verb == "PING":
                    self.open_answers.append(("ping", following.params[0]))
            elif label := line.tags.get("label"):
                self.line(f"@label={label} :srv ACK")
            elif line.verb == "PING" and (at == 0 or lines[at - 1].verb not in self.SAYS):
                self.line(f":srv PONG srv :{line.params[0]}")

    def say(self, text: str) -> None:
        self.client.say(self.room, text)
        self.listen()

    def answer(self, line: str | None) -> None:
        kind, token = self.open_answers.pop(0)
        if kind == "label":
            self.line(f"@label={token} {line or ':srv ACK'}")
            return
        if line:
            self.line(line)
        self.line(f":srv PONG srv :{token}")

    def cut(self) -> None:
        self.open_answers.clear()
        self.client.closed(self.now_ms)

    def tick(self, by_ms: int) -> None:
        self.now_ms += by_ms
        self.client.tick(self.now_ms)
        self.listen()

    def again(self, at: int) -> None:
        self.client.outbox.again(self._entry(at))
        self.listen()

    def drop(self, at: int) -> None:
        self.client.outbox.drop(self._entry(at))

    def _entry(self, at: int) -> Outgoing:
        return self.room.pending[at]

    def pending(self, expected: list[list[Any]]) -> None:
        found = [[one.text, one.delivery.value, one.is_uncertain] for one in self.room.pending]
        assert found == expected

    def messages(self, expected: list[str]) -> None:
        assert [one.text for one in self.room.timeline.messages if one.is_talk] == expected

    def sent(self, expected: list[list[Any]]) -> None:
        said, self.said = self.said, []
        found = []
        for line in said:
            tags = {key: self._named(value) for key, value in sorted(line.tags.items()) if key != "label"}
            found.append([line.verb, *map(self._named, line.params), *([tags] if tags else [])])
        assert found == expected

    def _named(self, text: str) -> str:
        """With n1, n2 … in the place of what chance has made, in the order in which it is seen."""
        for nonce in self.made:
            if nonce in text:
                text = text.replace(nonce, self.names.setdefault(nonce, f"n{len(self.names) + 1}"))
        return text


@pytest.mark.parametrize(("name", "capabilities", "steps"), OUTBOX["scripts"])
def test_the_outbox(name: str, capabilities: list[str], steps: list[list[Any]]) -> None:
    script = OutboxScript(capabilities)
    for step, *given in steps:
        getattr(script, step)(*given)


@pytest.mark.parametrize(("value", "expected"), _vectors("sts"))
def test_sts(value: str, expected: list[int | None] | None) -> None:
    """It is read, and never asked for: sts, "clients MUST NOT request this capability"."""
    assert parse_sts(value) == (Policy(*expected) if expected else None)
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1_000, is_secure=True, is_private=True)
    client.take_output()
    client.received(f":srv CAP * LS :batch sts={value}\r\n".encode(), 2_000)
    assert [line for line in client.take_output() if line.startswith(b"CAP REQ")] == [b"CAP REQ batch\r\n"]
