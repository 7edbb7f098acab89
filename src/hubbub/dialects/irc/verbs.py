"""The table of verbs: what each line of a client leads to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.engine.message_kinds import has_text
from hubbub.wire.message import Message

from . import (
    account_registration,
    away,
    chathistory,
    client_batches,
    connection,
    custom_emoji,
    drafts,
    edits,
    greeting,
    help,
    markread,
    messages,
    metadata,
    modes,
    monitor,
    notifications,
    operators,
    registration,
    rooms,
    sasl,
    server,
    services,
    version,
    webirc,
    who,
    whois,
)
from .list import list_rooms
from .message_kinds import KINDS
from .search import search

if TYPE_CHECKING:
    from .session import IrcSession


class Verb(Struct, frozen=True):
    """A verb: its handler, the least parameters, and whether it is allowed before registration.

    A label on a line that is not answered itself belongs to what is answered later.
    """

    handle: Callable[["IrcSession", Message], None]
    params: int = 0
    before: bool = False
    is_answered: bool = True


VERBS: Final[dict[str, Verb]] = {
    "CAP": Verb(registration.cap, 1, before=True),
    "PASS": Verb(registration.password, 1, before=True),
    "WEBIRC": Verb(webirc.webirc, 4, before=True),
    "NICK": Verb(registration.nick, before=True),
    "USER": Verb(registration.user, 4, before=True),
    "PING": Verb(connection.ping, before=True),
    "PONG": Verb(connection.pong, before=True),
    "QUIT": Verb(connection.leave, before=True),
    "TICKET": Verb(connection.ticket),
    "ERROR": Verb(connection.pong, before=True),
    "JOIN": Verb(rooms.join, 1),
    "PART": Verb(rooms.part, 1),
    "TOPIC": Verb(rooms.topic, 1),
    "NAMES": Verb(rooms.names),
    "KICK": Verb(rooms.kick, 2),
    "INVITE": Verb(rooms.invite),
    "KNOCK": Verb(rooms.knock, 1),
    **{row.verb: Verb(messages.say, 0 if has_text(kind) else 1) for kind, row in KINDS.items()},
    "AUTHENTICATE": Verb(sasl.authenticate, 1, before=True),
    "REGISTER": Verb(account_registration.register, 3, before=True),
    "INVITATION": Verb(account_registration.invitation, 1, before=True),
    "VERIFY": Verb(account_registration.verify, 2, before=True),
    "MONITOR": Verb(monitor.monitor, 1),
    "AWAY": Verb(away.away, before=True),
    "EMOJI": Verb(custom_emoji.list_emoji),
    "BATCH": Verb(client_batches.batch, 1, before=True, is_answered=False),
    "REDACT": Verb(edits.redact, 2),
    "EDIT": Verb(edits.edit, 3),
    "WEBPUSH": Verb(notifications.webpush, 2),
    "NOTIFY": Verb(notifications.notify),
    "DRAFT": Verb(drafts.draft),
    "REPORT": Verb(edits.report, 2),
    "MARKREAD": Verb(markread.markread),
    "METADATA": Verb(metadata.metadata, 2, before=True),
    "RENAME": Verb(rooms.rename, 2),
    "ISUPPORT": Verb(greeting.isupport_again, before=True),
    "SETNAME": Verb(away.set_realname, 1),
    "OPER": Verb(operators.oper, 2),
    "KILL": Verb(operators.kill, 2),
    "WALLOPS": Verb(operators.wallops, 1),
    "REHASH": Verb(operators.rehash),
    "DIE": Verb(operators.die),
    "CONNECT": Verb(operators.other_server, 1),
    "SQUIT": Verb(operators.other_server, 1),
    "NICKSERV": Verb(services.spoken_to("NickServ")),
    "NS": Verb(services.spoken_to("NickServ")),
    "CHANSERV": Verb(services.spoken_to("ChanServ")),
    "CS": Verb(services.spoken_to("ChanServ")),
    "HUBBUB": Verb(services.spoken_to("Hubbub")),
    "MODE": Verb(modes.mode, 1),
    "CHATHISTORY": Verb(chathistory.chathistory, 1),
    "SEARCH": Verb(search, 1),
    "LIST": Verb(list_rooms),
    "WHO": Verb(who.who),
    "WHOIS": Verb(whois.whois),
    "WHOWAS": Verb(whois.whowas),
    "ISON": Verb(who.ison, 1),
    "USERHOST": Verb(who.userhost, 1),
    "LUSERS": Verb(server.lusers),
    "MOTD": Verb(server.motd),
    "VERSION": Verb(version.version),
    "TIME": Verb(server.time),
    "ADMIN": Verb(server.admin),
    "INFO": Verb(server.info),
    "STATS": Verb(server.stats, 1),
    "LINKS": Verb(server.links),
    "USERS": Verb(server.users),
    "HELP": Verb(help.show_help),
    "HELPOP": Verb(help.show_help),
}
