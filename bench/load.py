"""The load as the measurements ask for it: a process that talks to a server, and what it has read from the clocks."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .native import program
from .servers import Running

PATIENCE_SECONDS: Final = 60


class Failed(Exception):
    """A line was lost, doubled or out of order, or somebody was sent away; the text says which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was done, how long it took, and what it cost; times in seconds of the clock or of the processor, else ms."""

    seconds: float
    server_cpu: float
    load_cpu: float
    deliveries: int
    messages: int
    sessions: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    whole_p50_ms: float
    whole_p99_ms: float
    server_kib: int = 0
    """The server's memory at the end."""

    @property
    def each_us(self) -> float:
        """The server's processor time for each delivery, or for each session that came, in µs."""
        return self.server_cpu / (self.deliveries or self.sessions) * 1e6

    @property
    def load_us(self) -> float:
        return self.load_cpu / (self.deliveries or self.sessions) * 1e6

    @property
    def a_second(self) -> float:
        return (self.deliveries or self.sessions) / self.seconds


Options = Mapping[str, int | str]
"""As the load's source lists them."""


def load(server: Running, options: Options, *, tls: bool = False) -> Reading:
    """Run it. Raises Failed."""
    try:
        done = subprocess.run(
            command(server, options, tls), capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{server.name} took longer than {PATIENCE_SECONDS} s") from None
    if done.returncode:
        raise Failed(f"{server.name}: {done.stderr.strip()}")
    return Reading(**json.loads(done.stdout.splitlines()[-1]), server_kib=server.resident_kib)


def command(server: Running, options: Options, tls: bool = False) -> list[str]:
    where = {"port": server.tls_port if tls else server.port, "pid": server.pid, "tls": int(tls)}
    return [str(program("load")), *(f"{key}={value}" for key, value in {**where, **options}.items())]
