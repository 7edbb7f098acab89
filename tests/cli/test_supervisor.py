"""What a supervisor is told, and what is said at the start where something is in the way."""

import asyncio
import datetime
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from hubbub.node.systemd_notify import AT_WORK, READY, STOPPING, Supervisor
from tests.patience import PATIENCE_SECONDS
from tests.server_process import ServerProcess

Hear = Callable[[str], "asyncio.Future[None]"]


@asynccontextmanager
async def listening(address: str) -> AsyncIterator[Hear]:
    """A supervisor at this address; what it gives waits until it has heard something."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address)
        sock.setblocking(False)
        loop = asyncio.get_running_loop()

        async def hear(wanted: str) -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not (await loop.sock_recv(sock, 1000)).decode().startswith(wanted):
                    pass

        yield hear  # type: ignore[misc]


async def test_a_supervisor_is_told(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    async with listening(address) as hear:
        settings = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "60000000"}
        async with ServerProcess(tmp_path / "data", settings=settings) as server:
            await hear(READY)
            await hear(AT_WORK)
            server.process.send_signal(signal.SIGHUP)
            await hear("RELOADING=1\nMONOTONIC_USEC=")
            await hear(READY)
            server.terminate()
            await hear(STOPPING)
            assert await server.ended() == 0


async def test_one_in_the_abstract_namespace_is_told(tmp_path: Path) -> None:
    name = f"hubbub-{tmp_path}"
    async with listening(f"\0{name}") as hear:
        Supervisor({"NOTIFY_SOCKET": f"@{name}"}).tell(READY)
        await hear(READY)


def test_nobody_is_told_where_nobody_listens(tmp_path: Path) -> None:
    Supervisor({}).tell(READY)
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "nothing")}).tell(READY)
    assert not Supervisor({"WATCHDOG_USEC": "1", "WATCHDOG_PID": "1"}).is_watching


async def _started(data: Path, *options: str) -> tuple[int | None, str]:
    """What a start that fails prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hubbub", "serve", "--data", str(data), "-p", "0", *options),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


@pytest.mark.parametrize("what", ["log", "log/app.log"])
async def test_a_log_that_can_not_be_is_a_sentence(tmp_path: Path, what: str) -> None:
    if what == "log":
        (tmp_path / what).write_text("a list of wood")
    else:
        (tmp_path / what).mkdir(parents=True)
    status, printed = await _started(tmp_path)
    assert status == 1 and "Traceback" not in printed
    assert printed.startswith(
        f"The log {tmp_path}/log/app.log can't be written: {tmp_path}/{what} is not a writable file"
    )


@pytest.mark.parametrize(
    ("days", "words"), [((10, 20), "is not valid before"), ((-20, -10), "was valid until")]
)
async def test_a_certificate_of_another_time_is_told(
    tmp_path: Path, days: tuple[int, int], words: str
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    begins, ends = (now + datetime.timedelta(days=one) for one in days)
    issued = trustme.CA().issue_cert("chat.test", not_before=begins, not_after=ends)
    pem = tmp_path / "chat.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(pem)
    settings = {"HUBBUB_TLS_CERTIFICATE": str(pem), "HUBBUB_TLS_KEY": str(pem), "HUBBUB_LOG_CONSOLE": "yes"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        assert server.process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while f"chat.pem {words} " not in (line := (await server.process.stdout.readline()).decode()):
                assert line
