"""Commands about webhooks: programs that post into a room, and programs that receive a room's messages."""

import secrets
from typing import Final
from urllib.parse import urlsplit

from hubbub.engine.names import RoomName
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Webhook
from hubbub.engine.tokens import digest_of
from hubbub.engine.webhooks import AddWebhook, RemoveWebhook, WebhookUnknown

from .answers import Result, done, listed, refused, said
from .argument_types import NEW_NAME, NUMBER, ROOM, TEXT
from .command import Command, Parameter
from .context import AdminContext


def add_in(desk: AdminContext, room: RoomName, name: str) -> Result:
    secret = secrets.token_urlsafe(24)
    answer = desk.ask(AddWebhook(room, name, digest=digest_of(secret)))
    if isinstance(answer, Refusal):
        return refused(answer)
    return said(
        f"Messages posted to this address appear in {room}: {desk.page_address()}/hooks/{secret}",
        "It is shown only once. Anyone who knows it can write to the room.",
    )


def add_out(desk: AdminContext, room: RoomName, name: str, url: str) -> Result:
    secret = secrets.token_urlsafe(24)
    answer = desk.ask(AddWebhook(room, name, url=url.strip(), secret=secret))
    if isinstance(answer, Refusal):
        return refused(answer)
    return said(
        f"The server now posts the messages of {room} to that address, signed with: {secret}",
        "It is shown only once.",
    )


def webhooks(desk: AdminContext) -> Result:
    found = list(desk.state.webhooks.values())
    if not found:
        return said("There are no webhooks.")
    rows = [_row(desk, place, one) for place, one in enumerate(found, start=1)]
    return listed(("number", "name", "room", "way", "address", "made by", "state"), rows)


def _row(desk: AdminContext, place: int, one: Webhook) -> tuple[str, ...]:
    where = urlsplit(one.url)
    # What stands behind the host may be a secret of the other side's.
    address = f"{where.scheme}://{where.netloc.rpartition('@')[2]}/…" if one.url else "-"
    way, state = ("out", desk.trouble(one.number) or "works") if one.url else ("in", "works")
    return str(place), one.name, desk.state.rooms[one.room].name.text, way, address, one.by, state


def delete_webhook(desk: AdminContext, number: int) -> Result:
    found = list(desk.state.webhooks.values())
    if number > len(found):
        return refused(WebhookUnknown())
    one = found[number - 1]
    return done(desk, RemoveWebhook(one.number), f"The webhook {one.name} was deleted.")


_ROOM: Final = Parameter("room", ROOM)
_NAME: Final = Parameter("name", NEW_NAME)

COMMANDS: Final = (
    Command(("webhooks",), (), "List the webhooks.", "webhooks", webhooks, changes=False),
    Command(
        ("add", "webhook", "in"),
        (_ROOM, _NAME),
        "Create an address that posts to a room under this name; it is shown once.",
        "add webhook in Informatique Build",
        add_in,
    ),
    Command(
        ("add", "webhook", "out"),
        (_ROOM, _NAME, Parameter("url", TEXT)),
        "Post the messages of a room to an address, signed.",
        "add webhook out Informatique Tickets https://tickets.example.org/hubbub",
        add_out,
    ),
    Command(
        ("delete", "webhook"),
        (Parameter("number", NUMBER),),
        "Delete a webhook by its number in the list of webhooks.",
        "delete webhook 1",
        delete_webhook,
    ),
)
