"""Group chats: conversations of several people, which nobody else can join or see (hubbub/conversations).

On the wire one is a channel with a name that says nothing; people see its title, and who is in it, connected or not.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.chat_model import Conversation
from hubbub.client.names import is_name
from hubbub.client.pending_requests import PendingRequest
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.client import Client

CAPABILITY: Final = "hubbub/conversations"
PEOPLE_MAX: Final = 20
"""The most people in one, oneself included."""


def are_offered(client: "Client") -> bool:
    """Whether one can begin them here: the server has them, and one is logged in."""
    return client.is_here and bool(client.account) and client.server.has(CAPABILITY)


def begin(client: "Client", names: Iterable[str]) -> None:
    """Open the one with exactly these people; `GroupChatOpened` follows, also where it is there already."""
    client.requests.ask(PendingRequest("CONVERSE"), Line("CONVERSE", (",".join(names),)))


def add(client: "Client", conversation: Conversation, names: Iterable[str]) -> None:
    """Add people, who read what is said from then on."""
    request = PendingRequest("CONVERSE", conversation)
    client.requests.ask(request, Line("CONVERSE", (conversation.name, f"+{','.join(names)}")))


def title(client: "Client", conversation: Conversation) -> str:
    """The topic, else the others' display names; the channel's name for a room, or where nobody else is."""
    if not conversation.is_group_chat:
        return conversation.name
    return conversation.topic or ", ".join(others(client, conversation)) or conversation.name


def others(client: "Client", conversation: Conversation) -> list[str]:
    """The display names of all but oneself, in the order of the alphabet."""
    found = []
    for nick in conversation.participants.values():
        if not client.is_me(nick) and client.fold(nick) != client.fold(client.account):
            person = client.people.find(nick)
            found.append(person.display_name if person else nick)
    return sorted(found, key=str.casefold)


def told(client: "Client", line: Line) -> None:
    """`CONVERSE <channel>`: it is a group chat, and those in it follow as `CONVERSE <channel> +<name>{,<name>}`."""
    name = line.param(0)
    if not client.server.is_room(name) or not is_name(name):
        return
    conversation = client.open(name)
    conversation.is_group_chat = True
    if not line.param(1):
        conversation.participants.clear()
    for nick in filter(is_name, line.param(1).removeprefix("+").split(",")):
        conversation.participants[client.fold(nick)] = nick
    request = client.requests.current
    if not line.param(1) and request and (request.command, request.conversation) == ("CONVERSE", None):
        client.happened(events.GroupChatOpened(conversation))
    client.happened(events.ConversationChanged(conversation))


def joined(client: "Client", conversation: Conversation, nick: str, account: str) -> None:
    """Whoever was absent was called by the account's name."""
    if conversation.is_group_chat:
        conversation.participants.pop(client.fold(account), None)
        conversation.participants[client.fold(nick)] = nick


def gone(client: "Client", conversation: Conversation, nick: str) -> None:
    conversation.participants.pop(client.fold(nick), None)


def renamed(client: "Client", conversation: Conversation, old: str, new: str) -> None:
    """Somebody in it has another nickname; or has disconnected, and is called by the account's name."""
    if new and conversation.participants.pop(client.fold(old), ""):
        conversation.participants[client.fold(new)] = new
