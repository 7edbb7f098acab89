"""Searching: which messages are found, in any language, and only where the asker may look."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import Origin
from hubbub.engine.message_kinds import MESSAGE, TAGS
from hubbub.engine.messages import MessageSaid, ToPerson, ToRoom
from hubbub.storage import SqliteStorage, full_text_index, open_storage
from hubbub.storage.schema import MIGRATIONS
from hubbub.storage.sqlite import FRESH_MAX
from hubbub.storage.subjects import messages
from tests.storage.earlier_schemas import database_of

TEA, COFFEE = 5, 6
ANN, BOB, EVE = (Origin(number, name) for number, name in ((71, "ann"), (72, "bob"), (73, "eve")))


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqliteStorage]:
    made = open_storage(tmp_path / "hubbub.db")
    yield made
    made.close()


def said(number: int, text: str, room: int = TEA, by: Origin = ANN, kind: str = MESSAGE) -> MessageSaid:
    return MessageSaid(number, by, ToRoom(room, "tea"), text, kind)


def found(storage: SqliteStorage, text: str, *rooms: int, limit: int = 100) -> list[int]:
    events = storage.search(text=text, limit=limit, rooms=[(room, 0) for room in rooms or (TEA,)])
    return [event.id for event in events]


LANGUAGES = {
    "The quick brown fox, doesn't it?": ("quick", "FOX", "brown quick", '"quick brown"', "doesn't"),
    "Über den Straßen von Saarbrücken": ("uber", "STRASSEN", "saarbrucken", "Saarbrücken"),
    "Пусть всегда будет солнце": ("СОЛНЦЕ", "всегда"),
    "Καλημέρα κόσμε": ("καλημερα", "ΚΌΣΜΕ"),
    "גָּדוֹל": ("גדול",),
    "Ёлка и йод": ("елка", "йод"),
    "مرحبا بالعالم": ("مرحبا", "بالعالم"),
    "שלום עולם": ("עולם",),
    "हिन्दी में खोज": ("हिन्दी", "खोज"),
    "今天天气很好": ("天气", "很好", "今天 很好"),
    "東京タワーへ行きましょう": ("東京", "タワー", "行きましょう"),
    "안녕하세요 세계": ("안녕", "세계"),
    "สวัสดีชาวโลก": ("ชาวโลก", "สวัสดี"),
    "ｆｕｌｌ width": ("full",),
    "that is 🎉🎉 great": ("🎉", "🎉 great"),
    "\x02bold\x02 and \x0304red": ("bold", "red"),
    "first line\nsecond line": ("second", '"line second"'),
}


@pytest.mark.parametrize("text", LANGUAGES)
def test_words_of_any_language(storage: SqliteStorage, text: str) -> None:
    storage.commit([said(number, other) for number, other in enumerate(LANGUAGES, start=1)])
    number = list(LANGUAGES).index(text) + 1
    for asked in LANGUAGES[text]:
        assert found(storage, asked) == [number], asked


@pytest.mark.parametrize(
    "asked",
    [
        "quic",
        "fox quick missing",
        '"brown quick"',
        "气天",
        "!!!",
        '""',
        '"',
        "…",
        "NEAR(a b)",
        "text:fox",
        "fox*OR",
    ],
)
def test_what_is_not_there(storage: SqliteStorage, asked: str) -> None:
    storage.commit([said(number, other) for number, other in enumerate(LANGUAGES, start=1)])
    assert found(storage, asked) == []


def test_nothing_asked_for_is_everything(storage: SqliteStorage) -> None:
    storage.commit([said(1, "a"), said(2, "b", COFFEE), said(3, "c")])
    assert found(storage, "") == [1, 3] and found(storage, "  ") == [1, 3]


def test_only_in_the_rooms_that_are_named(storage: SqliteStorage) -> None:
    storage.commit(
        [said(1, "word"), said(2, "word", COFFEE), MessageSaid(3, ANN, ToPerson(72, "bob"), "word")]
    )
    assert found(storage, "word") == [1]
    assert found(storage, "word", TEA, COFFEE) == [1, 2]
    assert storage.search(text="word", limit=9) == ()
    # A word of the index is no way to look elsewhere.
    for asked in ("r6", "place:r6", "c71", '" OR place : "r6'):
        assert found(storage, asked) == []


def test_from_when_on_a_room_is_read(storage: SqliteStorage) -> None:
    storage.commit(
        [said(number, "word", room) for number, room in ((1, TEA), (2, COFFEE), (3, TEA), (4, COFFEE))]
    )
    events = storage.search(text="word", limit=9, rooms=[(TEA, 1), (COFFEE, 2)])
    assert [event.id for event in events] == [3, 4]


def test_what_was_said_before_is_not_looked_at(
    storage: SqliteStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has just come into a large room would have all of it read, and nothing found, with each search."""
    monkeypatch.setattr(full_text_index, "PART_MESSAGES", 10)
    storage.commit([said(number, "word") for number in range(1, 96)])
    read: list[int] = []
    message = messages.message

    def reading(row: Sequence[Any]) -> MessageSaid:
        read.append(row[0])
        return message(row)

    monkeypatch.setattr(messages, "message", reading)
    events = storage.search(text="word", limit=9, rooms=[(TEA, 93)], person=EVE.person)
    assert [event.id for event in events] == [94, 95] and len(read) <= 10


