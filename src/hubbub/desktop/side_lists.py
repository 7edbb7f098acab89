"""The lists at the sides: rooms and conversations at the left, members at the right, as rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from hubbub.client import event_text
from hubbub.client.chat_model import Conversation, Person
from hubbub.client.client import Client
from hubbub.client.colours import ON_DARK, ON_LIGHT, colour_of
from hubbub.client.formatting import plain
from hubbub.client.rooms import sorted_members

MEMBERS_MAX: Final = 1_000
"""The most members that are listed; the rest is a count."""

ROOM_ROLES: Final = (
    *("key", "name", "isRoom", "isHere", "isGone", "unread", "mentions", "hasDraft", "presence", "spoken"),
)
MEMBER_ROLES: Final = ("key", "name", "rank", "isAway", "isBot", "status", "colour", "face", "spoken")


def shown_name(client: Client, conversation: Conversation) -> str:
    """A room's name, or a person's shown name."""
    person = None if conversation.is_room else client.people.find(conversation.name)
    return person.display_name if person else conversation.name


def room_rows(
    client: Client, order: Sequence[Conversation], here: Conversation | None
) -> Iterator[Mapping[str, Any]]:
    """A row for each conversation."""
    for one in order:
        name = shown_name(client, one)
        person = None if one.is_room else client.people.find(one.name)
        unread = f", {one.unread} unread" if one.unread else ""
        mentions = f", {one.mentions} for you" if one.mentions else ""
        yield {
            "key": one.name,
            "name": name.removeprefix("#") if one.is_room else name,
            "isRoom": one.is_room,
            "isHere": one is here,
            "isGone": event_text.membership(one) != "",
            "unread": one.unread,
            "mentions": one.mentions,
            "hasDraft": bool(one.draft) and one is not here,
            "presence": _presence(person),
            "spoken": f"{name}{unread}{mentions}",
        }


def member_rows(
    client: Client, here: Conversation | None, face: Callable[[str], str], is_dark: bool
) -> Iterator[Mapping[str, Any]]:
    """A row for each member, at most `MEMBERS_MAX`; `face` gives the address of a person's picture, or nothing."""
    members = sorted_members(client, here.present) if here else []
    colours = ON_DARK if is_dark else ON_LIGHT
    for member in members[:MEMBERS_MAX]:
        person = member.person
        status = plain(person.metadata.get("status", ""))
        operator = "operator" if "@" in member.ranks else ""
        words = (person.display_name, operator, "away" if person.is_away else "", status)
        yield {
            "key": person.nick,
            "name": person.display_name,
            "rank": member.ranks[:1],
            "isAway": person.is_away,
            "isBot": person.is_bot,
            "status": status,
            "colour": colour_of(client.fold(person.nick), colours),
            "face": face(person.nick),
            "spoken": ", ".join(word for word in words if word),
        }


def _presence(person: Person | None) -> str:
    if person is None or person.is_online is None:
        return ""
    return "away" if person.is_online and person.is_away else "here" if person.is_online else "gone"
