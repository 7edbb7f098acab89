"""What was deleted is gone from tables, index, log and the next backup, in any script, also after a crash."""

import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import FileIO
from pathlib import Path

import pytest

from hubbub.engine.audit import ActRecorded
from hubbub.engine.drafts import DraftSet
from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import Event, Origin
from hubbub.engine.message_kinds import MESSAGE
from hubbub.engine.messages import MessageSaid, ToPerson, ToRoom
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import RoomCreated
from hubbub.engine.state import Access, History
from hubbub.storage import SqliteStorage, full_text_index, open_storage, restore, scrubbing
from hubbub.storage.schema import APPLICATION_ID, MIGRATIONS
from hubbub.storage.wal_checkpoint import Log

ANN = Origin(7, "ann", "ann", "local", "ann")
ROOM = 5

SECRETS = {
    "lower case": "qzvortex of jumbled wyvernkin",
    "upper case": "QZVORTEX OF JUMBLED WYVERNKIN",
    "accents": "Überschußqzwerk naïveté-żółwik",
    "accents apart": "Äffchenqz e\u0301tagevw",
    "Cyrillic": "Щукаряткин Жмеринковыч",
    "Greek": "Ψαροκάικον Ξυλουργός",
    "Chinese, character by character": "䴉鷘",
    "Kana and Hangul": "ヷヺ 쀍쀎",
    "Thai": "ฆฌฏ",
    "Arabic with its vowel signs": "ضَغْظَثٌ خُزَعْبَلَات",
    "Hebrew with its points": "שְׁפַּנְפַּנְצָף",
    "emoji": "🦤🪃🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "full width": "ＱＺＶＯＲＴＥＸ",
    "a short word": "qzx",
    "a word of four hundred letters": "qz" + "wkvjx" * 80,
    "words that begin as others do": "commonqzending commoner-qzending",
    "formatting within a word": "qz\x02vort\x0fexal",
    "many lines": "qzprimero line\nqzsegundo line\nqztercero line",
}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqliteStorage]:
    made = open_storage(tmp_path / "hubbub.db")
    yield made
    made.close()


def said(number: int, text: str) -> MessageSaid:
    return MessageSaid(number, ANN, ToRoom(ROOM, "tea"), text)


def redacted(number: int, message: int, to: int = 0) -> MessageRedacted:
    room, name = (0, "bob") if to else (ROOM, "tea")
    return MessageRedacted(number, ANN, message, "ann", room, to, name, "", "")


def edited(number: int, message: int, text: str) -> MessageEdited:
    return MessageEdited(number, ANN, message, "ann", ROOM, 0, "tea", "", text, MESSAGE)


def others(first: int, count: int) -> list[Event]:
    words = ("common", "commoner", "commonwealth", "ähnlich", "東京", "привет", "tea", "qualm")
    return [
        said(number, f"{words[number % 8]} {words[number % 5]} {number}")
        for number in range(first, first + count)
    ]


def traces(text: str) -> set[bytes]:
    """What would show that a text was there: its words as they were said, as they are indexed, and as they end."""
    found: set[str] = set()
    for form in (text, full_text_index.words(text)):
        for word in form.split():
            found |= {word} | ({word[-5:]} if len(word) > 6 else set())
    return {
        word.encode() for word in found if len(word.encode()) > 2 and word.casefold() not in ("of", "line")
    }


