"""Stored data by subject: each module writes its events and loads their rows."""

from typing import Final

from . import (
    accounts,
    audit,
    custom_emoji,
    drafts,
    files,
    id_eras,
    invitations,
    known_addresses,
    membership,
    messages,
    metadata,
    notifications,
    readmarkers,
    reports,
    rooms,
    sanctions,
    threads,
    tokens,
    webhooks,
)

SUBJECTS: Final = (
    rooms,
    accounts,
    membership,
    tokens,
    readmarkers,
    known_addresses,
    audit,
    custom_emoji,
    drafts,
    files,
    id_eras,
    invitations,
    messages,
    metadata,
    notifications,
    reports,
    sanctions,
    threads,
    webhooks,
)
"""In the order in which they are loaded. A module has `WRITERS`, a `BULK` and a function `load`, or some of them."""
