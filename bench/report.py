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

This page compares the cost of Hubbub with two kinds of servers, in the same run on the same machine. "The limit" is a
server in C that only copies bytes: it writes once per turn to each connection, stores nothing and checks nothing. The
others are IRC servers of other projects, which store nothing either. Hubbub runs as delivered: each message is on disk
(`synchronous=FULL`) before any user sees it.

The figures are from one machine on one afternoon; compare the ratios. The load generator checks every line (none lost,
none duplicated, none out of order), and does not sleep between lines, so no server pays for waking it. `make bench`
measures again and rewrites this page; `make bench PEERS=1` first installs the other servers from Debian.

![Cost of a delivery](../pictures/performance.svg)
"""
_CAUSES: Final = """## Breakdown of the cost

A write to a socket takes the kernel 3 to 6 µs on this machine, for any program. A server can write less often, and do
less work besides.

* **A large room**: Hubbub is near the limit, because it renders a message once for all recipients, and sends what
  arrives during a commit in the next write.
* **Many rooms with few members, and pairs**: the cost of the message itself dominates: 65 to 90 µs in the thread of the
  event loop (1,700 opcodes of Python, with caches that the kernel and the other thread have used in the meantime), and
  50 to 80 µs in the thread that commits it (a third SQLite, a third Python, the rest disk and interpreter lock). A
  server in C that stores nothing needs 10 to 30 µs for both.
* **A new session** costs a socket, a transport, a task and 5,000 opcodes for the rules, the log and the greeting.
* **A start with many accounts** reads each account, membership and token and makes an object of it: 5 µs for an account
  with one of each, a third of it in SQLite. The rest of the start is Python loading its modules.
* **After an hour of sessions that come and go** no object of them is left: Python holds as many objects as after a
  minute. Only the fragmentation of its memory still grows, and more and more slowly.
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
