"""The log: one entry a line whatever others have written, and its end, as an administrator reads it from afar."""

import json
import logging
import os
import sys
from pathlib import Path

import pytest

from hubbub.config import Log
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import CreateRoom
from hubbub.engine.state import Access
from hubbub.node.logs import LINE_BYTES, Entries, begin, end, formatter, last_lines, path_of
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = path_of(tmp_path)
    path.parent.mkdir()
    path.touch()
    return path


@pytest.mark.parametrize(
    ("written", "wanted"), [(0, []), (2, ["line 0", "line 1"]), (9, ["line 6", "line 7", "line 8"])]
)
def test_the_last_lines(tmp_path: Path, log: Path, written: int, wanted: list[str]) -> None:
    log.write_text("".join(f"line {number}\n" for number in range(written)), "utf-8")
    assert last_lines(Log(), tmp_path, 3) == wanted


def test_never_half_a_line(tmp_path: Path, log: Path) -> None:
    """Long ones, of which fewer than were asked for are in what is read; in any letters."""
    lines = [f"{number} {'é' * LINE_BYTES}" for number in range(9)]
    log.write_text("\n".join(lines) + "\n", "utf-8")
    assert last_lines(Log(), tmp_path, 5) == lines[-2:]


def test_where_no_log_is_kept(tmp_path: Path) -> None:
    assert last_lines(Log(file=False), tmp_path, 5) is None


HOSTILE = "x\n2026-11-20 11:40:11,590 - WARNING - Login failed\r\x1b[2K\x85\u2028\u202e\x9b1m\U000e0041é"
"""Ends the line, drives a terminal, turns the text round, and hides something."""


def record(message: object, *more: object) -> logging.LogRecord:
    return logging.LogRecord("hubbub", logging.WARNING, "", 0, message, more, None)


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_others_wrote_ends_an_entry_or_drives_a_terminal(form: str) -> None:
    write = formatter(Log(format=form)).format  # type: ignore[arg-type]
    for written in (write(record(Entries([(0.0, HOSTILE)]))), write(record("%s", HOSTILE))):
        assert all(line.isprintable() for line in written.split("\n")) and written.endswith(("é", 'é"}'))
        (first, *others) = written.splitlines()
        assert all(line.startswith("| ") for line in others)
        if form == "json":
            assert json.loads(first)["message"] == HOSTILE and not others


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_belongs_to_its_entry(form: str) -> None:
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        entry = logging.LogRecord("hubbub", logging.ERROR, "", 0, "A bug", (), sys.exc_info())
    first, *others = formatter(Log(format=form)).format(entry).splitlines()  # type: ignore[arg-type]
    assert "A bug" in first and all(line.startswith("| ") and line.isprintable() for line in others)


async def test_what_others_wrote_is_quoted(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """A reason that looks like another entry stands in quotation marks that it can't end."""
    async with ServerHarness(tmp_path) as harness:
        logging.getLogger("hubbub").propagate = True
        caplog.set_level(logging.INFO, "hubbub")
        await harness.irc("ann")
        await harness.ask("ann", 'QUIT :bye" from 10.0.0.1\x0304 \\')
        await harness.settle()
        assert 'Disconnection of ann at 127.0.0.1: "Quit: bye\\" from 10.0.0.1 \\\\"' in "\n".join(
            caplog.messages
        )


async def test_entries_stand_in_the_order_of_what_happened(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Also what is written at once, while what has happened before it is still being gathered."""
    logging.getLogger("hubbub").propagate = True
    caplog.set_level(logging.INFO, "hubbub")
    async with ServerHarness(tmp_path) as harness:
        harness.node.ask(CreateRoom(RoomName.known("tea"), Access.OPEN))
        logging.getLogger("hubbub").info("Server listening")
        told = "\n".join(caplog.messages)
        assert 0 < told.index('add room "tea"') < told.index("Server listening")


async def test_who_never_came_in_is_nobody_with_a_name(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    async with ServerHarness(tmp_path) as harness:
        logging.getLogger("hubbub").propagate = True
        caplog.set_level(logging.INFO, "hubbub")
        harness.connect("eve", WireProtocol.NETCAT).hang_up()
        await harness.settle()
        assert 'Disconnection at 127.0.0.1 before coming in: "Connection closed"' in "\n".join(
            caplog.messages
        )


async def test_a_private_message_is_logged_with_both_addresses(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    async with ServerHarness(tmp_path, {"tls.required_beyond_loopback": False}) as harness:
        logging.getLogger("hubbub").propagate = True
        caplog.set_level(logging.INFO, "hubbub")
        await harness.account("cat")
        await harness.netcat("ann", address="192.0.2.1")
        await harness.netcat("bob", address="192.0.2.2")
        await harness.ask("ann", "@bob a secret")
        await harness.ask("ann", "@cat a secret")
        told = "\n".join(caplog.messages)
        assert "Private message from ann to bob, from 192.0.2.1 to 192.0.2.2" in told
        assert "Private message from ann to cat, from 192.0.2.1 to nowhere (not connected)" in told
        assert "secret" not in told


def test_only_the_owner_reads_a_log_that_is_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a folder that was there already and that others may read."""
    log = logging.getLogger("hubbub")
    monkeypatch.setattr(log, "propagate", log.propagate)
    monkeypatch.setattr(log, "level", log.level)
    path_of(tmp_path).parent.mkdir(mode=0o755)
    before = os.umask(0o022)
    handlers = begin(Log(console=False, max_bytes=4_096, backups=2), tmp_path)
    try:
        for _ in range(100):
            log.warning("x" * 200)
    finally:
        end(handlers)
        os.umask(before)
    files = sorted(path_of(tmp_path).parent.iterdir())
    assert [file.name for file in files] == ["app.log", "app.log.1", "app.log.2"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
