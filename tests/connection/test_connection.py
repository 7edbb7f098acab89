"""Our connection to a real server: its ways, whom it trusts, and coming back."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hubbub.client import events
from hubbub.client.identity import Certificate, Identity, Password, Token
from hubbub.connection.chat import ChatError, connect
from hubbub.connection.chat_session import ChatSession, wish
from hubbub.connection.dialling import ClientCertificate
from hubbub.terminal.settings import Memory
from tests.connection.connected_client import ConnectedClient
from tests.server_process import ServerProcess


def guest(nick: str = "ann", *rooms: str) -> Identity:
    return Identity(nick, rooms=rooms)


@pytest.mark.parametrize("scheme", ["", "irc://", "ircs://", "ws://", "wss://"])
async def test_every_way_leads_in(tmp_path: Path, scheme: str) -> None:
    async with (
        ServerProcess(tmp_path / "data") as server,
        ConnectedClient(f"{scheme}localhost:{server.port}", guest("ann", "#tea"), tmp_path) as ann,
    ):
        await ann.event(events.Welcomed)
        await ann.until(lambda: (room := ann.client.find("#tea")) and room.is_joined)
        for text in ("hello", "one\ntwo", "é" * 3000):
            ann.client.say(ann["#tea"], text)
        await ann.until(lambda: ann.texts("#tea") == ["ann: hello", "ann: one\ntwo", f"ann: {'é' * 3000}"])
        assert ann.client.is_secure is (scheme in ("ircs://", "wss://"))


async def test_a_certificate_is_trusted_once_and_a_change_is_an_alarm(tmp_path: Path) -> None:
    asked: list[str] = []

    async def trust(fingerprint: str) -> bool:
        asked.append(fingerprint)
        return True

    async with ServerProcess(tmp_path / "data") as server:
        address = f"ircs://localhost:{server.port}"
        for _ in range(2):
            async with ConnectedClient(address, guest(), tmp_path, trust=trust) as ann:
                await ann.event(events.Welcomed)
        assert len(asked) == 1 and len(asked[0]) == 64
        assert asked[0] in server.greeting.replace(" ", "").replace("\n", "")
    async with (
        ServerProcess(tmp_path / "other", "-p", str(server.port)) as server,
        ConnectedClient(address, guest(), tmp_path, trust=trust) as ann,
    ):
        alarm = await ann.event(events.CertificateChanged)
        assert alarm.known == asked[0] != alarm.shown
        await ann.event(events.Disconnected, retry_seconds=None)
        assert len(asked) == 1


async def test_who_does_not_trust_does_not_come(tmp_path: Path) -> None:
    async def distrust(fingerprint: str) -> bool:
        return False

    async with (
        ServerProcess(tmp_path / "data") as server,
        ConnectedClient(f"ircs://localhost:{server.port}", guest(), tmp_path, trust=distrust) as ann,
    ):
        ended = await ann.event(events.Disconnected)
        assert ended.retry_seconds is None and "not trusted" in ended.reason
    assert not (tmp_path / "servers.json").exists()


async def test_accounts_of_all_kinds(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        address = f"ircs://localhost:{server.port}"
        async with ConnectedClient(
            address, Identity("ann", Password("correct horse"), registers=True), tmp_path
        ) as ann:
            assert (await ann.event(events.Registered)).is_ready
            await ann.event(events.Welcomed)
            assert ann.client.account == "ann"
            ann.client.send("PRIVMSG", "NickServ", "TOKEN ADD bot")
            said = await ann.event(events.ServerSaid)
            while not (words := [word for word in said.text.split() if len(word) > 30]):
                said = await ann.event(events.ServerSaid)
            token = words[0].rstrip(".")
        for secret in (Password("correct horse"), Token(token)):
            async with ConnectedClient(address, Identity("ann", secret), tmp_path) as ann:
                await ann.event(events.Welcomed)
                assert ann.client.account == ann.client.nick == "ann"
        async with ConnectedClient(address, Identity("ann", Password("guessed")), tmp_path) as ann:
            failed = await ann.event(events.SignInFailed)
            assert "guessed" not in failed.reason
            await ann.event(events.Disconnected, retry_seconds=None)
        async with ConnectedClient(
            address, Identity("ann", Password("correct horse"), registers=True), tmp_path
        ) as ann:
            await ann.event(events.RegistrationFailed)


async def test_by_a_certificate_of_ones_own(tmp_path: Path) -> None:
    import trustme

    own = trustme.CA().issue_cert("ann@example.org")
    own.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "ann.pem"))
    files = ClientCertificate(tmp_path / "ann.pem", tmp_path / "ann.pem")
    async with ServerProcess(tmp_path / "data") as server:
        address = f"ircs://localhost:{server.port}"
        first = Identity("ann", Password("correct horse"), registers=True)
        async with ConnectedClient(address, first, tmp_path, certificate=files) as ann:
            await ann.event(events.Welcomed)
            ann.client.send("PRIVMSG", "NickServ", "CERT ADD")
            await ann.event(events.ServerSaid)
        async with ConnectedClient(
            address, Identity("ann", Certificate()), tmp_path, certificate=files
        ) as ann:
            await ann.event(events.Welcomed)
            assert ann.client.account == "ann"


async def test_a_password_never_goes_in_clear(tmp_path: Path) -> None:
    """To a server elsewhere that speaks no TLS: nothing of the password leaves."""
    heard = bytearray()
    done = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            heard.extend(data)
            if b"CAP LS" in data:
                writer.write(b":x CAP * LS :sasl=PLAIN draft/account-registration\r\n")
            if b"CAP REQ" in data:
                writer.write(b":x CAP * ACK :sasl draft/account-registration\r\n")
        writer.close()
        done.set()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        connected = ConnectedClient(f"irc://127.0.0.1:{port}", Identity("ann", Password("secret")))
        # As if it were another machine's.
        connected.client.opened = _overheard(connected.client.opened)  # type: ignore[method-assign]
        async with connected as ann:
            failed = await ann.event(events.SignInFailed)
            assert "only over TLS" in failed.reason
            await done.wait()
    assert b"secret" not in heard and b"AUTHENTICATE" not in heard


def _overheard(opened: Callable[..., None]) -> Callable[..., None]:
    return lambda now_ms, **_: opened(now_ms, is_secure=False, is_private=False)


async def test_sts_is_followed_and_kept(tmp_path: Path) -> None:
    """ "connect securely on the specified port", now, and by oneself the next time."""
    settings = {"HUBBUB_TLS_STS_SECONDS": "3600"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        for _ in range(2):
            async with ConnectedClient(f"irc://localhost:{server.port}", guest(), tmp_path) as ann:
                await ann.event(events.Welcomed)
                assert ann.client.is_secure


async def test_killed_and_started_again(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        address = f"ircs://localhost:{server.port}"
        first = Identity("ann", Password("correct horse"), registers=True, rooms=("#tea",))
        async with ConnectedClient(address, first, tmp_path) as ann:
            await ann.until(lambda: (room := ann.client.find("#tea")) and room.is_joined)
            for number in range(20):
                ann.client.say(ann["#tea"], f"line {number}")
            server.kill()
            await server.ended()
            await ann.event(events.Disconnected)
            ann.client.say(ann["#tea"], "meanwhile")
            async with ServerProcess(tmp_path / "data", "-p", str(server.port)):
                ann.client.registration.identity = Identity("ann", Password("correct horse"))
                ann.connection.hurry()
                wanted = [f"ann: line {number}" for number in range(20)] + ["ann: meanwhile"]
                await ann.until(lambda: ann.texts("#tea") == wanted and not ann["#tea"].pending)


@pytest.mark.parametrize("by_whom", ["owner", "administrator"])
async def test_signed_out_for_good(tmp_path: Path, by_whom: str) -> None:
    """Whoever was signed out is told why, and does not come back with what is void; what was typed is kept."""
    async with ServerProcess(tmp_path / "data") as server:
        address = f"ircs://localhost:{server.port}"
        first = Identity("ann", Password("correct-horse"), registers=True, rooms=("#tea",))
        async with ConnectedClient(address, first, tmp_path) as ann:
            await ann.until(lambda: (room := ann.client.find("#tea")) and room.is_joined)
            if by_whom == "owner":
                home = await server.connect()
                home.type("NICK ann2", "USER ann 0 * :Ann", "NS IDENTIFY ann correct-horse")
                home.type("NS SET PASSWORD correct-horse battery-staple")
                sentence = "Your password was changed. Sign in again with the new one."
            else:
                words = ("admin", "--data", str(server.data), "reset", "password", "ann")
                admin = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "hubbub", *words, stdout=asyncio.subprocess.DEVNULL
                )
                assert await admin.wait() == 0
                sentence = "An administrator reset your password. Sign in again with the new one."
            ended = await ann.event(events.Disconnected)
            assert ended.reason == sentence and ended.retry_seconds is None
            ann.client.say(ann["#tea"], "typed meanwhile")
            assert ann["#tea"].pending
            await ann.until(lambda: ann.is_over)
            assert not any(isinstance(event, events.Connecting) for event in ann.events)


async def test_nobody_answers(tmp_path: Path) -> None:
    async with await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
    async with ConnectedClient(f"irc://127.0.0.1:{port}", guest()) as ann:
        ended = await ann.event(events.Disconnected)
        assert ended.reason.startswith("No server answers at 127.0.0.1, port") and ended.retry_seconds
        assert 0.5 <= ended.retry_seconds <= 1.0


async def test_no_tls_here(tmp_path: Path) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b":irc.example.org NOTICE * :hello\r\n" * 5)
        await reader.read(1000)
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with ConnectedClient(f"ircs://127.0.0.1:{port}", guest()) as ann:
            ended = await ann.event(events.Disconnected)
            assert "does not offer TLS" in ended.reason and f"irc://127.0.0.1:{port}" in ended.reason


IMPATIENT = {
    "hubbub.client.client.SILENCE_MS": 0,
    "hubbub.client.client.ANSWER_MS": 0,
    "hubbub.connection.connection._TICK_SECONDS": 0.05,
    "hubbub.connection.connection.FIRST_RETRY_SECONDS": 0.1,
    "hubbub.connection.line_stream.HANG_UP_SECONDS": 0.1,
    "hubbub.connection.dialling.CONNECT_SECONDS": 0.5,
}


@contextmanager
def impatience() -> Iterator[None]:
    """Clients that doubt a silent server at once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in IMPATIENT.items():
            patch.setattr(name, value)
        yield


