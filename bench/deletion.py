"""What it costs that a deleted message is gone from index, log and pages at once, beside deleting without that."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final
from unittest import mock

from hubbub.engine.edits import MessageRedacted
from hubbub.engine.event import Event, Origin
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.storage import SqliteStorage, full_text_index, open_storage
from hubbub.storage.wal_checkpoint import Log

from .results import Row, Table, Target, median

ROOM: Final = 5
BATCH: Final = 2_000
WORDS: Final = 50_000
DELETIONS: Final = 40
SAYINGS: Final = 400
BY: Final = Origin(7, "ann", "ann", "local", "ann")
WAYS: Final = ("cleaned at once", "the cleaning off")


def deletion(messages: int) -> list[Table]:
    """Both ways in the same run, in turns, each on a database of its own."""
    rows: list[Row] = []
    figures: dict[str, tuple[float, float]] = {}
    for way in WAYS:
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(open_storage(Path(folder) / "hubbub.db")) as storage,
        ):
            _fill(storage, messages)
            figures[way] = _measured(storage, messages, is_cleaned=way == WAYS[0])
        deleted, said = figures[way]
        rows.append(Row(way, (f"{deleted:.1f}", f"{said:.2f}")))
    return [
        Table(
            f"A message deleted among {messages:,}, beside one that is said",
            ("a deletion, ms", "a message, ms"),
            tuple(rows),
            ("Medians, from the event to the end of its commit on the disk.",),
            (Target("a deletion that is cleaned at once", figures[WAYS[0]][0], 100, " ms"),),
        )
    ]


def _fill(storage: SqliteStorage, messages: int) -> None:
    for start in range(1, messages + 1, BATCH):
        numbers = range(start, min(start + BATCH, messages + 1))
        storage.commit([_said(number) for number in numbers])
    storage.checkpoint()


def _said(number: int) -> MessageSaid:
    """Words as rare as in a language: the n-th most common one has a share of about 1/n."""
    chance = random.Random(number)
    text = " ".join(f"w{int(WORDS ** chance.random())}" for _ in range(10))
    return MessageSaid(number, BY, ToRoom(ROOM, "tea"), text)


def _measured(storage: SqliteStorage, messages: int, is_cleaned: bool) -> tuple[float, float]:
    with ExitStack() as off:
        if not is_cleaned:
            off.enter_context(mock.patch.object(full_text_index, "forget"))
            off.enter_context(mock.patch.object(Log, "forget"))
        deleted = [
            _ms(
                storage.commit,
                [
                    MessageRedacted(
                        2 * messages + at, BY, at * 97 % messages + 1, "ann", ROOM, 0, "tea", "", ""
                    )
                ],
            )
            for at in range(DELETIONS)
        ]
        said = [_ms(storage.commit, [_said(3 * messages + at)]) for at in range(SAYINGS)]
    return median(deleted), median(said)


def _ms(commit: Callable[[Sequence[Event]], None], events: Sequence[Event]) -> float:
    began = time.perf_counter()
    commit(events)
    return (time.perf_counter() - began) * 1000
