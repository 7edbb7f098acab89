"""Finding people: everybody with an account where the server lists them, also who is not connected."""

from pathlib import Path

import pytest

from hubbub.client.chat_model import Conversation, Person
from hubbub.client.completion import Completer
from hubbub.client.formatting import mentions
from hubbub.client.identity import Identity, Password
from hubbub.client.navigation import Goal, Way, goals
from hubbub.dialects.irc import members as pages
from tests.client.client_harness import ClientHarness, come, settle
from tests.filled_place import filled_place
from tests.server_harness import ServerHarness


async def signed_in(harness: ServerHarness, name: str) -> ClientHarness:
    user = ClientHarness(harness, Identity(name, account=name, secret=Password("correct horse")))
    user.connect()
    await user.settle()
    return user


async def patiently(harness: ServerHarness, user: ClientHarness) -> None:
    """Until the server has answered, though so many rooms' history was asked for before that it slows down."""
    for _ in range(6):
        harness.wait(30)
        await user.settle()


def offered(user: ClientHarness, text: str) -> list[Goal]:
    known = user.client.directory
    known.seek(text)
    return goals(list(user.client.conversations.values()), text, known.rooms, known.people)


@pytest.mark.parametrize("page", [500, 10])
async def test_everybody_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    """Also where the first page does not have them all: then the server is asked."""
    monkeypatch.setattr(pages, "PAGE", page)
    async with filled_place(tmp_path) as harness:
        ann = await signed_in(harness, "ann")
        ann.client.directory.refresh()
        await patiently(harness, ann)
        offered(ann, "zeno51")
        await patiently(harness, ann)
        [found] = [goal for goal in offered(ann, "zeno51") if goal.way is Way.TALK]
        assert found.name == "zeno51" and found.topic == "offline" and "(zeno51)" in found.words
        words = Completer(ann.client, {}, {})
        hints = words.complete("/msg zeno5", 10, None)
        assert hints is not None and hints.suggestions[0].text == "zeno51 "
        assert hints.suggestions[0].hint.endswith("offline")


async def test_without_the_directory_those_who_are_connected_are_found(harness: ServerHarness) -> None:
    await harness.account("bob")
    await harness.irc("carl")
    gus = await come(harness, "gus")
    gus.client.directory.refresh()
    await settle(gus)
    directory = gus.client.directory
    assert [person.nick for person in directory.people] == ["carl"]
    assert directory.refusal == "This requires an account. Register one, or log in to yours."


def test_people_are_offered_by_shown_name_and_once() -> None:
    bob, eve = Person("bob", is_online=False), Person("eve", is_online=True)
    bob.metadata["display-name"], eve.metadata["display-name"] = "Zoé", "Zoé"
    talk = Conversation("bob", is_room=False)
    assert [goal.words for goal in goals([], "zoe", (), (bob, eve)) if goal.way is Way.TALK] == [
        "Message Zoé (eve) privately",
        "Message Zoé (bob) privately",
    ]
    found = [goal for goal in goals([talk], "zoe", (), (bob,)) if goal.way is not Way.MAKE]
    assert [(goal.way, goal.conversation) for goal in found] == [(Way.GO, talk)]


def test_mentions_in_a_text() -> None:
    known = {"bob", "a-b"}.__contains__
    pieces = list(mentions("hi @bob, @a-b: @nobody, x@bob", known))
    assert [piece for piece, is_name in pieces if is_name] == ["@bob", "@a-b"]
    assert "".join(piece for piece, _ in pieces) == "hi @bob, @a-b: @nobody, x@bob"
