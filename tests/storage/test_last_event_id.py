"""A log that has lost its end is no log that ends there: `hubbub check` and the next start say what is missing."""

import logging
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from hubbub.engine.ids import first_id_at
from hubbub.storage import check, open_storage, restore
from hubbub.storage.last_event_id import beside, noted
from tests.storage.test_foreign_locks import act
from tests.storage.test_storage import room, said

START = first_id_at(1_795_000_000_000)


def crashed(tmp_path: Path) -> tuple[Path, Path]:
    """A folder as a server that was killed has left it, and its database."""
    path = tmp_path / "data" / "hubbub.db"
    path.parent.mkdir()
    left = tmp_path / "left"
    with closing(open_storage(path)) as storage:
        storage.commit([room(START)])
        storage.checkpoint()
        storage.commit([said(START + 10), act(START + 11)])
        storage.commit([said(START + 20)])
        shutil.copytree(path.parent, left)
    return left, left / "hubbub.db"


def test_what_a_crash_leaves_is_whole(tmp_path: Path) -> None:
    _, database = crashed(tmp_path)
    assert check(database) == []
    assert noted(database) == START + 20


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_a_log_without_its_end_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture, keep: float) -> None:
    logging.getLogger("hubbub").propagate = True
    folder, database = crashed(tmp_path)
    log = folder / "hubbub.db-wal"
    used = _used(log)
    (folder / "hubbub.db-shm").unlink()
    log.write_bytes(log.read_bytes()[: int(used * keep)])
    [told] = check(database)
    assert told.startswith("The end of the data is missing: the last write was at 2026-11-18 ")
    with closing(open_storage(database)) as storage:
        assert told in caplog.messages
        storage.commit([said(START + 30)])
        assert storage.check() == []


def _used(log: Path) -> int:
    """How long it is without what was never written in it, or by an older round: frames with the header's salts."""
    data = log.read_bytes()
    frame = 24 + int.from_bytes(data[8:12], "big")
    end = 32
    while data[end + 8 : end + 16] == data[16:24]:
        end += frame
    return end


def test_a_backup_in_its_place_ends_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    with closing(open_storage(path)) as storage:
        storage.commit([room(START), said(START + 10)])
        storage.backup(tmp_path / "backups" / "copy.db")
        storage.commit([said(START + 20)])
    restore(tmp_path / "backups" / "copy.db", path, replace=True)
    assert check(path) == []


def test_without_the_note_nothing_is_proved(tmp_path: Path) -> None:
    _, database = crashed(tmp_path)
    for damage in (b"", b"junk"):
        beside(database).write_bytes(damage)
        assert check(database) == [] and noted(database) == 0
    beside(database).unlink()
    assert check(database) == []
    beside(database).mkdir()
    with closing(open_storage(database)) as storage:
        storage.commit([said(START + 30)])