@contextmanager
def stopped(server: ServerProcess) -> Iterator[None]:
    """A server that does nothing, like one whose machine sleeps; its kernel still takes connections."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("scheme", ["irc://", "ircs://", "ws://", "wss://"])
async def test_a_server_that_falls_silent_is_left_and_found_again(tmp_path: Path, scheme: str) -> None:
    async with (
        ServerProcess(tmp_path / "data") as server,
        ConnectedClient(f"{scheme}localhost:{server.port}", Identity("ann", varies=True), tmp_path) as ann,
    ):
        await ann.event(events.Welcomed)
        with impatience(), stopped(server):
            assert (await ann.event(events.Disconnected)).retry_seconds
            # It is still silent: each further try ends as well, with a sentence.
            assert "does not answer" in (await ann.event(events.Disconnected)).reason
        ann.connection.hurry()
        await ann.event(events.Welcomed)


@pytest.mark.parametrize("scheme", ["irc://", "ircs://", "ws://", "wss://"])
async def test_a_silent_server_is_an_error_for_a_program(tmp_path: Path, scheme: str) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        with impatience(), stopped(server), pytest.raises(ChatError, match="does not answer"):
            async with connect(f"{scheme}localhost:{server.port}", "ann"):
                raise AssertionError("nobody is in")


@pytest.mark.parametrize("how", ["reset", "half closed", "cut within a line"])
async def test_however_a_connection_ends_it_is_made_again(tmp_path: Path, how: str) -> None:
    came: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer)
        writer.write(b":hub CAP * LS :" if how == "cut within a line" else b":hub NOTICE * :hello\r\n")
        await reader.readline()
        if how == "reset":
            writer.transport.abort()
        elif how == "half closed":
            writer.write_eof()
        else:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, ConnectedClient(f"irc://127.0.0.1:{port}", guest(), tmp_path) as ann:
        await ann.event(events.Disconnected)
        await ann.until(lambda: len(came) > 2)
        for writer in came:
            writer.transport.abort()


async def test_a_bug_of_the_client_is_told_and_ends_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        ServerProcess(tmp_path / "data") as server,
        ConnectedClient(f"irc://localhost:{server.port}", guest(), tmp_path) as ann,
    ):
        await ann.event(events.Welcomed)
        with monkeypatch.context() as broken:
            broken.setattr(ann.client, "received", lambda data, now_ms: 1 // 0)
            ann.client.send("PING", "anything")
            assert "An error occurred" in (await ann.event(events.Disconnected)).reason
        assert "ZeroDivisionError" in caplog.text
        await ann.event(events.Welcomed)


async def test_a_server_that_says_error_is_left_at_once(tmp_path: Path) -> None:
    gone: list[asyncio.StreamReader] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"ERROR :Closing link: come back later\r\n")
        await reader.read()
        gone.append(reader)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, ConnectedClient(f"irc://127.0.0.1:{port}", guest(), tmp_path) as ann:
        ended = await ann.event(events.Disconnected)
        assert "come back later" in ended.reason and ended.retry_seconds
        await ann.until(lambda: len(gone) > 1)


async def test_who_is_dropped_has_said_goodbye(tmp_path: Path) -> None:
    """Going elsewhere waits for nothing, and the server is told all the same."""
    heard = bytearray()
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b":hub 001 ann :Hi\r\n:hub 422 ann :No motd\r\n")
        while data := await reader.read(1000):
            heard.extend(data)
        writer.close()
        ended.set()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    here = asyncio.Event()

    def hear(event: events.Event) -> None:
        if isinstance(event, events.Welcomed):
            here.set()

    async with listening:
        wanted = wish(f"irc://127.0.0.1:{listening.sockets[0].getsockname()[1]}", "ann")
        kept: Memory = Memory(None)
        visit = ChatSession(kept, wanted.place, wanted.address, wanted.identity, hear)
        visit.begin()
        await here.wait()
        visit.drop()
        await ended.wait()
    assert heard.endswith(b"QUIT\r\n")


async def test_the_way_to_tls_is_gone_at_once_where_the_server_keeps_its_end(tmp_path: Path) -> None:
    """sts: the plain connection is left, also by one that says ERROR behind its capabilities and closes nothing."""
    lost: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b":hub CAP * LS :sts=port=1,duration=10\r\nERROR :Come by TLS\r\n")
        lost.append(await reader.read())
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, ConnectedClient(f"irc://127.0.0.1:{port}", guest(), tmp_path) as ann:
        await ann.event(events.TlsRequired)
        await ann.until(lambda: lost)
        ended = await ann.event(events.Disconnected)
        assert "Come by TLS" not in ended.reason, "it is tried by TLS without a word, and that fails here"
        assert ann.connection.address.tls and ann.connection.address.port == 1
