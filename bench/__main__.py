"""`make bench`: measure, print the figures and whether each target holds, and write them on their page.

`python -m bench PART…` measures only some parts; `--peers` installs others' servers first. Without a part it is all
but `soak`, which takes an hour. The page is written from the last measurement of each part.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

from .deletion import deletion
from .delivery import idle, latency, storms, talking
from .desktop import desktop
from .history import history
from .load import Failed
from .native import NoCompiler, program
from .page import page
from .report import write
from .results import Table, keep, machine
from .servers import HUBBUB, LIMIT, PEERS, Kind, install_peers
from .signin import signin
from .soak import soak
from .ssh import ssh
from .start import start
from .strangers import strangers

MESSAGES: Final = 10_000_000
MESSAGES_DELETED_AMONG: Final = 100_000
SESSIONS_BY_SSH: Final = 30
SOAK_SECONDS: Final = 3600

_BY_SSH: Final = (
    f"Memory and processor time of {SESSIONS_BY_SSH} terminals by ssh, in rooms of 1,000 messages"
)
_BESIDE: Final = ("Hubbub", "baseline")

PARTS: Final[Mapping[str, Callable[[], list[Table]]]] = {
    "talking": lambda: talking(_servers()),
    "latency": lambda: latency(_servers()),
    "storms": lambda: storms(_servers()),
    "idle": idle,
    "history": lambda: history(MESSAGES),
    "deletion": lambda: deletion(MESSAGES_DELETED_AMONG),
    "start": start,
    "strangers": strangers,
    "signin": signin,
    "soak": lambda: soak(SOAK_SECONDS),
    "ssh": lambda: [Table.of(_BY_SSH, ("",), asyncio.run(ssh(SESSIONS_BY_SSH)))],
    "page": lambda: [
        Table.of("The page in Chromium, compared with a page with one text box", _BESIDE, asyncio.run(page()))
    ],
    "desktop": lambda: [
        Table.of("The desktop window, compared with a window with one word", _BESIDE, desktop())
    ],
}
"""In the order in which they stand on the page."""

ASKED_FOR: Final = frozenset({"soak"})
"""Measured only when they are named."""


def _servers() -> list[Kind]:
    return [LIMIT, HUBBUB, *(peer for peer in PEERS if peer.is_here)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Measure Hubbub, beside others.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument(
        "--peers", action="store_true", help="install others' servers first (Debian, as root)"
    )
    wanted = parser.parse_args()
    unknown = [part for part in wanted.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; the parts are: {', '.join(PARTS)}")
    try:
        if wanted.peers:
            install_peers()
        for name in ("limit", "load"):
            program(name)
    except (NoCompiler, OSError) as error:
        sys.exit(str(error))
    print(f"On {machine()}\n")
    failed: list[str] = []
    for part in wanted.parts or [part for part in PARTS if part not in ASKED_FOR]:
        try:
            tables = PARTS[part]()
        except (Failed, OSError, RuntimeError, subprocess.CalledProcessError, ImportError) as error:
            print(f"{part} could not be measured: {error}\n", file=sys.stderr)
            failed.append(part)
            continue
        keep(part, tables)
        for table in tables:
            print("\n".join([*table.lines(), ""]), flush=True)
    write(list(PARTS))
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
