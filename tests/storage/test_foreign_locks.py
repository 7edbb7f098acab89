"""Another program's lock on the database is waited for and told of: it is no broken disk."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hubbub.engine.audit import ActRecorded
from hubbub.storage import SqliteStorage, open_storage, sqlite
from hubbub.storage.base import NotWritten
from tests.storage.test_storage import room, said


def act(number: int) -> ActRecorded:
    return ActRecorded(number, "ann", "ban", "bob")


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStorage]:
    monkeypatch.setattr(sqlite, "SECONDS", 0)
    with closing(open_storage(tmp_path / "hubbub.db")) as made:
        made.commit([room(0), said(1)])
        yield made


@pytest.fixture
def shell(tmp_path: Path, storage: SqliteStorage) -> Iterator[sqlite3.Connection]:
    """Somebody who has begun to write, and thinks."""
    with closing(sqlite3.connect(tmp_path / "hubbub.db", isolation_level=None)) as made:
        made.execute("BEGIN IMMEDIATE")
        yield made


class Operator(logging.Handler):
    """Ends the other program as soon as the log tells of it."""

    def __init__(self, shell: sqlite3.Connection) -> None:
        super().__init__()
        self.shell = shell
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())
        if self.shell.in_transaction:
            self.shell.execute("ROLLBACK")


@pytest.fixture
def operator(shell: sqlite3.Connection) -> Iterator[Operator]:
    made = Operator(shell)
    logger = logging.getLogger("hubbub")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(made)
    yield made
    logger.removeHandler(made)
    logger.setLevel(level)


@pytest.mark.parametrize("way", ["a message", "an act", "reading"])
def test_a_lock_is_waited_for(storage: SqliteStorage, operator: Operator, way: str) -> None:
    seen: list[bool] = []
    storage.tell_of_locks(seen.append)
    if way == "a message":
        storage.commit([said(20)])
    elif way == "an act":
        storage.commit([act(20), said(21)])
    assert storage.history(room=5, limit=10)[0] == said(1)
    assert len(operator.told) == 2 and seen == [True, False]
    assert "Another program holds the database lock" in operator.told[0] and "free again" in operator.told[1]


def test_a_server_that_stops_waits_for_no_lock(storage: SqliteStorage, shell: sqlite3.Connection) -> None:
    storage.stop_waiting()
    for events in ([said(20)], [act(20)]):
        with pytest.raises(NotWritten, match="locked"):
            storage.commit(events)
    storage.checkpoint()  # Not now, and not a traceback.
    shell.execute("ROLLBACK")
    storage.commit([said(30)])
    assert [event.id for event in storage.history(room=5, limit=10)] == [1, 30]


def test_a_shell_left_open_that_reads_disturbs_nobody(storage: SqliteStorage, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "hubbub.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM message").fetchone()
        storage.commit([said(20), act(21)])
        storage.checkpoint()
        storage.commit([said(30)])
    assert [event.id for event in storage.history(room=5, limit=10)] == [1, 20, 30]
