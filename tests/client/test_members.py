"""Members and people who are offline, by the vectors that the page's core follows too (webclient/tests)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hubbub.client.chat_model import Member, Person
from hubbub.client.client import Client
from hubbub.client.completion import Completer
from hubbub.client.identity import Identity, Password
from hubbub.client.members import PeoplePage
from hubbub.dialects.irc import members as pages
from tests.client.client_harness import ClientHarness
from tests.server_harness import ServerHarness

VECTORS = json.loads((Path(__file__).parent / "vectors" / "members.json").read_text("utf-8"))


class Script:
    """A client, and what the steps of a vector do to it."""

    def __init__(self) -> None:
        self.client = Client(Identity("ann"), lambda: "x")
        self.barrier = ""
        self.page: PeoplePage | None = None

    def come(self, capabilities: str) -> None:
        self.client.opened(1_000, is_secure=True, is_private=True)
        for word in ("LS", "ACK"):
            self.lines([f":srv CAP * {word} :{capabilities}"])
        self.lines([":srv 001 ann :hello", ":srv 422 ann :no greeting"])
        self.sent(None)
        self.lines([":srv PONG srv :hubbub-LAST"])
        self.sent(None)

    def lines(self, lines: list[str]) -> None:
        for line in lines:
            text = line.replace("hubbub-LAST", self.barrier)
            self.client.received(f"{text}\r\n".encode(), 2_000)

    def look(self, name: str) -> None:
        self.client.look_at(self.client.open(name))

    def sent(self, expected: list[str] | None) -> None:
        lines = b"".join(self.client.take_output()).decode().splitlines()
        for line in lines:
            if found := re.fullmatch(r"PING :?(hubbub-\d+)", line):
                self.barrier = found[1]
        if expected is not None:
            asked = [line.replace(":", "") for line in lines if re.match("MEMBERS|PEOPLE", line)]
            assert asked == expected

    def members(self, name: str, expected: list[list[Any]]) -> None:
        conversation = self.client.open(name)
        assert [_row(member) for _, member in sorted(conversation.members.items())] == expected

    def present(self, name: str, expected: list[str]) -> None:
        conversation = self.client.open(name)
        assert sorted(member.nick for member in conversation.present) == expected
        assert len(conversation.present) + len(conversation.absent) == len(conversation.members)

    def all(self, name: str, expected: bool) -> None:
        assert self.client.open(name).has_all_members is expected

    def known(self, name: str, expected: dict[str, str]) -> None:
        person = self.client.people.find(name)
        assert person is not None and person.metadata == expected

    def complete(self, name: str, text: str, expected: list[str]) -> None:
        found = Completer(self.client, {}, {}).complete(text, len(text), self.client.open(name))
        assert [one.text for one in found.suggestions] == expected if found else not expected

    def look_for(self, text: str, cursor: str) -> None:
        def took(page: PeoplePage) -> None:
            self.page = page

        self.page = None
        self.client.members.look_for(text, took, cursor)

    def found(self, names: list[str], total: int, following: str, error: str) -> None:
        page = self.page
        assert page is not None
        assert [person.nick for person in page.people] == names
        assert (page.total, page.following, page.error) == (total, following, error)


def _row(member: Member) -> list[Any]:
    person = member.person
    return [
        person.nick,
        member.ranks,
        _presence(person),
        person.role,
        person.last_seen_ms,
        person.display_name,
    ]


def _presence(person: Person) -> str:
    if person.is_online is False:
        return "offline"
    return "away" if person.is_away else "here"


async def test_a_server_of_ours_lists_all_members(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, with their metadata; and people who are offline stay so while one is disconnected."""
    monkeypatch.setattr(pages, "PAGE", 1)
    for name in ("ann", "bob"):
        await harness.account(name)
    bob = ClientHarness(harness, Identity("bobby", account="bob", secret=Password("correct horse")))
    ann = ClientHarness(harness, Identity("ann", account="ann", secret=Password("correct horse")))
    for user in (bob, ann):
        user.connect()
        await user.settle()
        user.client.join("#tea")
        await user.settle()
    bob.client.ask("METADATA", "*", "SET", "display-name", "Bob Jones")
    await bob.settle()
    bob.cut()
    await harness.settle()
    room = ann.client.open("#tea")
    for _ in range(2):
        ann.client.look_at(room)
        await ann.settle()
        assert room.has_all_members
        assert [member.nick for member in room.present] == ["ann"]
        assert [(one.nick, one.person.display_name) for one in room.absent] == [("bob", "Bob Jones")]
        ann.cut()
        assert [member.nick for member in room.absent] == ["bob"]
        ann.connect()
        await ann.settle()


@pytest.mark.parametrize(
    ("name", "steps"), VECTORS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_members(name: str, steps: list[list[Any]]) -> None:
    script = Script()
    for step, *given in steps:
        getattr(script, step)(*given)
