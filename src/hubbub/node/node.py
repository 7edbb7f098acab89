"""The shell around the engine: it asks, keeps what must last, and shows what happened to whom it concerns."""

import asyncio
import contextlib
import logging
import secrets
import shutil
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import partial
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from hubbub import config
from hubbub.config.sections import Server
from hubbub.dialects.irc.session import LINE_BYTES_MAX, IrcSession
from hubbub.dialects.netcat import NetcatSession
from hubbub.dialects.session_api import Effect, ServerInfo
from hubbub.engine.accounts import RenewCredential
from hubbub.engine.announcements import Announced
from hubbub.engine.engine import apply, decide
from hubbub.engine.entering import NoteSeen, UserArrived
from hubbub.engine.event import SERVER, Command, Event, Request
from hubbub.engine.id_eras import BeginEra
from hubbub.engine.ids import ERAS_MAX, era_of, first_of_era, id_after, time_of
from hubbub.engine.invitations import CreateInvitation
from hubbub.engine.messages import MessageSaid
from hubbub.engine.names import RoomName
from hubbub.engine.refusals import DataUnreadable, DiskTakesNothing, Refusal, size_of
from hubbub.engine.rooms import CreateRoom, RoomDeleted
from hubbub.engine.rules import Sessions
from hubbub.engine.sessions import Connect, Disconnect, NotSecure, SessionEnded
from hubbub.engine.settings import ChangeRules
from hubbub.engine.state import Account, Credential, Role
from hubbub.engine.tokens import digest_of
from hubbub.engine.unused_rooms import await_return
from hubbub.storage.base import NotWritten, Storage, StorageError
from hubbub.transports.base import GATEWAY, Connection, Peer, Receiver, WireProtocol
from hubbub.transports.own_addresses import own_addresses
from hubbub.transports.request_head import RequestHead
from hubbub.transports.request_origin import Sites

from .commit_gate import CommitGate
from .delivery import BUG, Delivery, event_kind
from .disk import AGAIN, FULL, GONE, ROOM_AGAIN_BYTES_MIN, ROOM_BYTES_MIN, Disk, may_be_forgotten
from .effects import EFFECTS
from .event_log import EventLog
from .file_passes import FilePasses
from .guarded_attempts import GuardedAttempts
from .http_upgrade import HttpUpgrade, Nowhere, Website
from .limits import Daily, Networks, SessionLimits, Work
from .lock_notices import LockNotices
from .malloc_trim import Returning, give_back
from .password_queue import NotWanted, QueueFull
from .password_threads import Passwords
from .room_cleanup import tidy
from .scram_challenges import Challenges
from .server_info import facts
from .session import LiveSession
from .wall_clock import WallClock, behind

log = logging.getLogger("hubbub")

SEEN_SECONDS: Final = 60.0
"""How often it is noted up to where everybody has surely been shown everything."""

UNFOLDED_MAX: Final = 1_000
"""After so many events the storage's log is folded into the database, off the hot path."""

EVERYWHERE: Final = frozenset({"*", "0.0.0.0", "::"})

FACTS_MAX: Final = 100
"""For how many host names, by which clients may come, what is told of the server is remembered."""

_LOOPBACK: Final = Networks(("127.0.0.0/8", "::1"))

Clock = Callable[[], int]


