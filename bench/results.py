"""What measuring has found: figures with names and units, from which the page is written."""

import json
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "figures"
"""Kept with the sources, so that measuring one part again does not lose the others."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was measured, and a text for each column."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure has to be; `value` is None where it was not measured, and then `why` says why not."""

    name: str
    value: float | None
    limit: float
    unit: str = ""
    why: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return f"not measured: {self.why}"
        return "holds" if self.value <= self.limit else "DOES NOT HOLD"

    def __str__(self) -> str:
        found = "–" if self.value is None else f"{self.value:.3g}{self.unit}"
        return f"{self.name}: {found} (at most {self.limit:g}{self.unit}): {self.verdict}"


@dataclass(frozen=True, slots=True)
class Table:
    """A part of what was measured."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    bars: dict[str, dict[str, float]] = field(default_factory=dict)
    """For a plot: by workload, by server, the figure."""

    @classmethod
    def of(cls, title: str, columns: tuple[str, ...], figures: Iterable[tuple[str, ...]]) -> "Table":
        """Of lines that begin with what was measured."""
        return cls(title, columns, tuple(Row(one[0], one[1:]) for one in figures))

    def lines(self) -> Iterable[str]:
        """As text for a terminal."""
        table = [("", *self.columns), *((row.name, *row.cells) for row in self.rows)]
        widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
        yield self.title
        for name, *cells in table:
            yield (
                "  "
                + "  ".join(
                    [name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True))]
                ).rstrip()
            )
        yield from (f"  {note}" for note in self.notes)
        yield from (f"  {target}" for target in self.targets)


def keep(part: str, tables: Sequence[Table]) -> None:
    """Write down what a part has found, with when and where that was."""
    FOLDER.mkdir(exist_ok=True)
    kept = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "tables": [asdict(table) for table in tables],
    }
    (FOLDER / f"{part}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def kept(part: str) -> tuple[str, str, list[Table]] | None:
    """The date, the machine and the tables of a part's last measurement."""
    path = FOLDER / f"{part}.json"
    if not path.exists():
        return None
    found = json.loads(path.read_text("utf-8"))
    tables = [
        Table(
            one["title"],
            tuple(one["columns"]),
            tuple(Row(row["name"], tuple(row["cells"])) for row in one["rows"]),
            tuple(one["notes"]),
            tuple(Target(**target) for target in one["targets"]),
            one["bars"],
        )
        for one in found["tables"]
    ]
    return found["date"], found["machine"], tables


def machine() -> str:
    """What this was measured on, without naming it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "a processor")
    cores = sum(line.startswith("processor") for line in lines)
    python = platform.python_version()
    return (
        f"{cores} cores of {model}, {platform.system()} {platform.release().split('-')[0]}, Python {python}"
    )


def median(values: Iterable[float]) -> float:
    return statistics.median(values)
