"""The lists beneath the windows: whatever changes, views are told exactly that; Qt's own tester looks on."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QAbstractItemModelTester

from hubbub.client.chat_model import Conversation, Delivery, Kind, Message, Outgoing
from hubbub.client.client import Client
from hubbub.client.formatting import plain
from hubbub.client.identity import Identity
from hubbub.desktop.app import application
from hubbub.desktop.markup import Ink, rich
from hubbub.desktop.message_rows import Manner, MessageModel
from hubbub.desktop.qt_properties import FIRST_ROLE, Rows, common_end, common_start

INK = Ink("#0000ff", "#eeeeee")


class Mirror:
    """What a view would show, put together from nothing but what it was told."""

    def __init__(self, model: QAbstractListModel, role: int) -> None:
        self.model, self.role = model, role
        self.rows: list[Any] = []
        self.told = 0
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.dataChanged.connect(self._changed)
        model.modelReset.connect(self._reset)
        self._reset()

    def _value(self, row: int) -> Any:
        return self.model.data(self.model.index(row), self.role)

    def _reset(self) -> None:
        self.rows = [self._value(row) for row in range(self.model.rowCount())]

    def _inserted(self, parent: object, first: int, last: int) -> None:
        self.told += last - first + 1
        self.rows[first:first] = [self._value(row) for row in range(first, last + 1)]

    def _removed(self, parent: object, first: int, last: int) -> None:
        del self.rows[first : last + 1]

    def _changed(self, first: Any, last: Any) -> None:
        for row in range(first.row(), last.row() + 1):
            self.told += 1
            self.rows[row] = self._value(row)


def watched(model: QAbstractListModel, role: int) -> Mirror:
    application()
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(model, mode, model)
    assert isinstance(tester.model(), QAbstractItemModel)
    return Mirror(model, role)


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_what_two_lists_have_in_common(one: list[int], other: list[int]) -> None:
    start = common_start(one, other)
    assert one[:start] == other[:start] and (
        one[start : start + 1] != other[start : start + 1] or start == len(one)
    )
    most = min(len(one), len(other)) - start
    end = common_end(one, other, most)
    assert end <= most and one[len(one) - end :] == other[len(other) - end :]


@given(st.lists(st.dictionaries(st.integers(0, 9), st.integers(0, 2)), max_size=12))
def test_rows_become_what_they_are_given(versions: list[dict[int, int]]) -> None:
    model = Rows("key", "value")
    keys, values = watched(model, FIRST_ROLE), Mirror(model, FIRST_ROLE + 1)
    for version in versions:
        model.update({"key": key, "value": value} for key, value in version.items())
        assert (keys.rows, values.rows) == (list(version), list(version.values()))


def test_one_row_more_is_told_as_one_row() -> None:
    model = Rows("key")
    model.update({"key": number} for number in range(1000))
    mirror = watched(model, FIRST_ROLE)
    model.update({"key": number} for number in range(1001))
    assert mirror.told == 1


def a_client() -> Client:
    return Client(Identity("ann"), lambda: "x")


def said(number: int, kind: Kind = Kind.SAID) -> Message:
    time_ms = 1_700_000_000_000 + number * 60_000
    return Message(kind, f"user{number % 3}", f"message {number}", time_ms, id=f"{number:06}")


@pytest.mark.parametrize("seed", range(12))
def test_messages_whatever_happens_to_them(seed: int) -> None:
    """Pages of history, what comes live, what is being sent, and gaps that close, in any order."""
    luck = random.Random(seed)
    client, here = a_client(), Conversation("#tea", is_room=True)
    model = MessageModel(client, Manner(), lambda message: ("", ""), lambda nick: "")
    words = model.roles.index("words") + FIRST_ROLE
    model.show(here)
    mirror = watched(model, words)
    unused = list(range(400))
    for turn in range(60):
        deed = luck.random()
        if deed < 0.4:
            start = luck.randrange(400)
            page = [n for n in range(start, min(start + luck.randrange(1, 30), 400)) if n in unused]
            for number in page:
                unused.remove(number)
            kinds = (Kind.SAID, Kind.JOINED, Kind.TOPIC)
            here.timeline.merge([said(number, luck.choice(kinds)) for number in page])
            model.sync()
            # A gap may have closed far from what came, and what is told together may be told anew.
            model.all_changed()
        elif deed < 0.6:
            here.timeline.append(said(1000 + turn))
        elif deed < 0.8:
            here.pending.append(Outgoing(f"n{turn}", "#tea", f"pending {turn}", 0))
        elif here.pending:
            entry = luck.choice(here.pending)
            if luck.random() < 0.5:
                entry.delivery, entry.error = Delivery.FAILED, "It was refused."
                model.sync()
                model.changed(entry)
            else:
                here.pending.remove(entry)
                here.timeline.append(said(2000 + turn))
        model.sync()
        items: list[Message | Outgoing] = [*here.timeline.messages, *here.pending]
        assert model.items == items
        assert mirror.rows == [model.row(row)["words"] for row in range(len(items))]
    for item in items:
        place = model.place(item)
        assert place is not None and model.item(place) is item


def test_of_a_hundred_thousand_only_what_is_seen_is_prepared() -> None:
    client, here = a_client(), Conversation("#tea", is_room=True)
    here.timeline.merge([said(number) for number in range(100_000)])
    asked: list[Message] = []

    def picture(message: Message) -> tuple[str, str]:
        asked.append(message)
        return "", ""

    model = MessageModel(client, Manner(), picture, lambda nick: "")
    model.show(here)
    for row in range(30):
        assert model.row(row)["words"] == f"message {99_999 - row}"
    here.timeline.append(said(100_000))
    model.sync()
    assert model.rowCount() == 100_001 and model.row(0)["words"] == "message 100000"
    assert len(asked) < 40


@given(st.text(alphabet=st.sampled_from("ab <>&\"'`*_~\n\x02\x1d#:/;=é😀"), max_size=80))
def test_a_text_says_what_it_says_and_nothing_else(text: str) -> None:
    application()
    document = QTextDocument()
    document.setHtml(rich(text, INK))
    assert _flat(document.toPlainText()) == _flat(plain(text))


def _flat(text: str) -> Sequence[str]:
    return text.replace("\u00a0", " ").split()


@pytest.mark.parametrize(
    "text",
    [
        "<img src='file:///etc/passwd'>",
        "<b>bold</b>",
        '"><script>alert(1)</script>',
        "&lt;i&gt;",
        "</div><p>",
    ],
)
def test_what_looks_like_markup_is_text(text: str) -> None:
    assert not any(f"<{tag}" in rich(text, INK) for tag in ("img", "b>", "script", "i>", "p>"))


def test_custom_emoji_are_pictures_outside_of_code() -> None:
    known = {"party": "file:///tmp/p'<\"x.png"}
    shown = rich("a :party: b `:party:` :other:", INK, known)
    assert shown.count("<img ") == 1 and "&quot;x.png" in shown and ":other:" in shown
    assert rich("https://x.org/:party:", INK, known).count("<img ") == 0


def test_a_name_with_marks_in_it_is_a_picture_too() -> None:
    shown = rich("_so_ :_cat_: :a_b:", INK, {"_cat_": "file:///c", "a_b": "file:///d"})
    assert shown.count("<img ") == 2 and shown.count("italic") == 1


def test_looks_and_links() -> None:
    assert 'href="https://example.org/?a=1&amp;b=2"' in rich("https://example.org/?a=1&b=2", INK)
    assert "font-weight:700" in rich("**bold**", INK) and "monospace" in rich("`code`", INK)
    assert "a &nbsp; b" in rich("a   b", INK)


@pytest.mark.parametrize(
    ("comings", "told"),
    [
        ("none", []),
        ("spoke", ["← user1 left"]),
        ("all", ["→ user0 joined", "← user1, user2 left"]),
    ],
)
def test_whose_coming_and_going_is_told(comings: str, told: list[str]) -> None:
    """And who says two things stands under one name, whoever came between them unseen."""
    here = Conversation("#tea", is_room=True)
    kinds = (Kind.JOINED, Kind.SAID, Kind.LEFT, Kind.LEFT, Kind.SAID)
    senders = ("user0", "user1", "user1", "user2", "user1")
    for number, (kind, sender) in enumerate(zip(kinds, senders, strict=True)):
        message = said(number, kind)
        message.sender, message.text = sender, "hello" if kind is Kind.SAID else ""
        here.timeline.append(message)
    model = MessageModel(a_client(), Manner(comings=comings), lambda message: ("", ""), lambda nick: "")
    model.show(here)
    rows = [model.row(row) for row in reversed(range(len(model.items)))]
    assert [row["words"] for row in rows if row["kind"] == "event"] == told
    assert [row["head"] for row in rows if row["kind"] == "talk"] == [True, comings != "none"]
