"""The end of the log, as an administrator reads it from afar."""

from pathlib import Path

import pytest

from hubbub.config import Log
from hubbub.node.logs import LINE_BYTES, last_lines, path_of


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