class Node:
    """One server's shell. `clock` gives milliseconds since the epoch, `monotonic` seconds of a clock that only grows.

    `stopping` is called with a sentence when the server is to stop, whether asked or forced to.
    """

    def __init__(
        self,
        loaded: config.Loaded,
        storage: Storage,
        clock: Clock,
        monotonic: Callable[[], float],
        stopping: Callable[[str], None],
        reload: Callable[[], tuple[bool, Sequence[str]]] = lambda: (True, ()),
        change_setting: Callable[[str, str], list[str]] = lambda key, words: [],
    ) -> None:
        self.loop = asyncio.get_running_loop()
        settings = loaded.settings
        self.storage = storage
        self.clock = clock
        self.monotonic = monotonic
        self.stopping = stopping
        self.reload = reload
        """Reads the settings again; whether all of it was taken over, and sentences that say what came of it."""
        self.change_setting = change_setting
        """Writes a setting, given as `section.name`; sentences say what came of it. Raises SettingsError."""
        self.started_at = clock()
        self.secret = storage.secret()
        self.state, self.last_id = storage.load()
        await_return(self.state, self.started_at)
        self.gate = CommitGate(self.loop, storage.commit, self._storage_failed)
        self.disk = Disk()
        self._keeps: Callable[[Event], bool] = storage.keeps
        """Whether an event is written: none is while the disk takes nothing."""
        self.live: dict[int, LiveSession] = {}
        self._lock_notices = LockNotices(self)
        storage.tell_of_locks(self._lock_changed)
        self.delivery = Delivery(self.live, self.gate, self._sessions_of)
        self.journal = EventLog(self.loop, self._addresses_of)
        self.passwords = Passwords(settings.accounts)
        self.challenges = Challenges(
            storage.seal, self.secret, settings.accounts.scram_iterations, self.monotonic
        )
        self.proving = GuardedAttempts(
            self, settings.limits.signin_failures, settings.limits.signin_delay_seconds
        )
        self.passes: dict[str, tuple[str, float]] = {}
        """What lets a visitor of the gateway sign in once: digest → the key's digest, and until when of `monotonic`."""
        self.tickets: dict[str, int] = {}
        """What proves a session over HTTP, as long as it lives: digest → its number."""
        self.file_passes = FilePasses()
        self.website: Website = Nowhere
        """Serves what comes by HTTP and is no WebSocket."""
        self.registrations = Daily()
        """How many accounts were registered from each address."""
        self.rooms_made = Daily()
        """How many rooms were made by each account, and from each address."""
        self.rooms_used: set[int] = set()
        """Rooms in which something was said, as far as that was looked at: it stays so."""
        self.work = Work()
        self.work_clock = monotonic
        """Seconds that the loop has been at work; what others take of the machine meanwhile is nobody's here."""
        self.port = settings.server.port
        """The main port, as it really is."""
        self.tls_port: int | None = None
        """The port at which clients find TLS; None if there is none."""
        self.certificate_names: Callable[[], Collection[str]] = tuple
        """The names in the certificate that the server shows."""
        self.listening: list[Callable[[Event], None]] = []
        """Who hears of every event, as it happens; what they make of it they do later."""
        self.free_disk: Callable[[], int] = partial(_free_bytes, loaded.data)
        """How many bytes are free where the data is."""
        self.troubles: dict[int, str] = {}
        """Webhook → why it does not take what is posted to it."""
        self.counters = {"users_max": 0, "messages": 0}
        self._first_invitation = ""
        """What LUSERS and the figures tell beyond the state: since the start."""
        self.is_stopping = False
        self.is_broken = False
        """Whether the data can't be gone on with: then nothing is shown any more, and the server stops."""
        self._is_happening = False
        self._numbers = count(1)
        self.tasks: set[asyncio.Task[None]] = set()
        self._seen_at = monotonic()
        self._wall_clock = WallClock(clock(), monotonic())
        if ahead := self.clock_trouble():
            log.warning("%s", ahead)
        self.returning = Returning(give_back)
        self.follow(loaded)
        self._give_birth()

    def follow(self, loaded: config.Loaded) -> None:
        """Take over settings that changed."""
        self.loaded, self.settings = loaded, loaded.settings
        settings = loaded.settings
        self.limits = SessionLimits(settings.limits)
        self.sites = Sites(
            (settings.server.name, *settings.tls.extra_names),
            settings.server.web_address,
            settings.server.web_origins,
            lambda: self.certificate_names(),
            lambda header, text: self.journal.site_refused(header, text, self.monotonic()),
        )
        self.proving.attempts.allow(settings.limits.signin_failures, settings.limits.signin_delay_seconds)
        self._facts: dict[tuple[bool, bool, str], ServerInfo] = {}
        self.ask(ChangeRules(config.rules(settings)))

    def _give_birth(self) -> None:
        """A new server is born with its rooms."""
        if not self.state.rooms and not self.state.accounts:
            for room in self.settings.rooms.defaults():
                name = RoomName.parse(room.name)
                if isinstance(name, RoomName):
                    self.ask(CreateRoom(name, room.access, room.secret))

    # Asking and showing

    def ask(
        self, command: Command, asking: LiveSession | None = None, operator: str = "Console", account: int = 0
    ) -> Sequence[Event] | Refusal:
        """Ask the engine; without a session it is the server's console that asks, or a program for an `account`."""
        if self._is_happening:
            raise RuntimeError("nothing may be asked while something is happening: its ids would be taken")
        number = asking.session if asking else 0
        now = self.clock()
        request = Request(id_after(self.last_id, now), number, command, operator, account, now)
        answer = decide(self.state, request)
        address = asking.address if asking else "a program" if account else "console"
        if self.disk.trouble and not isinstance(answer, Refusal) and any(map(self._must_last, answer)):
            answer = DiskTakesNothing()
        if isinstance(answer, Refusal):
            self.journal.refused(answer, command, address)
            return answer
        self._is_happening = True
        try:
            for event in answer:
                self._happen(event, asking, address)
        finally:
            self._is_happening = False
        return answer

    def _happen(self, event: Event, asking: LiveSession | None, address: str) -> None:
        """Let an event be so, and last. A bug in telling of it cuts nothing short: what follows from it happens too."""
        self.last_id = event.id
        shown = self._apply(event)
        if self._keeps(event):
            self.gate.keep(event)
        self._tell(event, shown, asking, address)
        if isinstance(event, MessageSaid):
            self.counters["messages"] += 1
        elif isinstance(event, UserArrived):
            self.counters["users_max"] = max(self.counters["users_max"], len(self.state.users))
        elif isinstance(event, RoomDeleted):
            self.delivery.audiences.forget(event.room)
            if self.disk.trouble:
                self.disk.owed.append(event)
        if isinstance(event, SessionEnded) and (ended := self.live.pop(event.session, None)):
            self.tickets.pop(ended.ticket_digest, None)
            self.file_passes.end(event.session, self._heirs(event, shown))
            ended.close()

    def _must_last(self, event: Event) -> bool:
        return self.storage.keeps(event) and not may_be_forgotten(self.state, event)

    def _apply(self, event: Event) -> Sessions:
        try:
            return apply(
                self.state, event, lambda: log.exception(BUG, "finding who is shown", event_kind(event))
            )
        except Exception:
            # On disk it is whole, and the state is made anew from there by the next start.
            log.exception(BUG, "applying", event_kind(event))
            return {}

    def _tell(self, event: Event, shown: Sessions, asking: LiveSession | None, address: str) -> None:
        """Write it into the log, show it to whom it concerns, and let those hear of it who listen."""
        try:
            self.journal.note(event, address)
        except Exception:
            log.exception(BUG, "writing down", event_kind(event))
        self.delivery.show(event, shown, asking)
        for listen in self.listening:
            try:
                listen(event)
            except Exception:
                log.exception(BUG, "listening to", event_kind(event))

    def _heirs(self, event: SessionEnded, shown: Sessions) -> list[int]:
        """The sessions by which its browser may read files still: those by the token that has opened this one."""
        session = shown.get(event.session)
        user = self.state.users.get(session.person) if session else None
        # Others have the password too; and what is revoked opens nothing more.
        if event.is_revoked or session is None or user is None or session.proof not in self.state.tokens:
            return []
        return [one.id for one in user.sessions.values() if one.proof == session.proof]

    def _sessions_of(self, person: int) -> list[int]:
        user = self.state.users.get(person)
        return list(user.sessions) if user else []

    def _addresses_of(self, person: int) -> list[str]:
        """From where somebody is connected, each address once; none while they are not here."""
        user = self.state.users.get(person)
        return list(dict.fromkeys(session.address for session in user.sessions.values())) if user else []

    # Connections

    def accept(self, connection: Connection) -> Receiver | None:
        """A peer has come: let its dialect serve it."""
        if connection.peer.kind is WireProtocol.HTTP:
            return HttpUpgrade(connection, self.sites, self.accept_websocket, self.website)
        if connection.peer.kind is WireProtocol.SSH and connection.peer.listener != GATEWAY:
            connection.write(
                b"This server does not speak ssh here. Come with a browser, netcat or an IRC client.\r\n"
            )
            connection.close()
            return None
        return self._open(connection)

    def accept_websocket(self, connection: Connection, request: RequestHead) -> Receiver:
        """Serve a peer whose request for WebSocket was found good."""
        # Its library is loaded when the first browser comes.
        from hubbub.transports.websocket import WebSocket

        websocket = WebSocket(connection, request)
        websocket.serve(self._open)
        return websocket

    def _open(self, connection: Connection) -> LiveSession:
        peer = connection.peer
        is_irc = peer.kind in (WireProtocol.IRC, WireProtocol.WEBSOCKET, WireProtocol.SSH)
        line_bytes = LINE_BYTES_MAX if is_irc else self.settings.limits.netcat_line_bytes
        session = LiveSession(self, connection, next(self._numbers), line_bytes)
        session.talk = IrcSession(session) if is_irc else NetcatSession(session)
        self.live[session.session] = session
        result = self.ask(
            Connect(peer.address, peer.port, peer.secure, peer.kind.value, peer.fingerprint or ""), session
        )
        if isinstance(result, Refusal):
            self._turn_away(session, result)
        elif not session.private and not is_irc:
            self._turn_away(session, NotSecure(self.how_to_encrypt(peer)))
        else:
            session.open()
        return session

    def _turn_away(self, session: LiveSession, refusal: Refusal) -> None:
        session.talk.refused(refusal)
        if session.session in self.state.sessions:
            self.end(session, "Turned away")
        else:
            del self.live[session.session]
            session.close()

    def how_to_encrypt(self, peer: Peer) -> str:
        port = self.tls_port or self.settings.server.port
        name = self.settings.server.name
        # The name that stands there at first is in nobody's DNS: whoever reads this knows by which they came.
        host = "HOST" if name == Server().name else name
        return f"Use: openssl s_client -quiet -connect {host}:{port}"

    def is_disk_low(self) -> bool:
        """Whether less is free than stays free of files."""
        return self.free_disk() < self.settings.files.reserve_bytes

    def page_address(self) -> str:
        """Where others reach the page: as the settings say, else at this machine's own address."""
        server = self.settings.server
        if server.web_address:
            return server.web_address.rstrip("/")
        if server.host in ("127.0.0.1", "::1", "localhost"):
            return f"http://localhost:{self.port}"
        own = [server.host] if server.host not in EVERYWHERE else own_addresses() or ["localhost"]
        host = f"[{own[0]}]" if ":" in own[0] else own[0]
        return f"https://{host}:{self.port}"

    def first_invitation(self) -> str:
        """The code that makes its user the first administrator, fresh at each start; empty where there is one."""
        if Role.ADMIN in map(attrgetter("role"), self.state.accounts.values()):
            return ""
        if not self._first_invitation:
            self._first_invitation = secrets.token_urlsafe(18)
            self.ask(CreateInvitation(digest_of(self._first_invitation), role=Role.ADMIN))
        return self._first_invitation

    def end(self, session: LiveSession, reason: str, seen: int = 0) -> None:
        """End a session for a cause that its peer has not given itself."""
        self.ask(Disconnect(reason, seen or session.shown_id), session)

    def forget(self, session: LiveSession) -> None:
        """The peer turned out to speak something else: what this session was shown never happened."""
        session.outlet.end()
        self.end(session, "Spoke another protocol")

    def trusts_clear(self, address: str) -> bool:
        """Whether what comes in clear from there may hold secrets."""
        return not self.settings.tls.required_beyond_loopback or _LOOPBACK.holds(address)

    def password_refusal(self, password: str, account: str) -> Refusal | None:
        """Why it will not do as a new password of the account with this name; None if it will."""
        server = self.settings.server
        return self.passwords.refusal(
            password, account, server.name, server.name.partition(".")[0], server.network
        )

    def facts_for(self, peer: Peer, host: str) -> ServerInfo:
        """What is told of the server to a peer that came by this name of it."""
        key = (peer.secure, self.trusts_clear(peer.address), host)
        if key not in self._facts:
            if len(self._facts) >= FACTS_MAX:
                self._facts.clear()
            self._facts[key] = facts(self, *key)
        return self._facts[key]

    # Slow things

    def begin(self, session: LiveSession, thing: Effect, then: Callable[[Any], None]) -> None:
        """Do a slow thing; what led to it is on disk before, and what it was sent is taken."""
        self._start(self._do(session, thing, then))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def renew_credential(self, account: Account, password: str) -> None:
        """Hash a password that was just proved anew, beside everything else, where it is not hashed as it is today."""
        credential = account.credential
        has_keys = bool(self.storage.seal.opened(account.id, credential))
        if self.passwords.may_be_renewed(password, credential, has_keys):
            self._start(self._renew(account.id, credential, password, has_keys))

    async def _renew(self, account: int, old: Credential, password: str, has_keys: bool) -> None:
        with contextlib.suppress(QueueFull):
            credential = await self.passwords.renewed(password, old, has_keys)
            if credential and not self.is_stopping:
                self.ask(RenewCredential(account, old, credential))

    async def _do(self, session: LiveSession, thing: Effect, then: Callable[[Any], None]) -> None:
        try:
            await self.gate.settled()
            await session.taken()
            result = await EFFECTS[type(thing)](self, session, thing)
        except QueueFull as full:
            then(full.refusal)
        except NotWritten:
            """It is told to everybody where the disk is found to fail."""
        except StorageError as error:
            log.error("%s has failed for session %d: %s", type(thing).__name__, session.session, error)
            session.fall_short(DataUnreadable())
        except NotWanted:
            """The session is over: nobody waits for what comes of it."""
        except Exception:
            log.exception(
                "A bug in %s for session %d; the server ends the session",
                type(thing).__name__,
                session.session,
            )
            self.end(session, "Something went wrong on the server")
        else:
            then(result)

    # Time passes

    def sweep(self) -> None:
        """To be called every second or so: ask the silent for a sign of life, and end those who give none."""
        now = self.monotonic()
        if jump := self._wall_clock.jumped(self.clock(), now):
            log.warning("%s", jump)
        if self._wall_clock.is_surely_back(self.clock(), time_of(self.last_id), now):
            self._begin_era()
        for session in list(self.live.values()):
            try:
                self._look_after(session, now)
            except Exception:
                log.exception(
                    "A bug in the timers of session %d; the server ends the session", session.session
                )
                session.fail()
        self.returning.look(len(self.live))
        if now - self._seen_at >= SEEN_SECONDS:
            self._seen_at = now
            self.ask(NoteSeen(self._seen()))
            self._start(tidy(self))
        self._look_at_disk(now)
        self._lock_notices.tell()
        if self.storage.unfolded > UNFOLDED_MAX or self.storage.holds_deleted:
            self.loop.run_in_executor(None, self.storage.checkpoint)

    def _begin_era(self) -> None:
        """Let time go on from what the clock says now, as long as there are eras."""
        if era_of(self.last_id) + 1 == ERAS_MAX or self.disk.trouble:
            return
        log.warning(
            "The clock of this machine was ahead. New events have the right time again; earlier events keep "
            "theirs. Suspensions and invitations created meanwhile keep their length, counted from now."
        )
        self.last_id = first_of_era(era_of(self.last_id) + 1, self.clock()) - 1
        self.ask(BeginEra())

    def clock_trouble(self) -> str:
        """A sentence while the clock is behind what has happened already."""
        return behind(self.clock(), time_of(self.last_id)) if self.last_id else ""

    def _seen(self) -> tuple[tuple[int, int], ...]:
        """Up to where each account's user has surely been shown everything: to when they were last heard."""
        seen: dict[int, int] = {}
        for number, session in self.live.items():
            known = self.state.sessions[number]
            if (account := known.account) and known.person:
                seen[account] = max(seen.get(account, 0), session.heard_id)
        return tuple(seen.items())

    def _look_after(self, session: LiveSession, now: float) -> None:
        session.remind(now)
        limits = self.settings.limits
        known = self.state.sessions.get(session.session)
        is_in = known is None or known.person
        if not is_in and limits.registration_seconds and now - session.began_at > limits.registration_seconds:
            self.end(session, "You took too long to sign in")
        elif session.pinged_at and now - session.pinged_at > limits.ping_timeout_seconds:
            silence = int(now - session.heard_at)
            self.end(session, f"Ping timeout: {silence} seconds", session.heard_id)
        elif not session.pinged_at and limits.ping_seconds and now - session.heard_at > limits.ping_seconds:
            session.pinged_at = now if session.talk.ping() else 0.0

    # The disk

    def _look_at_disk(self, now: float) -> None:
        """Write nothing where the last room would be taken, and try again where nothing was written for a while."""
        if not self.disk.trouble:
            if self.has_room():
                return
            self._write_nothing(f"Less than {size_of(ROOM_BYTES_MIN)} of disk space is free", now)
            self._tell_everybody(FULL)
        elif self.disk.is_due(now):
            self.disk.is_tried = True
            task = self.loop.create_task(self._try_disk())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def has_room(self, least_bytes: int = ROOM_BYTES_MIN) -> bool:
        """Whether there is room for what is said. What tells nothing of it is asked by writing."""
        try:
            return self.free_disk() >= least_bytes
        except OSError:
            return True

    def _lock_changed(self, is_held: bool) -> None:
        """Called in whichever thread waits for it."""
        self.loop.call_soon_threadsafe(self._lock_notices.change, is_held)

    def _write_nothing(self, why: str, now: float) -> None:
        log.critical("%s: the server is read-only until there is space again", why)
        self.disk.fail(why, now)
        self._keeps = _nothing_is_kept

    async def _try_disk(self) -> None:
        why = "" if self.has_room(ROOM_AGAIN_BYTES_MIN) else self.disk.trouble
        if not why:
            try:
                await self.loop.run_in_executor(None, self.storage.try_writing)
            except StorageError as error:
                why = str(error)
        if why:
            self.disk.fail(why, self.monotonic())
            return
        self._keeps = self.storage.keeps
        for gone in self.disk.recover():
            self.last_id = id_after(self.last_id, self.clock())
            self.gate.keep(replace(gone, id=self.last_id))
        log.warning("The server can write to its disk again and continues")
        self._tell_everybody(AGAIN)

    def _tell_everybody(self, text: str) -> None:
        """In the server's voice. It is no act of anybody's, and nothing is kept of it."""
        said = Announced(id_after(self.last_id, self.clock()), SERVER, text, False)
        self._is_happening = True
        try:
            self._happen(said, None, "console")
        finally:
            self._is_happening = False

    def _begin_anew(self, why: str) -> None:
        """Go on from what is on disk, with nobody in: what happened since was shown to nobody. Raises StorageError."""
        self._write_nothing(why, self.monotonic())
        for task in self.tasks:
            task.cancel()
        self.gate.give_up()
        self._end_all(GONE)
        self.gate.stop()
        self.state, last = self.storage.load()
        self.last_id = max(self.last_id, last)
        self.disk.owed.clear()
        await_return(self.state, self.clock())
        self.gate = CommitGate(self.loop, self.storage.commit, self._storage_failed)
        self.delivery = Delivery(self.live, self.gate, self._sessions_of)
        self.follow(self.loaded)
        if self._first_invitation:
            self.ask(CreateInvitation(digest_of(self._first_invitation), role=Role.ADMIN))

    def _end_all(self, reason: str) -> None:
        for session in list(self.live.values()):
            try:
                self.end(session, reason)
            except Exception:
                log.exception("A bug while ending session %d", session.session)

    # The end

    def _storage_failed(self, error: BaseException) -> None:
        """Nothing is shown that could not be kept. Where that may pass, the server stays; else it stops."""
        if isinstance(error, NotWritten) and error.may_pass and not self.is_stopping:
            try:
                self._begin_anew(str(error).rstrip("."))
            except StorageError as unreadable:
                error = unreadable
            else:
                return
        log.critical("The server can't write to its disk and stops: %s", error)
        self.is_broken = True
        self.stopping("The server is stopping: it can't write to its disk.")

    async def stop(self, reason: str) -> None:
        """Tell everybody why, in a sentence; let nothing be lost, and let go of everything."""
        self.is_stopping = self.delivery.is_stopping = True
        self.storage.stop_waiting()
        if not await self.gate.ended():
            self.gate.give_up()
        self._end_all(reason or "The server is stopping.")
        for task in self.tasks:
            task.cancel()
        if not await self.gate.ended():
            self.gate.give_up(is_farewell=True)
        self.gate.stop()
        self.journal.close()
        self.passwords.stop()


def _nothing_is_kept(event: Event) -> bool:
    return False


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
