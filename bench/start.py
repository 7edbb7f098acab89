"""How long until the server can be come to, beside an interpreter that does nothing."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .accounts import MEMBERSHIPS, fill
from .results import Row, Table, Target, median
from .servers import environment

RUNS: Final = 7
ACCOUNTS: Final = 100_000
ROOMS: Final = 1_000


def start() -> list[Table]:
    """On a folder that is new, on one that is there, and on a large one; medians."""
    bare = median(_seconds([sys.executable, "-c", "pass"], "") for _ in range(RUNS))
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder:
        first = _seconds(_serve(folder))
        empty = median(_seconds(_serve(folder)) for _ in range(RUNS))
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder:
        fill(Path(folder), ACCOUNTS, ROOMS)
        _seconds(_serve(folder))
        large = median(_seconds(_serve(folder)) for _ in range(RUNS))
    return [
        Table(
            "Start of the server, from the command to the greeting",
            ("seconds",),
            (
                Row("an interpreter that does nothing", (f"{bare:.3f}",)),
                Row("the first start, on an empty folder", (f"{first:.3f}",)),
                Row("a start with nobody", (f"{empty:.3f}",)),
                Row(f"with {ACCOUNTS:,} accounts and {ROOMS:,} rooms", (f"{large:.3f}",)),
            ),
            (f"Each account is a member of {MEMBERSHIPS} room, and has a token.",),
            (
                Target("a start with nobody", empty, 0.2, " s"),
                Target(f"a start with {ACCOUNTS:,} accounts and {ROOMS:,} rooms", large, 0.4, " s"),
            ),
        )
    ]


def _serve(folder: str) -> Sequence[str]:
    return [sys.executable, "-m", "hubbub", "serve", "-p", "0", "--data", folder]


def _seconds(command: Sequence[str], until: str = "Stop it with") -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment()
    )
    assert process.stdout is not None
    for line in process.stdout:
        if until and until in line:
            break
    else:
        process.wait()
    seconds = time.perf_counter() - began
    process.terminate()
    process.wait()
    process.stdout.close()
    return seconds
