"""The rooms that a role may see: only administrators see a secret room, and nobody from outside a conversation."""

from collections.abc import Iterable, Iterator

from hubbub.engine.state import Role, Room


def rooms_seen(rooms: Iterable[Room], role: Role) -> Iterator[Room]:
    return (room for room in rooms if not room.conversation and (role is Role.ADMIN or not room.secret))


def names_seen(rooms: Iterable[Room], role: Role) -> str:
    return ", ".join(room.name.text for room in rooms_seen(rooms, role))
