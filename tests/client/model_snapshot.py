"""What a client knows, as plain data, to be compared with what another client made of the same lines."""

from typing import Any

from hubbub.client.chat_model import Conversation, Message
from hubbub.client.client import Client


def picture(client: Client) -> dict[str, Any]:
    return {
        "nick": client.nick,
        "network": client.server.network,
        "enabled": sorted(client.server.enabled),
        "conversations": [_conversation(one) for one in client.conversations.values()],
    }


def _conversation(one: Conversation) -> dict[str, Any]:
    return {
        "name": one.name,
        "topic": one.topic,
        "joined": one.is_joined,
        "unread": one.unread,
        "mentions": one.mentions,
        "members": {nick: member.ranks for nick, member in sorted(one.members.items())},
        "messages": [_message(message) for message in one.timeline.messages],
    }


def _message(one: Message) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "sender": one.sender,
        "text": one.text,
        "time": one.time_ms,
        "id": one.id,
        "subject": one.subject,
        "own": one.is_own,
        "mention": one.is_mention,
        "reply": one.reply_to,
        "edited": one.edited_ms,
        "deleted": one.deleted_by if one.is_deleted else None,
        "gap": one.follows_gap,
        "reactions": one.reactions,
    }
