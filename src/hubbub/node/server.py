"""A whole server: its folder, its listeners, its node, from start to stop."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import IO, Final, Protocol

from hubbub import config
from hubbub.config.sections import Listener as ListenerSettings
from hubbub.config.sections import Settings
from hubbub.storage.base import Storage, StorageError
from hubbub.transports.admission import Admission
from hubbub.transports.admission import AdmissionLimits as TransportLimits
from hubbub.transports.base import Connection, Receiver, WireProtocol
from hubbub.transports.certificates import Certificates, GivenCertificate, OwnCertificate, Source
from hubbub.transports.listener import Listener
from hubbub.transports.listener_policy import ListenerPolicy

from .admin_socket import Control
from .limits import Networks
from .node import Node
from .open_files import fitting, raise_limit
from .sealing_keys import seal_of, sealed_otherwise
from .ssh_gateway import SshGateway, is_possible
from .startup_banner import about
from .systemd_notify import AT_WORK, READY, STOPPING, Supervisor

log = logging.getLogger("hubbub")

SWEEP_SECONDS: Final = 1.0
CERTIFICATE_SECONDS: Final = 3600.0
"""The interval at which the certificate's files are checked."""

FAREWELL_SECONDS: Final = 1.0
"""The time that people have to read the last lines."""

_KINDS: Final[Mapping[str, tuple[WireProtocol, ...]]] = {
    "any": (WireProtocol.NETCAT, WireProtocol.IRC, WireProtocol.HTTP, WireProtocol.SSH),
    "irc": (WireProtocol.IRC,),
    "netcat": (WireProtocol.NETCAT,),
    "http": (WireProtocol.HTTP,),
}


class Website(Protocol):
    """The website's interface, as the server starts and stops it."""

    def serve(self, connection: Connection) -> Receiver: ...
    def start(self) -> None: ...
    async def stop(self) -> None: ...


class AlreadyRunning(Exception):
    """Another server uses this data folder."""


