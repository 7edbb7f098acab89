"""`make bench`: run every measurement and print its figures.

`python -m bench search 10000000` measures searching alone, among so many messages; `python -m bench ssh 100` so many
terminals by ssh; `python -m bench page` the page in a browser; `python -m bench desktop` the desktop's window.
"""

import asyncio
import platform
import sys

import uvloop

from .desktop import desktop
from .fan_out import fan_out
from .page import page
from .search import search
from .ssh import ssh
from .start import start

MESSAGES = 200_000
SESSIONS = 30


def show_search(messages: int) -> None:
    took, write_us, size = search(messages)
    print(f"\nSearching among {messages:,} messages in 1,000 rooms, by somebody who is in 100 of them")
    for one in took:
        print(
            f"  {one.name:40} {one.seconds * 1000:8.1f} ms  {one.longest * 1000:8.1f} at most  {one.found:5} found"
        )
    print(
        f"  {'writing a message, index and all':40} {write_us:8.1f} µs of processor time, {size:.0f} bytes on disk"
    )


async def show_ssh(sessions: int) -> None:
    print(f"\n{sessions} terminals by ssh, each in a room with a thousand messages")
    for name, figure in await ssh(sessions):
        print(f"  {name:40} {figure}")


async def show_page() -> None:
    print("\nThe page in Chromium, and beside it one with nothing but a box")
    for name, own, base in await page():
        print(f"  {name:40} {own:28} {base}")


def show_desktop() -> None:
    print("\nThe desktop's window, and beside it one with nothing but a word")
    for name, own, base in desktop():
        print(f"  {name:40} {own:14} {base}")


async def main() -> None:
    print("Start: seconds until the greeting")
    for name, seconds in start():
        print(f"  {name:40} {seconds:6.2f} s")
    for flight, figures in await fan_out():
        print(f"\nOne room of 200, {flight} in flight: processor time of the server for each delivery")
        base = figures[0].cpu_us
        for figure in figures:
            ratio = figure.cpu_us / base if base else 0.0
            print(
                f"  {figure.name:40} {figure.cpu_us:6.2f} µs  {ratio:5.2f} times  {figure.a_second:9.0f} a second"
            )


if __name__ == "__main__":
    print(f"Python {platform.python_version()} on {platform.machine()}\n")
    if sys.argv[1:2] == ["search"]:
        show_search(int(sys.argv[2]))
        sys.exit()
    if sys.argv[1:2] == ["ssh"]:
        asyncio.run(show_ssh(int(sys.argv[2])))
        sys.exit()
    if sys.argv[1:2] == ["page"]:
        asyncio.run(show_page())
        sys.exit()
    if sys.argv[1:2] == ["desktop"]:
        show_desktop()
        sys.exit()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
    show_search(MESSAGES)
    asyncio.run(show_ssh(SESSIONS))
    asyncio.run(show_page())
    show_desktop()
