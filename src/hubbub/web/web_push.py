"""Web Push: notifications of unread messages to browsers, through their makers' push services."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from http import HTTPMethod
from typing import Final
from weakref import WeakValueDictionary

from aiohttp import ClientError, web
from msgspec.structs import replace

from hubbub.dialects.irc.messages import head_of
from hubbub.engine.bans import name_kept_out
from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import Event
from hubbub.engine.ids import msgid
from hubbub.engine.messages import MessageSaid
from hubbub.engine.notifications import PUSH_PORT, RemovePush, is_endpoint, is_read, told_of
from hubbub.engine.state import Account, Push
from hubbub.node.commit_gate import CommitGate
from hubbub.node.vapid import authorization
from hubbub.text import cut
from hubbub.web.chat import Chat
from hubbub.web.errors import NODE
from hubbub.web.push_encryption import PLAIN_BYTES_MAX, seal
from hubbub.web.safe_http_client import SECURE, Outward
from hubbub.wire.times import format_time

log = logging.getLogger("hubbub")

DELAY_SECONDS: Final = 8.0
"""The time a user has to read a message where they are before other browsers are notified."""
PAUSES_SECONDS: Final = (5.0, 60.0)
"""Before each further try where a push service is not well."""
LIFETIME_SECONDS: Final = 86_400
WAITING_MAX: Final = 10_000
WAITING_AN_ACCOUNT_MAX: Final = 50
"""The most messages whose notifications wait for one account's browsers; older ones are dropped."""
CONNECTIONS_MAX: Final = 100
AT_ONCE_AN_ACCOUNT_MAX: Final = 4
"""The share of one account, so that its slow push services delay nobody else."""

_GONE: Final = (404, 410)
"""RFC 8030, 7.3: the subscription has ended."""


class Pushes:
    """Tells of each message after a while, one task for each account that is concerned."""

    def __init__(self, node: Chat) -> None:
        self._node = node
        self._tasks: dict[asyncio.Task[None], MessageSaid] = {}
        """Each with the message of which it tells."""
        self._waiting = Counter[int]()
        self._turns: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()
        self._client: Outward | None = None

    async def start(self) -> None:
        node = self._node
        self._client = Outward(
            SECURE,
            lambda port: port == PUSH_PORT,
            lambda: node.settings.web.own_networks,
            connections=CONNECTIONS_MAX,
        )
        node.listening.append(self._heard)

    async def stop(self) -> None:
        self._node.listening.remove(self._heard)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client:
            await self._client.close()

    def _heard(self, event: Event) -> None:
        if isinstance(event, MessageRedacted | MessageEdited):
            self._amend(event)
        if not isinstance(event, MessageSaid) or not self._node.settings.web.push:
            return
        for account in told_of(self._node.state, event):
            if len(self._tasks) < WAITING_MAX and self._waiting[account.id] < WAITING_AN_ACCOUNT_MAX:
                self._begin(account, event)

    def _amend(self, event: MessageRedacted | MessageEdited) -> None:
        """Apply edits and deletions to notifications that still wait."""
        for task, said in self._tasks.items():
            if said.id == event.message:
                if isinstance(event, MessageRedacted):
                    task.cancel()
                else:
                    self._tasks[task] = replace(said, text=event.text)

    def _begin(self, account: Account, event: MessageSaid) -> None:
        task = asyncio.get_running_loop().create_task(self._tell(account, self._node.gate))
        self._tasks[task] = event
        self._waiting[account.id] += 1
        task.add_done_callback(lambda task: self._ended(account, task))

    def _ended(self, account: Account, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._waiting[account.id] -= 1
        if not self._waiting[account.id]:
            del self._waiting[account.id]

    async def _tell(self, account: Account, gate: CommitGate) -> None:
        """Once what was said, and what it was changed to, is on disk by the gate that it came to."""
        await asyncio.sleep(DELAY_SECONDS)
        if not await gate.ended():
            return
        task, state = asyncio.current_task(), self._node.state
        assert task is not None
        event = self._tasks[task]
        if is_read(state, account, event) or name_kept_out(state, account.name.text, self._node.clock.now()):
            return
        line = line_of(event)
        await asyncio.gather(*(self._send(push, line) for push in account.pushes.values()))

    async def _send(self, push: Push, line: bytes) -> None:
        """Try a few times; a browser that is gone is not told any more."""
        for pause in (*PAUSES_SECONDS, None):
            # The semaphore goes when the last one who waits for it has gone.
            turn = self._turns.setdefault(push.account, asyncio.Semaphore(AT_ONCE_AN_ACCOUNT_MAX))
            async with turn:
                # It may have been revoked while this waited.
                if self._node.state.pushes.get(push.endpoint) != push:
                    return
                status = await self._post(push, line)
            if status in _GONE:
                self._node.ask(RemovePush(push.endpoint))
            if pause is None or 0 < status < 429 or status in _GONE:
                return
            await asyncio.sleep(pause)

    async def _post(self, push: Push, line: bytes) -> int:
        """Post one notification; return its status, 0 without an answer. Neither address nor content is logged."""
        assert self._client is not None
        if not is_endpoint(push.endpoint):  # Registered when more was taken.
            return _GONE[0]
        settings = self._node.settings.server
        contact = (
            f"mailto:{settings.admin_email}" if settings.admin_email else self._node.endpoint.page_address()
        )
        try:
            headers = {
                "Authorization": authorization(self._node.proofs.secret, push.endpoint, contact),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(LIFETIME_SECONDS),
                "Urgency": "high",
            }
            data = seal(line, push.key, push.auth)
            async with self._client.ask(HTTPMethod.POST, push.endpoint, headers, data) as answer:
                return answer.status
        except ValueError:
            return _GONE[0]
        except (ClientError, OSError, TimeoutError) as error:
            log.info("A push service is not reachable: %s", type(error).__name__)
            return 0


def line_of(event: MessageSaid) -> bytes:
    """webpush: one IRC message without its end. Several lines become one; what does not fit is cut off."""
    head = f"@msgid={msgid(event.id)};time={format_time(event.at)} {head_of(event)} :"
    text, _ = cut(" ".join(event.text.split("\n")), PLAIN_BYTES_MAX - len(head.encode()))
    return f"{head}{text}".encode()


async def keep_pushing(app: web.Application) -> AsyncIterator[None]:
    """As long as the website runs."""
    pushes = Pushes(app[NODE])
    await pushes.start()
    yield
    await pushes.stop()
