"""Webhooks out: what is said in a room is posted to an address, signed, in order, and again until it is taken."""

import asyncio
import contextlib
import hashlib
import hmac
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from http import HTTPMethod
from typing import Final

import msgspec
from aiohttp import ClientError, ClientResponse, web
from msgspec.structs import replace

from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.event import Event
from hubbub.engine.ids import msgid
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, ToRoom, parent_of
from hubbub.engine.rooms import RoomDeleted
from hubbub.engine.settings import RulesChanged
from hubbub.engine.state import State, Webhook
from hubbub.engine.webhooks import (
    WEBHOOKS_MAX,
    NoteDelivery,
    SayByWebhook,
    WebhookAdded,
    WebhookRemoved,
    is_webhook_port,
)
from hubbub.node.commit_gate import NOT_KEPT, CommitGate
from hubbub.storage.base import NotWritten
from hubbub.text import name_or_quoted
from hubbub.web import safe_http_client
from hubbub.web.chat import Chat
from hubbub.web.errors import NODE
from hubbub.web.incoming_webhooks import in_words
from hubbub.web.safe_http_client import CLEAR_TOO, NotPublic, Outward
from hubbub.wire.times import format_time

log = logging.getLogger("hubbub")

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 600.0
GIVE_UP_SECONDS: Final = 86_400.0
"""After how long a message that is not taken is given up, and the next one tried."""
PAGE: Final = 50
_REARRANGING: Final = frozenset({WebhookAdded, WebhookRemoved, RoomDeleted, RulesChanged})
"""The events after which other webhooks may be active; after the last, because the data was reloaded."""
ANSWER_BYTES_MAX: Final = 65_536


class Posted(msgspec.Struct):
    """The body of what is posted."""

    webhook: str
    id: str
    time: str
    room: str
    sender: str
    account: str | None
    bot: bool
    reply_to: str | None
    text: str


class _Answer(msgspec.Struct):
    text: str | None = None
    username: str | None = None


class _Page:
    """What a webhook is told next, by the ids of the messages, as they are now; it was read beside `gate`."""

    def __init__(self, gate: CommitGate, found: Sequence[Event]) -> None:
        self.gate = gate
        self.messages = {event.id: event for event in found if isinstance(event, MessageSaid)}


