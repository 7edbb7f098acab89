"""What a person reads when the server is up: where to come to, and what to do next."""

from typing import TYPE_CHECKING

from hubbub.transports.addresses import own_addresses

from .node import EVERYWHERE

if TYPE_CHECKING:
    from .server import Server

_REGISTRATION = {
    "open": "anyone may register",
    "invitation": "an administrator makes the accounts (add account NAME)",
    "approval": "anyone may register, and an administrator approves (accept account NAME)",
    "closed": "nobody may register; an administrator makes the accounts",
}


def greeting(server: "Server") -> str:
    settings = server.settings
    port = server.listeners[0].port
    host = settings.server.host
    everywhere = host in EVERYWHERE
    others = own_addresses() if everywhere else []
    here = "localhost" if everywhere or host in ("127.0.0.1", "::1") else host
    known = f"{settings.accounts.registration}: {_REGISTRATION[settings.accounts.registration]}"
    guests = "yes" if settings.accounts.guests else "no"
    lines = [
        f"{settings.server.network} is up.",
        "",
        f"  Browser      http://{here}:{port}/",
        f"  IRC client   {here}, port {port} (with TLS or, from this machine, without)",
        f"  Terminal     hubbub chat {_address(here, port)}",
        *([f"  ssh          ssh -p {port} NAME@{here}"] if server.ssh else []),
        f"  netcat       nc {here} {port}",
    ]
    if others:
        lines += ["", "  Give others one of these addresses:"]
        lines += [f"    {address}, port {port}" for address in others]
        lines.append(f"    in a browser:   https://{_in_url(others[0])}:{port}/")
        by_ssh = f"ssh -p {port} NAME@{others[0]}" if server.ssh else ""
        lines.append(f"    in a terminal:  {by_ssh or f'hubbub chat {_address(others[0], port)}'}")
    elif not everywhere:
        lines += ["", "  Only this machine reaches it. Start it with --lan to let others in."]
    if code := server.node.first_invitation():
        lines += [
            "",
            f"  Become its administrator, and give the place a name:  http://{here}:{port}/#/first/{code}",
            f"  or, in another terminal:  hubbub admin create-admin NAME{_data_option(server)}",
        ]
    lines += [
        "",
        f"  Registration  {known}",
        f"  Guests        {guests}   (both: hubbub.toml, [accounts]; see: hubbub config)",
        f"  Data          {server.data}",
    ]
    if settings.log.file:
        lines.append(f"  Log           {server.data / 'log' / 'app.log'}")
    lines += [
        f"  Certificate   SHA-256 {server.fingerprint[:32]}",
        f"                        {server.fingerprint[32:]}",
        "",
        "  Stop it with Ctrl-C, or: hubbub admin shutdown" + _data_option(server),
    ]
    return "\n".join(lines)


def _data_option(server: "Server") -> str:
    from hubbub.config.sources import DEFAULT_DATA

    return "" if str(server.data) == DEFAULT_DATA else f" --data {server.data}"


def _address(host: str, port: int) -> str:
    """As one types it: without the port that goes without saying."""
    from hubbub.config.sections import Server as Settings

    return host if port == Settings().port else f"{host}:{port}"


def _in_url(address: str) -> str:
    """RFC 3986, 3.2.2: an IPv6 address stands in brackets."""
    return f"[{address}]" if ":" in address else address
