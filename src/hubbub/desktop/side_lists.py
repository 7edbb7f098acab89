"""The lists at the sides: rooms and conversations at the left, members at the right, as rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from hubbub.client import event_text
from hubbub.client.chat_model import Conversation, Member, Person
from hubbub.client.client import Client
from hubbub.client.colours import ON_DARK, ON_LIGHT, colour_of
from hubbub.client.formatting import plain
from hubbub.client.member_list import Group, is_operator, shown_members

MEMBERS_MAX: Final = 1_000
"""The most members that are listed; the rest is a count, and is found by name."""

FIND_ABOVE: Final = 12
"""With more members, there is a field to find them by name."""

ROOM_ROLES: Final = (
    *("key", "name", "isRoom", "isHere", "isGone", "unread", "mentions", "hasDraft", "presence", "spoken"),
)
_NOBODY: Final[Mapping[str, Any]] = {
    "key": "",
    "kind": "member",
    "canFold": False,
    "name": "",
    "rank": "",
    "isAway": False,
    "isOffline": False,
    "isBot": False,
    "status": "",
    "colour": "#000000",
    "face": "",
    "spoken": "",
}
MEMBER_ROLES: Final = tuple(_NOBODY)
"""A row's roles. `kind`: title or folded for a group, member, or more for those who are not listed."""


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
    client: Client, groups: Iterable[Group], face: Callable[[str], str], is_dark: bool
) -> Iterator[Mapping[str, Any]]:
    """A row for each group and each of its members, at most `MEMBERS_MAX`; `face` gives the address of a person's
    picture, or nothing.
    """
    colours = ON_DARK if is_dark else ON_LIGHT
    for group, members, more in shown_members(groups, MEMBERS_MAX):
        yield _told(f" {group.title}", group.words, "folded" if group.is_folded else "title", group.can_fold)
        for member in members:
            yield _member(client, member, face, colours)
        if more:
            yield _told(f" more {group.title}", f"and {more} more. Type a name to find them.", "more")


def _told(key: str, words: str, kind: str, can_fold: bool = False) -> Mapping[str, Any]:
    return {**_NOBODY, "key": key, "kind": kind, "name": words, "canFold": can_fold, "spoken": words}


def _member(
    client: Client, member: Member, face: Callable[[str], str], colours: Sequence[str]
) -> Mapping[str, Any]:
    person = member.person
    status = plain(person.metadata.get("status", ""))
    operator = "operator" if is_operator(member) else ""
    presence = "" if member.is_present else "offline"
    words = (person.display_name, operator, "away" if person.is_away else presence, status)
    return {
        "key": person.nick,
        "kind": "member",
        "canFold": False,
        "name": person.display_name,
        "rank": member.ranks[:1],
        "isAway": person.is_away,
        "isOffline": not member.is_present,
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