def held(folder: Path, wanted: set[bytes]) -> dict[str, list[str]]:
    """Which files have anything of it."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        if left := [word.decode() for word in wanted if word in content]:
            found[path.name] = left
    return found


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("is_indexed", [True, False], ids=["indexed", "not indexed yet"])
@pytest.mark.parametrize("way", ["deleted", "edited", "private"])
def test_nothing_of_it_is_left(
    storage: SqliteStorage, tmp_path: Path, text: str, is_indexed: bool, way: str
) -> None:
    storage.commit(others(10, 90))
    message = MessageSaid(100, ANN, ToPerson(8, "bob"), text) if way == "private" else said(100, text)
    storage.commit([message, *others(101, 40)])
    if is_indexed:
        assert storage.search(text="", limit=1, rooms=[(ROOM, 0)])
        storage.commit(others(200, 20))
        assert storage.search(text="", limit=1, rooms=[(ROOM, 0)])
    assert held(tmp_path, traces(text))
    gone: Event = (
        edited(500, 100, "tea") if way == "edited" else redacted(500, 100, 8 if way == "private" else 0)
    )
    storage.commit([gone])
    assert held(tmp_path, traces(text)) == {}
    storage.commit(others(600, 30))
    storage.backup(tmp_path / "backups" / "backup.db")
    assert held(tmp_path, traces(text)) == {}
    assert not storage.search(text=text.split()[0], limit=9, rooms=[(ROOM, 0)], person=7)
    assert len(storage.search(text="common", limit=99, rooms=[(ROOM, 0)])) > 20
    assert [problem for problem in storage.check() if "damaged" in problem] == []


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_nothing_is_left_of_a_draft_that_was_sent(storage: SqliteStorage, tmp_path: Path, text: str) -> None:
    """Neither of it nor of what it was while it was written, once the log is folded; and it was never found."""
    storage.commit([DraftSet(100, 7, ROOM, "#tea", 100, text.split()[0]), *others(101, 40)])
    storage.commit([DraftSet(200, 7, ROOM, "#tea", 100, text)])
    assert held(tmp_path, traces(text))
    assert not storage.search(text=text.split()[0], limit=9, rooms=[(ROOM, 0)], person=7)
    storage.commit([DraftSet(300, 7, ROOM, "#tea", 100, "")])
    assert storage.holds_deleted
    storage.checkpoint()
    assert held(tmp_path, traces(text)) == {}


def test_nothing_is_left_where_rows_have_moved(storage: SqliteStorage, tmp_path: Path) -> None:
    """Pages are split and merged by edits of all lengths, and what moves leaves copies behind."""
    chance = random.Random(5)
    lengths = (3, 20, 200, 900, 3_000)
    last, live, gone = 0, dict[int, str](), set[bytes]()

    def left() -> set[bytes]:
        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        return gone & set(re.findall(rb"qz[0-9]{6}z", content))

    def text() -> str:
        return f"qz{last:06}z{'x' * chance.choice(lengths)}"

    for _ in range(20):
        events: list[Event] = []
        for _ in range(30):
            last += 1
            live[last] = text()
            events.append(said(last, live[last]))
        storage.commit(events)
        assert storage.search(text="", limit=1, rooms=[(ROOM, 0)])
        assert left() == set(), "what the writer remembers came back"
        for message in chance.sample(sorted(live), 12):
            last += 1
            gone.add(live[message][:9].encode())
            if chance.random() < 0.5:
                del live[message]
                storage.commit([redacted(last, message)])
            else:
                live[message] = text()
                storage.commit([edited(last, message, live[message])])
        assert left() == set()
    assert [problem for problem in storage.check() if "damaged" in problem] == []
    history = storage.history(room=ROOM, limit=10_000)
    assert {one.id: one.text for one in history if isinstance(one, MessageSaid) and one.text} == live


def test_many_deletions_at_once_and_one_after_the_other(
    storage: SqliteStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also across the parts of the index."""
    monkeypatch.setattr(full_text_index, "PART_MESSAGES", 100)
    storage.commit([said(number, f"qzword{number}z tea") for number in range(1, 701)])
    assert len(storage.search(text="tea", limit=1_000, rooms=[(ROOM, 0)])) == 700
    storage.commit([redacted(1_000 + number, number) for number in range(50, 651, 2)])
    for number in range(51, 111, 2):
        storage.commit([redacted(2_000 + number, number)])
    gone = {f"qzword{number}z".encode() for number in (*range(50, 651, 2), *range(51, 111, 2))}
    assert held(tmp_path, gone) == {}
    found = [one.id for one in storage.search(text="tea", limit=1_000, rooms=[(ROOM, 0)])]
    assert found == [n for n in range(1, 701) if f"qzword{n}z".encode() not in gone]
    between = storage.search(text="tea", limit=5, rooms=[(ROOM, 0)], after=300, before=500)
    assert [one.id for one in between] == [491, 493, 495, 497, 499]
    assert [problem for problem in storage.check() if "damaged" in problem] == []


