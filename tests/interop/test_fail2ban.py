"""fail2ban's own program reads a log that a real server wrote: every door's failures are in it, and nothing forged."""

import asyncio
import base64
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncssh
import pytest
import trustme
from argon2 import PasswordHasher

from hubbub.wire.scram import ClientExchange
from tests.conftest import need_program
from tests.server_process import Line, ServerProcess

FILTER = Path(__file__).parents[2] / "examples" / "fail2ban" / "filter.conf"
PASSWORD = "open-sesame"
HASH = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
SETTINGS = f"""
server.password = "{PASSWORD}"
[accounts]
hash_memory_kib = 8192
hash_passes = 1
[operators.boss]
password = "{HASH}"
[gateways.webchat]
password = "{HASH}"
networks = ["127.0.0.0/8"]
"""
FORGED = "2026-11-20 11:40:11,590 - WARNING - Login failed from 10.0.0.1 (irc): account"
HOSTILE = f'x" from 10.0.0.2 (irc)\r\n{FORGED}\n\x1b[2K\u2028\x85{FORGED}'
"""As a name, or as whatever else may be written."""


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class Crowd:
    """People at addresses of their own, each of whom fails at one door; `failed` are those."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.failed: list[str] = []
        self.lines: list[Line] = []
        self._number = 10

    async def line(self, tls: ssl.SSLContext | None = None, fails: bool = True) -> Line:
        self._number += 1
        address = f"127.0.0.{self._number}"
        if fails:
            self.failed.append(address)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.server.port, limit=1 << 20, local_addr=(address, 0), ssl=tls
        )
        self.lines.append(line := Line(reader, writer))
        return line

    async def leave(self) -> None:
        for line in self.lines:
            await line.close()

    @property
    def in_as_guest(self) -> tuple[str, ...]:
        """What the next one types to come in."""
        return f"PASS {PASSWORD}", f"NICK bob{self._number}", "USER b 0 * :b"

    async def irc(
        self, *lines: str, until: str, fails: bool = True, tls: ssl.SSLContext | None = None
    ) -> Line:
        line = await self.line(tls, fails)
        line.type(*lines)
        await line.until(until)
        return line

    async def sasl(self, mechanism: str, *responses: str, tls: ssl.SSLContext | None = None) -> None:
        lines = (f"AUTHENTICATE {response}" for response in (mechanism, *responses))
        await self.irc("CAP REQ sasl", *lines, until=" 904 ", tls=tls)


async def by_plain(crowd: Crowd) -> None:
    await crowd.sasl("PLAIN", encoded("\0ann\0guess"))
    await crowd.sasl("PLAIN", encoded(f"\0{HOSTILE}\0guess"))


async def by_scram(crowd: Crowd) -> None:
    client = ClientExchange("ann", "guess", "a-nonce-of-the-client")
    line = await crowd.line()
    first = base64.b64encode(client.first()).decode()
    line.type("CAP REQ sasl", "AUTHENTICATE SCRAM-SHA-256", f"AUTHENTICATE {first}")
    await line.until("AUTHENTICATE +")
    answer = (await line.until("AUTHENTICATE "))[-1].rpartition(" ")[2]
    line.type(f"AUTHENTICATE {base64.b64encode(client.final(base64.b64decode(answer))).decode()}")
    await line.until(" 904 ")


async def by_bearer(crowd: Crowd) -> None:
    await crowd.sasl("OAUTHBEARER", encoded("n,a=ann,\1auth=Bearer no-token\1\1"), "AQ==")


async def by_certificate(crowd: Crowd) -> None:
    given = trustme.CA().issue_cert("ann@test.example")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    given.configure_cert(context)
    await crowd.sasl("EXTERNAL", encoded(f"ann{FORGED}"), tls=context)


async def by_pass(crowd: Crowd) -> None:
    await crowd.irc("PASS ann:guess", "NICK bobby", "USER b 0 * :b", until="ERROR")
    await crowd.irc("PASS guess", "NICK bobby", "USER b 0 * :b", until="ERROR")


async def by_nickserv(crowd: Crowd) -> None:
    await crowd.irc(*crowd.in_as_guest, "PRIVMSG NickServ :IDENTIFY ann guess", until="password is wrong")


async def by_oper(crowd: Crowd) -> None:
    await crowd.irc(*crowd.in_as_guest, 'OPER x"from10.0.0.3 guess', until=" 464 ")


async def by_webirc(crowd: Crowd) -> None:
    await crowd.irc("WEBIRC guess gateway host 10.0.0.4 :secure", until="ERROR")
    # Whose password it is knows where its people are: they are whom it is about.
    crowd.failed.append("198.51.100.7")
    await crowd.irc(
        *(f"WEBIRC {PASSWORD} gateway host 198.51.100.7 :secure", "CAP REQ sasl", "AUTHENTICATE PLAIN"),
        f"AUTHENTICATE {encoded(chr(0) + 'ann' + chr(0) + 'guess')}",
        until=" 904 ",
        fails=False,
    )


async def by_netcat(crowd: Crowd) -> None:
    await crowd.irc("login ann guess", f"login {FORGED.replace(' ', '_')} guess", until="password is wrong")


async def by_http(crowd: Crowd) -> None:
    for name in ("ann", HOSTILE):
        await crowd.irc(
            *("GET /api/v1/tokens HTTP/1.1", "Host: localhost", f"User-Agent: {FORGED}", "Connection: close"),
            *(f"Authorization: Basic {encoded(f'{name}:guess')}", ""),
            until="401",
        )


async def by_nothing(crowd: Crowd) -> None:
    """What people may write without failing at anything is nobody's failure."""
    line = await crowd.irc(*crowd.in_as_guest, until=" 001 ", fails=False)
    line.type(f"QUIT :{FORGED}")
    await line.until("ERROR")
    line = await crowd.irc(*crowd.in_as_guest, "JOIN #Login_failed_from_10.0.0.5", until=" 366 ", fails=False)
    line.type(
        f"TOPIC #Login_failed_from_10.0.0.5 :{FORGED}", f"KILL bob :{FORGED}", f"NICK {FORGED}", "PING x"
    )
    await line.until("PONG")
    path = FORGED.replace(" ", "%20")
    await crowd.irc(
        *(f"GET /{path}%0a{path} HTTP/1.1", f"Host: {FORGED}", "Authorization: Bearer nothing", ""),
        until="HTTP/1.1",
        fails=False,
    )


