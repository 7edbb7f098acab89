"""Profiles: the role of a person, when they were last online, and the user's own choice to show the latter."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.chat_model import Member, Person
from hubbub.client.event_text import date_and_clock
from hubbub.client.member_list import is_operator
from hubbub.client.members import PeoplePage
from hubbub.client.pending_requests import PendingRequest
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.client import Client

LAST_SEEN: Final = "hubbub/last-seen"
"""The key of metadata by which a user lets others see when they were last online: `yes`."""
_TELLS: Final = "yes"
_ROLES: Final = {"guest": "guest", "moderator": "moderator", "admin": "administrator"}
_SHOWN: Final = ("pronouns", "status", "homepage")
"""The metadata in a profile."""


def presence(person: Person | None) -> str:
    """The presence of a person, such as `offline, last seen 2026-11-20 18:00`; empty if online or unknown."""
    if person is None or person.is_online is None:
        return ""
    if person.is_online:
        return f"away: {person.away_text}" if person.away_text else "away" if person.is_away else ""
    seen = person.last_seen_ms
    return f"offline, last seen {date_and_clock(seen)}" if seen else "offline"


def profile(person: Person) -> Mapping[str, str]:
    """The facts about a person who is offline."""
    facts = {
        "name": person.display_name if person.display_name != person.nick else "",
        "account": person.account,
        "role": _ROLES.get(person.role, "member"),
        "online": "no",
        "last seen": date_and_clock(person.last_seen_ms) if person.last_seen_ms else "not shown",
        **{key: person.metadata.get(key, "") for key in _SHOWN},
    }
    return {key: value for key, value in facts.items() if value}


def describe(client: "Client", nick: str) -> None:
    """Report a person's profile by an event; the profile of an absent person comes from the directory."""
    person = client.people.find(nick)
    if person is not None and person.is_online is False:
        client.happened(events.PersonDescribed(person.nick, profile(person)))
    elif person is None and client.members.is_possible and client.account:
        client.members.look_for(nick, lambda page: _found(client, nick, page))
    else:
        client.ask("WHOIS", nick)


def _found(client: "Client", nick: str, page: PeoplePage) -> None:
    same = (one for one in page.people if client.fold(one.nick) == client.fold(nick))
    person = next(same, None)
    if person is not None and person.is_online is False:
        client.happened(events.PersonDescribed(person.nick, profile(person)))
    else:
        client.ask("WHOIS", nick)


def role_of(client: "Client", nick: str) -> Mapping[str, str]:
    """A person's role on the server, if it is known and not a usual one."""
    person = client.people.find(nick)
    role = _ROLES.get(person.role, "") if person else ""
    return {"role": role} if role else {}


def deeds(me: Member | None, name: str) -> list[tuple[str, str]]:
    """What can be done with a member, online or not, as `(command, description)`."""
    found = [("query", f"Message {name} privately"), ("whois", "Show details")]
    if me is not None and is_operator(me):
        found += [("op", "Make an operator"), ("kick", "Kick from the room"), ("ban", "Ban from the room")]
    return found


# Whether others see when the user was last online


def tells_last_seen(client: "Client") -> bool:
    me = client.people.find(client.nick)
    return me is not None and me.metadata.get(LAST_SEEN) == _TELLS


def may_tell_last_seen(client: "Client") -> bool:
    return bool(client.account) and client.members.is_possible and client.server.keeps_metadata


def ask_last_seen(client: "Client") -> None:
    """Ask the server what the user has chosen, here or on another device."""
    if may_tell_last_seen(client):
        client.requests.ask(PendingRequest("METADATA", quiet=True), Line("METADATA", ("*", "GET", LAST_SEEN)))


def tell_last_seen(client: "Client", is_told: bool) -> None:
    """Let others see when the user was last online, or not. ValueError where that can't be."""
    if not client.account:
        raise ValueError("This requires an account. Register one, or log in to yours.")
    if not may_tell_last_seen(client):
        raise ValueError("This server can't store that.")
    client.ask("METADATA", "*", "SET", LAST_SEEN, *([_TELLS] if is_told else []))
