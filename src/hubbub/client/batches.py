"""Batches that a server sends: lines are held until the outermost batch they belong to is whole."""

from dataclasses import dataclass, field
from typing import Final

from hubbub.wire.message import Message as Line

HELD_LINES_MAX: Final = 50_000
"""The most lines that all open batches may hold, including those that open one.

Beyond it the server is up to no good, and all of them are dropped.
"""


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
        """The parameters after the type."""
        return self.opening.params[2:]

    def lines(self) -> list[Line]:
        """Its lines, without those of batches within."""
        return [item for item in self.items if isinstance(item, Line)]


Item = Line | Batch


@dataclass(slots=True, eq=False)
class _Outermost:
    """A batch that is in no other: how many lines it holds, and by which references those in it were opened."""

    held: int = 0
    references: list[str] = field(default_factory=list)


class Batches:
    """Gathers lines; what is whole comes out."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[Batch, _Outermost]] = {}
        """Reference → the batch, and what is known of the outermost one it is in, or is."""
        self._held = 0

    def take(self, line: Line) -> Item | None:
        """The line, if it belongs to no batch; a batch that it ends; None while one is open."""
        around = self._open.get(line.tags.get("batch", ""))
        if line.verb == "BATCH" and line.param(0)[:1] == "+":
            self._opened(line, around)
            return None
        if line.verb == "BATCH" and line.param(0)[:1] == "-":
            return self._closed(line.param(0)[1:])
        if around is None:
            return line
        around[0].items.append(line)
        self._hold(around[1])
        return None

    def _hold(self, outermost: _Outermost) -> None:
        outermost.held += 1
        self._held += 1
        if self._held > HELD_LINES_MAX:
            self.clear()

    def _opened(self, line: Line, around: tuple[Batch, _Outermost] | None) -> None:
        reference = line.param(0)[1:]
        if reference in self._open:
            return
        batch, outermost = Batch(line), around[1] if around else _Outermost()
        if around:
            around[0].items.append(batch)
        outermost.references.append(reference)
        self._open[reference] = (batch, outermost)
        self._hold(outermost)

    def _closed(self, reference: str) -> Batch | None:
        batch, outermost = self._open.pop(reference, (None, None))
        if batch is None or outermost is None or outermost.references[0] != reference:
            return None
        # One that was left open within it can't be closed any more.
        for name in outermost.references:
            if name in self._open and self._open[name][1] is outermost:
                del self._open[name]
        self._held -= outermost.held
        return batch

    def clear(self) -> None:
        self._open.clear()
        self._held = 0
