"""The log's outputs: the console, and `log/app.log` under the data folder, rotated, one entry a line."""

import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from io import FileIO, TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from hubbub.config import Log
from hubbub.text import escaped

LINE_BYTES: Final = 300
"""The bytes of the log read for each requested line."""


class LogUnavailable(Exception):
    """The log can't be where it is to be; the text says why, and what to do."""


class Entries(list[tuple[float, str]]):
    """The message of a record that stands for many: each with when it was, in seconds since the epoch."""

    def __str__(self) -> str:
        return "\n".join(sentence for _, sentence in self)


class _OneLine(logging.Formatter):
    """`2026-11-20 11:40:11,590 - INFO - Server listening localhost:12345`; a traceback's lines follow with `| `.

    Whatever is written, nothing in it ends the line or drives a terminal: what others wrote can't pass for an entry.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s - %(levelname)s - %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, Entries):
            return "\n".join(
                [f"{_time(at)} - {record.levelname} - {escaped(text)}" for at, text in record.msg]
            )
        return "\n| ".join(map(escaped, super().format(record).split("\n")))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, Entries):
            entries = (
                {"time": _time(at), "level": record.levelname, "message": text} for at, text in record.msg
            )
            return "\n".join(map(_json, entries))
        entry = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return _json(entry)


def _json(entry: Mapping[str, str]) -> str:
    """JSON itself lets pass what ends a line or drives a terminal beyond ASCII."""
    return escaped(json.dumps(entry, ensure_ascii=False))


def _time(at: float) -> str:
    """As logging writes it."""
    return f"{_second(int(at))},{int(at % 1 * 1000):03}"


@lru_cache(maxsize=8)
def _second(second: int) -> str:
    return time.strftime(logging.Formatter.default_time_format, time.localtime(second))


if TYPE_CHECKING:
    _Stream = logging.StreamHandler[TextIO]
else:
    _Stream = logging.StreamHandler


class _Quiet(logging.Handler):
    """Reports once that the log cannot be written, instead of a traceback for each entry."""

    _is_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._is_told:
            self._is_told = True
            with contextlib.suppress(OSError):
                print(f"The log can't be written: {error.strerror}.", file=sys.stderr)


class _Console(_Quiet, _Stream):
    """The terminal in which the server runs."""


class _File(_Quiet, RotatingFileHandler):
    """Looks at its size before it writes, and not at what it is to write: that would be formatted twice.

    Only its owner reads it, whatever folder it is in; so it is with the next one when it is rotated.
    """

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return TextIOWrapper(
            FileIO(handle, "a"), encoding=self.encoding, errors=self.errors, write_through=True
        )

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802
        return self.stream is not None and 0 < self.maxBytes <= os.fstat(self.stream.fileno()).st_size


def formatter(settings: Log) -> logging.Formatter:
    return _Json() if settings.format == "json" else _OneLine()


def last_lines(settings: Log, data: Path, number: int) -> list[str] | None:
    """The end of the log, the earliest line first; None where none is kept in a file. To be called off the loop."""
    if not settings.file:
        return None
    with path_of(data).open("rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - number * LINE_BYTES)
        file.seek(start)
        lines = file.read().decode("utf-8", "replace").splitlines()
    # The first one may have been read from its middle on.
    return lines[1 if start else 0 :][-number:]


def path_of(data: Path) -> Path:
    return data / "log" / "app.log"


def begin(settings: Log, data: Path) -> list[logging.Handler]:
    """Let the log go where the settings say; give the handlers, to `end` it. Raises LogUnavailable."""
    handlers: list[logging.Handler] = []
    if settings.console:
        handlers.append(_Console())
    if settings.file:
        handlers.append(_file(settings, path_of(data)))
    root = logging.getLogger("hubbub")
    root.setLevel(settings.level.upper())
    root.propagate = False
    for handler in handlers:
        handler.setFormatter(formatter(settings))
        root.addHandler(handler)
    return handlers


def _file(settings: Log, path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return _File(path, maxBytes=settings.max_bytes, backupCount=settings.backups, encoding="utf-8")
    except OSError as error:
        where = path.parent if path.parent.exists() and not path.parent.is_dir() else path
        raise LogUnavailable(
            f"The log {path} can't be written: {where} is not a writable file ({error.strerror}). Move it, "
            "give it to the user that runs the server, or set log.file to no."
        ) from None


def end(handlers: list[logging.Handler]) -> None:
    for handler in handlers:
        logging.getLogger("hubbub").removeHandler(handler)
        with contextlib.suppress(OSError):  # What it still had to write, on a disk that takes nothing.
            handler.close()
