"""The page of figures, and its plot: written from the last measurement of each part."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from .results import Table, Target, kept

DOCS: Final = Path(__file__).parent.parent / "docs"
PAGE: Final = DOCS / "reference" / "performance.md"
PLOT: Final = DOCS / "pictures" / "performance.svg"

_HEAD: Final = """# Performance

What Hubbub costs, beside a server in C that only copies (the limit: it writes once a turn for each connection, keeps
nothing and checks nothing) and beside others' IRC servers, all in the same run on the same machine. Hubbub is measured
as it is delivered, with each message on disk (`synchronous=FULL`) before anybody is shown it; the others keep nothing.

The figures are those of one machine, and of one afternoon: what counts are the ratios. The load checks every line (none
lost, none twice, none out of order) and stays awake between them, so that no server pays for waking it. `make bench`
measures again and writes this page; `make bench PEERS=1` installs the others' servers from Debian first.

![Cost of a delivery](../pictures/performance.svg)
"""
_CAUSES: Final = """## Breakdown of the cost

To write to somebody's socket takes the kernel 3 to 6 µs on such a machine, whoever asks for it. What a server can save
is how often it writes, and what it does besides.

* **In a large room** Hubbub is near the limit, because what all of it are shown is put together once, and what is said
  while a batch is committed or written goes out with the next one write.
* **Where few hear each message**, in many rooms and in pairs, a message's own cost weighs more: 65 to 90 µs in the
  loop's thread (1,700 opcodes of Python, on caches that the kernel and the other thread have used meanwhile), and 50 to
  80 µs in the thread that commits it (a third SQLite, a third Python, the rest the disk and the interpreter's lock). A
  server in C that keeps nothing needs 10 to 30 µs for both.
* **Whoever comes in** costs a socket, a transport, a task and 5,000 opcodes: the rules, the log and the greeting.
* **A start with many accounts** reads each account, membership and token, and makes it an object: 5 µs for each
  account with one of both, a third of it SQLite's. The rest of a start is Python reading its modules.
* **After an hour of coming and going** no object is left of those who came: Python holds as many as after a minute.
  What still grows a little is how its memory is split up, and ever more slowly.
"""
_COLOURS: Final = ("#8a8f98", "#2f6fde", "#d9822b", "#2e9e6b", "#a35bc6")
_STYLE: Final = (
    "<style>text{font:13px sans-serif;fill:#1c1f24}.figure{font-size:11px}.ground{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e8eb}.ground{fill:#16181c}}</style>"
)
_WIDTH: Final = 860
_LABEL: Final = 330
_BAR: Final = 13


def write(parts: Sequence[str]) -> None:
    """The page and its plot, from whatever has been measured ever; nothing where nothing was."""
    if written := page(parts):
        PAGE.write_text(written, "utf-8")
    bars = {name: row for table in _tables(parts) for name, row in table.bars.items() if len(row) > 1}
    if bars:
        PLOT.write_text(plot("µs of processor time for each delivery (shorter is better)", bars), "utf-8")


def page(parts: Sequence[str]) -> str:
    """As it stands in the documentation; empty where nothing was measured."""
    found = [one for part in parts if (one := kept(part))]
    if not found:
        return ""
    lines = [_HEAD, *_targets([target for table in _tables(parts) for target in table.targets]), _CAUSES]
    for date, machine, tables in found:
        for table in tables:
            lines += [f"## {table.title}", "", *_table(table), "", *(f"{note}\n" for note in table.notes)]
        lines += [f"Measured on {date}, on {machine}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _tables(parts: Sequence[str]) -> list[Table]:
    return [table for part in parts if (one := kept(part)) for table in one[2]]


def _targets(targets: Sequence[Target]) -> Iterator[str]:
    yield "## Targets"
    yield ""
    yield "| target | measured | limit | |"
    yield "| --- | --- | --- | --- |"
    for one in targets:
        found = "–" if one.value is None else f"{one.value:.3g}{one.unit}"
        yield f"| {one.name} | {found} | {one.limit:g}{one.unit} | {one.verdict} |"
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield f"| | {' | '.join(table.columns)} |"
    yield f"| --- |{' ---: |' * len(table.columns)}"
    for row in table.rows:
        yield f"| {row.name} | {' | '.join(row.cells)} |"


def plot(title: str, bars: Mapping[str, Mapping[str, float]]) -> str:
    """Bars as SVG: a group for each workload, each to its own scale."""
    servers = list(dict.fromkeys(name for row in bars.values() for name in row))
    colours = dict(zip(servers, _COLOURS, strict=False))
    found: list[str] = []
    y = 64
    for work, row in bars.items():
        longest = sorted(row.values())[-1]
        found.append(
            f'<text x="{_LABEL - 12}" y="{y + _BAR * len(row) / 2 + 4}" text-anchor="end">{escape(work)}</text>'
        )
        for name, value in row.items():
            width = max(1.0, value / longest * (_WIDTH - _LABEL - 70))
            found.append(
                f'<rect x="{_LABEL}" y="{y}" width="{width:.1f}" height="{_BAR - 2}" fill="{colours[name]}"/>'
            )
            found.append(f'<text class="figure" x="{_LABEL + width + 5:.1f}" y="{y + 9}">{value:.2f}</text>')
            y += _BAR
        y += 14
    legend, x = [], _LABEL
    for name in servers:
        legend.append(f'<rect x="{x}" y="38" width="11" height="11" fill="{colours[name]}"/>')
        legend.append(f'<text x="{x + 16}" y="48">{escape(name)}</text>')
        x += 36 + 8 * len(name)
    box = f'viewBox="0 0 {_WIDTH} {y}" role="img" aria-label="{escape(title)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
            _STYLE,
            f'<rect class="ground" width="{_WIDTH}" height="{y}"/>',
            f'<text x="{_LABEL}" y="22" font-weight="bold">{escape(title)}</text>',
            *legend,
            *found,
            "</svg>",
            "",
        ]
    )
