"""One live session in the shell: lines in at a person's pace, a dialect that answers, bytes out through the gate."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hubbub.dialects.session_api import DialectSession, Effect, ServerInfo, TrustGateway
from hubbub.engine.event import Command, Event
from hubbub.engine.joining_and_inviting import Join
from hubbub.engine.refusals import Refusal
from hubbub.engine.sessions import ComeThrough, Disconnect
from hubbub.engine.state import State
from hubbub.transports.base import SUPERSEDED, Connection, WireProtocol
from hubbub.wire.line_reader import Endless, Line, LineReader, Overlong
from hubbub.wire.scram import Stored

from . import authentication
from .commit_gate import Outlet
from .limits import Bucket
from .server_info import host_of

if TYPE_CHECKING:
    from .node import Node

log = logging.getLogger("hubbub")

SPLIT_BYTES: Final = 8_192
"""The bytes that are split into lines at once: many short lines take twenty times the memory of their bytes."""
UNFINISHED_SECONDS: Final = 10.0
"""The time after which the author of an unfinished line is told that it needs its end."""
FRAME: Final = b""
"""Stands among the lines for a frame without one: a line is never empty."""


class LiveSession:
    """The Host of one dialect's session, and the Receiver of its connection."""

    __slots__ = (
        "_answer",
        "_answers_first",
        "_bucket",
        "_facts",
        "_facts_of",
        "_farewell",
        "_held",
        "_held_bytes",
        "_holds_others",
        "_host",
        "_is_busy",
        "_is_cut_off",
        "_is_full",
        "_is_reminded",
        "_lines",
        "_postponed",
        "_reader",
        "_resuming",
        "_slowed_at",
        "_taken",
        "_unread",
        "_wrap",
        "address",
        "began_at",
        "connection",
        "face",
        "fingerprint",
        "heard_at",
        "heard_id",
        "is_over",
        "node",
        "outlet",
        "pinged_at",
        "private",
        "session",
        "talk",
        "ticket_digest",
    )

    def __init__(self, node: "Node", connection: Connection, number: int, line_bytes: int) -> None:
        self.node = node
        self.session = number
        self.connection = connection
        self.address = connection.peer.address
        self.face = connection.peer.kind.value
        self.private = connection.peer.secure or node.endpoint.trusts_clear(self.address)
        self.fingerprint = connection.peer.fingerprint or ""
        self._host = host_of(connection.peer)
        self._facts: ServerInfo | None = None
        self._facts_of = node.loaded
        """The settings that these are from."""
        self.outlet = Outlet(connection.send, self._look, self._break, connection.form)
        self.talk: DialectSession
        """Set by the node as soon as it is made: the two know each other."""
        self.is_over = False
        self.ticket_digest = ""
        """Of what was given to it last to prove itself over HTTP."""
        self.heard_id = 0
        """The last id when something came from the peer: up to there it has surely been shown everything."""
        self.heard_at = node.clock.monotonic()
        self.began_at = self.heard_at
        self.pinged_at = 0.0
        self._reader = LineReader(line_bytes)
        self._unread = b""
        """The bytes to split when those lines are handled."""
        self._lines: list[Line] = []
        """The lines to handle, the next one last."""
        self._bucket: Bucket | None = node.limits.bucket(self.address, self.heard_at)
        self._is_busy = False
        self._is_reminded = False
        """Whether the peer was told of the line that waits for its end."""
        self._is_full = False
        """While the peer does not take what it is sent: what it asks for waits until it does."""
        self._taken: list[asyncio.Future[None]] = []
        """The future of a sender that waits until the peer takes its output."""
        self._held: list[bytes] | None = None
        self._held_bytes = 0
        self._holds_others = False
        """Whether what is held is what others did while a slow thing was under way."""
        self._postponed: list[Callable[[], None]] = []
        """The work postponed until the effect under way is answered."""
        self._answers_first = False
        """Whether what the slow thing leads to is shown behind its answer."""
        self._answer: list[bytes] | None = None
        self._wrap: Callable[[list[bytes]], bytes] = b"".join
        self._resuming: asyncio.TimerHandle | None = None
        self._slowed_at: float | None = None
        """Since when it has been sending faster than it may."""
        self._farewell: str | None = None
        """Why it ends, once the peer has said all it had to say and closed."""
        self._is_cut_off = False
        """Whether it has closed before it took what it was sent."""
        connection.watch(self._flow)

    # The connection's side

    def received(self, data: bytes) -> None:
        self._heard()
        if not self.is_over:
            self._unread += data
            self._work()

    def framed(self) -> None:
        self._heard()
        if not self.is_over:
            self._lines = [FRAME, *self._lines]
            self._work()

    def lost(self, error: str | None) -> None:
        if self.is_over:
            return
        if error == SUPERSEDED:
            # What this session was shown never happened.
            self.outlet.end()
            self.node.end(self, "Spoke another protocol")
        elif error is not None:
            self.node.end(self, f"Connection lost: {error}", self.heard_id)
        else:
            self._is_cut_off = self._is_busy or self._is_full
            # What it sent before it closed still counts: `printf 'login …' | nc` is no mistake.
            self._farewell = "Connection closed"
            if self.connection.peer.kind is WireProtocol.NETCAT:
                self._unread += b"\n"
            self._flow(True)

    def _heard(self) -> None:
        self.heard_at, self.pinged_at = self.node.clock.monotonic(), 0.0
        if not (self._is_busy or self._is_full):
            self.heard_id = self.node.clock.last_id

    def _flow(self, takes: bool) -> None:
        """Count taken output as a sign of life: a peer that reads a long page cannot answer a ping until the end."""
        self._is_full = not takes and self._farewell is None
        if takes:
            self.heard_at, self.pinged_at = self.node.clock.monotonic(), 0.0
            self._let_wait_no_longer()
            self._work()

    def _let_wait_no_longer(self) -> None:
        waiting, self._taken = self._taken, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def _work(self) -> None:
        """Handle lines as long as the peer may go on; the rest waits, and so does what it sends."""
        while not (self._is_busy or self._is_full or self.is_over) and (self._lines or self._has_more()):
            if self._bucket is None:
                self._handle(self._lines.pop())
                continue
            if wait := self._wait_for(self._bucket, self._lines[-1]):
                self._slow_down(wait)
                return
            self._at_work(partial(self._handle, self._lines.pop()))
        if self._is_busy or self.is_over:
            return
        if self._farewell is not None:
            self.node.end(self, self._farewell)

    def _wait_for(self, bucket: Bucket, line: Line) -> float:
        """0 if this line may be handled now, else after how many seconds."""
        now = self.node.clock.monotonic()
        return self.node.work.wait(self.address, now) or bucket.take(now, self._cost(line))

    def _at_work(self, act: Callable[[], None]) -> None:
        """Count how long it takes, where there is a pace to keep."""
        if self._bucket is None:
            act()
            return
        began = self.node.work_clock()
        act()
        self.node.work.add(self.address, self.node.work_clock() - began, self.node.clock.monotonic())

    def _has_more(self) -> bool:
        """Take more apart; whether there is a line in it."""
        while self._unread and not self._lines:
            piece, self._unread = self._unread[:SPLIT_BYTES], self._unread[SPLIT_BYTES:]
            self._lines = self._reader.feed(piece)[::-1]
        return bool(self._lines)

    def _cost(self, line: Line) -> float:
        return self.talk.cost(line) if isinstance(line, bytes) else 1.0

    def _slow_down(self, seconds: float) -> None:
        """Let the peer wait; one that is gone already has had its say."""
        if self._farewell is not None:
            self.node.end(self, self._farewell)
            return
        now, limit = self.node.clock.monotonic(), self.node.settings.limits.flood_seconds
        if self._slowed_at is None:
            self._slowed_at = now
        elif limit and now - self._slowed_at > limit:
            self.node.end(self, "Excess flood")
            return
        self.connection.pause_reading()
        if self._resuming is None:
            self._resuming = self.node.loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        self._resuming = None
        self._work()
        is_slowed: bool = self._resuming is not None
        if not (is_slowed or self._is_busy or self.is_over):
            self.connection.resume_reading()
        # What the connection has kept meanwhile comes first.
        self.node.loop.call_soon(self._recover)

    def _recover(self) -> None:
        if self._resuming is None:
            self._slowed_at = None

    def _handle(self, line: Line) -> None:
        try:
            if isinstance(line, Overlong):
                self.talk.overlong(line.beginning)
            elif isinstance(line, Endless):
                self.node.end(self, "Sent a line without an end")
            elif line:
                self.talk.received(line)
        except Exception:
            self._stumble()
        if not self._is_busy and (self._answer is not None or self._held is not None):
            self._finish()

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            self._stumble()

    def _stumble(self) -> None:
        """A bug ends this session and no other; the peer learns nothing of it, the log no text."""
        log.exception("A bug in answering session %d; the server ends the session", self.session)
        self._is_busy = self._answers_first = False
        self.fail()

    def fail(self) -> None:
        """Something of this session has met a bug: it ends as soon as something may be asked."""
        self.node.loop.call_soon(self._end_failed)

    def _end_failed(self) -> None:
        if not self.is_over:
            self.leave("Something went wrong on the server")

    def _break(self) -> None:
        """End a session whose output cannot be sent: no reason would arrive."""
        self.fail()
        self.connection.abort()

    def _finish(self) -> None:
        """The line in hand is answered: send the answer, then what waited for it."""
        answer, self._answer = self._answer, None
        held, self._held, self._held_bytes, self._holds_others = self._held, None, 0, False
        if held is not None:
            self.node.delivery.holding -= 1
        if answer is not None:
            self._guarded(lambda: self.node.gate.show(self.outlet, self._wrap(answer)))
        if held:
            self.node.gate.show(self.outlet, b"".join(held))

    # The node's side

    @property
    def shown_id(self) -> int:
        """Up to which id the peer has surely been shown everything; 0 if that is all there was."""
        return self.heard_id if self._is_busy or self._is_full or self._is_cut_off else 0

    def expect_missed(self) -> None:
        """Expect missed messages after a sign-in: earlier lines of the session do not show them."""
        user = self.state.user(self.session)
        if user and user.account:
            self.heard_id = max(1, user.account.seen)
            self._is_cut_off = self._farewell is not None

    async def taken(self) -> None:
        """Wait while the peer does not take what it is sent."""
        if self._is_full and not self.is_over:
            waiter = self.node.loop.create_future()
            self._taken.append(waiter)
            await waiter

    def open(self) -> None:
        self._guarded(self.talk.opened)

    def remind(self, now: float) -> None:
        """Tell a peer, once for each line, that a line waits for its end."""
        if not self._reader.pending:
            self._is_reminded = False
        elif not self._is_reminded and now - self.heard_at >= UNFINISHED_SECONDS:
            self._is_reminded = True
            self._guarded(self.talk.unfinished)

    def show_personal(self, event: Event, asking: "LiveSession | None") -> None:
        """Let the dialect show what it shows of an event to the person concerned."""
        if asking is self:
            self._release_held()
            self._guarded(lambda: self.talk.concerned(event))
            return
        # It is no answer to what this session asks itself at the moment, and waits like what others do.
        gathered: list[bytes] = []
        answer, self._answer = self._answer, gathered
        self._guarded(lambda: self.talk.concerned(event))
        self._answer = answer
        if gathered:
            self.show(b"".join(gathered))

    def show_behind(self, data: bytes) -> None:
        """Show, behind the answer under way, output of the session's own request that is no part of it."""
        if self._answer is not None:
            self._hold_back()
        self.show(data)

    def _hold_back(self) -> None:
        """From here on what others do waits until the line in hand is answered."""
        if self._held is None:
            self._held = []
            self.node.delivery.holding += 1

    def show(self, data: bytes) -> None:
        """Show an event of others to this session."""
        if self._held is not None:
            self._hold(data)
        else:
            self.node.gate.show(self.outlet, data)

    def show_at_once(self, data: bytes) -> None:
        """What is no event, and passes all that waits for the disk."""
        if queued := self.outlet.send(self.outlet.form([data])):
            self._look(queued, False)

    def _hold(self, data: bytes) -> None:
        """It waits for the answer as it would wait for a reader who is too slow, and no longer."""
        assert self._held is not None
        if self.node.limits.is_too_slow(self._held_bytes):
            return
        self._held.append(data)
        self._held_bytes += len(data)
        if self.node.limits.is_too_slow(self._held_bytes):
            # Nothing may be asked while something happens.
            self.node.loop.call_soon(self.leave, "Sent too much before a reply was ready")

    def show_happened(self, data: bytes) -> None:
        """An event that the session's own asking has led to: behind all that others did before it."""
        if self._holds_others:
            self._release_held()
            self.show_own(data)
        elif self._answer is not None:
            self._answer.append(data)
        else:
            self.node.gate.show(self.outlet, data)

    def _release_held(self) -> None:
        """Show others' events of the time of waiting first: they came before what happens now."""
        if self._holds_others and self._held:
            self.node.gate.show(self.outlet, b"".join(self._held))
            self._held, self._held_bytes = [], 0

    def show_own(self, data: bytes) -> None:
        """Show an event of the session's own request."""
        if self._answers_first:
            self._postponed.append(lambda: self.show_own(data))
        elif self._answer is not None:
            self._answer.append(data)
        else:
            self.node.gate.show(self.outlet, data)

    def come_through(self, gateway: str, client: TrustGateway) -> Refusal | None:
        """Take the client for where its gateway says that it is.

        webirc: "Servers MUST ONLY treat the connection as secure if this flag is sent and the connection from the
        gateway to the server is also secure with TLS." What passes from a gateway on this machine can't be overheard.
        """
        is_secure = client.secure and self.connection.peer.secure
        fingerprint = client.fingerprint if client.secure else ""
        result = self.ask(ComeThrough(gateway, client.address, client.port, is_secure, fingerprint))
        if isinstance(result, Refusal):
            return result
        self.private = self.private and (client.secure or self.node.endpoint.trusts_clear(client.address))
        self.address, self.fingerprint = client.address, fingerprint
        self._bucket = self.node.limits.bucket(self.address, self.node.clock.monotonic())
        return None

    def close(self) -> None:
        """The engine has ended this session: what was sent still goes out."""
        self.is_over = True
        self._let_wait_no_longer()
        self._finish()
        if self._resuming:
            self._resuming.cancel()
        self.node.gate.close(self.outlet)

    def _look(self, queued_bytes: int, is_last: bool) -> None:
        """Check a session after sending: close it, or end one that does not take its output."""
        if is_last:
            self.connection.close()
        elif self.node.limits.is_too_slow(queued_bytes):
            self.node.end(self, "Read too slowly", self.heard_id)
            self.connection.abort()

    # The dialect's side

    @property
    def state(self) -> State:
        return self.node.state

    @property
    def facts(self) -> ServerInfo:
        if self._facts is None or self._facts_of is not self.node.loaded:
            self._facts = self.node.endpoint.facts_for(self.connection.peer, self._host)
            self._facts_of = self.node.loaded
        return self._facts

    def now(self) -> int:
        return self.node.clock.now()

    def last_id(self) -> int:
        return self.node.clock.last_id

    def nonce(self) -> str:
        return secrets.token_urlsafe(24)

    def ticket(self) -> str:
        ticket, self.ticket_digest = self.node.proofs.give_ticket(self.session, self.ticket_digest)
        return ticket

    def challenge(self, name: str) -> Stored | None:
        return self.node.proofs.challenges.of(self.state, name)

    def admits(self, password: str) -> Refusal | None:
        return authentication.come_in(self.node, self, password)

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        if isinstance(command, Join):
            return authentication.enter_room(self.node, self, command)
        return self.node.ask(command, self)

    def send(self, data: bytes) -> None:
        if not self.is_over:
            self.show_own(data)

    def answering(self, wrap: Callable[[list[bytes]], bytes]) -> None:
        self._answer, self._wrap = [], wrap

    def view_changed(self) -> None:
        if self.state.user(self.session):
            self.node.delivery.audiences.forget_views()

    def begin(self, thing: Effect, then: Callable[[Any], None], answer_first: bool = False) -> None:
        if self._is_busy:
            self._postponed.append(lambda: self.begin(thing, then, answer_first))
            return
        self._is_busy, self._answers_first = True, answer_first
        self.connection.pause_reading()
        self._hold_back()
        self._holds_others = True
        self.node.begin(self, thing, lambda result: self._go_on(then, result))

    def _go_on(self, then: Callable[[Any], None], result: Any) -> None:
        if self.is_over:
            return
        self._is_busy = self._answers_first = False
        postponed, self._postponed = self._postponed, []
        for act in (lambda: then(result), *postponed):
            self._at_work(partial(self._guarded, act))
        if self._is_busy or self.is_over:
            return
        self._finish()
        self._resume()

    def fall_short(self, refusal: Refusal) -> None:
        """The slow thing in hand can't be done: say why, and go on."""
        self._go_on(self.talk.fall_short, refusal)

    def leave(self, reason: str) -> None:
        self.node.ask(Disconnect(reason, self.shown_id), self)
