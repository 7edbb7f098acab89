"""Batches that a server sends: lines are held until the outermost batch they belong to is whole."""

from dataclasses import dataclass, field
from typing import Final

from hubbub.wire.message import Message as Line

HELD_LINES_MAX: Final = 50_000
"""How many lines all open batches may hold; beyond it the server is up to no good, and all of them are dropped."""


@dataclass(slots=True, eq=False)
class Batch:
    """Lines, and batches within it, that belong together."""

    opening: Line
    items: list["Item"] = field(default_factory=list)

    @property
    def type(self) -> str:
        return self.opening.param(1)

    @property
    def params(self) -> tuple[str, ...]:
        """What stands behind the type."""
        return self.opening.params[2:]

    def lines(self) -> list[Line]:
        """Its lines, without those of batches within."""
        return [item for item in self.items if isinstance(item, Line)]


Item = Line | Batch


class Batches:
    """Gathers lines; what is whole comes out."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[Batch, str]] = {}
        """Reference → the batch, and the reference of the one it is in."""
        self._held = 0

    def take(self, line: Line) -> Item | None:
        """The line, if it belongs to no batch; a batch that it ends; None while one is open."""
        outer = line.tags.get("batch", "")
        if line.verb == "BATCH" and line.param(0)[:1] == "+":
            self._opened(line, outer)
            return None
        if line.verb == "BATCH" and line.param(0)[:1] == "-":
            return self._closed(line.param(0)[1:])
        if outer not in self._open:
            return line
        self._held += 1
        if self._held > HELD_LINES_MAX:
            self.clear()
            return None
        self._open[outer][0].items.append(line)
        return None

    def _opened(self, line: Line, outer: str) -> None:
        reference = line.param(0)[1:]
        if reference in self._open or len(self._open) >= HELD_LINES_MAX:
            return
        batch = Batch(line)
        if outer in self._open:
            self._open[outer][0].items.append(batch)
        else:
            outer = ""
        self._open[reference] = (batch, outer)

    def _closed(self, reference: str) -> Batch | None:
        batch, outer = self._open.pop(reference, (None, ""))
        if batch is None or outer:
            return None
        # One that was left open within it can't be closed any more.
        inside = [name for name, (_, within) in self._open.items() if self._is_within(within, reference)]
        for name in inside:
            del self._open[name]
        if not self._open:
            self._held = 0
        return batch

    def _is_within(self, reference: str, wanted: str) -> bool:
        while reference and reference != wanted:
            reference = self._open[reference][1] if reference in self._open else ""
        return bool(reference)

    def clear(self) -> None:
        self._open.clear()
        self._held = 0
