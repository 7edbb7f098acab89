"""An hour of coming and going: whether the server's memory comes back to what it was."""

import time
from collections.abc import Sequence
from typing import Final

from .load import Options, load
from .results import Row, Table
from .servers import HUBBUB

PEOPLE: Final = 500
REST_SECONDS: Final = 5
ROUNDS_TOLD: Final = 12

_ROUNDS: Final[Sequence[Options]] = (
    {"people": PEOPLE, "rooms": 20, "each": 4, "flight": 16, "messages": 4_000},
    {"people": PEOPLE, "rooms": 1, "each": 1, "flight": 1, "messages": 200, "kind": "websocket"},
    {"people": PEOPLE, "pairs": 1, "flight": 16, "messages": 2_000, "mixed": 1},
    {"people": PEOPLE, "rooms": 50, "each": 1, "flight": 4, "messages": 500, "kind": "netcat"},
)


def soak(seconds: float) -> list[Table]:
    """People come by every way, fill rooms, talk, and go without a word; then again, for so many seconds."""
    with HUBBUB.running() as server:
        began = time.monotonic()
        seen: list[tuple[float, int, int]] = []
        sessions = rounds = 0
        while time.monotonic() - began < seconds:
            for at, options in enumerate(_ROUNDS):
                load(server, options, tls=(rounds + at) % 3 == 0)
                sessions += PEOPLE
            rounds += 1
            time.sleep(REST_SECONDS)
            seen.append((time.monotonic() - began, server.resident_kib, sessions))
    step = max(1, len(seen) // ROUNDS_TOLD)
    rows = [
        Row(f"after {after / 60:.0f} minutes", (f"{come:,}", f"{kib / 1024:.1f}"))
        for after, kib, come in [*seen[:1], *seen[step - 1 :: step]]
    ]
    half = seen[len(seen) // 2 :]
    growth = (half[-1][1] - half[0][1]) / max(1, half[-1][2] - half[0][2]) * 1024
    return [
        Table(
            "Memory of the server while users come and go, measured without users",
            ("sessions so far", "MiB"),
            tuple(rows),
            (f"In the second half it grew by {growth:.1f} bytes for each session that came and went.",),
        )
    ]
