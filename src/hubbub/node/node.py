"""The node: the shell around the engine, which asks it, keeps what must last, and shows events to whom they concern.

It is put together of parts, each in a module of its own; what is left here is the way of a command through them, and
the beginning and the end.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from hubbub import config
from hubbub.dialects.session_api import Effect
from hubbub.engine.announcements import Announced
from hubbub.engine.engine import apply, decide
from hubbub.engine.entering import UserArrived
from hubbub.engine.event import SERVER, Command, Event, Request
from hubbub.engine.messages import MessageSaid
from hubbub.engine.names import RoomName
from hubbub.engine.refusals import DiskTakesNothing, Refusal
from hubbub.engine.rooms import CreateRoom, RoomDeleted
from hubbub.engine.rules import Sessions
from hubbub.engine.sessions import Disconnect, SessionEnded
from hubbub.engine.settings import ChangeRules
from hubbub.engine.state import Account
from hubbub.engine.unused_rooms import await_return
from hubbub.storage.base import NotWritten, Storage, StorageError

from .admin_context import AccountContext, ConsoleContext, PersonContext
from .commit_gate import CommitGate
from .delivery import BUG, Delivery, event_kind
from .disk import AGAIN, GONE
from .disk_watch import DiskWatch
from .effects import perform
from .endpoint import Endpoint
from .entrance import Entrance
from .event_log import EventLog
from .first_invitation import FirstInvitation
from .health import Health
from .id_clock import IdClock
from .limits import SessionLimits, Work
from .live_sessions import LiveSessions
from .lock_notices import LockNotices
from .proofs import Proofs
from .session import LiveSession
from .sweeping import Sweeper
from .tasks import Tasks
from .thread_watch import ThreadWatch

log = logging.getLogger("hubbub")


class Node:
    """One server's shell. `clock` gives milliseconds since the epoch, `monotonic` seconds of a clock that only grows.

    `stopping` is called with a sentence when the server is to stop, whether asked or forced to.
    """

    def __init__(
        self,
        loaded: config.Loaded,
        storage: Storage,
        clock: Callable[[], int],
        monotonic: Callable[[], float],
        stopping: Callable[[str], None],
        reload: Callable[[], tuple[bool, Sequence[str]]] = lambda: (True, ()),
        change_setting: Callable[[str, str], list[str]] = lambda key, words: [],
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.storage = storage
        self.stopping = stopping
        self.reload = reload
        """Reads the settings again; whether all of it was taken over, and sentences that say what came of it."""
        self.change_setting = change_setting
        """Writes a setting, given as `section.name`; sentences say what came of it. Raises SettingsError."""
        self.state, last_id = storage.load()
        self.clock = IdClock(clock, monotonic, last_id)
        await_return(self.state, self.clock.started_at)
        self.tasks = Tasks()
        self.health = Health()
        self.disk = DiskWatch(storage, loaded.data)
        self.live = LiveSessions(lambda: self.state)
        self._open_gate()
        self.journal = EventLog(self.loop, self.live.addresses_of)
        self.proofs = Proofs(self, loaded.settings)
        self.endpoint = Endpoint(self, loaded.settings.server.port)
        self.entrance = Entrance(self)
        self.lock_notices = LockNotices(self)
        self.sweeper = Sweeper(self)
        self.first_invitation = FirstInvitation(self)
        self.work = Work()
        self.work_clock = monotonic
        """The clock of the loop's own work in seconds, without the time that other programs take."""
        self.listening: list[Callable[[Event], None]] = []
        """The listeners called with every event as it happens; they do their own work later."""
        ThreadWatch(self)
        self._is_happening = False
        self.follow(loaded)
        self._give_birth()

    def _open_gate(self) -> None:
        self.gate = CommitGate(self.loop, self.storage.commit, self._storage_failed)
        self.delivery = Delivery(self.live, self.gate, self.live.of_person)

    def follow(self, loaded: config.Loaded) -> None:
        """Take over settings that changed."""
        self.loaded, self.settings = loaded, loaded.settings
        self.limits = SessionLimits(self.settings.limits)
        self.endpoint.follow()
        self.proofs.follow(self.settings)
        self.ask(ChangeRules(config.rules(self.settings)))

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
        request = Request(self.clock.next_id(), number, command, operator, account, self.clock.now())
        answer = decide(self.state, request)
        address = asking.address if asking else "a program" if account else "console"
        if not isinstance(answer, Refusal) and self.disk.refuses(self.state, answer):
            answer = DiskTakesNothing()
        if isinstance(answer, Refusal):
            self.journal.refused(answer, command, address)
            return answer
        self._happen_all(answer, asking, address)
        return answer

    def _happen_all(self, events: Sequence[Event], asking: LiveSession | None, address: str) -> None:
        self._is_happening = True
        try:
            for event in events:
                self._happen(event, asking, address)
        finally:
            self._is_happening = False

    def _happen(self, event: Event, asking: LiveSession | None, address: str) -> None:
        """Let an event be so, and last. A bug in telling of it cuts nothing short: what follows from it happens too."""
        self.clock.last_id = event.id
        shown = self._apply(event)
        if self.disk.keeps(event):
            self.gate.keep(event)
        self._tell(event, shown, asking, address)
        if isinstance(event, MessageSaid):
            self.health.counters["messages"] += 1
        elif isinstance(event, UserArrived):
            counters = self.health.counters
            counters["users_max"] = max(counters["users_max"], len(self.state.users))
        elif isinstance(event, RoomDeleted):
            self.delivery.audiences.forget(event.room)
            if self.disk.trouble:
                self.disk.owed.append(event)
        if isinstance(event, SessionEnded) and (ended := self.live.pop(event.session, None)):
            self.proofs.tickets.pop(ended.ticket_digest, None)
            self.proofs.file_passes.end(event.session, self.live.heirs(event, shown))
            ended.close()

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

    def begin(self, session: LiveSession, thing: Effect, then: Callable[[Any], None]) -> None:
        """Do a slow thing; what led to it is on disk before, and what it was sent is taken."""
        self.tasks.start(perform(self, session, thing, then))

    def end(self, session: LiveSession, reason: str, seen: int = 0) -> None:
        """End a session for a cause that its peer has not given itself."""
        self.ask(Disconnect(reason, seen or session.shown_id), session)

    def desk(self, who: LiveSession | Account) -> ConsoleContext:
        """The administration context of a chat session, or of a program that acts for an account."""
        return AccountContext(self, who) if isinstance(who, Account) else PersonContext(self, who)

    def sweep(self) -> None:
        """To be called every second or so."""
        self.sweeper.sweep()

    # The disk

    async def try_disk(self) -> None:
        """Go on writing if the disk takes it again; what was owed to it comes first."""
        if not await self.disk.takes_again(self.clock.monotonic):
            return
        for gone in self.disk.recover():
            self.clock.last_id = self.clock.next_id()
            self.gate.keep(replace(gone, id=self.clock.last_id))
        log.warning("The server can write to its disk again and continues")
        self.tell_everybody(AGAIN)

    def tell_everybody(self, text: str) -> None:
        """In the server's voice. It is no act of anybody's, and nothing is kept of it."""
        self._happen_all([Announced(self.clock.next_id(), SERVER, text, False)], None, "console")

    def _begin_anew(self, why: str) -> None:
        """Disconnect all and reload the state from disk; later events were shown to nobody. Raises StorageError."""
        self.disk.stop_writing(why, self.clock.monotonic())
        self.tasks.cancel()
        self.gate.give_up()
        self._end_all(GONE)
        self.gate.stop()
        self.state, last = self.storage.load()
        self.clock.last_id = max(self.clock.last_id, last)
        self.disk.owed.clear()
        await_return(self.state, self.clock.now())
        self._open_gate()
        self.follow(self.loaded)
        self.first_invitation.renew()

    def _end_all(self, reason: str) -> None:
        for session in list(self.live.values()):
            try:
                self.end(session, reason)
            except Exception:
                log.exception("A bug while ending session %d", session.session)

    # The end

    def _storage_failed(self, error: BaseException) -> None:
        """Nothing is shown that could not be kept. Where that may pass, the server stays; else it stops."""
        if isinstance(error, NotWritten) and error.may_pass and not self.health.is_stopping:
            try:
                self._begin_anew(str(error).rstrip("."))
            except StorageError as unreadable:
                error = unreadable
            else:
                return
        log.critical("The server can't write to its disk and stops: %s", error)
        self.health.is_broken = True
        self.stopping("The server is stopping: it can't write to its disk.")

    async def stop(self, reason: str) -> None:
        """Tell everybody why, in a sentence; let nothing be lost, and let go of everything."""
        self.health.is_stopping = self.delivery.is_stopping = True
        self.storage.stop_waiting()
        if not await self.gate.ended():
            self.gate.give_up()
        self._end_all(reason or "The server is stopping.")
        self.tasks.cancel()
        if not await self.gate.ended():
            self.gate.give_up(is_farewell=True)
        self.gate.stop()
        self.journal.close()
        self.proofs.passwords.stop()