@pytest.mark.parametrize("moment", ["before the log is folded", "before it is scrubbed", "before it is cut"])
def test_after_a_crash_the_next_start_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path, copy = tmp_path / "a" / "hubbub.db", tmp_path / "b" / "hubbub.db"
    path.parent.mkdir()
    copy.parent.mkdir()
    storage = open_storage(path)
    storage.commit([*others(10, 90), said(100, "qzvortex"), *others(101, 50)])

    class Killed(OSError):
        pass

    def kill(*words: object, **named: object) -> bool:
        for end in ("", "-wal"):
            shutil.copyfile(f"{path}{end}", f"{copy}{end}")
        raise Killed

    with monkeypatch.context() as crash:
        if moment == "before the log is folded":
            crash.setattr(Log, "_fold", kill)
        elif moment == "before it is scrubbed":
            crash.setattr("hubbub.storage.scrubbing.scrub", kill)
        else:
            scrub = Log._scrub
            crash.setattr(Log, "_scrub", lambda *words: (scrub(*words), kill()))
        storage.commit([redacted(500, 100)])
    assert held(copy.parent, {b"qzvortex"})
    storage.close()
    with closing(open_storage(copy)) as again:
        assert held(copy.parent, {b"qzvortex"}) == {}
        assert len(again.history(room=ROOM, limit=999)) == 141


def test_what_versions_before_have_left_is_cleaned_once(tmp_path: Path) -> None:
    """A database in which the index was in one piece, and pages have copies of what was deleted."""
    path = tmp_path / "hubbub.db"
    storage = open_storage(tmp_path / "new.db")
    storage.commit([*others(10, 90), said(100, "qzvortex"), said(101, "qzkeptword"), said(102, "qzedited")])
    assert storage.search(text="qzkeptword", limit=1, rooms=[(ROOM, 0)])
    # Of the columns that there were then.
    rows = [row[:20] for row in storage._writer.execute("SELECT * FROM message").fetchall()]
    storage.close()
    for left in tmp_path.glob("new.db*"):
        left.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        full_text_index.prepare(old)
        old.execute("PRAGMA secure_delete = OFF")
        before = next(at for at, step in enumerate(MIGRATIONS) if full_text_index.CREATE_PARTS in step)
        for step in MIGRATIONS[:before]:
            old.executescript(step)
        old.execute(f"PRAGMA user_version = {before}")
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for row in rows:
            old.execute(f"INSERT INTO message VALUES ({', '.join('?' * len(row))})", row)
        old.execute("INSERT INTO search (rowid, place, text) SELECT id, 'r5 u7 n616e6e', text FROM message")
        delete = "INSERT INTO search (search, rowid, place, text) VALUES ('delete', ?, 'r5 u7 n616e6e', ?)"
        old.execute(delete, (100, "qzvortex"))
        old.execute("UPDATE message SET text = '', redacted = 500 WHERE id = 100")
        old.execute("UPDATE progress SET last = 500")
        old.execute("PRAGMA journal_mode = WAL")
    assert held(tmp_path, {b"qzvortex"})
    with closing(open_storage(path)) as storage:
        assert held(tmp_path, {b"qzvortex"}) == {}
        assert [one.id for one in storage.search(text="qzkeptword", limit=9, rooms=[(ROOM, 0)])] == [101]
        assert len(storage.search(text="", limit=999, rooms=[(ROOM, 0)])) == 92
        storage.commit([said(600, "afterwards")])
        storage.commit([redacted(601, 102)])
        assert held(tmp_path, {b"qzvortex", b"qzedited"}) == {}
        assert [one.id for one in storage.search(text="afterwards", limit=9, rooms=[(ROOM, 0)])] == [600]


