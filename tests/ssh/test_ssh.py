"""ssh on the server's own port: people come with nothing installed, and get the chat and nothing else."""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import asyncssh
import pytest

from hubbub.client.identity import Identity, Token
from hubbub.ssh.terminal_limits import ADDRESS_MAX, TOTAL_MAX, Terminals
from hubbub.ssh.visitor import KEYS_MAX, TERMINALS_MAX, Environment, Session, Visitor, _size
from hubbub.transports.base import WireProtocol
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness
from tests.server_process import ServerProcess


class Terminal:
    """A terminal at the other end of an ssh connection; what is drawn is searched for words."""

    def __init__(self, process: "asyncssh.SSHClientProcess[bytes]") -> None:
        self.process = process
        self.drawn = b""

    async def until(self, part: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while part.encode() not in self.drawn:
                    data = await self.process.stdout.read(65_536)
                    assert data, f"{part!r} never came; what came was {self.words()}"
                    self.drawn += data
        except TimeoutError:
            raise AssertionError(f"{part!r} never came; what came was {self.words()}") from None

    def words(self) -> str:
        """What was drawn, without how."""
        return " ".join(
            re.sub(rb"\x1b\[[0-9;?<>=]*[A-Za-z]", b" ", self.drawn).decode(errors="replace").split()
        )

    def type(self, text: str) -> None:
        self.drawn = b""
        self.process.stdin.write(text.encode())


def options(port: int, name: str, **more: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {"client_keys": None, "agent_path": None, "config": None, "known_hosts": None}
    return {"host": "127.0.0.1", "port": port, "username": name, **wanted, **more}


@asynccontextmanager
async def visit(server: ServerProcess, name: str, **more: Any) -> AsyncIterator[Terminal]:
    """Somebody comes by ssh."""
    connection = await asyncssh.connect(**options(server.port, name, **more))
    try:
        size = {"term_type": "xterm-256color", "term_size": (100, 30)}
        yield Terminal(await connection.create_process(**size, encoding=None))
    finally:
        connection.abort()
        with contextlib.suppress(OSError, asyncssh.Error):
            await connection.wait_closed()


async def test_a_guest_talks_with_somebody_on_irc(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        bob = await server.connect()
        bob.type("NICK bob", "USER bob 0 * :Bob", "JOIN #tea")
        await bob.until("366")
        async with visit(server, "ann") as ann:
            await ann.until("a guest")
            ann.type("/join tea\r")
            await ann.until("#tea")
            await bob.until("ann!ann@")
            ann.type("hello from ssh\r")
            await bob.until("PRIVMSG #tea :hello from ssh")
            bob.type("PRIVMSG #tea :hello ann")
            await ann.until("hello ann")
            ann.type("/exit\r")
            await bob.until("QUIT")
            assert await ann.process.stdout.read() is not None
        log = (tmp_path / "data" / "log" / "app.log").read_text("utf-8")
        assert "ann has come in from 127.0.0.1" in log and "hello from ssh" not in log


async def test_by_a_password(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        line = await server.connect()
        line.type("NICK ann", "USER ann 0 * :Ann", "REGISTER * * :correct horse", "JOIN #tea", "QUIT")
        await line.until("ERROR")
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(**options(server.port, "ann", password="wrong"))
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(**options(server.port, "ann"))
        async with visit(server, "ann", password="correct horse") as ann:
            await ann.until("#tea")
            ann.type("/whoami\r")
            await ann.until("signed in as ann")
        log = (tmp_path / "data" / "log" / "app.log").read_text("utf-8")
        assert "horse" not in log and "wrong" not in log


async def test_by_any_password_that_can_be_set(tmp_path: Path) -> None:
    """asyncssh takes no password from the method "password" that RFC 4013 would not store, such as one with 🎉."""
    typed, otherwise = "party🎉 cr\u00e8me", "party🎉\u3000cre\u0300me"
    async with ServerProcess(tmp_path / "data") as server:
        line = await server.connect()
        line.type("NICK ann", "USER ann 0 * :Ann", f"REGISTER * * :{typed}", "QUIT")
        await line.until("ERROR")
        for password in (typed, otherwise):
            connection = await asyncssh.connect(**options(server.port, "ann", password=password))
            connection.abort()
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(**options(server.port, "ann", password=f"{typed}x"))


async def test_by_a_key_of_the_account(tmp_path: Path) -> None:
    key, other = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    async with ServerProcess(tmp_path / "data") as server:
        async with visit(server, "ann") as ann:
            await ann.until("a guest")
            ann.type("/register ann correct horse\r")
            await ann.until("registered")
            ann.type(f"/keys ADD {key.export_public_key().decode().strip()}\r")
            await ann.until("can now sign in")
            ann.type("/keys\r")
            await ann.until("SHA256:")
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(**options(server.port, "ann", client_keys=[other]))
        async with visit(server, "ann", client_keys=[key]) as ann:
            await ann.until("Général")
            ann.type("/whoami\r")
            await ann.until("signed in as ann")
            ann.type(f"/keys DEL {key.get_fingerprint()}\r")
            await ann.until("was revoked")
        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(**options(server.port, "ann", client_keys=[key]))


async def test_a_key_that_is_revoked_ends_its_terminal(tmp_path: Path) -> None:
    """It says why and is gone; nothing tries to come back."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with ServerProcess(tmp_path / "data") as server:
        home = await server.connect()
        home.type(
            "NICK ann",
            "USER ann 0 * :Ann",
            "NS REGISTER correct-horse",
            f"NS KEY ADD {key.get_fingerprint()}",
        )
        await home.until("can now sign in to your account by ssh")
        async with visit(server, "ann", client_keys=[key]) as ann:
            await ann.until("Général")
            home.type(f"NS KEY DEL {key.get_fingerprint()}")
            await ann.until("The key that you signed in with was revoked. Sign in again.")
            async with asyncio.timeout(PATIENCE_SECONDS):
                await ann.process.wait_closed()
        home.type("NS SESSIONS")
        await home.until("You have one session")


async def test_a_public_key_alone_proves_nothing(tmp_path: Path) -> None:
    """Whoever knows somebody's public key, as everybody may, is not let in by offering it."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with ServerProcess(tmp_path / "data") as server:
        async with visit(server, "ann") as ann:
            await ann.until("a guest")
            ann.type("/register ann correct horse\r")
            await ann.until("registered")
            ann.type(f"/keys ADD {key.export_public_key().decode().strip()}\r")
            await ann.until("can now sign in")

        class Thief(asyncssh.SSHClient):
            """Offers the key, and signs with another one."""

            def __init__(self) -> None:
                other = asyncssh.load_keypairs(asyncssh.generate_private_key("ssh-ed25519"))[0]
                own = asyncssh.load_keypairs(key)[0]
                other.public_data = own.public_data
                self._keys = [other]

            def public_key_auth_requested(self) -> Any:
                return self._keys.pop() if self._keys else None

        with pytest.raises(asyncssh.PermissionDenied):
            await asyncssh.connect(**options(server.port, "ann", client_factory=Thief))


async def test_making_an_account_where_guests_may_not_come(tmp_path: Path) -> None:
    class Newcomer(asyncssh.SSHClient):
        def kbdint_auth_requested(self) -> str:
            return ""

        def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> Any:
            return ["correct horse" for _ in prompts]

    settings = {"HUBBUB_ACCOUNTS_GUESTS": "no", "HUBBUB_ACCOUNTS_REGISTRATION": "open"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        async with visit(server, "ann", client_factory=Newcomer) as ann:
            await ann.until("Général")
            ann.type("/whoami\r")
            await ann.until("signed in as ann")
        async with visit(server, "ann", password="correct horse") as ann:
            await ann.until("Ctrl+K")


async def test_nothing_but_the_chat(tmp_path: Path) -> None:
    """No shell, no commands, no files, no forwarding of anything."""
    async with (
        ServerProcess(tmp_path / "data") as server,
        asyncssh.connect(**options(server.port, "ann")) as connection,
    ):
        for command in ("id", "sh -c id", "scp -t /tmp", "sftp"):
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.create_process(command, term_type="xterm")
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.start_sftp_client()
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", server.port)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", server.port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection(str(tmp_path / "data" / "admin.sock"))
        without = await connection.create_process(encoding=None)
        assert b"Come with a terminal" in await without.stdout.read()
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(term_type="dumb", encoding=None)


async def test_a_connection_has_a_few_terminals(tmp_path: Path) -> None:
    """The next one is refused, and where one has ended there is room again."""
    terminal = {"term_type": "xterm-256color", "term_size": (100, 30), "encoding": None}
    async with (
        ServerProcess(tmp_path / "data") as server,
        asyncssh.connect(**options(server.port, "ann")) as connection,
    ):
        opened = [await connection.create_process(**terminal) for _ in range(TERMINALS_MAX)]
        for _ in range(3):
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.create_process(**terminal)
        first = opened[0].channel
        first.abort()
        await first.wait_closed()
        again = Terminal(await connection.create_process(**terminal))
        await again.until("\x1b")
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(**terminal)


def test_terminals_are_counted_by_address_and_in_all() -> None:
    """IPv6 by its /64; the pace is one for all of an address."""
    terminals = Terminals()
    for host in range(ADDRESS_MAX):
        assert terminals.enter(f"2001:db8::{host + 1:x}")
    assert not terminals.enter("2001:db8::ffff") and terminals.enter("2001:db8:0:1::1")
    terminals.leave("2001:db8::7")
    assert terminals.enter("2001:db8::ffff")
    for number in range(TOTAL_MAX - ADDRESS_MAX - 1):
        assert terminals.enter(f"192.0.2.{number % 200}")
    assert not terminals.enter("198.51.100.1")
    pace = terminals.pace("2001:db8::1")
    assert terminals.pace("2001:db8::2") is pace and terminals.pace("192.0.2.1") is not pace


async def test_a_terminal_counts_until_its_application_is_gone() -> None:
    """Also where its channel was closed before."""
    gateway = Asked("")
    visitor = Visitor(cast(Any, gateway), 1, "127.0.0.1")
    gateway.terminals.enter("127.0.0.1")
    session, end = Session(visitor), asyncio.Event()

    async def lasts() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await end.wait()

    session._running = asyncio.create_task(lasts())
    await asyncio.sleep(0)
    session.connection_lost(None)
    await asyncio.sleep(0)
    assert gateway.terminals.count("127.0.0.1") == 1
    end.set()
    await session._running
    await asyncio.sleep(0)
    assert gateway.terminals.count("127.0.0.1") == 0


def test_of_the_environment_only_what_is_asked_for_is_kept() -> None:
    environment = Environment()
    for number in range(1_000):
        environment[b"LC_%d" % number] = b"x"
    environment[b"COLORTERM"] = b"truecolor"
    environment[b"LANG"] = b"x" * 30_000
    assert environment == {b"COLORTERM": b"truecolor"}


def test_a_terminal_has_a_size_that_can_be_drawn() -> None:
    assert _size(2**31, 2**31) == (500, 200) and _size(0, 0) == (80, 24)


class Asked:
    """A gateway whose server knows ann with one key, and that notes what it is asked for."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.asked: list[str] = []
        self.terminals = Terminals()

    async def ask(self, visit: int, ask: str, **more: str) -> tuple[dict[str, Any], list[Any]]:
        self.asked.append(ask)
        if ask == "who":
            return {"account": more["name"] == "ann", "guests": True, "registers": True, "network": "x"}, []
        is_hers = more["name"] == "ann" and more["key"] == self.key
        return ({"known": is_hers} if ask == "known" else {"pass": "secret" if is_hers else ""}), []


async def test_an_offered_key_sets_nothing_before_it_is_proved() -> None:
    """Nor does what was tried under another name count for anything."""
    key, other = (asyncssh.generate_private_key("ssh-ed25519").convert_to_public() for _ in range(2))
    gateway = Asked(key.get_fingerprint())
    visitor = Visitor(cast(Any, gateway), 1, "127.0.0.1")
    assert await visitor.begin_auth("ann")
    assert await visitor.validate_public_key("ann", key)
    assert visitor.identity is None and gateway.asked == ["who", "known"]
    assert not await visitor.validate_public_key("ann", other)
    assert not await visitor.begin_auth("eve")
    visitor.auth_completed()
    guest = Identity("eve", begins_somewhere=True)
    assert visitor.identity == guest and await visitor.arriving() == guest
    assert await visitor.begin_auth("ann")
    assert await visitor.validate_public_key("ann", key)
    visitor.auth_completed()
    assert await visitor.arriving() == Identity("ann", Token("secret"), begins_somewhere=True)
    assert (
        await visitor.arriving() == Identity("ann", Token("secret"), begins_somewhere=True)
        and gateway.asked.count("key") == 2
    )


async def test_keys_are_not_tried_without_end() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    visitor = Visitor(cast(Any, Asked("")), 1, "127.0.0.1")
    await visitor.begin_auth("ann")
    for _ in range(KEYS_MAX):
        assert not await visitor.validate_public_key("ann", key)
    with pytest.raises(asyncssh.DisconnectError, match="too many keys"):
        await visitor.validate_public_key("ann", key)


async def test_the_window_is_resized(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, visit(server, "ann") as ann:
        await ann.until("a guest")
        ann.drawn = b""
        ann.process.change_terminal_size(60, 20)
        await ann.until("\x1b[20;")
        for size in ((0, 0), (1, 1), (2**31 - 1, 2**31 - 1)):
            ann.process.change_terminal_size(*size)
        ann.process.change_terminal_size(80, 24)
        await ann.until("\x1b[24;")


@pytest.mark.parametrize(
    "beginning",
    [
        b"SSH-2.0-",
        b"SSH-2.0-x\r\n",
        b"SSH-1.5-old\r\n",
        b"SSH-2.0-x\r\n" + b"\xff" * 5000,
        b"SSH-2.0-x\r\n" + (2**31).to_bytes(4, "big") + b"\x00" * 100,
        b"SSH-2.0-" + b"x" * 60_000,
        b"SSH-2.0-x\r\n" + os.urandom(20_000),
    ],
    ids=["half", "banner", "old", "ones", "huge", "endless", "noise"],
)
async def test_hostile_beginnings_disturb_nobody(tmp_path: Path, beginning: bytes) -> None:
    async with ServerProcess(tmp_path / "data") as server, visit(server, "ann") as ann:
        await ann.until("a guest")
        strangers = []
        for _ in range(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(beginning)
            strangers.append((reader, writer))
        ann.type("/whoami\r")
        await ann.until("You are ann")
        for _, writer in strangers:
            writer.transport.abort()
        async with visit(server, "bob") as bob:
            await bob.until("a guest")


async def test_a_gateway_that_dies_takes_nobody_else_along(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        bob = await server.connect()
        bob.type("NICK bob", "USER bob 0 * :Bob", "JOIN #tea")
        await bob.until("366")
        async with visit(server, "ann") as ann:
            await ann.until("a guest")
            ann.type("/join tea\r")
            await bob.until("ann!ann@")
            children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
            (gateway,) = (int(child) for child in children.read_text("utf-8").split())
            os.kill(gateway, signal.SIGKILL)
            await bob.until("QUIT")
        bob.type("PING still")
        await bob.until("PONG")
        async with visit(server, "cid") as cid:
            await cid.until("a guest")


async def test_the_gateway_ends_with_the_server(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    async with server, visit(server, "ann") as ann:
        await ann.until("a guest")
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        (gateway,) = (int(child) for child in children.read_text("utf-8").split())
        server.terminate()
        assert await server.ended() == 0
        with contextlib.suppress(asyncssh.Error, AssertionError):
            await ann.until("never")
        assert not Path(f"/proc/{gateway}").exists() or b"Z" in Path(f"/proc/{gateway}/stat").read_bytes()


@pytest.mark.parametrize("by_key", [False, True])
async def test_a_terminal_outlives_a_server_that_is_killed(tmp_path: Path, by_key: bool) -> None:
    """What was written meanwhile is said when the server is there again, and once."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with ServerProcess(tmp_path / "data") as server:
        async with visit(server, "ann") as ann:
            await ann.until("a guest")
            ann.type("/register ann correct horse\r")
            await ann.until("registered")
            ann.type(f"/keys ADD {key.export_public_key().decode().strip()}\r")
            await ann.until("can now sign in")
        proof = {"client_keys": [key]} if by_key else {"password": "correct horse"}
        async with visit(server, "ann", **proof) as ann:
            await ann.until("Général")
            ann.type("/set newrooms make\r")
            await ann.until("newrooms is make.")
            ann.type("/join tea\r")
            await ann.until("#tea")
            ann.type("before\r")
            await ann.until("before")
            server.kill()
            await server.ended()
            await ann.until("Reconnecting in")
            ann.type("meanwhile\r")
            await ann.until("waiting")
            async with ServerProcess(tmp_path / "data", "-p", str(server.port)) as again:
                bob = await again.connect()
                bob.type(
                    "NICK bob",
                    "USER bob 0 * :Bob",
                    "CAP REQ :draft/chathistory batch server-time message-tags",
                )
                bob.type("CAP END", "JOIN #tea")
                await bob.until("366")
                ann.type("after\r")
                await bob.until(":after")
                bob.type("CHATHISTORY LATEST #tea * 50", "PING end")
                lines = await bob.until("PONG")
                said = [line.split(" :")[-1] for line in lines if " PRIVMSG #tea " in line]
                assert said == ["before", "meanwhile", "after"]
                async with visit(again, "cid") as cid:
                    await cid.until("a guest")


async def test_the_servers_key_stays_the_same(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        async with ServerProcess(tmp_path / "data") as server:
            key = await asyncssh.get_server_host_key("127.0.0.1", server.port, config=None)
            assert key is not None
            keys.append(key.get_fingerprint())
    assert keys[0] == keys[1]
    assert (tmp_path / "data" / "ssh" / "host_key").stat().st_mode & 0o777 == 0o600


async def test_no_visitor_chooses_a_costly_key_exchange(tmp_path: Path) -> None:
    costly = ("diffie-hellman-group18-sha512", "diffie-hellman-group-exchange-sha256", "rsa2048-sha256")
    async with ServerProcess(tmp_path / "data") as server:
        for name in costly:
            # The server says why and is gone; who reads late is told of the second alone.
            with pytest.raises((asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost)):
                await asyncssh.connect(**options(server.port, "ann", kex_algs=[name]))
        for name in ("curve25519-sha256", "ecdh-sha2-nistp256"):
            (await asyncssh.connect(**options(server.port, "ann", kex_algs=[name]))).abort()


async def test_a_draft_survives_the_connection(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        async with visit(server, "ann") as ann:
            await ann.until("a guest")
            ann.type("/register ann correct horse\r")
            await ann.until("registered")
        for attempt in range(2):
            async with visit(server, "ann", password="correct horse") as ann:
                await ann.until("Général")
                if attempt:
                    await ann.until("unfinished")
                else:
                    ann.type("/set newrooms make\r")
                    await ann.until("newrooms is make.")
                    ann.type("/join tea\r")
                    await ann.until("#tea")
                    ann.type("unfinished business")
                    await ann.until("business")
                    kept = tmp_path / "data" / "ssh" / "people"
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        while not any(
                            "unfinished business" in f.read_text("utf-8") for f in kept.rglob("typed-*")
                        ):
                            await asyncio.sleep(0.05)


async def test_without_what_speaks_ssh_the_port_says_so(harness: ServerHarness) -> None:
    visitor = harness.connect("visitor", WireProtocol.SSH)
    await harness.settle()
    (line,) = visitor.seen()
    assert line.startswith("This server does not speak ssh here.")
    assert visitor.connection.closed
