"""Notifications to a supervisor, as systemd takes them (sd_notify): that the server is ready, reads its settings
again, stops, and is still at work.
"""

import contextlib
import os
import socket
import time
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
AT_WORK: Final = "WATCHDOG=1"


def reloading(now: float) -> str:
    """The message that the settings are being read; `now` in seconds of the monotonic clock. READY follows."""
    return f"RELOADING=1\nMONOTONIC_USEC={int(now * 1_000_000)}"


class Supervisor:
    """The supervisor, if there is one; without one, or if it does not listen, messages are dropped."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # An address in the abstract namespace is written with an @.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        pid = environment.get("WATCHDOG_PID", "")
        self.is_watching = bool(environment.get("WATCHDOG_USEC")) and pid in ("", str(os.getpid()))
        """Whether it ends a server that does not say any more that it is at work."""

    def tell(self, state: str) -> None:
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.sendto(state.encode(), self._address)

    def tell_reloading(self) -> None:
        self.tell(reloading(time.monotonic()))
