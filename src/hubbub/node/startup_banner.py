"""The banner at the start: where to come to, and what to do next."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from hubbub import __version__
from hubbub.invocation import quoted, typed
from hubbub.transports.own_addresses import own_addresses

from .endpoint import EVERYWHERE
from .logs import path_of

if TYPE_CHECKING:
    from .server import Server

_REGISTRATION = {
    "open": "anyone can register",
    "invitation": "people with an invitation can register (add invitation)",
    "approval": "anyone can register, and an administrator approves (accept account NAME)",
    "closed": "nobody can register; administrators create the accounts",
}


@dataclass(frozen=True, slots=True)
class About:
    """The facts about a running server."""

    network: str
    version: str
    process: int
    port: int
    here: str
    """The host by which this machine reaches it."""
    others: Sequence[str]
    """The addresses by which other machines do, the likeliest first."""
    is_for_others: bool
    has_ssh: bool
    registration: str
    guests: bool
    data: str
    log: str
    """The log's file; empty where there is none."""
    fingerprint: str
    """The SHA-256 of the certificate, in hexadecimal digits."""
    first: str
    """The code of the invitation for the first administrator; empty where there is one."""


def about(server: "Server") -> About:
    settings = server.settings
    host = settings.server.host
    everywhere = host in EVERYWHERE
    is_local = all(known.is_loopback for known in map(ip_address, _bound(server)))
    return About(
        network=settings.server.network,
        version=__version__,
        process=os.getpid(),
        port=server.listeners[0].port,
        here="localhost" if everywhere or host in ("127.0.0.1", "::1") else host,
        others=own_addresses() if everywhere else [] if is_local else [host],
        is_for_others=not is_local,
        has_ssh=server.ssh is not None,
        registration=settings.accounts.registration,
        guests=settings.accounts.guests,
        data=str(server.data),
        log=str(path_of(server.data)) if settings.log.file else "",
        fingerprint=server.fingerprint,
        first=server.node.first_invitation.code(),
    )


def _bound(server: "Server") -> list[str]:
    """The addresses at which the main port really is: a name such as localhost stands for some."""
    return [address for address, _ in server.listeners[0].addresses]


def greeting(server: "Server") -> str:
    facts = about(server)
    port, here, data = facts.port, facts.here, _data_option(server)
    settings = typed("config" + data)
    lines = [
        f"{facts.network} is running.",
        "",
        f"  Browser      http://{here}:{port}/",
        f"  IRC client   {here}, port {port} (with TLS or, from this machine, without)",
        f"  Terminal     {typed(f'chat {_address(here, port)}')}",
        *([f"  ssh          ssh -p {port} NAME@{here}"] if facts.has_ssh else []),
        f"  netcat       nc {here} {port}",
    ]
    if facts.others and here == "localhost":
        first = facts.others[0]
        lines += ["", "  Give others one of these addresses:"]
        lines += [f"    {address}, port {port}" for address in facts.others]
        lines.append(f"    in a browser:   https://{_in_url(first)}:{port}/")
        by_ssh = f"ssh -p {port} NAME@{first}" if facts.has_ssh else ""
        lines.append(f"    in a terminal:  {by_ssh or f'hubbub chat {_address(first, port)}'}")
    elif not facts.is_for_others:
        lines += ["", "  It is reachable only from this machine. To let others in, start it with --lan."]
    if facts.first:
        lines += [
            "",
            f"  Become its administrator, and name the server:  http://{here}:{port}/#/first/{facts.first}",
            f"  or, in another terminal:  {typed('admin create-admin NAME' + data)}",
        ]
    lines += [
        "",
        f"  Registration  {facts.registration}: {_REGISTRATION[facts.registration]}",
        f"  Guests        {'yes' if facts.guests else 'no'}   (both: hubbub.toml, [accounts]; see: {settings})",
        f"  Data          {facts.data}",
    ]
    if facts.log:
        lines.append(f"  Log           {facts.log}")
    lines += [
        f"  Certificate   SHA-256 {facts.fingerprint[:32]}",
        f"                        {facts.fingerprint[32:]}",
        "",
        f"  Stop it with Ctrl-C, or: {typed('admin shutdown' + data)}",
    ]
    return "\n".join(lines)


def _data_option(server: "Server") -> str:
    from hubbub.config.sources import DEFAULT_DATA

    return "" if str(server.data) == DEFAULT_DATA else f" --data {quoted(str(server.data))}"


def _address(host: str, port: int) -> str:
    """As one types it: without the port that goes without saying."""
    from hubbub.config.sections import Server as Settings

    return host if port == Settings().port else f"{host}:{port}"


def _in_url(address: str) -> str:
    """RFC 3986, 3.2.2: an IPv6 address stands in brackets."""
    return f"[{address}]" if ":" in address else address
