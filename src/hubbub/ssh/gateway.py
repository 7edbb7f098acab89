"""The gateway's process: it waits for visitors, and ends with the server."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Final

import asyncssh

from hubbub.ssh.control import Control
from hubbub.ssh.driver import environment_free
from hubbub.ssh.visitor import Visitor

LOGIN_SECONDS: Final = 120
KEEPALIVE_SECONDS: Final = 30


def main(fd: int, folder: str) -> None:
    """Serve visitors until the server closes the socket `fd`; keys and drafts are in `folder`."""
    environment_free()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    # Ctrl-C is the server's to hear: it ends the gateway once everybody is told.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(socket.socket(fileno=fd), Path(folder)))


async def _serve(sock: socket.socket, folder: Path) -> None:
    ended = asyncio.Event()
    key = host_key(folder)
    tasks: set[asyncio.Task[None]] = set()

    def visited(visit: int, address: str, port: int, peer: socket.socket) -> None:
        task = asyncio.create_task(
            _welcome(peer, partial(Visitor, control, visit, folder), key, visit, control)
        )
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    control = Control(sock, visited, ended.set)
    await ended.wait()
    os._exit(0)  # nobody is left to be told, and an application may be drawing


async def _welcome(
    peer: socket.socket, visitor: "partial[Visitor]", key: asyncssh.SSHKey, visit: int, control: Control
) -> None:
    """Speak ssh with one visitor, up to the moment in which their session begins."""
    peer.setblocking(False)
    try:
        await asyncssh.run_server(
            peer,
            server_factory=visitor,
            server_host_keys=[key],
            server_version="Hubbub",
            encoding=None,
            line_editor=False,
            allow_scp=False,
            sftp_factory=None,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_pty=True,
            gss_host=None,
            login_timeout=LOGIN_SECONDS,
            keepalive_interval=KEEPALIVE_SECONDS,
            compression_algs=None,
        )
    except (asyncssh.Error, OSError):
        # A stranger who speaks no ssh, or gave up: `connection_lost` has told the server, if it came to that.
        with contextlib.suppress(OSError):
            peer.close()
        control.tell(visit, "done")


def host_key(folder: Path) -> asyncssh.SSHKey:
    """The server's key for ssh; made when there is none."""
    path = folder / "host_key"
    if path.exists():
        return asyncssh.read_private_key(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = asyncssh.generate_private_key("ssh-ed25519", comment="hubbub")
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.export_private_key())
    return key