def test_private_messages(storage: SqliteStorage) -> None:
    storage.commit(
        [
            MessageSaid(1, ANN, ToPerson(72, "bob"), "word"),
            MessageSaid(2, BOB, ToPerson(71, "ann"), "word"),
            MessageSaid(3, EVE, ToPerson(71, "ann"), "word"),
            MessageSaid(4, EVE, ToPerson(72, "bob"), "word"),
        ]
    )
    assert [e.id for e in storage.search(text="word", limit=9, person=71)] == [1, 2, 3]
    assert [e.id for e in storage.search(text="word", limit=9, person=71, other=72)] == [1, 2]
    assert storage.search(text="word", limit=9, person=74) == ()


def test_who_said_it_and_when_and_how_many(storage: SqliteStorage) -> None:
    renamed = Origin(71, "anna")
    storage.commit(
        [
            said(1, "word"),
            said(2, "word", by=BOB),
            said(3, "word", by=renamed),
            said(4, "word", by=Origin(90, "Ann")),
        ]
    )
    rooms = [(TEA, 0)]

    def ids(**how: object) -> list[int]:
        return [event.id for event in storage.search(text="word", rooms=rooms, **{"limit": 9, **how})]  # type: ignore[arg-type]

    assert ids(sender="ANN") == [1, 4]
    assert ids(sender="anna", sender_id=71) == [1, 3]
    assert ids(after=1, before=4) == [2, 3]
    assert ids(limit=2) == [3, 4]


def test_an_edited_message_is_found_by_its_new_words_alone(storage: SqliteStorage) -> None:
    message = said(1, "an exmaple")
    edited = MessageEdited(2, ANN, 1, "ann", TEA, 0, "tea", "", "an example", MESSAGE)
    storage.commit([message])
    storage.commit([edited])
    assert found(storage, "exmaple") == [] and found(storage, "example") == [1]
    storage.commit([said(3, "another"), MessageEdited(4, ANN, 3, "ann", TEA, 0, "tea", "", "other", MESSAGE)])
    assert found(storage, "another") == [] and found(storage, "other") == [3]


def test_a_deleted_message_is_not_found_and_not_in_the_file(storage: SqliteStorage, tmp_path: Path) -> None:
    storage.commit([said(1, "unmistakable embarrassment"), said(2, "embarrassment")])
    gone = MessageRedacted(3, ANN, 1, "ann", TEA, 0, "tea", "", "")
    storage.commit([gone])
    # Somebody else was as fast: the second one changes nothing.
    storage.commit([MessageRedacted(4, BOB, 1, "ann", TEA, 0, "tea", "", "")])
    storage.commit([MessageEdited(5, ANN, 1, "ann", TEA, 0, "tea", "", "embarrassment", MESSAGE)])
    assert found(storage, "embarrassment") == [2] and found(storage, "unmistakable") == []
    storage.checkpoint()
    assert b"unmistakable embarrassment" not in (tmp_path / "hubbub.db").read_bytes()
    assert not [problem for problem in storage.check() if "damaged" in problem]


def test_reactions_are_no_messages(storage: SqliteStorage) -> None:
    tags = (("+draft/react", "x"), ("+reply", "0000000000001"))
    storage.commit([said(1, "word"), MessageSaid(2, BOB, ToRoom(TEA, "tea"), "", TAGS, tags=tags)])
    assert found(storage, "") == [1]


@pytest.mark.parametrize("is_searched", [False, True], ids=["not indexed yet", "indexed"])
def test_what_changes_is_found_as_it_is_whether_it_was_indexed_before_or_not(
    storage: SqliteStorage, is_searched: bool
) -> None:
    storage.commit([said(1, "early"), said(2, "embarrassing"), said(3, "kept")])
    if is_searched:
        assert found(storage, "early") == [1]
    storage.commit([MessageEdited(4, ANN, 1, "ann", TEA, 0, "tea", "", "late", MESSAGE)])
    storage.commit([MessageRedacted(5, ANN, 2, "ann", TEA, 0, "tea", "", "")])
    assert [found(storage, word) for word in ("early", "late", "embarrassing", "kept")] == [[], [1], [], [3]]


def test_after_a_crash_what_was_not_indexed_yet_is_found(tmp_path: Path) -> None:
    path, copy = tmp_path / "hubbub.db", tmp_path / "crashed.db"
    storage = open_storage(path)
    storage.commit([said(1, "first")])
    assert found(storage, "first") == [1]
    storage.commit([said(2, "second")])
    for end in ("", "-wal"):
        Path(f"{copy}{end}").write_bytes(Path(f"{path}{end}").read_bytes())
    storage.close()
    storage = open_storage(copy)
    assert (found(storage, "first"), found(storage, "second")) == ([1], [2])
    storage.close()


def test_many_messages_find_their_places_without_being_asked_for(storage: SqliteStorage) -> None:
    """What waits stays little, however long nobody reads."""
    for number in range(1, 2 * FRESH_MAX + 2, 10):
        storage.commit([said(number + more, f"word{number + more}") for more in range(10)])
    with closing(sqlite3.connect(storage.path)) as database:
        assert database.execute("SELECT count(*) FROM fresh").fetchone()[0] <= FRESH_MAX
    assert found(storage, f"word{2 * FRESH_MAX}") == [2 * FRESH_MAX]


def test_what_was_there_before_the_index_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    database = database_of(path, MIGRATIONS.index(full_text_index.CREATE))
    database.execute(
        "INSERT INTO message (id, room, kind, person, nick, username, host, to_name, to_rank, text, tags, cut) "
        "VALUES (1, ?, 'message', 7, 'ann', 'ann', 'local', 'tea', '', 'old 東京 words', '[]', 0)",
        (TEA,),
    )
    database.close()
    storage = open_storage(path)
    assert found(storage, "東京 old") == [1]
    storage.close()
