"""Listening sockets, and why one cannot be had, in a sentence."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Sequence
from typing import Final

_BACKLOG_CONNECTIONS: Final = 65_535
"""More than any system takes: who finds no place tries again a whole second later."""
_ANYWHERE: Final = "*"
_FREE_PORT_ATTEMPTS: Final = 10
_NOT_ON_THIS_MACHINE: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class PortUnavailable(Exception):
    """A port cannot be listened on; the text says why, and what to do."""


class PortTaken(PortUnavailable):
    """Another program listens on the port."""


class AddressUnknown(PortUnavailable):
    """The host is none of this machine's addresses."""


async def bind(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """Listen on a port of each host; "*" is all of the machine's addresses, of both families.

    Port 0 takes a port that is free on all of them.
    """
    wanted = [await _resolve(host) for host in hosts]
    for attempt in range(_FREE_PORT_ATTEMPTS):
        try:
            return _bind_all(wanted, port)
        except PortTaken:
            if port != 0 or attempt == _FREE_PORT_ATTEMPTS - 1:
                raise
    raise PortUnavailable("The listener has no address. Set one.")


async def _resolve(host: str) -> list[str]:
    if host == _ANYWHERE:
        return ["0.0.0.0", "::"]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise AddressUnknown(f"The host {host} is unknown. Use one of this machine's addresses.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _bind_all(wanted: list[list[str]], port: int) -> list[socket.socket]:
    with contextlib.ExitStack() as undo:
        sockets: list[socket.socket] = []
        for addresses in wanted:
            problems: list[AddressUnknown] = []
            for address in addresses:
                try:
                    sock = _bind_one(address, port)
                except AddressUnknown as problem:
                    problems.append(problem)  # A name may have an address of a family that is switched off.
                    continue
                sockets.append(sock)
                undo.callback(sock.close)
                port = port or sock.getsockname()[1]
            if len(problems) == len(addresses):
                raise problems[0]
        undo.pop_all()
        return sockets


def _bind_one(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _problem(error, address, port) from None
    try:
        if os.name == "posix":  # Elsewhere this would let two programs share the port.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setblocking(False)
        sock.bind((address, port))
        sock.listen(_BACKLOG_CONNECTIONS)
    except OSError as error:
        sock.close()
        raise _problem(error, address, port) from None
    return sock


def _problem(error: OSError, address: str, port: int) -> PortUnavailable:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"Another program uses port {port} on {address}. Stop that program, or choose another port."
        )
    if error.errno in _NOT_ON_THIS_MACHINE:
        return AddressUnknown(f"{address} is not an address of this machine. Use one that is.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return PortUnavailable(f"Port {port} is reserved for the system. Choose a port above 1023.")
    return PortUnavailable(f"The server can't listen on port {port} of {address}: {error.strerror}.")
