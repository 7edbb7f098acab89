"""The gateway's process: it waits for visitors, and keeps their terminals when the server is killed and comes back."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

import asyncssh
from asyncssh.kex import get_default_kex_algs

from hubbub import durable
from hubbub.ssh.server_link import Answer, Control, NoServer
from hubbub.ssh.terminal_limits import Terminals
from hubbub.ssh.textual_driver import environment_free
from hubbub.ssh.visitor import Visitor

LOGIN_SECONDS: Final = 120
KEEPALIVE_SECONDS: Final = 30
ORPHANED_SECONDS: Final = 900
"""The time that visitors are kept without a server."""
FAREWELL_SECONDS: Final = 1.0
"""The time that they have to read why it ends."""
KEY_EXCHANGES: Final = tuple(
    name
    for name in (algorithm.decode("ascii") for algorithm in get_default_kex_algs())
    if name.startswith(("mlkem", "sntrup", "curve", "ecdh-"))
)
"""Those that cost a few milliseconds: over a finite field, or with an RSA key that is made for it, a stranger lets this
process calculate ten times as long, for everybody's terminals, and may ask for it again and again.
"""
SOCKET: Final = "gateway.sock"
"""The socket, in the data folder, by which a server finds a gateway that has outlived its predecessor."""


def main(fd: int, folder: str) -> None:
    """Serve visitors of the server at the socket `fd`; keys and drafts are in `folder`."""
    environment_free()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    # Ctrl-C is the server's to hear: it ends the gateway once everybody is told.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    path = Path(folder).absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The names of sockets are short, and those of folders need not be.
    os.chdir(path)
    asyncio.run(Gateway(path).run(socket.socket(fileno=fd)))


class Gateway:
    """All visitors, and the server that they come from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = host_key(folder)
        self._control: Control | None = None
        self.terminals = Terminals()
        self._visitors: dict[int, Visitor] = {}
        self._addresses: dict[int, tuple[str, int]] = {}
        self._welcoming: dict[int, asyncio.Task[None]] = {}
        self._over = asyncio.Event()
        self._orphaned: asyncio.TimerHandle | None = None

    async def run(self, sock: socket.socket) -> None:
        """Until the server stops, or is gone for long."""
        listening = self._listen()
        self._serve(sock)
        await self._over.wait()
        listening.close()
        os._exit(0)  # nobody is left to be told, and an application may be drawing

    # The server

    def _listen(self) -> socket.socket:
        Path(SOCKET).unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)  # It is never there with more rights.
        try:
            listening.bind(SOCKET)
        finally:
            os.umask(before)
        listening.listen(1)
        listening.setblocking(False)
        asyncio.get_running_loop().add_reader(listening, self._adopted, listening)
        return listening

    def _adopted(self, listening: socket.socket) -> None:
        """Another server takes the place of the one that is gone."""
        with contextlib.suppress(BlockingIOError):
            sock, _ = listening.accept()
            if self._control is not None:
                sock.close()
                return
            control = self._serve(sock)
            visits = [[visit, *self._addresses[visit]] for visit in self._visitors]
            with contextlib.suppress(NoServer):
                control.say({"visits": visits})
            for visitor in self._visitors.values():
                visitor.hurry()

    def _serve(self, sock: socket.socket) -> Control:
        if self._orphaned is not None:
            self._orphaned.cancel()
        control = self._control = Control(sock, self._visited, self._told, self._gone)
        return control

    def _gone(self) -> None:
        """The server was killed: visitors wait for the next one."""
        self._control = None
        loop = asyncio.get_running_loop()
        if self._visitors and not self._over.is_set():
            self._orphaned = loop.call_later(ORPHANED_SECONDS, self._over.set)
        else:
            self._over.set()

    def _told(self, message: dict[str, Any]) -> None:
        """The server has no place for a visitor any more; or it stops, and says why."""
        if "drop" in message:
            self._drop(message["drop"])
            return
        for visitor in self._visitors.values():
            visitor.part(message["stop"])
        asyncio.get_running_loop().call_later(FAREWELL_SECONDS, self._over.set)

    def _drop(self, visit: int) -> None:
        if visitor := self._visitors.get(visit):
            visitor.drop()
        elif task := self._welcoming.get(visit):
            task.cancel()

    async def ask(self, visit: int, ask: str, **more: str) -> Answer:
        """Ask the server; raises NoServer while there is none."""
        if self._control is None:
            raise NoServer("The server disconnected.")
        return await self._control.ask(visit, ask, **more)

    # Visitors

    def _visited(self, visit: int, address: str, port: int, peer: socket.socket) -> None:
        self._addresses[visit] = (address, port)
        if self._control is not None:
            with contextlib.suppress(NoServer):
                self._control.say({"visit": visit, "ask": "got"})
        task = self._welcoming[visit] = asyncio.create_task(self._welcome(peer, visit))
        task.add_done_callback(partial(self._welcomed, visit, peer))

    async def _welcome(self, peer: socket.socket, visit: int) -> None:
        """Speak ssh with one visitor, up to the moment in which their session begins."""
        peer.setblocking(False)
        try:
            await asyncssh.run_server(
                peer,
                server_factory=partial(self._visitor, visit),
                server_host_keys=[self._key],
                server_version="Hubbub",
                encoding=None,
                line_editor=False,
                allow_scp=False,
                sftp_factory=None,
                agent_forwarding=False,
                x11_forwarding=False,
                allow_pty=True,
                gss_host=None,
                kex_algs=KEY_EXCHANGES,
                login_timeout=LOGIN_SECONDS,
                keepalive_interval=KEEPALIVE_SECONDS,
                compression_algs=None,
            )
        except (asyncssh.Error, OSError):
            # A stranger who speaks no ssh, or who gave up.
            self._turn_away(visit, peer)

    def _welcomed(self, visit: int, peer: socket.socket, task: asyncio.Task[None]) -> None:
        del self._welcoming[visit]
        if task.cancelled():  # Perhaps before it began.
            self._turn_away(visit, peer)

    def _turn_away(self, visit: int, peer: socket.socket) -> None:
        with contextlib.suppress(OSError):
            peer.close()
        self.left(visit)

    def _visitor(self, visit: int) -> Visitor:
        visitor = self._visitors[visit] = Visitor(self, visit, self._addresses[visit][0])
        return visitor

    def left(self, visit: int) -> None:
        """A visitor is gone; may be said twice."""
        self._visitors.pop(visit, None)
        if self._addresses.pop(visit, None) is None:
            return
        if self._control is None and not self._visitors:
            self._over.set()
        elif self._control is not None:
            with contextlib.suppress(NoServer):
                self._control.say({"visit": visit, "ask": "done"})


def host_key(folder: Path) -> asyncssh.SSHKey:
    """The server's key for ssh; made when there is none."""
    path = folder / "host_key"
    if path.exists():
        return asyncssh.read_private_key(path)
    key = asyncssh.generate_private_key("ssh-ed25519", comment="hubbub")
    durable.write(path, [key.export_private_key()])
    return key
