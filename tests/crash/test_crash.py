"""Kill the server at any instant: nothing that was seen is missing, nothing is twice, the order is the same for all.

HUBBUB_CRASHES says how often it is killed.
"""

import asyncio
import os
import random
import re
from pathlib import Path

import pytest

from tests.server_process import Line, ServerProcess

CRASHES = int(os.environ.get("HUBBUB_CRASHES", "6"))
ROOM = "#Général"
TALKERS = 3
IN_FLIGHT = 20
_SAID = re.compile(r"(?:@(?P<tags>\S+) )?:\S+ PRIVMSG \S+ :?(?P<text>m-\S+)")


def message(line: str) -> tuple[str, str] | None:
    """The message id and text of a line that says something in the room."""
    found = _SAID.match(line)
    if not found:
        return None
    tags = dict(tag.partition("=")[::2] for tag in (found["tags"] or "").split(";"))
    return tags.get("msgid", ""), found["text"]


async def come_in(server: ServerProcess, nick: str) -> Line:
    line = await server.connect()
    caps = "message-tags server-time batch echo-message draft/chathistory"
    line.type(f"CAP REQ :{caps}", f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END", f"JOIN {ROOM}")
    await line.until(" 366 ")
    return line


async def talk(line: Line, name: str, run: int) -> list[tuple[str, str]]:
    """Talk as fast as it goes until the server dies; everything that was seen."""
    seen: list[tuple[str, str]] = []
    said = 0
    for said in range(IN_FLIGHT):
        line.type(f"PRIVMSG {ROOM} m-{run}-{name}-{said}")
    while (text := await line.read()) is not None:
        if found := message(text):
            seen.append(found)
            if found[1].startswith(f"m-{run}-{name}-"):
                said += 1
                line.type(f"PRIVMSG {ROOM} m-{run}-{name}-{said}")
    await line.close()
    return seen


async def listen(line: Line) -> list[str]:
    """What a netcat user sees until the server dies."""
    seen = []
    while (text := await line.read()) is not None:
        # What was said before one came begins with its time.
        if found := re.fullmatch(r"talker\d: (m-\S+)", text):
            seen.append(found[1])
    await line.close()
    return seen


async def history_after(server: ServerProcess, last: str) -> list[tuple[str, str]]:
    """Everything that the room's history holds after a message id."""
    line = await come_in(server, "historian")
    found: list[tuple[str, str]] = []
    while True:
        selector = f"msgid={last}" if last else "timestamp=2000-01-01T00:00:00.000Z"
        line.type(f"CHATHISTORY AFTER {ROOM} {selector} 1000")
        batch = await line.until(" BATCH -")
        page = [said for text in batch if (said := message(text))]
        found += page
        if not page:
            line.type("QUIT")
            await line.close()
            return found
        last = page[-1][0]


def check(seen: list[list[tuple[str, str]]], heard: list[str], history: list[tuple[str, str]]) -> None:
    ids = [msgid for msgid, _ in history]
    texts = [text for _, text in history]
    assert ids == sorted(set(ids)), "message ids are in the order of the history, each once"
    assert len(texts) == len(set(texts)), "nothing is twice"
    for mine in seen:
        if mine:
            start = history.index(mine[0])
            assert history[start : start + len(mine)] == mine, (
                "what was seen is in the history, without a gap"
            )
    if heard:
        start = texts.index(heard[0])
        assert texts[start : start + len(heard)] == heard, "netcat saw the same in the same order"


@pytest.mark.timeout(2 * (60 + 10 * CRASHES))
async def test_nothing_seen_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    chance = random.Random()
    server = ServerProcess(tmp_path, settings={"HUBBUB_LIMITS_LINES_A_SECOND": "off"})
    last = ""
    total = 0
    async with server:
        for run in range(CRASHES):
            lines = [await come_in(server, f"talker{number}") for number in range(TALKERS)]
            netcat = await server.connect()
            netcat.type("listener")
            await netcat.until("help")
            talking = [asyncio.create_task(talk(line, str(number), run)) for number, line in enumerate(lines)]
            listening = asyncio.create_task(listen(netcat))
            delay = chance.uniform(0.01, 0.6)
            await asyncio.wait(talking, timeout=delay)
            server.kill()
            await server.ended()
            seen = await asyncio.gather(*talking)
            heard = await listening
            await server.start()
            history = await history_after(server, last)
            check(seen, heard, history)
            assert history or not any(seen)
            if history:
                last = history[-1][0]
            total += len(history)
    assert total, "somebody must have said something"
    print(f"{CRASHES} kills, {total} messages")
