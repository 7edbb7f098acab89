"""Backups harm nothing and are proved whole; what is restored is what was there, or nothing is touched."""

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hubbub.engine.files import FileStored
from hubbub.storage import SqliteStorage, StorageError, backups, blobs, check, open_storage, restore
from tests.storage.earlier_schemas import database_of
from tests.storage.test_storage import room, said

BODY = b"a picture" * 100
ODD_NAMES = ["monday#1.hub", "what?.hub", "100%25.hub", "a b&mode=rwc.hub", "tea é.hub"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(data: Path) -> Iterator[SqliteStorage]:
    with closing(open_storage(data / "hubbub.db")) as made:
        digest = hashlib.sha256(BODY).hexdigest()
        place = blobs.path_of(data / blobs.FOLDER, digest)
        place.parent.mkdir(parents=True)
        place.write_bytes(BODY)
        stored = FileStored(4, 7, "file-4", digest, "a.bin", "text/plain", len(BODY))
        made.commit([room(0), *(said(number, f"word {number}") for number in range(10, 60)), stored])
        yield made


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def texts(database: Path) -> list[str]:
    with closing(open_storage(database)) as storage:
        return [event.text for event in storage.history(room=5, limit=99) if hasattr(event, "text")]


@pytest.mark.parametrize(
    "name",
    ["hubbub.db", "hubbub.db-wal", "files/ab", "new.hub", "backups", "../data/x", "../link/x", "alias"],
)
@pytest.mark.parametrize("replace", [False, True])
def test_a_backup_never_lands_in_the_data(
    storage: SqliteStorage, data: Path, name: str, replace: bool
) -> None:
    (data.parent / "link").symlink_to(data)
    (data / "alias").symlink_to("hubbub.db")
    before = sorted(everything(data))
    with pytest.raises(StorageError, match=r"inside the data folder|is a folder"):
        backups.make(storage.path, data / name, replace)
    assert sorted(everything(data)) == before
    storage.commit([said(70, "said afterwards")])
    storage.close()
    assert texts(data / "hubbub.db")[-1] == "said afterwards"


def test_a_backup_may_be_in_the_folder_for_backups(storage: SqliteStorage, data: Path) -> None:
    storage.backup(data / "backups" / "a.hub")
    assert sorted(path.name for path in (data / "backups").iterdir()) == ["a.hub"]
    assert (data / "backups").stat().st_mode & 0o777 == 0o700


def test_a_backup_takes_no_place_but_of_another_one(storage: SqliteStorage, tmp_path: Path) -> None:
    letter, other = tmp_path / "letter", tmp_path / "other"
    letter.write_text("dear ann")
    other.mkdir()
    with closing(open_storage(other / "hubbub.db")):
        before = everything(other)
        for target in (letter, other / "hubbub.db", tmp_path / "nowhere" / "x", other):
            for replace in (False, True):
                with pytest.raises(StorageError):
                    backups.make(storage.path, target, replace)
    assert letter.read_text() == "dear ann" and everything(other)["hubbub.db"] == before["hubbub.db"]
    copy = tmp_path / "copy"
    storage.backup(copy)
    storage.commit([said(70, "said afterwards")])
    with pytest.raises(StorageError, match="--replace"):
        storage.backup(copy)
    backups.make(storage.path, copy, replace=True)
    restore(copy, tmp_path / "new.db")
    assert texts(tmp_path / "new.db")[-1] == "said afterwards"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_is_that_of_its_file(storage: SqliteStorage, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    storage.backup(folder / name)
    restore(folder / name, folder / "hubbub.db")
    assert len(texts(folder / "hubbub.db")) == 50
    assert check(folder / "hubbub.db") == []


def test_a_backup_is_read_where_nothing_can_be_written(storage: SqliteStorage, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    storage.backup(tmp_path / "stick" / "copy")
    (tmp_path / "stick" / "copy").chmod(0o400)
    (tmp_path / "stick").chmod(0o500)
    restore(tmp_path / "stick" / "copy", tmp_path / "new.db")
    assert [path.name for path in (tmp_path / "stick").iterdir()] == ["copy"]
    with closing(sqlite3.connect(f"{(tmp_path / 'stick' / 'copy').as_uri()}?mode=ro", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",), "no log is needed to read it"


@pytest.mark.parametrize("kind", ["empty", "database", "live", "no content"])
def test_what_is_no_backup_wipes_nothing(storage: SqliteStorage, tmp_path: Path, kind: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with closing(open_storage(other / "hubbub.db")) as kept:
        kept.commit([room(0), said(1, "kept")])
    fake = tmp_path / "fake"
    if kind == "live":
        fake = storage.path
    elif kind == "no content":
        storage.backup(fake)
        with closing(sqlite3.connect(fake)) as copy:
            copy.executescript("DROP TABLE content; DROP TABLE proof")
    elif kind == "database":
        sqlite3.connect(fake).close()
        with closing(sqlite3.connect(fake)) as copy:
            copy.execute("VACUUM")
    else:
        fake.touch()
    before = everything(other)
    with pytest.raises(StorageError):
        restore(fake, other / "hubbub.db", replace=True)
    assert everything(other) == before
    assert texts(other / "hubbub.db") == ["kept"]


def test_whatever_is_damaged_in_a_backup_it_is_refused_or_whole(
    storage: SqliteStorage, tmp_path: Path
) -> None:
    """Bytes changed anywhere, a lost end, emptied pages; the seed is fixed."""
    storage.backup(tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    restore(tmp_path / "copy", tmp_path / "right.db")
    right = texts(tmp_path / "right.db")
    chance, refused = random.Random(18), 0
    for number in range(60):
        target = tmp_path / f"{number}" / "hubbub.db"
        target.parent.mkdir()
        (tmp_path / "hurt").write_bytes(damaged(whole, chance))
        try:
            restore(tmp_path / "hurt", target)
        except StorageError as error:
            assert str(error).endswith(".")
            refused += 1
            assert everything(target.parent) == {}, "a refused restore leaves nothing"
        else:
            assert texts(target) == right and check(target) == []
            assert everything(target.parent)[f"files/{_place()}"] == BODY
    assert refused > 20


def _place() -> str:
    digest = hashlib.sha256(BODY).hexdigest()
    return f"{digest[:2]}/{digest}"


def damaged(whole: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(whole))
    match chance.randrange(4):
        case 0:
            return whole[:place]
        case 1:
            return whole[:place] + bytes(len(whole[place : place + 4096])) + whole[place + 4096 :]
        case 2:
            return whole[:place] + chance.randbytes(64) + whole[place + 64 :]
        case _:
            return whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]


def test_one_changed_word_in_a_backup_is_noticed(storage: SqliteStorage, tmp_path: Path) -> None:
    for change in (
        "UPDATE fresh SET text = 'another word' WHERE id = 20",
        "DELETE FROM fresh WHERE id = 20",
        "DROP TABLE invitation",
        "UPDATE content SET bytes = x'00'",
        "DELETE FROM content",
        "DELETE FROM proof WHERE name = 'room'",
    ):
        copy = tmp_path / "copy"
        backups.make(storage.path, copy, replace=copy.exists())
        with closing(sqlite3.connect(copy, isolation_level=None)) as database:
            database.execute(change)
        with pytest.raises(StorageError, match="is damaged"):
            restore(copy, tmp_path / "new.db")
        assert not (tmp_path / "new.db").exists() and not (tmp_path / "files").exists(), change


def test_a_file_that_is_not_what_it_was_is_no_reason_to_lose_the_rest(
    storage: SqliteStorage, data: Path, tmp_path: Path
) -> None:
    (data / "files" / _place()).write_bytes(b"something else")
    assert storage.backup(tmp_path / "copy") == 1
    restore(tmp_path / "copy", tmp_path / "new.db")
    assert check(tmp_path / "new.db") == ["Files whose content is missing: 1."]


def test_tools_leave_older_data_as_it_is(tmp_path: Path) -> None:
    """It belongs to the older server that may be running on it."""
    path = tmp_path / "hubbub.db"
    database_of(path, 5).close()
    before = everything(tmp_path)
    for tool in (lambda: check(path), lambda: backups.make(path, tmp_path.parent / f"{tmp_path.name}.hub")):
        with pytest.raises(StorageError, match="older Hubbub"):
            tool()
    assert everything(tmp_path) == before


@pytest.mark.parametrize("is_open", [True, False])
def test_tools_write_nothing(storage: SqliteStorage, data: Path, tmp_path: Path, is_open: bool) -> None:
    """Beside a server, and where there is none."""
    if not is_open:
        storage.close()
    before = {name: (data / name).stat().st_mtime_ns for name in everything(data) if "-shm" not in name}
    with closing(sqlite3.connect(data / "hubbub.db", timeout=0, isolation_level=None)) as other:
        if is_open:
            other.execute("BEGIN IMMEDIATE")  # Whoever writes is not waited for.
        assert check(data / "hubbub.db") == []
        backups.make(data / "hubbub.db", tmp_path / "copy")
        after = {name: (data / name).stat().st_mtime_ns for name in everything(data) if "-shm" not in name}
        assert after == before


def test_damaged_data_is_told_of_in_sentences(storage: SqliteStorage, data: Path) -> None:
    storage.close()
    path = data / "hubbub.db"
    whole = path.read_bytes()
    chance = random.Random(14)
    for _ in range(60):
        path.write_bytes(damaged(whole, chance))
        try:
            found = check(path)
        except StorageError as error:
            found = [str(error)]
        assert all(sentence.endswith(".") or "hubbub" in sentence for sentence in found)
    path.write_bytes(b"")
    with pytest.raises(StorageError, match="is empty"):
        check(path)


def test_files_that_are_gone_or_changed_are_told_of(storage: SqliteStorage, data: Path) -> None:
    for content in (b"", BODY[:-1], b"A" + BODY[1:]):
        (data / "files" / _place()).write_bytes(content)
        assert storage.check() == ["Files whose content has changed: 1."]
    (data / "files" / _place()).unlink()
    assert storage.check() == ["Files whose content is missing: 1."]


@pytest.mark.parametrize("is_cut", [True, False])
@pytest.mark.parametrize("left", ["files", "log/app.log", "hubbub.db-wal"])
def test_where_a_chat_was_none_is_begun_anew(
    storage: SqliteStorage, data: Path, tmp_path: Path, is_cut: bool, left: str
) -> None:
    storage.backup(tmp_path / "copy")
    storage.close()
    (data / "hubbub.db").write_bytes(b"") if is_cut else (data / "hubbub.db").unlink()
    if left != "files":
        (data / "files" / _place()).unlink()
        (data / left).parent.mkdir(exist_ok=True)
        (data / left).write_text("what was there")
    before = everything(data)
    with pytest.raises(StorageError, match=f"no database in .*but {left}"):
        open_storage(data / "hubbub.db")
    assert everything(data) == before
    restore(tmp_path / "copy", data / "hubbub.db", replace=is_cut)
    assert len(texts(data / "hubbub.db")) == 50


def test_only_a_server_brings_data_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    database_of(path, 5).close()
    before = everything(tmp_path)
    with pytest.raises(StorageError, match="older Hubbub"):
        open_storage(path, may_upgrade=False)
    assert everything(tmp_path) == before
    open_storage(path).close()
    open_storage(path, may_upgrade=False).close()
