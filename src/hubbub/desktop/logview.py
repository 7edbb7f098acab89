"""The server's log as it grows: the end of its file, by level and by words."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer, Slot

from hubbub.desktop.qt_properties import Model

LINES_MAX: Final = 5_000
"""The most lines that the window keeps; the file has all of them."""
READ_BYTES_MAX: Final = 1 << 20
LOOK_MS: Final = 400

_ENTRY: Final = re.compile(r"\S+ (?P<time>\S+) - (?P<level>[A-Z]+) - (?P<words>.*)")
_JSON_LEVEL: Final = re.compile(r'"level": "(?P<level>[A-Z]+)"')
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class LogView(Model):
    """The last lines of a file that something else writes, the newest last; one that is begun anew is followed."""

    def __init__(self) -> None:
        super().__init__(("number", "time", "level", "words"))
        self._path: Path | None = None
        self._file: tuple[int, int] = (0, 0)
        """The file's number in its file system, and how much of it was read."""
        self._rest = b""
        self._lines: list[Mapping[str, Any]] = []
        self._number = 0
        self._words = ""
        self._level = 0
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self.look)

    def follow(self, path: Path | None) -> None:
        """Show another file from its end on, or none."""
        if path == self._path:
            return
        self._path = path
        self._file, self._rest, self._lines = (0, 0), b"", []
        self.become([])
        if path is None:
            self._clock.stop()
        else:
            self.look()
            self._clock.start()

    @Slot(str, str)
    def filter(self, words: str, level: str) -> None:
        """Show only lines with these words in them, and of this level or a graver one."""
        self._words, self._level = words.casefold(), LEVELS.index(level) if level in LEVELS else 0
        self._show()

    def look(self) -> None:
        """Read what was written since."""
        data = self._new(self._path) if self._path is not None else b""
        if not data:
            return
        *whole, self._rest = (self._rest + data).split(b"\n")
        lines = [*self._lines, *self._entries(whole)]
        self._lines = lines[-LINES_MAX:]
        self._show()

    def _new(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                found = os.fstat(file.fileno())
                number, at = self._file
                if number != found.st_ino or found.st_size < at:
                    # The first look, or the file was put away and another one begun.
                    at, self._rest = 0, b""
                start = max(at, found.st_size - READ_BYTES_MAX)
                file.seek(start)
                data = file.read(READ_BYTES_MAX)
                self._file = (found.st_ino, start + len(data))
        except OSError:
            return b""
        # From the middle on, the first line is half a line.
        return data[data.find(b"\n") + 1 :] if start > at else data

    def _entries(self, lines: list[bytes]) -> Iterator[Mapping[str, Any]]:
        # What belongs to the entry before it is as grave as that.
        level = self._lines[-1]["level"] if self._lines else "INFO"
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r")
            if not text:
                continue
            self._number += 1
            entry, in_json = _ENTRY.fullmatch(text), _JSON_LEVEL.search(text)
            level = entry["level"] if entry else in_json["level"] if in_json else level
            yield {
                "number": self._number,
                "time": entry["time"].partition(",")[0] if entry else "",
                "level": level,
                "words": entry["words"] if entry else text,
            }

    def _show(self) -> None:
        self.become([line for line in self._lines if self._fits(line)])

    def _fits(self, line: Mapping[str, Any]) -> bool:
        grave = LEVELS.index(line["level"]) if line["level"] in LEVELS else 0
        return grave >= self._level and self._words in line["words"].casefold()

    def end(self) -> None:
        self._clock.stop()
