"""Metadata synchronisation: values sent on joining, on subscribing, and on monitoring a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.engine.state import Room, User
from hubbub.wire import numerics

from .server_batches import batch

if TYPE_CHECKING:
    from .session import IrcSession


SYNC_LINES_MAX: Final = 200
"""The most lines of metadata that are sent without a request; beyond them the client is invited to SYNC."""


class Told(Struct, frozen=True):
    """One value of a person's or room's metadata."""

    name: str
    key: str
    value: str


def subscriptions(talk: "IrcSession") -> Mapping[str, None]:
    return talk.host.state.sessions[talk.host.session].subscriptions


def sync_joined(talk: "IrcSession", room: Room) -> None:
    """Send the metadata of a joined room and its members; if it is too much, invite the client to SYNC.

    "Specifically, they get that information for the keys they are subscribed to."
    """
    keys = subscriptions(talk)
    if not (talk.caps.metadata and keys):
        return
    told = list(of_room(talk, room, keys))
    if len(told) > SYNC_LINES_MAX:
        talk.numeric(numerics.RPL_METADATASYNCLATER, f"#{room.name}")
    else:
        with batch(talk, "metadata", f"#{room.name}"):
            tell(talk, told)


def tell_all(talk: "IrcSession", keys: Sequence[str]) -> list[str]:
    """ "When subscribing to a key, clients SHOULD receive the current value of that key for channels/users they are
    receiving updates for": nobody twice. The rooms of which there is too much to tell are given back.
    """
    state, user = talk.host.state, talk.user
    tell(talk, of(user.nick.text, user.metadata, keys))
    known, left = {user.person}, SYNC_LINES_MAX
    later: list[str] = []
    for room in user.rooms.values():
        others = (other for _, other in state.present(room) if other.person not in known)
        each = chain(of(f"#{room.name}", room.metadata, keys), _of_users(others, keys))
        told = list(islice(each, left + 1)) if left >= 0 else []
        left -= len(told)
        if left < 0:
            later.append(f"#{room.name}")
            continue
        known.update(other.person for _, other in state.present(room))
        tell(talk, told)
    watched = (state.user_named(name) for name in state.watched.get(talk.host.session, {}))
    tell(talk, _of_users([other for other in watched if other and other.person not in known], keys))
    return later


def tell_metadata(talk: "IrcSession", persons: Iterable[int]) -> None:
    """ "Clients SHOULD receive the current values of keys they are subscribed to when they `MONITOR` a user, or when
    one of their monitored users comes online." metadata-3: in a `metadata` batch for each of them.
    """
    if not talk.caps.metadata:
        return
    keys = subscriptions(talk)
    for user in filter(None, map(talk.host.state.users.get, persons)):
        name = user.nick.text
        with batch(talk, "metadata", name) if talk.caps.metadata_numerics else nullcontext():
            tell(talk, of(name, user.metadata, keys))


def show_own_metadata(talk: "IrcSession") -> None:
    """ "clients receive their current metadata … in a `metadata` batch with their own nick as target as part of the
    registration burst …. If none exists, the server MUST send an empty batch instead."
    """
    if talk.caps.metadata:
        name, values = talk.user.nick.text, talk.user.metadata
        with batch(talk, "metadata", name):
            tell(talk, of(name, values, values))


def of_room(talk: "IrcSession", room: Room, keys: Iterable[str]) -> Iterator[Told]:
    """ "If the target is a channel, it also syncs the metadata for all other users in that channel."

    Somebody who is not in it sees of it no more than its own.
    """
    yield from of(f"#{room.name}", room.metadata, keys)
    if talk.user.person in room.members:
        others = [other for _, other in talk.host.state.present(room) if other is not talk.user]
        yield from _of_users(others, keys)


def _of_users(users: Iterable[User], keys: Iterable[str]) -> Iterator[Told]:
    for user in users:
        if user.metadata:
            yield from of(user.nick.text, user.metadata, keys)


def of(name: str, values: Mapping[str, str], keys: Iterable[str]) -> Iterator[Told]:
    return (Told(name, key, values[key]) for key in keys if key in values)


def tell(talk: "IrcSession", told: Iterable[Told]) -> None:
    for one in told:
        if talk.caps.metadata_numerics:
            show_value(talk, one.name, one.key, one.value)
        else:
            talk.send("METADATA", one.name, one.key, "*", one.value)


def show_value(talk: "IrcSession", name: str, key: str, value: str | None) -> None:
    """761 for a value, and 766 for a key that has none."""
    if value is None:
        talk.numeric(numerics.RPL_KEYNOTSET, name, key)
    else:
        talk.numeric(numerics.RPL_KEYVALUE, name, key, "*", text=value)
