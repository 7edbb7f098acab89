"""The clients' shared core, and a library for bots: lines in, state and typed events out."""

from typing import TYPE_CHECKING, Any

from hubbub.client.chat_model import Conversation, Kind, Member, Message, Person
from hubbub.client.client import Client
from hubbub.client.events import (
    CertificateChanged,
    CertificateTrusted,
    Connecting,
    ConversationOpened,
    Disconnected,
    Event,
    HistoryLoaded,
    Invited,
    MembersChanged,
    MessageChanged,
    MessageReceived,
    PersonChanged,
    Refused,
    RoomRequested,
    ServerSaid,
    Welcomed,
)
from hubbub.client.identity import Certificate, Identity, Password, Token

if TYPE_CHECKING:
    from hubbub.connection.chat import Chat, ChatError, connect

__all__ = [
    "Certificate",
    "CertificateChanged",
    "CertificateTrusted",
    "Chat",
    "ChatError",
    "Client",
    "Connecting",
    "Conversation",
    "ConversationOpened",
    "Disconnected",
    "Event",
    "HistoryLoaded",
    "Identity",
    "Invited",
    "Kind",
    "Member",
    "MembersChanged",
    "Message",
    "MessageChanged",
    "MessageReceived",
    "Password",
    "Person",
    "PersonChanged",
    "Refused",
    "RoomRequested",
    "ServerSaid",
    "Token",
    "Welcomed",
    "connect",
]


def __getattr__(name: str) -> Any:
    """Load the names that need a connection on first use: the core itself stays without one."""
    if name in ("Chat", "ChatError", "connect"):
        from hubbub.connection import chat

        return getattr(chat, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
