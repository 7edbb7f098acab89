"""Conversations as three servers have told them, replayed: the same lines give the same chat, however they are cut."""

import json
import random
from pathlib import Path

import pytest

from hubbub.client.chat_model import Kind, Message
from hubbub.client.client import Client
from hubbub.client.identity import Identity
from tests.client.model_snapshot import picture

RECORDED = Path(__file__).parent / "recorded"
"""What a client that calls itself ann was sent: by Hubbub, InspIRCd 3.15 and ngIRCd 26.1; and by Hubbub when she came
after a reaction, an edit and a deletion, which her first page of history holds together with their messages."""


def replay(server: str, seed: int) -> Client:
    """A client that hears the recorded lines, in pieces that chance makes."""
    chance = random.Random(seed)
    client = Client(Identity("ann", rooms=("#tea",)), lambda: "x")
    client.opened(1_000, is_secure=False, is_private=True)
    data = (RECORDED / f"{server}.txt").read_bytes()
    while data:
        size = chance.choice((1, 7, 100, 2_000))
        client.received(data[:size], 1_795_000_000_000)
        client.take_output()
        data = data[size:]
    return client


def said(client: Client, name: str) -> list[str]:
    conversation = client.find(name)
    assert conversation
    return [f"{m.sender}: {_text(m)}" for m in conversation.timeline.messages if m.is_talk]


def _text(message: Message) -> str:
    text = "(deleted)" if message.is_deleted else message.text
    return f"* {text}" if message.kind is Kind.ACTION else text


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("server", "texts"),
    [
        (
            "hubbub",
            ["ann: good morning", "bob: good morning ann", "bob: * (deleted)", "robert: one\ntwo"],
        ),
        ("inspircd", ["ann: good morning", "bob: morning ann", "bob: * waves"]),
        ("ngircd", ["bob: morning ann", "bob: * waves"]),
    ],
)
def test_the_same_chat(server: str, texts: list[str], seed: int) -> None:
    client = replay(server, seed)
    assert said(client, "#tea") == texts
    assert said(client, "bob" if client.find("bob") else "robert") == ["bob: psst"]
    room = client.find("#tea")
    assert room and room.topic == "Oolong" and set(room.members) == {"ann"}
    assert room.members["ann"].ranks.startswith(("@", "~"))
    kinds = [message.kind for message in room.timeline.messages]
    assert Kind.RENAMED in kinds and kinds[-1] is Kind.QUIT


@pytest.mark.parametrize("server", ["hubbub", "history", "inspircd", "ngircd"])
def test_all_that_is_known(server: str) -> None:
    """The page's own core is held to the same file."""
    assert picture(replay(server, 0)) == json.loads((RECORDED / f"{server}.json").read_text())


def test_what_only_ours_tells() -> None:
    room = replay("hubbub", 1).find("#tea")
    assert room
    morning, edited, deleted, answer = (m for m in room.timeline.messages if m.is_talk)
    assert morning.reactions == {"👍": ["robert"]} and answer.reply_to == morning.id
    assert edited.edited_ms > edited.time_ms > 0 and deleted.deleted_by == "robert"


def test_a_page_of_history_with_what_happened_to_its_messages() -> None:
    room = replay("history", 2).find("#tea")
    assert room
    question, edited, deleted, taken_back = (m for m in room.timeline.messages if m.is_talk)
    assert question.reactions == {"👍": ["carol"]} and taken_back.reactions == {}
    assert edited.text == "oolong" and edited.edited_ms > edited.time_ms
    assert deleted.is_deleted and deleted.deleted_by == "bob" and deleted.text == ""
    assert room.orphans == {}
