"""The unit of examples/systemd: a real systemd starts the server in its sandbox, people chat, and it stops."""

import asyncio
import os
import shutil
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import need_program
from tests.patience import PATIENCE_SECONDS
from tests.server_process import Line

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "examples" / "systemd" / "hubbub.service"

PREPARE = """
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /etc/systemd/system
mount --bind "$1/lib" /var/lib
cp -r "$1/units/." /etc/systemd/system
while umount -l /sys/fs/cgroup; do :; done 2>/dev/null
mount -t cgroup2 none /sys/fs/cgroup
mount --make-rshared /
container=test exec "$2" --system --unit=hubbub.service --show-status=no --log-target=console
"""
"""A systemd of the test's own: in namespaces, where it sees this machine's files and changes none of them."""

DROP_IN = """
[Unit]
DefaultDependencies=no
SuccessAction=exit
FailureAction=exit
[Service]
ExecStart=
ExecStart={python} -m hubbub serve --data /var/lib/hubbub -p {port}
StandardOutput=file:{output}
StandardError=file:{output}
# Where the tests' Python and sources are, which may be in somebody's home.
ProtectHome=tmpfs
BindReadOnlyPaths={paths}
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """The server within its unit: its process, its port, and the folder that it calls /var/lib/hubbub."""

    pid: int
    port: int
    data: Path

    def status(self, name: str) -> str:
        """A line of the kernel's account of the process."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:"))


@asynccontextmanager
async def unit_running(folder: Path) -> AsyncIterator[Unit]:
    """From `systemctl start` to `stop`, as far as the server sees it."""
    systemd, port = _systemd(), _free_port()
    output = folder / "output"
    os.mkfifo(output)
    units = folder / "units"
    drop_ins = units / "hubbub.service.d"
    drop_ins.mkdir(parents=True)
    (folder / "lib").mkdir()
    shutil.copy(UNIT, units)
    paths = " ".join(dict.fromkeys((sys.base_prefix, sys.prefix, str(ROOT))))
    (drop_ins / "test.conf").write_text(
        DROP_IN.format(python=sys.executable, port=port, output=output, paths=paths)
    )
    process = await asyncio.create_subprocess_exec(
        *(
            "unshare",
            "--fork",
            "--pid",
            "--mount",
            "--cgroup",
            "--ipc",
            "--uts",
            "--mount-proc",
            "--kill-child",
        ),
        *("sh", "-c", PREPARE, "sh", str(folder), systemd),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await _until_said(output, "Stop it with", process)
        data = folder / "lib" / "private" / "hubbub"
        yield Unit(_server_of(process.pid), port, data)
    finally:
        _kill(process)
        await process.communicate()


async def _until_said(output: Path, words: str, process: asyncio.subprocess.Process) -> None:
    """Read what the server prints until it is up."""
    descriptor = os.open(output, os.O_RDWR | os.O_NONBLOCK)
    loop, said, heard = asyncio.get_running_loop(), bytearray(), asyncio.Event()

    def read() -> None:
        said.extend(os.read(descriptor, 65_536))
        if words.encode() in said:
            heard.set()

    loop.add_reader(descriptor, read)
    waiting = [loop.create_task(heard.wait()), loop.create_task(process.wait())]
    try:
        await asyncio.wait(waiting, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        for task in waiting:
            task.cancel()
    if not heard.is_set():
        _kill(process)
        _, told = await process.communicate()
        raise AssertionError(f"The unit did not come up: {said.decode()}\n{told.decode()[-2000:]}")


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)


def _server_of(unshare: int) -> int:
    """The process of the service: the one child of systemd, which is the one child of `unshare`."""
    systemd = _children(unshare)[0]
    found = [pid for pid in _children(systemd) if b"hubbub" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(found) == 1, "systemd runs one server"
    return found[0]


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _systemd() -> str:
    need_program("systemd-analyze")
    need_program("unshare")
    if os.geteuid() != 0:
        pytest.skip("only root can give systemd namespaces of its own")
    return "/lib/systemd/systemd"


async def test_the_server_runs_in_the_sandbox_of_its_unit(tmp_path: Path) -> None:
    async with unit_running(tmp_path) as unit:
        # Over TLS and with a password: what OpenSSL and Argon2 do in the process is allowed, too.
        anyone = ssl.create_default_context(cafile=str(unit.data / "tls" / "authority.pem"))
        line = Line(*await asyncio.open_connection("127.0.0.1", unit.port, ssl=anyone))
        line.type("NICK ann", "USER ann 0 * :Ann", "REGISTER * * correct-horse", "JOIN #tea")
        line.type("PRIVMSG #tea :in a sandbox", "PING done")
        assert any("REGISTER SUCCESS ann" in told for told in await line.until("done"))
        assert unit.status("NoNewPrivs") == "1"
        assert unit.status("Seccomp") == "2", "system calls are filtered"
        assert unit.status("CapBnd") == unit.status("CapEff") == "0" * 16
        assert unit.status("Uid").split()[0] not in ("0", str(os.geteuid()))
        assert (unit.data / "hubbub.db").stat().st_mode & 0o077 == 0
        os.kill(unit.pid, signal.SIGTERM)
        await line.until("ERROR")
        await line.close()
        log = await asyncio.to_thread((unit.data / "log" / "app.log").read_text)
        assert "in a sandbox" not in log


def test_the_unit_is_well_formed_and_exposes_little(tmp_path: Path) -> None:
    analyze = need_program("systemd-analyze")
    shutil.copy(UNIT, tmp_path)
    text = UNIT.read_text().replace("/opt/hubbub/bin/hubbub", sys.executable)
    (tmp_path / UNIT.name).write_text(text)
    for words in (("verify",), ("security", "--offline=yes", "--threshold=20")):
        done = asyncio.run(_output(analyze, *words, str(tmp_path / UNIT.name)))
        assert done[0] == 0, done[1]


async def _output(*command: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
