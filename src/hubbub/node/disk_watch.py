"""The watch over the disk: whether there is room, what is written meanwhile, and when writing is tried again."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from hubbub.engine.event import Event
from hubbub.engine.refusals import size_of
from hubbub.engine.state import State
from hubbub.storage.base import Storage, StorageError

from .disk import ROOM_AGAIN_BYTES_MIN, ROOM_BYTES_MIN, Disk, may_be_forgotten

log = logging.getLogger("hubbub")


class DiskWatch(Disk):
    """The disk on which `storage` writes, in the data `folder`."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        super().__init__()
        self._storage = storage
        self.folder = folder
        self.free_bytes: Callable[[], int] = partial(_free_bytes, folder)
        """The free bytes of the data's file system."""
        self.keeps: Callable[[Event], bool] = storage.keeps
        """Whether an event is written: none is while the disk takes nothing."""

    def is_low(self, reserve_bytes: int) -> bool:
        """Whether less is free than stays free of files."""
        return self.free_bytes() < reserve_bytes

    def has_room(self, least_bytes: int = ROOM_BYTES_MIN) -> bool:
        """Whether there is room for what is said. What tells nothing of it is asked by writing."""
        try:
            return self.free_bytes() >= least_bytes
        except OSError:
            return True

    def refuses(self, state: State, events: Sequence[Event]) -> bool:
        """Whether one of the events must last, and nothing is written."""
        return bool(self.trouble) and any(
            self._storage.keeps(event) and not may_be_forgotten(state, event) for event in events
        )

    def stop_at_last_room(self, now: float) -> bool:
        """Write nothing from now on where the last room would be taken; whether that is so since now."""
        if self.trouble or self.has_room():
            return False
        self.stop_writing(f"Less than {size_of(ROOM_BYTES_MIN)} of disk space is free", now)
        return True

    def stop_writing(self, why: str, now: float) -> None:
        log.critical("%s: the server is read-only until there is space again", why)
        self.fail(why, now)
        self.keeps = _nothing_is_kept

    async def takes_again(self, monotonic: Callable[[], float]) -> bool:
        """Try to write; whether that succeeds. Events are written again then, those of `recover` first."""
        why = "" if self.has_room(ROOM_AGAIN_BYTES_MIN) else self.trouble
        if not why:
            try:
                await asyncio.get_running_loop().run_in_executor(None, self._storage.try_writing)
            except StorageError as error:
                why = str(error)
        if why:
            self.fail(why, monotonic())
            return False
        self.keeps = self._storage.keeps
        return True


def _nothing_is_kept(event: Event) -> bool:
    return False


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