class Deliveries:
    """One task for each outgoing webhook; it resumes where the last one ended, also after a restart."""

    def __init__(self, node: Chat) -> None:
        self._node = node
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._fresh: dict[int, asyncio.Event] = {}
        self._pages: dict[int, _Page] = {}
        """Webhook → its next messages, in their current version."""
        self._amended = Counter[int]()
        """Room → how often something there was deleted or changed."""
        self._client: Outward | None = None

    async def start(self) -> None:
        node = self._node
        self._client = Outward(
            CLEAR_TOO,
            is_webhook_port,
            lambda: node.settings.web.own_networks,
            lambda: node.settings.web.webhook_networks,
            WEBHOOKS_MAX,
        )
        node.listening.append(self._heard)
        self._arrange()

    async def stop(self) -> None:
        self._node.listening.remove(self._heard)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._client:
            await self._client.close()

    def _heard(self, event: Event) -> None:
        if type(event) in _REARRANGING:
            self._arrange()
        elif isinstance(event, MessageSaid) and isinstance(event.to, ToRoom):
            for webhook in self._node.state.webhooks.values():
                if webhook.room == event.to.room and webhook.number in self._fresh:
                    self._fresh[webhook.number].set()
        elif isinstance(event, MessageRedacted | MessageEdited):
            self._amend(event)

    def _amend(self, event: MessageRedacted | MessageEdited) -> None:
        """Apply edits and deletions to messages that still wait, so that no old version is posted."""
        self._amended[event.room] += 1
        for page in self._pages.values():
            if said := page.messages.get(event.message):
                is_deleted = isinstance(event, MessageRedacted)
                text = "" if isinstance(event, MessageRedacted) else event.text
                page.messages[event.message] = replace(said, text=text, redacted=is_deleted)

    def _arrange(self) -> None:
        """Start the tasks of new webhooks, and end those of deleted ones."""
        wanted = {number for number, one in self._node.state.webhooks.items() if one.url}
        for number in wanted - self._tasks.keys():
            self._fresh[number] = asyncio.Event()
            self._tasks[number] = asyncio.get_running_loop().create_task(self._work(number))
        for number in self._tasks.keys() - wanted:
            self._tasks.pop(number).cancel()
            del self._fresh[number]
            self._pages.pop(number, None)
            self._node.health.troubles.pop(number, None)

    async def _work(self, number: int) -> None:
        fresh = self._fresh[number]
        while True:
            fresh.clear()
            try:
                while (page := await self._page(self._node.state.webhooks[number])).messages:
                    self._pages[number] = page
                    for message in list(page.messages):
                        await self._deliver_or_pass_over(number, message)
            except asyncio.CancelledError:
                raise
            except NotWritten:
                # What is in the page may never have been kept: it is read anew.
                await asyncio.sleep(FIRST_PAUSE_SECONDS)
                continue
            except Exception:
                log.exception("A bug in reading the messages for a webhook; the server tries again")
                await asyncio.sleep(LONGEST_PAUSE_SECONDS)
                continue
            await fresh.wait()

    async def _deliver_or_pass_over(self, number: int, message: int) -> None:
        """A message that meets a bug is given up, so that it does not keep back the ones behind it."""
        try:
            await self._deliver(self._node.state.webhooks[number], message)
        except (asyncio.CancelledError, NotWritten):
            raise
        except Exception:
            log.exception("A bug in a webhook; the server continues with the next message")
            self._node.ask(NoteDelivery(number, message, "a bug in the delivery"))

    async def _page(self, webhook: Webhook) -> _Page:
        """As it is on disk, and as nothing that happened while it was read has changed it. Raises NotWritten."""
        node, amended, gate = self._node, -1, self._node.gate

        def read() -> Sequence[Event]:
            return node.storage.history(limit=PAGE, room=webhook.room, after=webhook.delivered, oldest=True)

        found: Sequence[Event] = ()
        while amended != self._amended[webhook.room]:
            amended, gate = self._amended[webhook.room], node.gate
            await gate.settled()
            found = await asyncio.to_thread(read)
        return _Page(gate, found)

    async def _kept(self, webhook: Webhook, message: int) -> MessageSaid:
        """A message of the page, with all that has changed it on disk. Raises NotWritten where that never will be."""
        page, amended = self._pages[webhook.number], -1
        while amended != self._amended[webhook.room]:
            amended = self._amended[webhook.room]
            await page.gate.settled()
        if page.gate is not self._node.gate:
            raise NotWritten(NOT_KEPT)
        return page.messages[message]

    async def _deliver(self, webhook: Webhook, message: int) -> None:
        given_up = await self._until_taken(webhook, message)
        self._node.ask(NoteDelivery(webhook.number, message, given_up))

    async def _until_taken(self, webhook: Webhook, message: int) -> str:
        """Post it, again and again, for as long as it is to be told; the reason if it is given up."""
        began, pause = self._node.clock.monotonic(), FIRST_PAUSE_SECONDS
        while True:
            event, problem = await self._kept(webhook, message), ""
            if _is_told(self._node.state, event):
                problem = await self._post(webhook, event)
            if not problem:
                self._node.health.troubles.pop(webhook.number, None)
                return ""
            if webhook.number not in self._node.health.troubles:
                log.warning(
                    "The webhook %s does not accept messages: %s", name_or_quoted(webhook.name), problem
                )
            self._node.health.troubles[webhook.number] = problem
            if self._node.clock.monotonic() - began > GIVE_UP_SECONDS:
                return problem
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _post(self, webhook: Webhook, event: MessageSaid) -> str:
        """Once; what is wrong, if it is not taken."""
        assert self._client is not None
        body = msgspec.json.encode(_posted(webhook, event))
        headers = {
            "Content-Type": "application/json",
            "Hubbub-Delivery": msgid(event.id),
            "Hubbub-Signature": f"sha256={signature(webhook.secret, body)}",
        }
        try:
            async with self._client.ask(HTTPMethod.POST, webhook.url, headers, body) as answer:
                if answer.status >= 300:
                    return f"it returns {answer.status}"
                said = await _said(answer)
        except NotPublic:
            return "its address is neither public nor in web.webhook_networks"
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            return f"it can't be reached ({type(error).__name__})"
        self._reply(webhook, said)
        return ""

    def _reply(self, webhook: Webhook, said: bytes) -> None:
        """As with Slack and Mattermost: an answer with a text is said in the room."""
        # What is nested too deep, or no text, is none of ours, either.
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            answer = msgspec.json.decode(said, type=_Answer)
            if answer.text:
                self._node.ask(SayByWebhook(webhook.number, in_words(answer.text), answer.username or ""))


async def _said(answer: ClientResponse) -> bytes:
    """The receiver's reply, empty if it cannot be read; the message counts as delivered all the same."""
    with contextlib.suppress(ClientError, OSError, TimeoutError, ValueError):
        return await safe_http_client.read(answer, ANSWER_BYTES_MAX)
    return b""


def _is_told(state: State, event: MessageSaid) -> bool:
    """Whether a message is delivered: not one for operators alone, a deleted one, or one that a webhook posted."""
    is_said = has_text(event.kind) and not event.redacted
    is_for_all = isinstance(event.to, ToRoom) and not event.to.to_rank
    return is_said and is_for_all and event.by.person not in state.webhooks


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA-256 of the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _posted(webhook: Webhook, event: MessageSaid) -> Posted:
    parent = parent_of(event.tags)
    return Posted(
        webhook.name,
        msgid(event.id),
        format_time(event.at),
        event.to.name,
        event.by.nick,
        event.by.account,
        event.by.bot,
        msgid(parent) if parent else None,
        event.text,
    )


async def keep_delivering(app: web.Application) -> AsyncIterator[None]:
    """As long as the website runs."""
    deliveries = Deliveries(app[NODE])
    await deliveries.start()
    yield
    await deliveries.stop()
