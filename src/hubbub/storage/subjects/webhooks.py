"""Webhooks: programs that post into a room, or receive its messages."""

import sqlite3
from typing import Final

from msgspec.structs import astuple

from hubbub.engine.event import Event
from hubbub.engine.state import State, Webhook
from hubbub.engine.webhooks import WebhookAdded, WebhookDelivered, WebhookRemoved

from ..statements import insert
from ..subject import Writer

Connection = sqlite3.Connection

_COLUMNS: Final = ("number", "name", "room", "by", "digest", "url", "secret", "delivered")


def _webhook(database: Connection, event: WebhookAdded) -> None:
    insert(database, "webhook", _COLUMNS, [astuple(event.webhook)])


def _no_webhook(database: Connection, event: WebhookRemoved) -> None:
    database.execute("DELETE FROM webhook WHERE number = ?", (event.number,))


def _delivered(database: Connection, event: WebhookDelivered) -> None:
    database.execute("UPDATE webhook SET delivered = ? WHERE number = ?", (event.upto, event.number))


def load(database: Connection, state: State) -> None:
    for row in database.execute(
        "SELECT number, name, room, by, digest, url, secret, delivered FROM webhook ORDER BY number"
    ):
        webhook = Webhook(*row)
        if webhook.room in state.rooms:
            state.webhooks[webhook.number] = webhook


WRITERS: Final[dict[type[Event], Writer]] = {
    WebhookAdded: Writer(_webhook),
    WebhookRemoved: Writer(_no_webhook),
    WebhookDelivered: Writer(_delivered, takes_away=False),
}
