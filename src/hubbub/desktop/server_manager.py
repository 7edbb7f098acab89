"""The window that runs a server on this computer: what it shows, and what its user does with the server."""

import asyncio
import base64
import functools
import hashlib
import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

import segno
from PySide6.QtCore import QSettings, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from hubbub.connection.address import DEFAULT_PORT
from hubbub.connection.admin_client import Console, NoServer, quoted
from hubbub.desktop.logview import LogView
from hubbub.desktop.qt_properties import Rows, Shown, part, shown
from hubbub.desktop.server_process import ServerProcess
from hubbub.desktop.uploads import Tasks

LOOK_MS: Final = 2_000
"""The interval at which a visible window polls the server's status, in milliseconds."""
REQUESTS_EVERY: Final = 5
"""At every so manyth look it is asked who waits, where that is not what is looked at."""
START_SECONDS: Final = 30
DEED_SECONDS: Final = 3_600
_PAUSE_SECONDS: Final = 0.1


class State(Enum):
    """The server's state, as far as the window knows."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class ServerManager(Shown):
    """One server, on one data folder; one that runs already is taken up."""

    changed = Signal()

    answered = Signal(str, bool)
    """The result of the user's action, and whether it succeeded."""

    state = shown(str, "state", changed)
    data = shown(str, "data", changed)
    error = shown(str, "error", changed)
    network = shown(str, "network", changed)
    port = shown(int, "port", changed)
    for_others = shown(bool, "for_others", changed)
    wants_others = shown(bool, "wants_others", changed)
    """Whether others are to be let in at the next start."""
    fingerprint = shown(str, "fingerprint", changed)
    first = shown(str, "first", changed)
    """The address at which the first administrator is made; empty where there is one."""
    page = shown(str, "page", changed)
    code = shown(str, "code", changed)
    """A picture of the address for others, as a QR code; empty where others can't come."""
    log_file = shown(str, "log_file", changed)
    waiting = shown(int, "waiting", changed)
    """The number of registration requests that wait for an administrator."""
    present = shown(int, "present", changed)

    addresses = part("_addresses")
    status = part("_status")
    people = part("_people")
    requests = part("_requests")
    rooms = part("_rooms")
    bans = part("_bans")
    settings = part("_settings")
    log = part("_log")

    def __init__(
        self,
        remembered: QSettings,
        folder: Path,
        data: Path | None = None,
        is_open: Callable[[str], bool] = lambda data: False,
    ) -> None:
        """`folder` is what the client keeps; without `data`, what was run before, or a folder in the user's home.

        `is_open` tells whether another window has a folder.
        """
        kept = remembered.value("server/data")
        chosen = data or Path(str(kept) if kept else Path.home() / "hubbub-data")
        super().__init__(
            **dict.fromkeys(("error", "network", "fingerprint", "first", "page", "code"), ""),
            **dict.fromkeys(("port", "waiting", "present"), 0),
            data=str(chosen.absolute()),
            log_file="",
            state=State.STOPPED.value,
            for_others=False,
            wants_others=str(remembered.value("server/lan")) == "true",
        )
        self._remembered = remembered
        self._folder = folder
        self._is_open = is_open
        self._console = Console(chosen)
        self._process = self._process_of(chosen)
        self._tasks = Tasks()
        self._addresses = Rows("key", "label", "hint")
        self._status = Rows("key", "value")
        self._people = Rows("key", "cells")
        self._requests = Rows("key", "kind", "who", "room", "since", "says")
        self._rooms = Rows("key", "cells")
        self._bans = Rows("key", "cells")
        self._settings = Rows("key", "value", "place", "help", "choices", "restart", "part")
        self._log = LogView()
        self._part = ""
        self._words = ""
        self._is_looking = self._is_to_look = False
        self._looks = 0
        self._stopping: asyncio.Task[None] | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self.look)

    # Looking

    @Slot()
    def begin(self) -> None:
        """Look whether a server runs already, and go on looking."""
        self._clock.start()
        self.look()

    @Slot()
    def pause(self) -> None:
        """Stop polling while the window is hidden."""
        self._clock.stop()
        self._log.follow(None)

    @Slot(str)
    def show_part(self, part: str) -> None:
        """Another page of the window is looked at."""
        self._part = part
        self.look()

    @Slot()
    def look(self) -> None:
        """Ask how the server is."""
        if self._is_settled:
            self._tasks.begin(self._look())

    async def _look(self) -> None:
        self._is_to_look = True
        if self._is_looking:
            return
        self._is_looking = True
        try:
            while self._is_to_look:
                self._is_to_look = False
                facts = await self._console.ask(about=True)
                # It may be starting or stopping by now: that is told by whoever does it.
                if self._is_settled:
                    await self._tell(facts)
        except NoServer:
            if self.values["state"] == State.RUNNING.value:
                self._gone()
        finally:
            self._is_looking = False

    @property
    def _is_settled(self) -> bool:
        return self.values["state"] in (State.STOPPED.value, State.RUNNING.value)

    async def _tell(self, facts: Mapping[str, Any]) -> None:
        """Show a running server; figures that are costly for it are asked only while they are visible, or seldom."""
        self._show_facts(facts)
        status = {row[0]: row[1] for row in await self._list("status")}
        self._status.update({"key": key, "value": value} for key, value in status.items())
        part = self._part
        if part == "requests" or self._looks % REQUESTS_EVERY == 0:
            await self._tell_requests()
        self._looks += 1
        self.put(present=int(status["Sessions"]), waiting=self._requests.rowCount())
        if part == "people":
            self._people.update(
                {"key": f"{row[0]} {row[1]}", "cells": row} for row in await self._list("connections")
            )
        elif part == "rooms":
            self._rooms.update({"key": row[0], "cells": row} for row in await self._list("rooms"))
        elif part == "bans":
            self._bans.update({"key": " ".join(row[:2]), "cells": row} for row in await self._list("bans"))
        elif part == "settings":
            await self._tell_settings()

    def _show_facts(self, facts: Mapping[str, Any]) -> None:
        port, here, others = facts["port"], facts["here"], facts["others"]
        page = f"http://{_in_url(here)}:{port}/"
        outside = f"https://{_in_url(others[0])}:{port}/" if others else ""
        self.put(
            state=State.RUNNING.value,
            error="",
            network=facts["network"],
            port=port,
            for_others=facts["is_for_others"],
            fingerprint=facts["fingerprint"],
            first=f"{page}#/first/{facts['first']}" if facts["first"] else "",
            page=page,
            code=_drawn(outside) if outside else "",
            log_file=facts["log"],
        )
        self._log.follow(Path(facts["log"]) if facts["log"] else None)
        rows = [(page, "In a browser on this computer")]
        rows += [(outside, "In any browser of your network, also on a phone")] if outside else []
        rows += [(_typed(address, port), "In Hubbub's desktop or terminal client") for address in others]
        if others and facts["has_ssh"]:
            rows.append((f"ssh -p {port} NAME@{others[0]}", "In a terminal, with nothing installed"))
        if others:
            rows.append((f"{others[0]}, port {port}", "In an IRC client, with TLS"))
        self._addresses.update({"key": address, "label": address, "hint": hint} for address, hint in rows)

    async def _list(self, line: str) -> Sequence[Sequence[str]]:
        found: Sequence[Sequence[str]] = (await self._console.ask(line=line))["rows"]
        return found

    async def _tell_requests(self) -> None:
        accounts, rooms = await self._list("pending accounts"), await self._list("pending rooms")
        waiting = [("account", row[0], "", row[1] if len(row) > 1 else "", "") for row in accounts]
        waiting += [("room", row[0], row[1], row[2], row[3]) for row in rooms]
        self._requests.update(
            {
                "key": f"{kind} {who} {room}",
                "kind": kind,
                "who": who,
                "room": room,
                "since": since,
                "says": says,
            }
            for kind, who, room, since, says in waiting
        )

    async def _tell_settings(self) -> None:
        found: Iterable[Mapping[str, Any]] = (await self._console.ask(settings=True))["settings"]
        words = self._words
        self._settings.update(
            {
                "part": one["key"].partition(".")[0],
                **{name: one[name] for name in ("key", "value", "place", "help", "choices", "restart")},
            }
            for one in found
            if words in one["key"].casefold() or words in one["help"].casefold()
        )

    @Slot(str)
    def find_settings(self, words: str) -> None:
        """Show only settings with these letters in their name or explanation."""
        self._words = words.casefold().strip()
        self.look()

    def _gone(self) -> None:
        self._log.look()
        for rows in (self._addresses, self._status, self._people, self._requests, self._rooms, self._bans):
            rows.update(())
        self._settings.update(())
        self.put(state=State.STOPPED.value, code="", first="", present=0, waiting=0)

    # Starting and stopping

    @Slot(bool)
    def want_others(self, wants: bool) -> None:
        """Let others in from the next start on, or this computer alone."""
        self._remembered.setValue("server/lan", "true" if wants else "false")
        self.put(wants_others=wants)

    def _process_of(self, data: Path) -> ServerProcess:
        """Start a process whose first output is kept apart from that of others."""
        name = hashlib.sha256(str(data.absolute()).encode(errors="surrogateescape")).hexdigest()[:12]
        return ServerProcess(data, self._folder / f"server-start-{name}.txt")

    @Slot(QUrl)
    def choose_data(self, folder: QUrl) -> None:
        """Run the server on another folder; only while none runs."""
        path = folder.toLocalFile()
        if path != self.values["data"] and self._is_open(path):
            self.put(
                error="This folder is open in another window. Use that window, or choose another folder."
            )
        elif path and self.values["state"] == State.STOPPED.value:
            self._remembered.setValue("server/data", path)
            self._console = Console(Path(path))
            self._process.let_go()
            self._process = self._process_of(Path(path))
            self._log.follow(None)
            self.put(data=path, error="")
            self.look()

    @Slot()
    @Slot(int)
    def start(self, port: int = -1) -> None:
        """Start it, at its own port unless another one is named; 0 takes a free one."""
        if self.values["state"] == State.STOPPED.value:
            self.put(state=State.STARTING.value, error="")
            self._tasks.begin(self._start(port if port >= 0 else None))

    async def _start(self, port: int | None) -> None:
        try:
            self._process.start(for_others=self.values["wants_others"], port=port)
        except OSError as error:
            self.put(state=State.STOPPED.value, error=f"The server can't be started: {error}.")
            return
        self._remembered.setValue("server/data", self.values["data"])
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            try:
                facts = await self._console.ask(about=True)
            except NoServer:
                if self._process.has_ended:
                    break
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self._process.forget()
                await self._tell(facts)
                return
        why = self._process.reason() or "The server does not answer. See its log."
        self.put(state=State.STOPPED.value, error=why)

    @Slot()
    def stop(self) -> None:
        """Stop the server; it tells the people connected."""
        self._stopping = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        self.put(state=State.STOPPING.value)
        ends = time.monotonic() + START_SECONDS
        try:
            await self._console.ask(line="shutdown")
            while time.monotonic() < ends:
                await asyncio.sleep(_PAUSE_SECONDS)
                await self._console.ask(about=True)
        except NoServer:
            self._gone()
            return
        self.put(state=State.RUNNING.value, error="The server does not stop. See its log.")

    @Slot()
    def restart(self) -> None:
        """Stop it, and start it again as it is wanted now."""

        async def again() -> None:
            port = self.values["port"]
            await self._stop()
            if self.values["state"] == State.STOPPED.value:
                self.put(state=State.STARTING.value)
                await self._start(port if port != DEFAULT_PORT else None)

        self._tasks.begin(again())

    # What is done with it

    @Slot(str)
    def run(self, line: str) -> None:
        """Do a line of the console, and tell what came of it."""
        self._tasks.begin(self._run(line))

    async def _run(self, line: str) -> None:
        # Over a connection of its own: a backup may take long, and the window looks on meanwhile.
        console = Console(self._console.data, DEED_SECONDS)
        try:
            answer = await console.ask(line=line)
        except NoServer as error:
            self.answered.emit(str(error), False)
            return
        finally:
            await console.close()
        self.answered.emit("\n".join(answer["lines"]), bool(answer["ok"]))
        self._looks = 0
        await self._look()

    @Slot(str, list)
    @Slot(str, list, str)
    def do(self, command: str, words: list[str], rest: str = "") -> None:
        """Do a command with words that are taken as they are, and behind them a text, such as a reason."""
        self.run(" ".join([command, *map(quoted, words), rest]).strip())

    @Slot(str, str)
    def set_setting(self, key: str, value: str) -> None:
        """Give a setting another value."""
        self.run(f"set setting {key} {value}")

    @Slot(str)
    @Slot()
    def back_up(self) -> None:
        """Copy all data into a new file beside it, named after this moment."""
        folder = Path(self.values["data"]) / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"hubbub-{time.strftime('%Y-%m-%d-%H%M%S')}.db"
        self.run(f"backup {quoted(str(folder / name))}")

    @Slot(str)
    def copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    @Slot(str)
    def open(self, address: str) -> None:
        """Open an address, or a folder of this computer, where the system opens such."""
        QDesktopServices.openUrl(QUrl(address) if "://" in address else QUrl.fromLocalFile(address))

    async def end(self) -> None:
        """Look no more; the server goes on, unless it is being stopped: that is waited for."""
        self._clock.stop()
        if self._stopping is not None:
            await self._stopping
        self._log.end()
        self._tasks.end()
        self._process.let_go()
        await self._console.close()


def _in_url(host: str) -> str:
    """RFC 3986, 3.2.2: an IPv6 address stands in brackets."""
    return f"[{host}]" if ":" in host else host


def _typed(host: str, port: int) -> str:
    return _in_url(host) if port == DEFAULT_PORT else f"{_in_url(host)}:{port}"


@functools.lru_cache(maxsize=8)
def _drawn(address: str) -> str:
    """An address as a QR code, black on white in any theme: cameras know it so."""
    picture = io.BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", scale=8, border=3, dark="#1c1e2a", light="#ffffff"
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.getvalue()).decode()}"