class FolderLock:
    """Held as long as a server runs on a data folder; let go by the system if it dies."""

    def __init__(self, data: Path) -> None:
        self.path = data / "hubbub.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises AlreadyRunning, and StorageError where the folder takes no lock."""
        file = self._opened()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip()
            file.close()
            raise AlreadyRunning(
                f"A server is already running on {self.path.parent} (process {holder or 'unknown'}). "
                "Stop it first, or choose another folder with --data."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def _opened(self) -> IO[str]:
        try:
            handle = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
            os.fchmod(handle, 0o600)  # It was made by an older version perhaps.
        except OSError as error:
            raise StorageError(
                f"{self.path} can't be opened: {error.strerror}. Make it a file that may be written, or remove it."
            ) from None
        return os.fdopen(handle, "a+")

    def let_go(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


class Server:
    """The server. Make it, `await start()`, then `await run()` until it is told to stop."""

    def __init__(
        self,
        loaded: config.Loaded,
        environment: Mapping[str, str],
        flags: Mapping[str, object],
        website: Callable[[Node], Website],
    ) -> None:
        data = self.data = loaded.data
        self.loaded = loaded
        self.listeners: list[Listener] = []
        self.fingerprint = ""
        self._environment = environment
        self._make_website = website
        self._flags = flags
        self._proxies = Networks(loaded.settings.server.proxies)
        self._stopping = asyncio.Event()
        self._reason = ""
        self._lock = FolderLock(data)
        self._supervisor = Supervisor(environment)

    @property
    def settings(self) -> Settings:
        return self.loaded.settings

    async def start(self) -> None:
        """Raises AlreadyRunning, StorageError, PortUnavailable or CertificateUnusable, each with a sentence."""
        from hubbub.storage import open_storage

        self._lock.take()
        with contextlib.ExitStack() as undo:
            undo.callback(self._lock.let_go)
            seal, trouble = seal_of(self.loaded)
            self.storage: Storage = open_storage(self.data / "hubbub.db", seal)
            undo.callback(self.storage.close)
            for sentence in filter(None, (trouble, sealed_otherwise(self.storage))):
                log.warning("%s", sentence)
            self.node = Node(
                self.loaded,
                self.storage,
                _clock,
                time.monotonic,
                self.stop_soon,
                self.reload,
                self.change_setting,
            )
            self.node.work_clock = time.thread_time
            undo.callback(self.node.gate.stop)
            self._tell_of_bans()
            self.website = self._make_website(self.node)
            self.node.entrance.website = self.website.serve
            self.certificates = Certificates(self._certificate())
            self.fingerprint = self.certificates.fingerprint()
            self.node.endpoint.certificate_names = self.certificates.names
            self.ssh = SshGateway(self.node, self.data / "ssh") if is_possible() else None
            await self._listen()
            undo.callback(self._stop_listening)
            self.control = Control(self.data / "admin.sock", self.node, lambda: asdict(about(self)))
            await self.control.start()
            if self.ssh:
                self.ssh.adopt()
            self.website.start()
            undo.pop_all()

    def _tell_of_bans(self) -> None:
        """Warn of a ban that holds every address: no one could connect to lift it."""
        for network, sanction in self.node.state.networks_kept_out.items():
            if network.prefixlen == 0 and sanction.holds(_clock()):
                log.warning(
                    "Everybody who connects by IPv%d is banned or suspended. To lift this, write here: unban ip %s",
                    network.version,
                    network,
                )

    def _certificate(self) -> Source:
        tls = self.settings.tls
        if tls.certificate:
            return GivenCertificate(self.loaded.file("tls.certificate"), self.loaded.file("tls.key"))
        return OwnCertificate(self.data / "tls", (self.settings.server.name, *tls.extra_names))

    async def _listen(self) -> None:
        server = self.settings.server
        main = ListenerSettings(name="main", address=server.host, port=server.port)
        limits = self.settings.limits
        admission = self.admission = Admission(
            TransportLimits(
                connections=self._connections(),
                connections_an_address=limits.connections_an_address or 1 << 30,
                unrecognised_connections=limits.unrecognised_connections or 1 << 30,
                handshake_seconds=limits.handshake_seconds,
                queue_bytes=limits.send_queue_bytes,
            ),
            lambda address: self.node.limits.exempt.holds(address) or self._brings_others(address),
        )
        for wanted in (main, *self.settings.listeners):
            listener = Listener(self._gate(wanted, admission), [wanted.address], wanted.port)
            await listener.start()
            self.listeners.append(listener)
            log.info("Server listening %s:%d", wanted.address, listener.port)
        self.node.endpoint.port = self.node.endpoint.tls_port = self.listeners[0].port

    def _connections(self) -> int:
        """The most connections: the setting's number, or what the limit of open files allows, with a warning."""
        wanted, files = self.settings.limits.connections, raise_limit()
        most = fitting(wanted, files)
        if wanted and most < wanted:
            log.warning(
                "This process may have %d open files, so the server accepts %d connections instead of "
                "limits.connections = %d. Raise the limit (ulimit -n, or LimitNOFILE in its unit).",
                *(files, most, wanted),
            )
        return most

    def _gate(self, wanted: ListenerSettings, admission: Admission) -> ListenerPolicy:
        return ListenerPolicy(
            name=wanted.name,
            accept=self.node.entrance.accept,
            admission=admission,
            kinds=_KINDS[wanted.kind],
            tls=wanted.tls,
            context=self.certificates.context,
            apology=b"There are too many connections at the moment. Try again later.\r\n",
            report=log.warning,
            is_proxy=self._proxies.holds,
            hand_over=self.ssh.take if self.ssh else None,
        )

    def _brings_others(self, address: str) -> bool:
        """Whether many people come from there, through a proxy or a gateway."""
        gateways = self.settings.gateways.values()
        return self._proxies.holds(address) or any(Networks(one.networks).holds(address) for one in gateways)

    def _stop_listening(self) -> None:
        for listener in self.listeners:
            listener.stop()

    def stop_soon(self, reason: str) -> None:
        """May be called from anywhere in the loop, and more than once."""
        self._reason = self._reason or reason
        self._stopping.set()

    def reload(self) -> tuple[bool, list[str]]:
        """Read the settings and the certificate again; whether all was taken over, and sentences that say what was."""
        try:
            sentences = self._read_again()
        except config.SettingsError as error:
            return False, [*error.sentences, "Nothing has changed."]
        problem = self.certificates.refused
        return not problem, [*(one for one in sentences if one != problem), *([problem] if problem else [])]

    def change_setting(self, key: str, words: str) -> list[str]:
        """Write one setting, and read it again; what came of it. Raises SettingsError, and nothing has changed."""
        before = config.write_setting(self.data, key, words)
        try:
            return self._read_again()
        except config.SettingsError:
            config.put_back(self.data, before)
            raise

    def _read_again(self) -> list[str]:
        """Raises SettingsError, and then the old settings stay."""
        read = config.reload(self.loaded, self._environment, self._flags)
        self.loaded = read.loaded
        self.node.follow(read.loaded)
        for admission in (self.admission, *([self.ssh.admission] if self.ssh else ())):
            admission.limits = replace(admission.limits, queue_bytes=self.settings.limits.send_queue_bytes)
        sentences = [f"{key} has changed." for key in read.changed]
        sentences += [f"{key} has changed. Restart the server to apply it." for key in read.waiting]
        if problem := self.certificates.reload():
            sentences.append(problem)
        return sentences or ["The settings have not changed."]

    def heed_signals(self) -> None:
        """From now on signals stop the server in order, or let it read its settings again."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop_soon, "")
        # Where a terminal is attached, this signal says that somebody has closed it.
        hung_up = partial(self.stop_soon, "") if _is_at_terminal() else self._reload_and_log
        loop.add_signal_handler(signal.SIGHUP, hung_up)

    async def run(self) -> None:
        """Serve until told to stop, then stop."""
        keeping = asyncio.create_task(self._keep_house())
        self._supervisor.tell(READY)
        await self._stopping.wait()
        self._supervisor.tell(STOPPING)
        keeping.cancel()
        await self.stop()

    def _reload_and_log(self) -> None:
        self._supervisor.tell_reloading()
        is_done, sentences = self.reload()
        for sentence in sentences:
            log.log(logging.INFO if is_done else logging.WARNING, "%s", sentence)
        self._supervisor.tell(READY)

    async def _keep_house(self) -> None:
        certificate_at = time.monotonic()
        await self._look_at_certificate()
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            if self._supervisor.is_watching:
                self._supervisor.tell(AT_WORK)
            try:
                self.node.sweep()
                if self.ssh:
                    self.ssh.look()
            except Exception:
                log.exception("A bug in the timers of the sessions")
            if time.monotonic() - certificate_at > CERTIFICATE_SECONDS:
                certificate_at = time.monotonic()
                if problem := self.certificates.reload():
                    log.warning("%s", problem)
                await self._look_at_certificate()

    async def _look_at_certificate(self) -> None:
        """Off the loop: reading it whole takes a library that is as long to load as all the rest."""
        try:
            if trouble := await asyncio.to_thread(self.certificates.trouble):
                log.warning("%s", trouble)
        except Exception:
            log.exception("A bug while checking the certificate")

    async def stop(self) -> None:
        """Stop in order: notify all users, and store everything."""
        log.info("Server stopping%s", f": {self._reason}" if self._reason else "")
        self._stop_listening()
        admission = self.listeners[0].gate.admission
        admission.drop_newcomers()
        try:
            await self.node.stop(self._reason)
            await self.control.stop()
            await self.website.stop()
            if self.ssh:
                await self.ssh.stop(self._reason)
            await _until(lambda: admission.total == 0, FAREWELL_SECONDS)
        finally:
            # Whatever bug there is before: the data is closed, and the next server finds it free.
            self.storage.close()
            self._lock.let_go()
        log.info("Server stopped")


@contextlib.asynccontextmanager
async def node_alone(loaded: config.Loaded) -> AsyncIterator[Node]:
    """The node on the data alone, without anybody who could come; raises AlreadyRunning or StorageError."""
    from hubbub.storage import open_storage

    lock = FolderLock(loaded.data)
    lock.take()
    with contextlib.ExitStack() as undo:
        undo.callback(lock.let_go)
        storage = open_storage(loaded.data / "hubbub.db", seal_of(loaded)[0], may_upgrade=False)
        undo.callback(storage.close)
        node = Node(loaded, storage, _clock, time.monotonic, lambda reason: None)
        try:
            yield node
        finally:
            await node.stop("")


def _is_at_terminal() -> bool:
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


async def _until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)


def _clock() -> int:
    return time.time_ns() // 1_000_000
