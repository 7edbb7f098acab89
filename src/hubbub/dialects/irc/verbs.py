"""The table of verbs: what each line of a client leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubbub.wire.message import Message

from . import arrival, connection, messages, rooms

if TYPE_CHECKING:
    from .talk import IrcTalk


@dataclass(frozen=True, slots=True)
class Verb:
    """What answers a verb, how many parameters it takes at least, and whether it may come before one is in."""

    handle: Callable[["IrcTalk", Message], None]
    params: int = 0
    before: bool = False


VERBS: Final[dict[str, Verb]] = {
    "CAP": Verb(arrival.cap, 1, before=True),
    "PASS": Verb(arrival.password, 1, before=True),
    "NICK": Verb(arrival.nick, before=True),
    "USER": Verb(arrival.user, 4, before=True),
    "PING": Verb(connection.ping, before=True),
    "PONG": Verb(connection.pong, before=True),
    "QUIT": Verb(connection.leave, before=True),
    "ERROR": Verb(connection.pong, before=True),
    "JOIN": Verb(rooms.join, 1),
    "PART": Verb(rooms.part, 1),
    "TOPIC": Verb(rooms.topic, 1),
    "NAMES": Verb(rooms.names),
    "KICK": Verb(rooms.kick, 2),
    "INVITE": Verb(rooms.invite),
    "KNOCK": Verb(rooms.knock, 1),
    "PRIVMSG": Verb(messages.privmsg),
    "NOTICE": Verb(messages.notice),
    "TAGMSG": Verb(messages.tagmsg, 1),
}
