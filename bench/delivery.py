"""What a delivery costs, how soon somebody is shown what was said, and what it takes to come in: beside others."""

import base64
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .load import Failed, Options, Reading, command, load
from .results import Row, Table, Target
from .servers import HUBBUB, LIMIT, PEERS, Kind

RUNS: Final = 3
"""Each figure is the median of so many."""

BIG: Final = {"people": 500, "rooms": 1, "each": 1, "seconds": 3}
MANY: Final = {"people": 1000, "rooms": 200, "each": 4, "seconds": 3}
SIXTEEN: Final = {**BIG, "flight": 16, "messages": 8_000, "warm": 800}


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that people do; `options` are the load's."""

    name: str
    options: Options
    tls: bool = False
    only: str = ""
    """Measured of this server alone."""


TALKING: Final = (
    Workload("a room of 500, each message awaited", {**BIG, "flight": 1, "messages": 1_500, "warm": 50}),
    Workload("a room of 500, 16 people speak at once", SIXTEEN),
    Workload(
        "a room of 500, 16 lines at once", {**BIG, "flight": 1, "burst": 16, "messages": 8_000, "warm": 800}
    ),
    Workload(
        "1,000 people in 200 rooms, 16 in flight", {**MANY, "flight": 16, "messages": 16_000, "warm": 2_000}
    ),
    Workload(
        "1,000 people in 200 rooms, 64 in flight", {**MANY, "flight": 64, "messages": 24_000, "warm": 2_000}
    ),
    Workload(
        "privately in pairs, 16 in flight",
        {"people": 1000, "pairs": 1, "flight": 16, "messages": 24_000, "warm": 2_000, "seconds": 3},
    ),
    Workload("a room of 500, mixed capabilities", {**SIXTEEN, "mixed": 1}),
    Workload("a room of 500, over TLS", SIXTEEN, tls=True),
    Workload("a room of 500, on WebSocket", {**SIXTEEN, "kind": "websocket"}, only=HUBBUB.name),
    Workload("a room of 500, by netcat", {**SIXTEEN, "kind": "netcat"}, only=HUBBUB.name),
)
RATES: Final = (
    Workload("one room of 500", {**BIG, "rate": 100, "seconds": 3}),
    Workload("200 rooms", {**MANY, "rate": 2_632, "seconds": 3}),
)
TLS_AT_ONCE: Final = 1_000
"""Whoever connects and begins its handshake only 1.5 s later is taken for a person at netcat."""

STORMS: Final = (
    Workload("500 come into one room", {"people": 500, "rooms": 1, "each": 1, "window": 500, "storm": 1}),
    Workload("5,000 come back", {"people": 5_000, "window": 4_000, "again": 1}),
    Workload("5,000 come back over TLS", {"people": 5_000, "window": TLS_AT_ONCE, "again": 1}, tls=True),
)


def talking(servers: Sequence[Kind]) -> list[Table]:
    """The cost of a delivery."""
    found = _measure(TALKING, servers)
    names = [LIMIT.name, HUBBUB.name, *(peer.name for peer in servers if peer not in (LIMIT, HUBBUB))]
    rows = [Row(work.name, tuple(_cost(found, work, name) for name in names)) for work in TALKING]
    others = tuple(name for name in names if name != HUBBUB.name)
    times = [Row(work.name, tuple(_times(found, work, name) for name in others)) for work in TALKING]
    bars = {
        work.name: {name: found[work.name, name].each_us for name in names if (work.name, name) in found}
        for work in TALKING
    }
    return [
        Table(
            "Cost of a delivery on the server: µs of processor time, and the multiple of the limit",
            tuple(names),
            tuple(rows),
            targets=tuple(_talking_targets(found)),
            bars=bars,
        ),
        Table(
            "Cost of a delivery on Hubbub, as a multiple of the cost on each other server",
            others,
            tuple(times),
        ),
        Table(
            "Deliveries by server",
            ("server µs", "load µs", "deliveries a second", "median ms", "99 % ms", "MiB"),
            tuple(_rows(found, TALKING, servers, _talking_cells)),
            (
                "From when a message was sent to when somebody else was shown it; the server's memory at the end.",
            ),
        ),
    ]


