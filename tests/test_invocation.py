"""What a person is told to type is what runs Hubbub in the folder where it was started, however it is installed."""

import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub import invocation
from tests.server_process import ServerProcess

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A command in a folder of its own; the machine has no other one, and nothing is started yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "nowhere"))

    def put(place: str, is_started: bool = True) -> Path:
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\necho hubbub is called\n", "utf-8")
        file.chmod(0o755)
        monkeypatch.setattr(sys, "argv", [str(file) if is_started else "/somewhere/hubbub/__main__.py"])
        monkeypatch.setattr(sysconfig, "get_path", lambda name: str(file.parent))
        return file

    return put


@pytest.mark.parametrize("is_started", [True, False])
@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("path/hubbub", "hubbub chat"),
        (".venv/bin/hubbub", ".venv/bin/hubbub chat"),
        ("my tools/bin/hubbub", "'my tools/bin/hubbub' chat"),
        ("hubbub", "./hubbub chat"),
    ],
)
def test_what_is_typed_in_the_folder(install: Install, place: str, line: str, is_started: bool) -> None:
    """Started as a command, and by `python -m hubbub`: the shell agrees that it is this one."""
    install(place, is_started)
    assert invocation.typed("chat") == line
    shell = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True)
    assert shell.stdout == "hubbub is called\n"


def test_elsewhere_the_whole_path_is_typed(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = install("a b/bin/hubbub")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert invocation.typed("chat") == f"'{file}' chat"


def test_another_one_that_is_found_by_the_name_is_not_meant(install: Install) -> None:
    install("path/hubbub")
    install(".venv/bin/hubbub")
    assert invocation.program() == ".venv/bin/hubbub"


def test_a_link_on_the_path_to_what_runs_is_found_by_its_name(install: Install, tmp_path: Path) -> None:
    file = install("share/venv/bin/hubbub", is_started=False)
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "hubbub").symlink_to(file)
    assert invocation.program() == "hubbub"


def test_where_no_command_is_installed_it_is_a_module(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/hubbub/__main__.py"])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python here" / "python3.11"))
    assert invocation.typed("serve") == "'python here/python3.11' -m hubbub serve"


def test_on_windows(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("My Chat/Scripts/hubbub.exe", is_started=False)
    monkeypatch.setattr(invocation, "IS_WINDOWS", True)
    assert invocation.typed("chat") == '"My Chat/Scripts/hubbub.exe" chat'
    assert invocation.quoted("C:\\Chat\\data") == "C:\\Chat\\data"


async def test_a_server_tells_what_can_be_typed_where_it_was_started(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "the data") as server:
        lines = server.greeting.splitlines()
    told = [shlex.split(line.partition(": ")[2]) for line in lines if "admin shutdown" in line]
    ((program, *words),) = told
    assert words == ["admin", "shutdown", "--data", str(tmp_path / "the data")]
    shell = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert shell.stdout.startswith("hubbub, version")


def test_help_names_what_is_typed() -> None:
    """Also after a mistake."""
    program = subprocess.run(
        [sys.executable, "-m", "hubbub", "serve", "--nothing"], capture_output=True, text=True, check=False
    )
    line = next(line for line in program.stderr.splitlines() if line.startswith("Usage: "))
    called = shlex.split(line.removeprefix("Usage: "))[0]
    assert os.access(called, os.X_OK) and "serve" in line