def test_an_interrupted_upgrade_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "hubbub.db"
    with closing(open_storage(path)) as storage:
        storage.commit(others(1, 250))
        storage.commit([redacted(900, 250)])
    with closing(sqlite3.connect(path)) as database:
        full_text_index.prepare(database)
        for name in ("search_1", "search_part"):
            database.execute(f"DROP TABLE {name}")
        database.execute("CREATE TABLE search (a)")
        database.executescript(full_text_index.CREATE_PARTS)
    monkeypatch.setattr(full_text_index, "PART_MESSAGES", 100)
    with closing(open_storage(path)) as storage:
        with closing(sqlite3.connect(path)) as database:
            parts = database.execute("SELECT first, last, size FROM search_part ORDER BY number").fetchall()
        assert parts == [(1, 100, 100), (101, 200, 100), (201, 250, 50)]
        assert len(storage.search(text="", limit=999, rooms=[(ROOM, 0)])) == 249


def test_what_is_restored_is_as_clean(storage: SqliteStorage, tmp_path: Path) -> None:
    tea = RoomCreated(1, ROOM, RoomName.known("tea"), Access.OPEN, False, History.ALL, kept=True)
    storage.commit([tea, *others(10, 90), said(100, "qzvortex")])
    storage.commit([redacted(500, 100)])
    storage.backup(tmp_path / "backups" / "backup.db")
    (tmp_path / "new").mkdir()
    restore(tmp_path / "backups" / "backup.db", tmp_path / "new" / "hubbub.db")
    with closing(open_storage(tmp_path / "new" / "hubbub.db")) as again:
        assert len(again.search(text="", limit=999, rooms=[(ROOM, 0)])) == 90
        assert held(tmp_path, {b"qzvortex"}) == {}


def test_what_takes_nothing_away_folds_nothing(
    storage: SqliteStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message costs what it did: the log is folded by what is deleted alone."""
    folded: list[None] = []
    monkeypatch.setattr(Log, "_fold", lambda *words: folded.append(None))
    storage.commit(others(1, 20))
    storage.commit([*others(30, 600), ActRecorded(900, "ann", "say", "tea", "")])
    assert folded == []
    storage.commit([redacted(901, 1), redacted(902, 2)])
    assert folded == [None]


HOLDING = """
import fcntl, sys
with open(sys.argv[1], "r+b") as memory:
    fcntl.lockf(memory, fcntl.LOCK_EX, 1, 121)
    print("held", flush=True)
    sys.stdin.read()
"""
"""Holds what SQLite locks while it folds the log (WAL_CKPT_LOCK, a byte of the shared memory's file)."""


def test_nothing_is_scrubbed_while_another_process_folds(
    storage: SqliteStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes the same pages: one that is written by two is damaged."""
    scrubbed: list[object] = []
    scrub = scrubbing.scrub

    def spy(file: FileIO, pages: Iterable[int]) -> None:
        scrubbed.append(file)
        scrub(file, pages)

    monkeypatch.setattr(scrubbing, "scrub", spy)
    storage.commit([said(10, "qzvortex"), *others(11, 9)])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, f"{tmp_path / 'hubbub.db'}-shm"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdin and other.stdout
        assert other.stdout.readline() == b"held\n"
        storage.commit([redacted(20, 10)])
        assert scrubbed == [] and storage.holds_deleted
        other.stdin.close()
    storage.checkpoint()
    assert scrubbed and not storage.holds_deleted
    assert storage._writer.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_one_folds_at_a_time(storage: SqliteStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.commit([said(10, "qzvortex"), redacted(11, 10)])
    begun: list[int] = []

    def again(self: Log, *more: object) -> None:
        begun.append(1)
        storage.checkpoint()

    with monkeypatch.context() as patch:
        patch.setattr(Log, "_fold", again)
        storage.checkpoint()
    assert begun == [1]
