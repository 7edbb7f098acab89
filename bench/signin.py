"""How long a person waits who signs in while others register, or sign in again and again."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from hubbub.config.sections import Accounts
from hubbub.engine.state import Credential
from hubbub.node.password_queue import Asker, Lane
from hubbub.node.password_threads import Passwords
from tests.server_process import Line, ServerProcess

from .results import Row, Table, Target, median

TRIES: Final = 5
REGISTERING: Final = 90
LOOPING: Final = 16
PASSWORD: Final = "correct horse"
MOST_SECONDS: Final = 1.0

CROWD: Final = "127.0.0.2"
PERSON: Final = "127.0.0.3"

SETTINGS: Final = {
    "HUBBUB_LIMITS_ACCOUNTS_AN_ADDRESS_A_DAY": "0",
    "HUBBUB_LIMITS_LINES_A_SECOND": "0",
    "HUBBUB_LIMITS_CONNECTIONS_AN_ADDRESS": "0",
}

Crowd = Callable[[], contextlib.AbstractAsyncContextManager[None]]


def signin() -> list[Table]:
    return [asyncio.run(_by_turns()), asyncio.run(_through_the_door())]


# The queue by itself


async def _by_turns() -> Table:
    """The same hashes in the order in which they come, and in turns."""
    passwords = Passwords(Accounts())
    known = await passwords.credential(PASSWORD)
    same, person = Asker(exempt=True), Asker(Lane.SIGNING_IN, PERSON)
    registering, looping = Asker(Lane.MAKING, CROWD, exempt=True), Asker(Lane.SIGNING_IN, CROWD, exempt=True)
    rows = [
        await _compared(
            "beside ninety who register", passwords, known, (same, same), (person, registering), True
        ),
        await _compared(
            "beside sixteen who sign in in a loop", passwords, known, (same, same), (person, looping)
        ),
    ]
    passwords.stop()
    return Table("Waiting time of a password check (s)", ("as they come", "in turns", "ratio"), tuple(rows))


async def _compared(
    name: str,
    passwords: Passwords,
    known: Credential,
    before: tuple[Asker, Asker],
    after: tuple[Asker, Asker],
    registers: bool = False,
) -> Row:
    async def other(asker: Asker) -> None:
        if registers:
            await passwords.credential(PASSWORD, asker)
        else:
            await passwords.fits(PASSWORD, known, asker)

    found = []
    for person, crowd in (before, after):

        async def try_one(person: Asker = person) -> None:
            await passwords.fits(PASSWORD, known, person)

        number = REGISTERING if registers else LOOPING
        async with _busy([lambda crowd=crowd: other(crowd) for _ in range(number)]):  # type: ignore[misc]
            found.append(await _seconds(try_one))
    return Row(name, (f"{found[0]:.2f}", f"{found[1]:.2f}", f"{found[0] / found[1]:.0f}"))


@contextlib.asynccontextmanager
async def _busy(works: list[Callable[[], Awaitable[None]]]) -> AsyncIterator[None]:
    """Everybody does their work again and again."""

    async def again(work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await work()

    tasks = [asyncio.create_task(again(work)) for work in works]
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


# A server


async def _through_the_door() -> Table:
    with tempfile.TemporaryDirectory() as folder:
        async with ServerProcess(Path(folder) / "data", settings=SETTINGS) as server:
            for name in ("ann", "eve"):
                await _typed(server, PERSON if name == "ann" else CROWD, f"register {name} {PASSWORD}")
            crowds: Mapping[str, list[Callable[[], Awaitable[None]]]] = {
                "alone": [],
                "beside ninety who register at one address": _registering(server, CROWD),
                "beside ninety who register at the person's own address": _registering(server, PERSON),
                "beside sixteen who sign in in a loop at one address": [
                    lambda: _typed(server, CROWD, f"login eve {PASSWORD}") for _ in range(LOOPING)
                ],
            }
            found: dict[str, list[float]] = {}
            for name, works in crowds.items():
                async with _busy(works):
                    found[name] = [
                        await _seconds(lambda: _typed(server, PERSON, f"login ann {PASSWORD}"))
                        for _ in range(TRIES)
                    ]
    alone = median(found["alone"])
    rows = [
        Row(name, (f"{median(each):.2f}", f"{max(each):.2f}", f"{median(each) / alone:.1f}"))
        for name, each in found.items()
    ]
    targets = [
        Target(f"a person who signs in {name}", max(each), MOST_SECONDS, " s")
        for name, each in found.items()
        if name != "alone"
    ]
    return Table(
        "Time to sign in over netcat, from connecting to the answer",
        ("median s", "worst s", "of alone"),
        tuple(rows),
        (
            "Passwords as they are kept: Argon2id with 64 MiB; the crowd's own clients take their part of both cores.",
        ),
        tuple(targets),
    )


def _registering(server: ServerProcess, address: str) -> list[Callable[[], Awaitable[None]]]:
    numbers = iter(range(10**6))

    async def one() -> None:
        await _typed(server, address, f"register u{id(numbers) % 10**6}_{next(numbers)} {PASSWORD}")

    return [one] * REGISTERING


async def _typed(server: ServerProcess, address: str, text: str) -> None:
    """One line of somebody who comes for it, until it is answered."""
    connected = asyncio.open_connection("127.0.0.1", server.port, local_addr=(address, 0))
    line = Line(*await connected)
    try:
        line.type(text)
        while answer := await line.read():
            if answer.startswith("Too many"):
                await asyncio.sleep(1)  # As it is told: in a few seconds.
            if answer.startswith(("Registered", "Logged in", "Too many")):
                break
    finally:
        await line.close()
