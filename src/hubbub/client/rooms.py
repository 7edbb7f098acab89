"""Rooms as the server tells of them: who is in them, what they are about, and how they are set."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hubbub.client import events, group_chats
from hubbub.client.chat_model import Conversation, Member
from hubbub.client.message_parser import read, time_of
from hubbub.client.names import is_name
from hubbub.text import clean
from hubbub.wire.message import Message as Line
from hubbub.wire.mode_changes import ModeError, parse_changes
from hubbub.wire.source import split_source

if TYPE_CHECKING:
    from hubbub.client.client import Client


def joined(client: "Client", line: Line) -> None:
    """JOIN, with account and real name where extended-join is on."""
    if not client.server.is_room(line.param(0)) or not is_name(line.param(0)):
        return
    nick, user, host = split_source(line.source or "")
    person = client.people.get(nick)
    person.user, person.host = user or person.user, host or person.host
    if len(line.params) >= 3:
        client.people.identify(person, "" if line.params[1] == "*" else line.params[1])
        person.real_name = line.params[2]
    if person.is_online is False:
        person.is_away, person.away_text = False, ""
    person.is_online, person.last_seen_ms = True, 0
    conversation = client.open(line.param(0))
    group_chats.joined(client, conversation, nick, person.account)
    if client.is_me(nick):
        _entered(client, conversation, line)
    else:
        conversation.members[client.fold(nick)] = Member(person)
        _happened(client, conversation, line)
    client.happened(events.MembersChanged(conversation))


def _entered(client: "Client", conversation: Conversation, line: Line) -> None:
    was_joined, conversation.is_joined = conversation.is_joined, True
    conversation.is_requested = conversation.is_awaited = False
    conversation.name = line.param(0)
    if was_joined:
        return
    conversation.joined_ms = conversation.joined_ms or time_of(client, line)
    conversation.members = {client.fold(client.nick): Member(client.people.get(client.nick))}
    client.rejoined(conversation)
    client.members.entered(conversation)
    _happened(client, conversation, line)
    client.happened(events.ConversationChanged(conversation))
    client.history.catch_up(conversation)


def _happened(client: "Client", conversation: Conversation, line: Line) -> None:
    if message := read(client, conversation, line):
        client.received_live(conversation, message)


def parted(client: "Client", line: Line) -> None:
    conversation = client.find(line.param(0))
    if conversation is not None:
        _gone(client, conversation, split_source(line.source or "")[0], line)


def kicked(client: "Client", line: Line) -> None:
    conversation = client.find(line.param(0))
    if conversation is not None:
        _gone(client, conversation, line.param(1), line)


def _gone(client: "Client", conversation: Conversation, nick: str, line: Line) -> None:
    _happened(client, conversation, line)
    conversation.typing.pop(nick, None)
    group_chats.gone(client, conversation, nick)
    if client.is_me(nick):
        conversation.is_joined = False
        conversation.members.clear()
        client.happened(events.ConversationChanged(conversation))
        if line.verb == "PART":
            client.left(conversation)
    else:
        conversation.members.pop(client.fold(nick), None)
        client.people.forget(nick)
    client.happened(events.MembersChanged(conversation))


def quit_(client: "Client", line: Line) -> None:
    """QUIT: a person leaves all rooms, or, as an account on a server with hubbub/members, is offline from now on."""
    nick = split_source(line.source or "")[0]
    key = client.fold(nick)
    account = line.tags.get("account", "") or client.people.get(nick).account
    name = account if client.members.is_possible else ""
    person = client.people.gone(nick, name or nick)
    for conversation in client.conversations.values():
        group_chats.renamed(client, conversation, nick, account)
        is_direct = not conversation.is_room and client.fold(conversation.name) == key
        member = conversation.members.pop(key, None)
        if member and name:
            conversation.members[client.fold(name)] = Member(person, member.ranks)
        if member or is_direct:
            _happened(client, conversation, line)
            conversation.typing.pop(nick, None)
            client.happened(events.MembersChanged(conversation))
    client.happened(events.PersonChanged(person))
    client.people.forget(person.nick)


def renamed_person(client: "Client", line: Line) -> None:
    """NICK, of others and of oneself."""
    old, new = split_source(line.source or "")[0], line.param(0)
    asked = client.requests.current
    if old == new and asked and asked.command == "NICK":
        old = client.nick  # InspIRCd 3 answers with the new nickname as the source
    if client.is_me(old):
        client.nick_changed(new)
    person = client.people.rename(old, new)
    before, after = client.fold(old), client.fold(new)
    for conversation in list(client.conversations.values()):
        group_chats.renamed(client, conversation, old, new)
        if member := conversation.members.pop(before, None):
            conversation.members[after] = member
            _happened(client, conversation, line)
            client.happened(events.MembersChanged(conversation))
        elif not conversation.is_room and client.fold(conversation.name) == before:
            client.rename(conversation, new)
    client.happened(events.PersonChanged(person))


def renamed_room(client: "Client", line: Line) -> None:
    """RENAME (draft/channel-rename)."""
    conversation = client.find(line.param(0))
    if conversation is not None:
        client.rename(conversation, line.param(1))


def names(client: "Client", line: Line) -> None:
    """353: some of the members, with their ranks and perhaps `nick!user@host`."""
    conversation = client.find(line.param(2))
    if conversation is None:
        return
    ranks = "".join(client.server.ranks.values())
    for word in line.last.split():
        bare = word.lstrip(ranks)
        nick, user, host = split_source(bare)
        person = client.people.get(nick)
        person.user, person.host = user or person.user, host or person.host
        person.is_online = True
        conversation.members[client.fold(nick)] = Member(person, word[: len(word) - len(bare)])


def names_end(client: "Client", line: Line) -> None:
    conversation = client.find(line.param(1))
    if conversation is not None:
        client.happened(events.MembersChanged(conversation))


def topic_told(client: "Client", line: Line) -> None:
    """331 and 332."""
    _set_topic(client, line.param(1), line.param(2) if line.verb == "332" else "", "")


def topic_by(client: "Client", line: Line) -> None:
    """333."""
    conversation = client.find(line.param(1))
    if conversation is not None:
        conversation.topic_by = split_source(line.param(2))[0]


def topic_set(client: "Client", line: Line) -> None:
    conversation = client.find(line.param(0))
    if conversation is not None:
        _happened(client, conversation, line)
        _set_topic(client, line.param(0), line.param(1), split_source(line.source or "")[0])


def _set_topic(client: "Client", name: str, topic: str, by: str) -> None:
    conversation = client.find(name)
    if conversation is not None:
        conversation.topic, conversation.topic_by = clean(topic), by or conversation.topic_by
        client.happened(events.ConversationChanged(conversation))


def modes_told(client: "Client", line: Line) -> None:
    """324: how a room is set."""
    conversation = client.find(line.param(1))
    if conversation is not None:
        conversation.modes = line.param(2).lstrip("+")
        client.happened(events.ConversationChanged(conversation))


def modes_set(client: "Client", line: Line) -> None:
    """MODE of a room: ranks of members, and settings."""
    conversation = client.find(line.param(0))
    if conversation is None:
        return
    kinds = client.server.mode_kinds
    try:
        changes = parse_changes(line.param(1), line.params[2:], kinds)
    except ModeError:
        return
    for change in changes:
        kind = kinds.get(change.letter, "D")
        if kind == "P":
            _rank(client, conversation, change.letter, change.argument or "", change.adding)
        elif kind in "BCD":
            letters = conversation.modes.replace(change.letter, "")
            conversation.modes = letters + change.letter if change.adding else letters
    _happened(client, conversation, line)
    client.happened(events.ConversationChanged(conversation))
    client.happened(events.MembersChanged(conversation))


def _rank(client: "Client", conversation: Conversation, letter: str, nick: str, adding: bool) -> None:
    member = conversation.members.get(client.fold(nick))
    prefix = client.server.ranks.get(letter)
    if member is None or prefix is None:
        return
    held = set(member.ranks) - {prefix} | ({prefix} if adding else set())
    member.ranks = "".join(other for other in client.server.ranks.values() if other in held)


def invited(client: "Client", line: Line) -> None:
    """INVITE: of the user, or of another person to a room that the user is in."""
    by = split_source(line.source or "")[0]
    if client.is_me(line.param(0)):
        client.happened(events.Invited(line.param(1), by))
        return
    conversation = client.find(line.param(1))
    if conversation is not None and (message := read(client, conversation, line)):
        message.subject = line.param(0)
        client.received_live(conversation, message)


def requested(client: "Client", line: Line) -> None:
    """710: a person asks to join a room that the user moderates."""
    nick = split_source(line.param(2))[0]
    client.happened(events.RoomRequested(line.param(1), nick, line.last))


def asked_for(client: "Client", line: Line) -> None:
    """711: one's wish to come in waits for an answer."""
    if is_name(line.param(1)):
        conversation = client.open(line.param(1))
        conversation.is_requested = True
        client.happened(events.ConversationChanged(conversation))
        client.happened(
            events.ServerSaid(
                "", f"You have asked to join {conversation.name}. You are notified when its operators decide."
            )
        )


def sorted_members(client: "Client", members: Iterable[Member]) -> list[Member]:
    """By rank, then by name."""
    order = "".join(client.server.ranks.values())

    def place(member: Member) -> tuple[int, str]:
        rank = order.find(member.ranks[0]) if member.ranks else -1
        return (rank if rank >= 0 else len(order), member.person.display_name.casefold())

    return sorted(members, key=place)
