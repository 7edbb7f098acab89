"""How long until the server answers, beside an interpreter that does nothing."""

import subprocess
import sys
import tempfile
import time
from statistics import median

RUNS = 7


def start() -> list[tuple[str, float]]:
    """Names and seconds: median of some runs, on a data folder that is there already."""
    bare = median(_seconds([sys.executable, "-c", "pass"], "") for _ in range(RUNS))
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "hubbub", "serve", "-p", "0", "--data", data]
        first = _seconds(command, "Stop it with")
        later = median(_seconds(command, "Stop it with") for _ in range(RUNS))
    return [
        ("an interpreter that does nothing", bare),
        ("hubbub, first start on an empty folder", first),
        ("hubbub, later starts", later),
    ]


def _seconds(command: list[str], until: str) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if until and until in line:
            break
    else:
        process.wait()
    seconds = time.perf_counter() - began
    process.terminate()
    process.wait()
    return seconds
