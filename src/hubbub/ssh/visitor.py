"""One visitor by ssh: who they are, and the terminal client on their channel; no shell, no forwarding, no files."""

import asyncio
import contextlib
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import asyncssh
from rich.console import Console

from hubbub.client import events
from hubbub.client.client import Client
from hubbub.client.identity import Identity, Password, Token
from hubbub.client.registration import Stage
from hubbub.connection.connection import entropy, now_ms
from hubbub.connection.line_stream import PlainWire
from hubbub.ssh.bounded_channel import Backlog
from hubbub.ssh.textual_driver import QUEUED_BYTES_MAX, Channel, ChannelDriver
from hubbub.terminal.app import HubbubApp
from hubbub.terminal.settings import Memory

if TYPE_CHECKING:
    from hubbub.ssh.gateway import Gateway

WIDTH_MAX: Final = 500
HEIGHT_MAX: Final = 200
"""For no larger terminal is drawn."""
PROOF_SECONDS: Final = 20
TRIES_MAX: Final = 6
KEYS_MAX: Final = 20
"""The most keys that a client may offer; one with many keys offers them one after the other."""
TERMINALS_MAX: Final = 5
"""So many terminals has one connection at once: each costs memory, and the time to draw it."""
WINDOW_BYTES: Final = 16_384
"""So much may wait of what is typed at a terminal; then ssh itself holds its visitor back."""

ENVIRONMENT: Final = (b"COLORTERM", b"LANG")
"""The environment variables accepted from a visitor's ssh program; all others are dropped."""
VALUE_BYTES_MAX: Final = 100

_NAME: Final = re.compile(r"[^\s\x00-\x1f,:!@*?]{1,60}")


