"""Webhooks: addresses that post into a room, and rooms whose messages are posted to an address; HTTP is the shell's."""

import re
from typing import Final

from msgspec.structs import replace

from hubbub.internet import is_in, is_public, is_public_name, parse_web_address

from .audit import record
from .event import Answer, Command, Event, Origin, Request
from .mentions import mentions_in
from .messages import MessageSaid, NothingSaid, ToRoom, written
from .name_policy import may_take_nick
from .names import Nick, RoomName
from .policy import NoOperators, RoomUnknown, asked_as, known_room
from .refusals import NotPermitted, Refusal
from .rules import EventRule, Rule
from .state import Role, Rules, State, Webhook

WEBHOOKS_MAX: Final = 200
NAME_LETTERS_MAX: Final = 30
URL_BYTES_MAX: Final = 500
NOT_PUBLIC: Final = (
    "This address is not public. To allow webhooks into a private network, the owner of the data folder "
    "adds it to the setting web.webhook_networks."
)
USERNAME: Final = "webhook"
HOST: Final = "hubbub"

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]+")


class AddWebhook(Command, frozen=True):
    """`digest` is the SHA-256 of the secret in the address of one that posts into the room, in hexadecimal digits.

    Of one that is told what is said there, `url` is where it is told that, and `secret` signs it.
    """

    room: RoomName
    name: str
    digest: str = ""
    url: str = ""
    secret: str = ""


class RemoveWebhook(Command, frozen=True):
    """`number` is the webhook's, as the engine knows it."""

    number: int


class SayByWebhook(Command, frozen=True):
    """The shell has been shown the secret; `sender` is how it wants to be called this time, empty for its name."""

    number: int
    text: str
    sender: str = ""


class NoteDelivery(Command, frozen=True):
    """All messages up to this id are delivered; or the last of them is given up, for a reason."""

    number: int
    upto: int
    given_up: str = ""


class WebhookAdded(Event, frozen=True):
    webhook: Webhook


class WebhookRemoved(Event, frozen=True):
    number: int


class WebhookDelivered(Event, frozen=True):
    number: int
    upto: int


class WebhookUnknown(Refusal, frozen=True):
    def __str__(self) -> str:
        return "There is no such webhook. To list the webhooks, write: webhooks"


class WebhookAddressRefused(Refusal, frozen=True):
    """`why` is a whole sentence with what to do."""

    why: str

    def __str__(self) -> str:
        return f"{self.why} Nothing has changed."


class TooManyWebhooks(Refusal, frozen=True):
    limit: int

    def __str__(self) -> str:
        return f"There are already {self.limit} webhooks. Delete one of them first."


def add_webhook(state: State, request: Request, command: AddWebhook) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    name = Nick.parse(command.name, state.rules.names)
    if isinstance(name, Refusal):
        return name
    room = known_room(state, actor, command.room)
    if room is None:
        return RoomUnknown(command.room.text)
    if room.conversation:
        return NoOperators(room.name.text)
    if len(state.webhooks) >= WEBHOOKS_MAX:
        return TooManyWebhooks(WEBHOOKS_MAX)
    url = command.url
    if url and (why := _against(url, state.rules)):
        return WebhookAddressRefused(why)
    made = Webhook(
        request.id, name.text, room.id, actor.name, command.digest, url, command.secret, delivered=request.id
    )
    act = record(
        request.id + 1, actor, "add webhook", name.text, f"{'out of' if url else 'into'} {room.name}"
    )
    return [WebhookAdded(request.id, made), act]


def is_webhook_port(port: int) -> bool:
    """A website's, or one that needs no rights of the system: what else listens below is no website (RFC 6335, 6)."""
    return port in (80, 443) or port >= 1024


def _against(url: str, rules: Rules) -> str:
    """The refusal of an address by its spelling; its destination is checked when it is dialled."""
    try:
        where = parse_web_address(url)
    except ValueError:
        return (
            "This is not a valid address. Write one that begins with https:// or http:// and a host "
            "name, in ASCII only."
        )
    if len(url) > URL_BYTES_MAX:
        return f"This address is too long. It may have at most {URL_BYTES_MAX} bytes."
    if not is_webhook_port(where.port):
        return "The port of this address can't be used. Use 80, 443, or a port from 1024 up."
    address, opened = where.address, rules.webhook_networks
    is_fit = is_in(address, opened) or is_public(address) if address else opened or is_public_name(where.host)
    return "" if is_fit else NOT_PUBLIC


def remove_webhook(state: State, request: Request, command: RemoveWebhook) -> Answer:
    actor = asked_as(state, request, Role.ADMIN)
    if isinstance(actor, Refusal):
        return actor
    found = state.webhooks.get(command.number)
    if found is None:
        return WebhookUnknown()
    return [
        WebhookRemoved(request.id, found.number),
        record(request.id + 1, actor, "delete webhook", found.name),
    ]


def say_by_webhook(state: State, request: Request, command: SayByWebhook) -> Answer:
    found = state.webhooks.get(command.number)
    if not request.is_shell:
        return NotPermitted("administrator")
    if found is None:
        return WebhookUnknown()
    text, was_cut = written(state, command.text)
    if not text:
        return NothingSaid()
    origin = Origin(
        found.number, _called(state, found, command.sender), USERNAME, HOST, realname=found.name, bot=True
    )
    room = state.rooms[found.room]
    mentioned = mentions_in(state, room, origin.person, text)
    to = ToRoom(room.id, room.name.text)
    return [
        MessageSaid(
            *(request.id, origin, to, text),
            cut=was_cut,
            mentions=mentioned.names,
            concerned=mentioned.persons,
        )
    ]


def _called(state: State, webhook: Webhook, wanted: str) -> str:
    """A post's author name: the requested one, if it is a valid and free nickname."""
    name = _NOT_IN_NAMES.sub("_", wanted.strip())[:NAME_LETTERS_MAX].strip("_-")
    may_be = name and name[0].isalpha() and may_take_nick(state, Nick.known(name), 0) is None
    return name if may_be else webhook.name


def note_delivery(state: State, request: Request, command: NoteDelivery) -> Answer:
    found = state.webhooks.get(command.number)
    if not request.is_shell:
        return NotPermitted("administrator")
    if found is None or command.upto <= found.delivered:
        return []
    events: list[Event] = [WebhookDelivered(request.id, found.number, command.upto)]
    actor = state.actor(request)
    if command.given_up and actor:
        events.append(record(request.id + 1, actor, "give up webhook", found.name, command.given_up))
    return events


def by_digest(state: State, digest: str) -> Webhook | None:
    """The one that posts into a room with this secret."""
    return next((one for one in state.webhooks.values() if one.digest == digest and digest), None)


def webhook_added(state: State, event: WebhookAdded) -> None:
    state.webhooks[event.webhook.number] = event.webhook


def webhook_removed(state: State, event: WebhookRemoved) -> None:
    del state.webhooks[event.number]


def webhook_delivered(state: State, event: WebhookDelivered) -> None:
    state.webhooks[event.number] = replace(state.webhooks[event.number], delivered=event.upto)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    AddWebhook: add_webhook,
    RemoveWebhook: remove_webhook,
    SayByWebhook: say_by_webhook,
    NoteDelivery: note_delivery,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    WebhookAdded: EventRule(webhook_added),
    WebhookRemoved: EventRule(webhook_removed),
    WebhookDelivered: EventRule(webhook_delivered),
}
