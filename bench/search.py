"""How long a search takes in a large database, beside reading through the texts."""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from hubbub.engine.event import Origin
from hubbub.engine.messages import MessageSaid
from hubbub.storage import SqliteStorage, open_storage

ROOMS = 1_000
ROOMS_OF_ONE = 100
WORDS = 50_000
BATCH = 20_000
RUNS = 5


@dataclass(frozen=True, slots=True)
class Took:
    """A search: what was asked, how many were found, and the seconds that it took (median, longest)."""

    name: str
    found: int
    seconds: float
    longest: float


def search(messages: int) -> tuple[list[Took], float, float]:
    """The figures, the microseconds that writing one message took, and the database's size in bytes for each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hubbub.db"
        storage = open_storage(path)
        began = time.process_time()
        _fill(storage, messages)
        write_us = (time.process_time() - began) / messages * 1e6
        storage.checkpoint()
        size = path.stat().st_size / messages
        took = [_read_through(path)]
        rooms = [(room, 0) for room in range(1, ROOMS_OF_ONE + 1)]

        def ask(text: str, **how: object) -> Callable[[], int]:
            return lambda: len(storage.search(text=text, limit=100, rooms=rooms, **how))  # type: ignore[arg-type]

        took += [
            _measure("a rare word", ask(_word(40_000))),
            _measure("a word of every tenth message", ask(_word(1))),
            _measure("two words that are common", ask(f"{_word(2)} {_word(3)}")),
            _measure("two that hardly ever meet", ask(f"{_word(1)} {_word(3_000)}")),
            _measure("a phrase of common words", ask(f'"{_word(1)} {_word(2)}"')),
            _measure("a common word of one person", ask(_word(1), sender="user77")),
            _measure("a common word in old messages", ask(_word(1), before=messages // 100 << 12)),
            _measure("a word that there is not", ask("nowhere")),
        ]
        storage.close()
        return took, write_us, size


def _word(rank: int) -> str:
    return f"w{rank}"


def _fill(storage: SqliteStorage, messages: int) -> None:
    """Words as rare as in a language: the n-th most common one has a share of 1/n."""
    chance = random.Random(1)
    ranks = range(1, WORDS + 1)
    weights: list[float] = []
    total = 0.0
    for rank in ranks:
        total += 1 / rank
        weights.append(total)
    for start in range(0, messages, BATCH):
        count = min(BATCH, messages - start)
        drawn = iter(chance.choices(ranks, cum_weights=weights, k=count * 10))
        events = []
        for number in range(start + 1, start + count + 1):
            text = " ".join(f"w{rank}" for rank, _ in zip(drawn, range(10), strict=False))
            person = chance.randrange(1, 1_000)
            by = Origin(person, f"user{person}", "u", "local")
            room = chance.randrange(1, ROOMS + 1)
            events.append(MessageSaid(number << 12, by, room, f"room{room}", text))
        storage.commit(events)
        if start % (BATCH * 25) == 0:
            storage.checkpoint()


def _read_through(path: Path) -> Took:
    """The baseline: look at every text of the rooms that one is in."""
    database = sqlite3.connect(path)
    query = f"SELECT count(*) FROM message WHERE room <= {ROOMS_OF_ONE} AND text LIKE '%w40000%'"
    began = time.perf_counter()
    found = database.execute(query).fetchone()[0]
    seconds = time.perf_counter() - began
    database.close()
    return Took("reading through the texts", found, seconds, seconds)


def _measure(name: str, ask: Callable[[], int]) -> Took:
    times: list[float] = []
    found = 0
    for _ in range(RUNS):
        began = time.perf_counter()
        found = ask()
        times.append(time.perf_counter() - began)
    return Took(name, found, median(times), max(times))