class Visitor(asyncssh.SSHServer):
    """Authenticates a visitor: by a password, by a key of their account, or as a guest without proof."""

    def __init__(self, gateway: "Gateway", visit: int, address: str) -> None:
        self.gateway = gateway
        self.address = address
        self.visit = visit
        self.name = ""
        self.identity: Identity | None = None
        """The visitor's identity, once it is proved."""
        self._claim: Identity | None = None
        """The identity that the credentials being checked would prove."""
        self._facts: dict[str, Any] = {}
        self._tries = 0
        self._keys = 0
        self._key = ""
        """The fingerprint of the key that was offered last."""
        self._sessions: set[Session] = set()
        self._apps: list[RemoteApp] = []
        self._connection: asyncssh.SSHServerConnection | None = None
        self._backlog: Backlog | None = None
        self.pace = gateway.terminals.pace(address)

    def connection_lost(self, exc: Exception | None) -> None:
        self.gateway.left(self.visit)

    def drop(self) -> None:
        """Disconnect a visitor who has not signed in, to make room for others."""
        if self._connection is not None:
            self._connection.abort()

    async def begin_auth(self, username: str) -> bool:
        """Whether something has to be proved for this name; nothing that was proved for another one counts."""
        self.name, self.identity, self._claim, self._key = username, None, None, ""
        if not _NAME.fullmatch(username):
            raise asyncssh.DisconnectError(
                asyncssh.DISC_ILLEGAL_USER_NAME, "Connect as NAME@server, with a name without spaces."
            )
        self._facts, _ = await self.gateway.ask(self.visit, "who", name=username)
        if self._facts["account"]:
            return True
        if self._facts["guests"]:
            self._claim = Identity(username, begins_somewhere=True)
            return False
        return True

    def auth_completed(self) -> None:
        """Set the identity: only now is it proved; before, a key may have been offered without proof."""
        self.identity = self._claim

    # By a password

    def password_auth_supported(self) -> bool:
        return bool(self._facts.get("account"))

    async def validate_password(self, username: str, password: str) -> bool:
        self._count()
        self._claim = None
        identity = Identity(username, Password(password, is_said=True), begins_somewhere=True)
        if not await self._is_proved(identity):
            return False
        self._claim = identity
        return True

    async def _is_proved(self, identity: Identity) -> bool:
        """Ask the server as any client does, up to the moment in which one would come in."""
        wire = await self.open_wire()
        client = Client(identity, entropy)
        client.opened(now_ms(), is_secure=True, is_private=True)
        failed = False
        try:
            async with asyncio.timeout(PROOF_SECONDS):
                while client.registration.stage is not Stage.ENTERING and not failed:
                    wire.write(client.take_output())
                    data = await wire.read()
                    client.received(data, now_ms())
                    happened = client.take_events()
                    refused = events.SignInFailed | events.RegistrationFailed | events.ServerCloses
                    failed = not data or any(isinstance(event, refused) for event in happened)
        except TimeoutError:
            failed = True
        finally:
            await wire.close()
        return not failed

    def _count(self) -> None:
        self._tries += 1
        if self._tries > TRIES_MAX:
            raise asyncssh.DisconnectError(
                asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many attempts. Try again later."
            )

    # By a key

    def public_key_auth_supported(self) -> bool:
        return bool(self._facts.get("account"))

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Called to ask whether a key would do, and again when it is to be proved: both set nothing but a claim."""
        self._keys += 1
        if self._keys > KEYS_MAX:
            raise asyncssh.DisconnectError(
                asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE,
                "Your client offered too many keys. Choose the one of your account: ssh -i FILE -o IdentitiesOnly=yes.",
            )
        self._claim, self._key = None, key.get_fingerprint()
        answer, _ = await self.gateway.ask(self.visit, "known", name=username, key=self._key)
        if answer["known"]:
            self._claim = Identity(username, Token(""), begins_somewhere=True)
        return bool(answer["known"])

    async def _pass(self) -> str:
        """A one-time ticket that signs in the key's owner; empty if no account has the key."""
        answer, _ = await self.gateway.ask(self.visit, "key", name=self.name, key=self._key)
        return str(answer["pass"])

    # By a password that is asked for, or making an account with one

    def kbdint_auth_supported(self) -> bool:
        """Also for a password: asyncssh takes no other from `validate_password` than RFC 4013 allows to be stored."""
        return bool(self._facts.get("account") or self._facts.get("registers"))

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        if self._facts.get("account"):
            return "", "", "", [("Password: ", False)]
        words = f"{username} has no account on {self._facts['network']} yet. Choose a password to create one."
        return "", words, "", [("New password: ", False), ("Again: ", False)]

    async def validate_kbdint_response(self, username: str, responses: Any) -> Any:
        if self._facts.get("account"):
            return len(responses) == 1 and await self.validate_password(username, responses[0])
        self._count()
        if len(responses) != 2 or responses[0] != responses[1] or not responses[0]:
            return (
                "",
                "The passwords do not match. Try again.",
                "",
                [("New password: ", False), ("Again: ", False)],
            )
        self._claim = Identity(
            username, Password(responses[0], is_said=True), registers=True, begins_somewhere=True
        )
        return True

    # The session

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._backlog = Backlog(conn)

    def abort(self) -> None:
        """End the connection without waiting for its peer."""
        if self._connection is not None:
            self._connection.abort()

    def waiting_bytes(self) -> int:
        """Bytes that wait for the visitor below their terminals, in the ssh connection itself."""
        return self._backlog.waiting_bytes() if self._backlog else 0

    def session_requested(self) -> Any:
        if len(self._sessions) >= TERMINALS_MAX or self._connection is None:
            return False
        if not self.gateway.terminals.enter(self.address):
            raise asyncssh.ChannelOpenError(
                asyncssh.OPEN_RESOURCE_SHORTAGE,
                "The server has too many terminals open. Try again later.",
            )
        session = Session(self)
        self._sessions.add(session)
        channel = self._connection.create_server_channel(window=WINDOW_BYTES)
        channel._env = Environment()
        return channel, session

    def closed(self, session: "Session") -> None:
        """Its channel is closed; its application may still be there."""
        self._sessions.discard(session)

    def freed(self) -> None:
        """Nothing is left of a terminal; said once for each."""
        self.gateway.terminals.leave(self.address)

    async def arriving(self) -> Identity:
        """The arrival of one more terminal."""
        identity = self.identity
        assert identity is not None
        return replace(identity, secret=Token(await self._pass())) if _has_key(identity) else identity

    async def open_wire(self) -> PlainWire:
        """An IRC connection to the server."""
        _, socks = await self.gateway.ask(self.visit, "open")
        reader, writer = await asyncio.open_connection(sock=socks[0])
        return PlainWire(reader, writer)

    async def come_again(self, app: "RemoteApp") -> PlainWire:
        """A connection for an application: the first, or one more when the server was gone."""
        if app.chat is not None and _has_key(app.chat.client.registration.identity):
            identity = replace(app.chat.client.registration.identity, secret=Token(await self._pass()))
            app.chat.client.registration.identity = identity
        return await self.open_wire()

    def hurry(self) -> None:
        """The server is there again."""
        for app in self._apps:
            app.hurry()

    def part(self, reason: str) -> None:
        """The server stops, and says why."""
        for app in self._apps:
            app.part(reason)

    def joins(self, app: "RemoteApp") -> None:
        self._apps.append(app)

    def leaves(self, app: "RemoteApp") -> None:
        self._apps.remove(app)

    def folder(self) -> Path | None:
        """The folder of this account's drafts and settings; a guest's is temporary."""
        if self.identity is None or self.identity.secret is None:
            return None
        # Names may hold what no file system likes.
        return self.gateway.folder / "people" / hashlib.sha256(self.name.casefold().encode()).hexdigest()[:32]


