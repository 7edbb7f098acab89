"""What is written is on disk in the right order, whole or not at all, and nobody else's to read."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub import durable


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the system, in order."""
    done: list[str] = []
    sync, rename = os.fsync, os.rename

    def synced(handle: int) -> None:
        done.append(f"sync {'a folder' if Path(f'/proc/self/fd/{handle}').is_dir() else 'a file'}")
        sync(handle)

    def renamed(self: Path, target: Path) -> Path:
        done.append("rename")
        rename(self, target)
        return target

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    return done


IN_ORDER = ["sync a file", "rename", "sync a folder"]


def test_a_new_file_is_on_disk_before_it_has_its_name(tmp_path: Path, steps: list[str]) -> None:
    file = tmp_path / "key"
    durable.write(file, [b"one ", b"two"])
    assert steps == IN_ORDER and file.read_bytes() == b"one two"
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_somebody_has_written_gets_its_name_in_the_same_order(tmp_path: Path, steps: list[str]) -> None:
    part, file = tmp_path / "part", tmp_path / "file"
    part.write_bytes(b"whole")
    durable.publish(part, file)
    assert steps == IN_ORDER and file.read_bytes() == b"whole" and not part.exists()


def test_it_takes_the_place_of_what_others_could_read(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_bytes(b"old")
    file.chmod(0o644)
    durable.write(file, [b"new"])
    assert file.read_bytes() == b"new" and file.stat().st_mode & 0o777 == 0o600


def _interrupted() -> Iterator[bytes]:
    yield b"half"
    raise KeyboardInterrupt


@pytest.mark.parametrize("breaks", ["content", "sync", "rename"])
def test_where_it_fails_the_old_file_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    file = tmp_path / "settings"
    file.write_bytes(b"old")

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    if breaks == "sync":
        monkeypatch.setattr(os, "fsync", full)
    elif breaks == "rename":
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises((OSError, KeyboardInterrupt)):
        durable.write(file, _interrupted() if breaks == "content" else [b"new"])
    assert [each.name for each in tmp_path.iterdir()] == ["settings"] and file.read_bytes() == b"old"


def test_where_the_folder_can_not_be_synced_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable, "sync_folder", broken)
    with pytest.raises(OSError, match="Input/output"):
        durable.write(tmp_path / "key", [b"new"])
    assert (tmp_path / "key").read_bytes() == b"new"


def test_windows_opens_no_folder(tmp_path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    durable.write(tmp_path / "key", [b"new"])
    assert steps == IN_ORDER[:2]
