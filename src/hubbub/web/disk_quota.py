"""Room for files: what comes is reckoned with before it is there, and the disk keeps a reserve for the chat itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from hubbub.engine.refusals import size_of
from hubbub.web.chat import Chat
from hubbub.web.errors import Failure

log = logging.getLogger("hubbub")


class Holding:
    """The room that one file which comes has been promised, in bytes; `written` of them are on the disk already."""

    def __init__(self, person: int) -> None:
        self.person = person
        self.promised = self.written = 0


class Space:
    """The room on the disk, and what of it is promised."""

    def __init__(self, node: Chat) -> None:
        self._node = node
        self._holdings: list[Holding] = []
        self._is_low = False

    @contextmanager
    def holding(self, person: int) -> Iterator[Holding]:
        """Reserve space for one upload, from before its first byte until its size is known."""
        made = Holding(person)
        self._holdings.append(made)
        try:
            yield made
        finally:
            self._holdings.remove(made)

    def promised_beside(self, holding: Holding) -> tuple[int, int]:
        """The bytes of all other files that are on their way, and of those that the same person sends."""
        others = [one for one in self._holdings if one is not holding]
        own = sum(one.promised for one in others if one.person == holding.person)
        return sum(one.promised for one in others), own

    def promise(self, holding: Holding, size: int) -> None:
        """There is to be room for a file of so many bytes in all. Raises Failure where there is none."""
        unwritten = sum(one.promised - one.written for one in self._holdings)
        if self.watch() - unwritten - (size - holding.promised) < self._node.settings.files.reserve_bytes:
            sentence = (
                "The server's disk is nearly full, so it accepts no files for now. Tell its administrator."
            )
            raise Failure(HTTPStatus.INSUFFICIENT_STORAGE, sentence)
        holding.promised = size

    def watch(self) -> int:
        """Note the free bytes; the operator is warned when they become too few, and told when they suffice again."""
        free, is_low = (
            self._node.disk.free_bytes(),
            self._node.disk.is_low(self._node.settings.files.reserve_bytes),
        )
        if is_low != self._is_low:
            self._is_low = is_low
            left = size_of(free)
            if is_low:
                reserve = size_of(self._node.settings.files.reserve_bytes)
                log.warning(
                    "The disk has %s left, files.reserve_bytes is %s: the server accepts no files",
                    left,
                    reserve,
                )
            else:
                log.info("The disk has %s left: the server accepts files again", left)
        return free