class Session(asyncssh.SSHServerSession[bytes]):
    """The terminal client on a channel: it wants a terminal, and runs nothing else."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._ssh: asyncssh.SSHServerChannel[bytes] | None = None
        self._channel: Channel | None = None
        self._running: asyncio.Task[None] | None = None
        self._size = (80, 24)
        self._has_terminal = False
        self._term = ""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._ssh = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        self._term = term_type
        self._size = _size(term_size[0], term_size[1])
        self._has_terminal = True
        return term_type != "dumb"

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        return False

    def session_started(self) -> None:
        chan = self._ssh
        assert chan is not None
        if not self._has_terminal:
            chan.write(
                b"Come with a terminal: ssh without a command, and with -t where it stands in a script.\r\n"
            )
            chan.exit(1)
            return
        self._channel = Channel(
            write=self._write,
            queued_bytes=lambda: chan.get_write_buffer_size() + self._visitor.waiting_bytes(),
            abort=self._abort,
            pause=chan.pause_reading,
            resume=chan.resume_reading,
            bounded=_size,
            size=self._size,
            pace=self._visitor.pace,
        )
        self._running = asyncio.create_task(self._run(chan))

    def _write(self, data: bytes) -> None:
        """Write to the channel; output for a channel that is closing is dropped."""
        if self._ssh is not None and not self._ssh.is_closing():
            self._ssh.write(data)

    def _abort(self) -> None:
        """Its terminal takes nothing, or nothing of the whole connection is taken: then all of that is over."""
        if self._visitor.waiting_bytes() > QUEUED_BYTES_MAX:
            self._visitor.abort()
        elif self._ssh is not None:
            self._ssh.abort()
            if self._running is not None:
                self._running.cancel()  # Its channel is closed only when the visitor says so too.

    async def _run(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """From the first picture to the goodbye."""
        visitor = self._visitor
        assert self._channel is not None
        app = RemoteApp(self._channel, visitor, await visitor.arriving())
        app.console = _console(self._term, dict(chan.get_environment()))
        visitor.joins(app)
        try:
            await app.run_async()
            if app.parting:
                chan.write(f"{app.parting}\r\n".encode())
        finally:
            visitor.leaves(app)
            with contextlib.suppress(OSError):
                chan.exit(0)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        if self._channel and self._channel.driver:
            self._channel.driver.typed(data)

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self._size = _size(width, height)
        if self._channel and self._channel.driver:
            self._channel.driver.resized(width, height)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if self._channel is not None and self._channel.driver is not None:
            self._channel.driver.ended()
        self._visitor.closed(self)
        if self._running is None:
            self._visitor.freed()
        else:
            # What it costs is over only with the application.
            self._running.add_done_callback(lambda task: self._visitor.freed())
            self._running.cancel()


class Environment(dict[bytes, bytes]):
    """The accepted environment variables: few and short, since a visitor may send any number of them."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if name in ENVIRONMENT and len(value) <= VALUE_BYTES_MAX:
            super().__setitem__(name, value)


class RemoteApp(HubbubApp):
    """The terminal client, for a terminal that is somewhere else."""

    def __init__(self, channel: Channel, visitor: Visitor, identity: Identity) -> None:
        self.channel = channel
        super().__init__(
            Memory(visitor.folder(), has_keyring=False),
            dialler=lambda: visitor.come_again(self),
            identity=identity,
            is_remote=True,
            driver_class=cast(Any, ChannelDriver),
        )


def _has_key(identity: Identity) -> bool:
    return isinstance(identity.secret, Token)


def _size(width: int, height: int) -> tuple[int, int]:
    """A terminal that tells nonsense is taken for a usual one."""
    return min(width or 80, WIDTH_MAX), min(height or 24, HEIGHT_MAX)


def _console(term: str, environment: dict[str, str]) -> Console:
    """A console with the colours that the visitor's terminal says it supports."""
    system: Any = "256"
    if environment.get("COLORTERM", "") in ("truecolor", "24bit") or re.search(
        "kitty|alacritty|direct|ghostty|wezterm|foot", term
    ):
        system = "truecolor"
    elif term in ("linux", "xterm", "vt100", "vt220", "ansi", "screen"):
        system = "standard"
    return Console(
        color_system=system,
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        file=cast(Any, _Nowhere()),
        _environ={},
    )


class _Nowhere:
    """A file that is never written: everything goes to the channel."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False
