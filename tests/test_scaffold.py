"""What the other tests stand on: the network guard, missing programs, locked requirements, one version."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hubbub
from tests.conftest import NetworkForbidden, need_program
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parent.parent
ELSEWHERE = "192.0.2.1"  # RFC 5737: an address that nobody has


def test_a_socket_may_not_leave_this_machine() -> None:
    with socket.socket() as peer, pytest.raises(NetworkForbidden):
        peer.connect((ELSEWHERE, 9))


def test_a_datagram_may_not_leave_this_machine() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as peer, pytest.raises(NetworkForbidden):
        peer.sendto(b"", (ELSEWHERE, 9))


def test_a_name_may_not_be_looked_up() -> None:
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("chat.example", 6667)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no home in the table of users")
def test_programs_keep_nothing_in_the_home_of_who_runs_the_tests() -> None:
    import pwd

    asked = [sys.executable, "-c", "from pathlib import Path; print(Path.home())"]
    home = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    assert home.is_dir()
    assert home != Path(pwd.getpwuid(os.getuid()).pw_dir)
    folders = [
        Path(os.environ[name]) for name in os.environ if name.startswith("XDG_") and name.endswith("_HOME")
    ]
    assert all(folder.is_relative_to(home) for folder in folders)


async def test_the_loop_may_not_connect_elsewhere() -> None:
    with pytest.raises(NetworkForbidden):
        await asyncio.open_connection(ELSEWHERE, 9)


async def test_the_loop_may_connect_here() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.readline() == b"hello\n"
        writer.close()


def test_a_missing_program_skips_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUBBUB_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        need_program("no-such-program")


def test_a_missing_program_fails_where_all_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBBUB_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        need_program("no-such-program")


FOREVER = """
import asyncio
import pytest

@pytest.fixture
async def endless() -> None:
    await asyncio.Event().wait()

async def test_forever() -> None:
    await asyncio.Event().wait()

async def test_with_an_endless_fixture(endless: None) -> None:
    pass

@pytest.mark.timeout(6)
async def test_marked() -> None:
    await asyncio.Event().wait()

async def test_quick() -> None:
    await asyncio.sleep(0)
"""


def test_an_asynchronous_test_has_a_time_limit(tmp_path: Path) -> None:
    """Without one a single test that waits for nothing stops everything for good."""
    (tmp_path / "test_forever.py").write_text(FOREVER)
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    command = ["-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, *command, "--timeout", "4", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=5 * PATIENCE_SECONDS,
    )
    assert "2 failed, 1 passed, 1 error" in done.stdout, done.stdout
    assert done.stdout.count("It took longer than 2 s.") >= 2 and "longer than 3 s." in done.stdout


def locked(name: str) -> dict[str, str]:
    """The pinned version of every package that a lock file names; each must have a hash."""
    text = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all("--hash=sha256:" in row for row in rows)
    return dict(re.match(r"(\S+?)==(\S+)", row).groups() for row in rows)  # type: ignore[union-attr,misc]


def test_developing_runs_with_the_versions_that_serve() -> None:
    run, develop = locked("run.txt"), locked("develop.txt")
    assert run == {name: version for name, version in develop.items() if name in run}


def test_every_dependency_is_locked_and_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    reasons = (ROOT / "docs" / "build" / "dependencies.md").read_text("utf-8")
    needed = {re.split(r"[^\w-]", line)[0] for line in project["project"]["dependencies"] + groups["build"]}
    developing = {re.split(r"[^\w-]", line)[0] for line in groups["develop"]}
    assert needed <= locked("run.txt").keys()
    assert developing <= locked("develop.txt").keys()
    assert {name for name in needed | developing if f"| {name} |" not in reasons} == set()


def test_there_is_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == hubbub.__version__
    assert f"\n## {hubbub.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