def _talking_cells(reading: Reading) -> tuple[str, ...]:
    costs = (f"{reading.each_us:.2f}", f"{reading.load_us:.2f}", f"{reading.a_second:,.0f}")
    return (*costs, f"{reading.p50_ms:.1f}", f"{reading.p99_ms:.1f}", _mebibytes(reading))


def _mebibytes(reading: Reading) -> str:
    return f"{reading.server_kib / 1024:.1f}"


def _cost(found: Mapping[tuple[str, str], Reading], work: Workload, name: str) -> str:
    reading, limit = found.get((work.name, name)), found.get((work.name, LIMIT.name))
    if reading is None:
        return "–"
    ratio = f" ({reading.each_us / limit.each_us:.2f})" if limit and name != LIMIT.name else ""
    return f"{reading.each_us:.2f}{ratio}"


def _times(found: Mapping[tuple[str, str], Reading], work: Workload, name: str) -> str:
    own, other = found.get((work.name, HUBBUB.name)), found.get((work.name, name))
    return f"{own.each_us / other.each_us:.2f}" if own and other else "–"


NOT_HERE: Final = "it has failed, or is not installed; PEERS=1 installs it"
ERGO: Final = "Debian has no package of it"


def _talking_targets(found: Mapping[tuple[str, str], Reading]) -> Iterator[Target]:
    awaited, many, pasted, _, rooms, pairs, _, tls, websocket, _ = (work.name for work in TALKING)

    def ratio(work: str, to: str, of: str = HUBBUB.name, to_work: str = "") -> float | None:
        one, other = found.get((work, of)), found.get((to_work or work, to))
        return one.each_us / other.each_us if one and other else None

    inspircd, ngircd, _ = (peer.name for peer in PEERS)
    for work in (many, pasted, rooms):
        yield Target(f"{work}: against the limit", ratio(work, LIMIT.name), 1.5, " times", NOT_HERE)
        for peer in PEERS:
            yield Target(f"{work}: against {peer.name}", ratio(work, peer.name), 1.0, " times", NOT_HERE)
    for name in (inspircd, ngircd):
        yield Target(f"{awaited}: against {name}", ratio(awaited, name), 1.0, " times", NOT_HERE)
    yield Target(f"{awaited}: against Ergo", None, 1.0, " times", ERGO)
    yield Target(f"{pairs}: against {inspircd}", ratio(pairs, inspircd), 1.5, " times", NOT_HERE)
    yield Target(f"{pairs}: against Ergo", None, 0.6, " times", ERGO)
    yield Target(
        "on WebSocket, against plain TCP", ratio(websocket, HUBBUB.name, to_work=many), 1.3, " times"
    )
    yield Target(f"over TLS, against {inspircd}'s", ratio(tls, inspircd), 1.5, " times", NOT_HERE)


def _rows(
    found: Mapping[tuple[str, str], Reading],
    works: Sequence[Workload],
    servers: Sequence[Kind],
    cells: Callable[[Reading], tuple[str, ...]],
) -> list[Row]:
    """A row for each server at each work that it was able to do."""
    return [
        Row(f"{work.name}: {server.name}", cells(reading))
        for work in works
        for server in servers
        if (reading := found.get((work.name, server.name)))
    ]


def _latency_cells(reading: Reading) -> tuple[str, ...]:
    waited = (reading.p50_ms, reading.p99_ms, reading.p999_ms, reading.each_us, reading.load_us)
    return (*(f"{figure:.2f}" for figure in waited), _mebibytes(reading))


def _coming_cells(reading: Reading) -> tuple[str, ...]:
    costs = (f"{reading.each_us:,.0f}", f"{reading.load_us:.0f}")
    return (f"{reading.a_second:,.0f}", *costs, f"{reading.seconds:.2f}", _mebibytes(reading))


def latency(servers: Sequence[Kind]) -> list[Table]:
    """How soon everybody is shown what was said, at 50,000 deliveries a second."""
    found = _measure(RATES, servers)
    rows = _rows(found, RATES, servers, _latency_cells)
    return [
        Table(
            "Latency at 50,000 deliveries a second",
            ("median ms", "99 % ms", "99.9 % ms", "server µs", "load µs", "MiB"),
            tuple(rows),
            targets=(
                Target("99 % at 50,000 deliveries a second, against Ergo's", None, 1.0, " times", ERGO),
            ),
        )
    ]


