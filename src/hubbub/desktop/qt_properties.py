"""Qt's objects and lists: properties and rows that the windows watch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

Index = QModelIndex | QPersistentModelIndex

ROOT: Final = QModelIndex()
FIRST_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


def shown(kind: Any, name: str, changed: Any) -> Any:
    """A property that a window reads; its value is what `put` has put there under this name."""

    def get(self: Any) -> Any:
        return self.values[name]

    return Property(kind, get, None, notify=changed)


def part(name: str) -> Any:
    """An object that the window finds in this one, always the same; `name` is the attribute that holds it."""

    def get(self: Any) -> Any:
        return getattr(self, name)

    return Property(QObject, get, constant=True)


class Shown(QObject):
    """Something with values that a window shows; `changed` tells it to look at them again.

    Each class has its own `changed`: Qt takes none from another class.
    """

    changed: ClassVar[Signal]

    def __init__(self, **values: Any) -> None:
        super().__init__()
        self.values: dict[str, Any] = values

    def put(self, **values: Any) -> None:
        """Change values; the window hears of it once, and only if anything is different."""
        if any(self.values[name] != value for name, value in values.items()):
            self.values.update(values)
            self.changed.emit()


class Model(QAbstractListModel):
    """A list of items as rows with named roles; it notifies views of the smallest change."""

    counted = Signal()
    """There are more rows, or fewer."""

    def __init__(self, roles: Sequence[str]) -> None:
        super().__init__()
        self.roles = roles
        self.items: list[Any] = []
        self._names = {FIRST_ROLE + at: QByteArray(name.encode()) for at, name in enumerate(roles)}

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802
        return self._names

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.items)

    count = Property(int, rowCount, None, notify=counted)

    def data(self, index: Index, role: int = FIRST_ROLE) -> Any:
        if role < FIRST_ROLE or not (index.isValid() and 0 <= index.row() < len(self.items)):
            return None
        return self.row(index.row())[self.roles[role - FIRST_ROLE]]

    @Slot(int, str, result="QVariant")
    def get(self, row: int, role: str) -> Any:
        """A row's value for a role, whether or not a view has read it; nothing for a missing row."""
        return self.row(row)[role] if 0 <= row < len(self.items) else None

    def row(self, row: int) -> Mapping[str, Any]:
        """Role → what the row has for it; an item is that itself, where it is not made of one."""
        found: Mapping[str, Any] = self.items[row]
        return found

    def forget(self, items: Sequence[Any]) -> None:
        """These are taken out: what is known of them holds no longer, also where they are put in again."""

    def become(self, after: Sequence[Any], *, is_backwards: bool = False) -> "Splice":
        """Have these items; the one piece that is different is taken out, and what stands there now is put in.

        If `is_backwards`, the last item is row 0.
        """
        before = self.items
        start = common_start(before, after)
        end = common_end(before, after, min(len(before), len(after)) - start)
        splice = Splice(start, len(before) - start - end, len(after) - start - end)
        first = end if is_backwards else start
        if splice.removed:
            self.beginRemoveRows(ROOT, first, first + splice.removed - 1)
            self.items = [*before[:start], *before[len(before) - end :]]
            self.endRemoveRows()
            self.forget(before[start : len(before) - end])
        if splice.inserted:
            self.beginInsertRows(ROOT, first, first + splice.inserted - 1)
            self.items = list(after)
            self.endInsertRows()
        if splice:
            self.counted.emit()
        return splice


@dataclass(frozen=True, slots=True)
class Splice:
    """From the item `start` on, so many items were removed, and then so many inserted there."""

    start: int
    removed: int
    inserted: int

    def __bool__(self) -> bool:
        return bool(self.removed or self.inserted)


def common_start(one: Sequence[Any], other: Sequence[Any]) -> int:
    """The length of the common beginning of two sequences."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: Sequence[Any], other: Sequence[Any], most: int) -> int:
    """The length of their common end, up to a maximum."""
    low, high = 0, most
    if one[len(one) - high :] == other[len(other) - high :]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle :] == other[len(other) - middle :]:
            low = middle
        else:
            high = middle - 1
    return low


class Rows(Model):
    """A short list, given whole each time; a row is known by its first role, which no other row has."""

    def __init__(self, *roles: str) -> None:
        super().__init__(roles)
        self._rows: dict[Any, Mapping[str, Any]] = {}

    def row(self, row: int) -> Mapping[str, Any]:
        return self._rows[self.items[row]]

    def update(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Show these rows."""
        before = self._rows
        after = {row[self.roles[0]]: row for row in rows}
        # While some are removed and others not yet inserted, both are asked for.
        self._rows = {**before, **after}
        self.become(list(after))
        self._rows = after
        different = [at for at, key in enumerate(self.items) if key in before and before[key] != after[key]]
        for first, last in _runs(different):
            self.dataChanged.emit(self.index(first), self.index(last))


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring places as ranges, both ends included."""
    first = last = -2
    for place in places:
        if place == last + 1:
            last = place
            continue
        if first >= 0:
            yield first, last
        first = last = place
    if first >= 0:
        yield first, last
