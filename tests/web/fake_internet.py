"""Other machines: websites on the loopback that stand for the Internet, and a record of all that is dialled."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import pytest
import trustme
from aiohttp import web

from hubbub.web import safe_http_client

SOMEWHERE = "93.184.216.34"
"""An address of the Internet; nothing is ever sent there."""
OWN = (
    *("127.0.0.1", "127.8.9.10", "10.0.0.1", "169.254.169.254", "0.0.0.0", "192.0.0.192", "168.63.129.16"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]"),
    *(
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[fe80::1]",
        "[fd00::1]",
    ),
    *("[fe80::1%25eth0]", "[::1%25lo]", "[2606:4700::1%25eth0]", "[3fff::1]", "192.88.99.1", "192.0.0.1"),
    *("１２７.0.0.1", "①②⑦.⓪.⓪.①", "𝟏𝟐𝟕.0.0.1", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "１０.0.0.1"),
    *("[::ffff:１２７.0.0.1]", "[：：1]", "[::１]", "[::ⓕⓕⓕⓕ:127.0.0.1]"),
    *(
        "0x7f.1",
        "0x7f000001",
        "0X7F.0.0.1",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "0",
    ),
    *("127.0.0.1.", "127.0.0.1..", "localhost", "LOCALHOST", "localhost.", "ⓛocalhost", "a.localhost"),
    *("printer.local", "db.internal", "router.home.arpa", "x.onion", "intranet", "wiki.corp", "a_b", "xn--"),
    *("%31%32%37.0.0.1", "127.0.0.1%2eexample.org", "127.0.0.1%00.example.org", "127.0.0.1%23.example.org"),
    *(
        "user@127.0.0.1",
        "user:pw@127.0.0.1",
        "example.org@127.0.0.1",
        "a@b@127.0.0.1",
        "example.org%40@127.0.0.1",
    ),
    *(
        "example.org\\@127.0.0.1",
        "127.0.0.1\\@example.org",
        "127.0.0.1\t",
        "127.0.0\n.1",
        "\r127.0.0.1",
        "127.0.0.1 ",
    ),
    *("127.0.0.1\x00.example.org", "[::1", "::1", "[v1.fe]", "[127.0.0.1]", "[::1]x", "", ".", "..", "a..b"),
)
"""What stands for the own network in an address, in every spelling that somebody has thought of."""

AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


@asynccontextmanager
async def serving(app: web.Application, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """`http://127.0.0.1:PORT`, as long as it is needed."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Internet:
    """What names resolve to, and where addresses lead: to a port of the loopback, or nowhere."""

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {}
        self.ports: dict[tuple[str, int], int] = {}
        """What is dialled as this address and port is really that port of the loopback."""
        self.own: set[str] = set()
        """The server's own addresses."""
        self.networks: list[str] = []
        """Those in which it stands."""
        self.looked_up: list[str] = []
        self.refused: list[tuple[str, int]] = []
        self.dialled: list[tuple[str, int]] = []
        self.tls: ssl.SSLContext | None = None
        """The side of the secure website that was opened last."""
        self._trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    @cached_property
    def authority(self) -> trustme.CA:
        """Which the server trusts, if any of these websites is secure."""
        authority = trustme.CA()
        authority.configure_trust(self._trusting)
        return authority

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Instead of the system's resolver and of the sockets' connect; the connector's own check stays what it is."""
        monkeypatch.setattr(safe_http_client, "trusting", lambda: self._trusting)
        monkeypatch.setattr("aiohappyeyeballs.start_connection", self._dial)
        monkeypatch.setattr(safe_http_client, "look_up", self._look_up)
        monkeypatch.setattr(safe_http_client, "is_own", lambda address: str(address) in self.own)
        monkeypatch.setattr(
            safe_http_client, "own_networks", lambda: [ipaddress.ip_network(text) for text in self.networks]
        )

    async def _look_up(self, name: str, port: int, family: int) -> list[tuple[int, int, tuple[Any, ...]]]:
        self.looked_up.append(name)
        found = self.names.get(name.rstrip("."))
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 6, (one, port)) for one in found]

    async def _dial(
        self,
        *,
        addr_infos: Sequence[AddressInfo],
        socket_factory: Callable[[AddressInfo], socket.socket],
        **others: object,
    ) -> socket.socket:
        """As the real one: each address has its socket from the factory, which is connected to that very address."""
        problem: OSError = ConnectionRefusedError("nobody is there")
        for info in addr_infos:
            where = info[4][0], info[4][1]
            try:
                socket_factory(info).close()
            except OSError as error:
                self.refused.append(where)
                problem = error
                continue
            self.dialled.append(where)
            if where in self.ports:
                made = socket.socket()
                made.setblocking(False)
                try:
                    await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", self.ports[where]))
                except BaseException:
                    made.close()
                    raise
                return made
        raise problem

    @asynccontextmanager
    async def website(self, name: str, app: web.Application, secure: bool = False) -> AsyncIterator[str]:
        """`http://NAME`, or with https, as long as it is needed."""
        self.tls = tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if secure else None
        if tls:
            self.authority.issue_cert(name).configure_cert(tls)
        async with serving(app, tls) as base:
            self.names[name] = [SOMEWHERE]
            self.ports[SOMEWHERE, 443 if secure else 80] = int(base.rpartition(":")[2])
            yield f"{'https' if secure else 'http'}://{name}"
