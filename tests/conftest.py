"""What all tests share: no network beyond this machine, and programs that may be missing."""

import asyncio
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.server_harness import ServerHarness


class NetworkForbidden(RuntimeError):
    """A test tried to reach something that is not this machine."""


def need_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails under HUBBUB_REQUIRE_ALL=1."""
    if path := shutil.which(name):
        return path
    reason = f"{name} is not installed"
    if os.environ.get("HUBBUB_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and HUBBUB_REQUIRE_ALL=1 asks for every test", pytrace=False)
    pytest.skip(reason)


def is_here(host: str | bytes | None) -> bool:
    """Whether a host is this machine, told without asking a name server."""
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    if name in ("localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def is_literal(host: str | bytes | None) -> bool:
    """Whether a host is an address in figures, which is resolved without a name server."""
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host or "::")
    except ValueError:
        return False
    return True


def forbid_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse connections and name look-ups that leave the machine; sockets within it stay free."""
    if event == "socket.connect":
        peer, address = arguments
        # Connecting a datagram socket sends nothing: it is how one's own address is found.
        leaves = peer.type != socket.SOCK_DGRAM and isinstance(address, tuple) and not is_here(address[0])
    elif event == "socket.sendto":
        address = arguments[1]
        leaves = isinstance(address, tuple) and not is_here(address[0])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[0]
        leaves = not (is_literal(address) or is_here(address))
    else:
        return
    if leaves:
        raise NetworkForbidden(f"a test may not reach {address!r} ({event})")


sys.addaudithook(forbid_network)

_HOMES: Final = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
"""Where programs keep their caches and settings: the variable, and the folder within the home."""


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests, and the programs that they start, a home that goes with the run."""
    home = tempfile.TemporaryDirectory(prefix="hubbub-home-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ.update({name: str(Path(home.name, folder)) for name, folder in _HOMES.items()})


if sys.platform != "win32":
    import uvloop

    @pytest.fixture(autouse=True)
    def _no_connection_by_uvloop(monkeypatch: pytest.MonkeyPatch) -> None:
        """uvloop connects below Python's sockets, where the audit hook sees nothing."""
        connect = uvloop.Loop.create_connection

        async def guarded(loop: Any, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
            if host is not None and not is_here(host):
                raise NetworkForbidden(f"a test may not reach {host!r}")
            return await connect(loop, factory, host, port, **options)

        monkeypatch.setattr(uvloop.Loop, "create_connection", guarded)

    class TimedLoop(uvloop.Loop):
        """The loop that the server runs on, which ends a test or a fixture that takes too long.

        pytest-timeout raises in a signal's handler, and uvloop passes over what is raised there.
        """

        def run_until_complete(self, future: Any) -> Any:
            return super().run_until_complete(_in_time(future))

    def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
        """Tests run on the loop that the server runs on."""
        return {"uvloop": TimedLoop}


OF_THE_LIMIT = 0.5
"""The loop's limit ends before pytest-timeout's, which is for tests that keep the loop busy: its signal may come at a
moment when it costs the loop a callback."""
_seconds_left = float("inf")
"""How long each asynchronous part of the test in hand may take."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    global _seconds_left
    marker = item.get_closest_marker("timeout")
    chosen = item.config.getoption("timeout") or item.config.getini("timeout") or "inf"
    _seconds_left = OF_THE_LIMIT * float(marker.args[0] if marker else chosen)


async def _in_time(future: Awaitable[Any]) -> Any:
    seconds = _seconds_left
    ending = asyncio.ensure_future(future)
    done, _ = await asyncio.wait([ending], timeout=seconds if seconds < float("inf") else None)
    if not done:
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
        pytest.fail(f"It took longer than {seconds:g} s.")
    return ending.result()


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """A whole server in memory, empty at first."""
    async with ServerHarness(tmp_path) as made:
        yield made
