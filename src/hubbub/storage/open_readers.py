"""Open readers: closing waits for them, since SQLite crashes if a connection is closed under its reader."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from .base import StorageError

P = ParamSpec("P")
R = TypeVar("R")


class InUse:
    """Counts the users of a resource in all threads; `end` waits for them and admits no new ones."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._is_over = False

    def __enter__(self) -> None:
        with self._changed:
            if self._is_over:
                raise StorageError("The database is closed: the server has stopped.")
            self._count += 1

    def __exit__(self, *error: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def end(self) -> None:
        """May be called again."""
        with self._changed:
            self._is_over = True
            self._changed.wait_for(lambda: not self._count)


class Closable(Protocol):
    @property
    def in_use(self) -> InUse: ...


S = TypeVar("S", bound=Closable)


def while_open(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """A method during which nothing is closed. Raises StorageError once it is."""

    @wraps(method)
    def guarded(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.in_use:
            return method(self, *args, **kwargs)

    return guarded
