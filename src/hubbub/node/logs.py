"""Where the log goes: the console, and `log/app.log` under the data folder, rotated, one entry a line."""

import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from hubbub.config import Log


class _OneLine(logging.Formatter):
    """`2026-11-20 11:40:11,590 - INFO - Server listening localhost:12345`; a traceback's lines follow with `| `."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s - %(levelname)s - %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\n", "\n| ")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def formatter(settings: Log) -> logging.Formatter:
    return _Json() if settings.format == "json" else _OneLine()


def begin(settings: Log, data: Path) -> list[logging.Handler]:
    """Let the log go where the settings say; give the handlers, to `end` it."""
    handlers: list[logging.Handler] = []
    if settings.console:
        handlers.append(logging.StreamHandler())
    if settings.file:
        folder = data / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / "app.log"
        path.touch(mode=0o600)
        handlers.append(
            RotatingFileHandler(
                path, maxBytes=settings.max_bytes, backupCount=settings.backups, encoding="utf-8"
            )
        )
    root = logging.getLogger("hubbub")
    root.setLevel(settings.level.upper())
    root.propagate = False
    for handler in handlers:
        handler.setFormatter(formatter(settings))
        root.addHandler(handler)
    return handlers


def end(handlers: list[logging.Handler]) -> None:
    for handler in handlers:
        logging.getLogger("hubbub").removeHandler(handler)
        handler.close()