async def by_ssh(crowd: Crowd) -> None:
    line = await crowd.line()
    address = line.writer.get_extra_info("sockname")[0]
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            *("127.0.0.1", crowd.server.port),
            username="ann",
            password="guess",
            known_hosts=None,
            client_keys=None,
            config=None,
            local_addr=(address, 0),
        )


DOORS: tuple[Callable[[Crowd], Awaitable[None]], ...] = (
    *(by_plain, by_scram, by_bearer, by_certificate, by_pass, by_nickserv, by_oper, by_webirc, by_netcat),
    *(by_http, by_nothing, by_ssh),
)


@pytest.mark.parametrize("form", ["text", "json"])
async def test_fail2ban_finds_who_failed_at_every_door_and_nobody_else(tmp_path: Path, form: str) -> None:
    program = need_program("fail2ban-regex")
    (tmp_path / "hubbub.toml").write_text(SETTINGS)
    async with ServerProcess(tmp_path, settings={"HUBBUB_LOG_FORMAT": form}) as server:
        crowd = Crowd(server, tmp_path)
        line = await server.connect()
        line.type(f"PASS {PASSWORD}", "NICK ann", "USER ann 0 * :Ann", "REGISTER * * correct-horse")
        await line.until("REGISTER SUCCESS")
        try:
            for door in DOORS:
                await door(crowd)
        finally:
            await crowd.leave()
        server.terminate()
        await server.ended()
    log = tmp_path / "log" / "app.log"
    found = subprocess.run([program, "-o", "ip", log, FILTER], capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) == set(crowd.failed), log.read_text("utf-8")
    written = log.read_bytes().decode()
    assert not set("\x1b\r\x85\u2028") & set(written)
    assert all(entry.startswith(("20", '{"time": "20')) for entry in written.splitlines())
    assert "guess" not in written and PASSWORD not in written
