"""`make bench`: run every measurement and print its figures."""

import asyncio
import platform

import uvloop

from .fan_out import fan_out
from .start import start


async def main() -> None:
    print(f"Python {platform.python_version()} on {platform.machine()}\n")
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
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
