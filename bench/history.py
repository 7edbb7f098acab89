"""A page of history, and a search, in a large database: asked as clients ask, beside reading through the texts."""

import asyncio
import random
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from hubbub.engine.accounts import AccountRegistered
from hubbub.engine.event import Event, Origin
from hubbub.engine.membership import MemberAdded
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import RoomCreated
from hubbub.engine.state import Access, History, Role, TokenKind
from hubbub.engine.tokens import TokenAdded, digest_of
from hubbub.storage import SqliteStorage, open_storage
from hubbub.storage.schema import MIGRATIONS
from hubbub.wire.times import format_time

from .accounts import NOBODYS
from .native import CACHE
from .results import Row, Table, Target, median
from .servers import HUBBUB
from .talk import IrcClient

ROOMS: Final = 1_000
ROOMS_OF_ONE: Final = 100
WORDS: Final = 50_000
BATCH: Final = 20_000
RUNS: Final = 9
REST_SECONDS: Final = 3
READER: Final = "reader"
TOKEN: Final = "the reader of the measurements"
PAGE: Final = 100

CAPS: Final = ("batch", "server-time", "message-tags", "draft/chathistory", "soju.im/search", "sasl")


def history(messages: int) -> list[Table]:
    """The figures; the database is made once, and kept."""
    folder = _database(messages)
    pages, searches = asyncio.run(_ask(folder, messages))
    through = _read_through(folder / "hubbub.db")
    size = (folder / "hubbub.db").stat().st_size / messages
    rows = [
        Row(name, (f"{ms:.1f}", f"{longest:.1f}", str(found)))
        for name, ms, longest, found in pages + searches
    ]
    rows.append(Row("reading through the texts instead", (f"{through * 1000:,.0f}", "", "")))
    return [
        Table(
            f"History and search among {messages:,} messages in {ROOMS:,} rooms, for a user in {ROOMS_OF_ONE} of them",
            ("median ms", "longest ms", "found"),
            tuple(rows),
            (
                f"From the question on the socket to the end of the answer. {size:.0f} bytes on disk for each message.",
            ),
            (
                Target(f"a page of history among {messages:,}", max(ms for _, ms, _, _ in pages), 3, " ms"),
                Target(f"a search among {messages:,}", max(ms for _, ms, _, _ in searches), 300, " ms"),
            ),
        )
    ]


Asked = tuple[str, float, float, int]
"""What was asked, the median and the longest time in ms, and how many messages came."""


async def _ask(folder: Path, messages: int) -> tuple[list[Asked], list[Asked]]:
    copy = folder.with_name("serving")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    (copy / "hubbub.db").symlink_to(folder / "hubbub.db")
    with HUBBUB.started(copy) as server:
        reader = await IrcClient.come(server.port, READER, *CAPS, token=TOKEN)
        room, middle = 1, format_time(messages // 2)

        def page(words: str) -> Callable[[], Awaitable[int]]:
            return lambda: reader.count(f"CHATHISTORY {words} {PAGE}", " PRIVMSG ")

        def found(words: str) -> Callable[[], Awaitable[int]]:
            escaped = words.replace(" ", r"\s")
            return lambda: reader.count(f"SEARCH text={escaped};limit={PAGE}", " PRIVMSG ")

        # The page is loaded beside the chat when a server has started.
        await asyncio.sleep(REST_SECONDS)
        pages = [
            await _measure("the newest page of a room", page(f"LATEST #room{room} *")),
            await _measure("a page from the middle", page(f"BEFORE #room{room} timestamp={middle}")),
            await _measure("a page after a message", page(f"AFTER #room{room} timestamp={middle}")),
        ]
        searches = [
            await _measure("a rare word", found(_word(40_000))),
            await _measure("a word of every tenth message", found(_word(1))),
            await _measure("two words that are common", found(f"{_word(2)} {_word(3)}")),
            await _measure("two that hardly ever meet", found(f"{_word(1)} {_word(3_000)}")),
            await _measure("a phrase of common words", found(f'"{_word(1)} {_word(2)}"')),
            await _measure("a word that there is not", found("nowhere")),
        ]
        await reader.leave()
    shutil.rmtree(copy, ignore_errors=True)
    return pages, searches


async def _measure(name: str, ask: Callable[[], Awaitable[int]]) -> Asked:
    times: list[float] = []
    found = 0
    for _ in range(RUNS):
        began = time.perf_counter()
        found = await ask()
        times.append((time.perf_counter() - began) * 1000)
    return name, median(times), max(times), found


def _database(messages: int) -> Path:
    folder = CACHE / f"messages-{messages}-{len(MIGRATIONS)}"
    if not (folder / "hubbub.db").exists():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        storage = open_storage(part / "hubbub.db")
        storage.commit(_people_and_rooms())
        _fill(storage, messages)
        storage.checkpoint()
        storage.close()
        part.rename(folder)
    return folder


def _people_and_rooms() -> list[Event]:
    reader = ROOMS + 1
    return [
        *(
            RoomCreated(room, room, RoomName.known(f"room{room}"), Access.OPEN, False, History.ALL, True)
            for room in range(1, ROOMS + 1)
        ),
        AccountRegistered(reader, reader, READER, NOBODYS, Role.MEMBER, True),
        TokenAdded(reader + 1, reader, "bench", digest_of(TOKEN), TokenKind.SECRET),
        *(
            MemberAdded(reader + 1 + room, reader, room, f"room{room}", "")
            for room in range(1, ROOMS_OF_ONE + 1)
        ),
    ]


def _word(rank: int) -> str:
    return f"w{rank}"


def _fill(storage: SqliteStorage, messages: int) -> None:
    """A message each millisecond; words as rare as in a language: the n-th most common one has a share of 1/n."""
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
            events.append(MessageSaid(number << 12, by, ToRoom(room, f"room{room}"), text))
        storage.commit(events)
        if start % (BATCH * 25) == 0:
            storage.checkpoint()


def _read_through(path: Path) -> float:
    """The baseline: look at every text of the rooms that one is in; seconds."""
    query = f"SELECT count(*) FROM message WHERE room <= {ROOMS_OF_ONE} AND text LIKE '%w40000%'"
    with closing(sqlite3.connect(path)) as database:
        began = time.perf_counter()
        database.execute(query).fetchone()
        return time.perf_counter() - began