def storms(servers: Sequence[Kind]) -> list[Table]:
    """Many come at once, and come again."""
    found = _measure(STORMS, servers)
    rows = _rows(found, STORMS, servers, _coming_cells)
    signed_in = [
        _sign_in("by a token", 5_000, False),
        _sign_in("by a token, over TLS", 5_000, True),
        _sign_in("by a password", 40, False),
    ]
    rows += [Row(name, _coming_cells(reading)) for name, reading in signed_in]
    back = found.get((STORMS[1].name, HUBBUB.name))
    return [
        Table(
            "Connecting",
            ("sessions a second", "server µs", "load µs", "seconds in all", "MiB"),
            tuple(rows),
            targets=(
                Target(
                    "sessions a second without a password, that 5,000 are times as many",
                    5_000 / back.a_second if back else None,
                    1.0,
                    " times",
                    "it has failed",
                ),
            ),
        )
    ]


def _sign_in(how: str, people: int, tls: bool) -> tuple[str, Reading]:
    """People with accounts come back, and sign in as their clients do."""
    from .accounts import fill

    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as name:
        folder = Path(name)
        by_token = "token" in how
        response = "n,,\1auth=Bearer {1}\1\1" if by_token else "\0u{0:05d}\0{1}"
        words = (response.format(*one) for one in enumerate(fill(folder, people, by_token=by_token)))
        logins = folder / "logins"
        logins.write_text("".join(base64.b64encode(word.encode()).decode() + "\n" for word in words))
        options: Options = {
            "people": people,
            "window": min(people, TLS_AT_ONCE if tls else 4_000),
            "again": 1,
            "logins": str(logins),
            "mechanism": "OAUTHBEARER" if by_token else "PLAIN",
        }
        with HUBBUB.started(folder) as server:
            return f"{people:,} come back {how}: {HUBBUB.name}", load(server, options, tls=tls)


IDLE: Final = 10_000
LIMITS_KIB: Final = {"plain": 8, "TLS": 32, "WebSocket": 20}


def idle() -> list[Table]:
    """The cost of an idle session."""
    kinds: dict[str, tuple[Options, bool]] = {
        "plain": ({"people": IDLE, "hold": 1}, False),
        "TLS": ({"people": IDLE, "hold": 1}, True),
        "WebSocket": ({"people": IDLE, "hold": 1, "kind": "websocket"}, False),
    }
    each = {name: _held(options, tls) for name, (options, tls) in kinds.items()}
    return [
        Table(
            f"Memory of the server for each of {IDLE:,} idle sessions",
            ("KiB",),
            tuple(Row(name, (f"{kib:.1f}",)) for name, kib in each.items()),
            targets=tuple(
                Target(f"a session: {name}", kib, LIMITS_KIB[name], " KiB") for name, kib in each.items()
            ),
        )
    ]


def _held(options: Options, tls: bool) -> float:
    with HUBBUB.running() as server:
        before = server.resident_kib
        process = subprocess.Popen(
            command(server, options, tls), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None and process.stdin is not None
        try:
            if process.stdout.readline() != "ready\n":
                raise Failed("Not everybody came in.")
            return (server.resident_kib - before) / IDLE
        finally:
            process.stdin.close()
            process.wait(60)
            process.stdout.close()


def _measure(works: Sequence[Workload], servers: Sequence[Kind]) -> dict[tuple[str, str], Reading]:
    """The median run of each server at each work; what fails is told, and left out.

    All of them take turns, so that a machine which is slower for a while is so for each.
    """
    able = [
        (work, server)
        for work in works
        for server in servers
        if (server.has_tls or not work.tls) and work.only in ("", server.name)
    ]
    runs: dict[tuple[str, str], list[Reading]] = {(work.name, server.name): [] for work, server in able}
    for turn in range(1, RUNS + 1):
        for work, server in able:
            readings = runs[work.name, server.name]
            if len(readings) < turn - 1:  # It has failed already.
                continue
            try:
                with server.running() as running:
                    readings.append(load(running, work.options, tls=work.tls))
            except (Failed, RuntimeError) as error:
                print(f"  {work.name}: {error}", file=sys.stderr, flush=True)
        print(f"  {turn} of {RUNS} turns are done", file=sys.stderr, flush=True)
    return {
        at: sorted(readings, key=lambda one: one.each_us)[len(readings) // 2]
        for at, readings in runs.items()
        if readings
    }
