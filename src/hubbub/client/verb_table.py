"""The table of verbs: what each line of a server, and each batch, does to the client."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.client import events, group_chats, numerics, rooms
from hubbub.client.batches import Batch, Item
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.client import Client

Handler = Callable[["Client", Line], None]


def handle(client: "Client", item: Item) -> None:
    """Do what a line or a whole batch says."""
    if isinstance(item, Batch):
        _BATCHES.get(item.type, _each)(client, item)
        return
    handler = VERBS.get(item.verb)
    if handler is not None:
        handler(client, item)
    elif item.verb.isdigit():
        numerics.numeric(client, item)


def _each(client: "Client", batch: Batch) -> None:
    """Handle each line of a batch as if it came without one."""
    for item in batch.items:
        handle(client, item)


def _ping(client: "Client", line: Line) -> None:
    client.send("PONG", line.param(0))


def _pong(client: "Client", line: Line) -> None:
    client.requests.pong(line.last)


def _thread(client: "Client", line: Line) -> None:
    client.threads.told(line)


def _nothing(client: "Client", line: Line) -> None:
    """The line says what is known already, or nothing that is shown."""


_BATCHES: Final[dict[str, Callable[["Client", Batch], None]]] = {
    "chathistory": lambda client, batch: client.history.took(batch),
    "draft/chathistory-targets": lambda client, batch: client.history.took_targets(batch),
    "draft/multiline": lambda client, batch: client.messages.said(batch),
    "hubbub/drafts": lambda client, batch: client.drafts.took_batch(batch),
    "hubbub/edit": lambda client, batch: client.messages.amended(batch),
    "hubbub/members": lambda client, batch: client.members.took(batch),
    "hubbub/people": lambda client, batch: client.members.took_people(batch),
    "hubbub/threads": lambda client, batch: client.threads.took(batch),
    "hubbub/threads-list": lambda client, batch: client.threads.took_list(batch),
    "soju.im/search": lambda client, batch: client.search.took(batch),
    "labeled-response": _each,
}
"""Type → what is done with a whole batch; of another type each of its lines is as if it stood alone."""

VERBS: Final[dict[str, Handler]] = {
    "PING": _ping,
    "PONG": _pong,
    "INVITATION": numerics.said,
    "TICKET": numerics.ticket,
    "REPORT": lambda client, line: client.happened(events.Reported()),
    "EMOJI": lambda client, line: client.emoji.told(line),
    "CAP": lambda client, line: client.registration.cap(line),
    "AUTHENTICATE": lambda client, line: client.registration.authenticate(line),
    "REGISTER": lambda client, line: client.registration.registered(line),
    "VERIFY": lambda client, line: client.registration.registered(line),
    "ERROR": numerics.error,
    "ACK": _nothing,
    "PRIVMSG": lambda client, line: client.messages.said(line),
    "NOTICE": lambda client, line: client.messages.said(line),
    "TAGMSG": lambda client, line: client.messages.amended(line),
    "REDACT": lambda client, line: client.messages.amended(line),
    "EDIT": lambda client, line: client.messages.amended(line),
    "JOIN": rooms.joined,
    "PART": rooms.parted,
    "KICK": rooms.kicked,
    "QUIT": rooms.quit_,
    "NICK": rooms.renamed_person,
    "RENAME": rooms.renamed_room,
    "TOPIC": rooms.topic_set,
    "MODE": rooms.modes_set,
    "INVITE": rooms.invited,
    "AWAY": lambda client, line: client.people.away(line),
    "ACCOUNT": lambda client, line: client.people.account(line),
    "CHGHOST": lambda client, line: client.people.host(line),
    "SETNAME": lambda client, line: client.people.real_name(line),
    "MEMBER": lambda client, line: client.members.told(line),
    "METADATA": lambda client, line: client.people.metadata(line),
    "CONVERSE": group_chats.told,
    "DRAFT": lambda client, line: client.drafts.took(line, line.param(3)),
    "THREAD": _thread,
    "THREADREAD": lambda client, line: client.threads.read_told(line),
    "MARKREAD": lambda client, line: client.markers.marked(line),
    "FAIL": numerics.fail,
    "WARN": numerics.note,
    "NOTE": numerics.note,
    "WALLOPS": numerics.said,
    "001": numerics.welcome,
    "005": numerics.support,
    "301": lambda client, line: client.people.away_told(line),
    "305": lambda client, line: client.people.own_away(line),
    "306": lambda client, line: client.people.own_away(line),
    "321": _nothing,
    "322": numerics.listed,
    "323": numerics.list_end,
    "324": rooms.modes_told,
    "329": _nothing,
    "331": rooms.topic_told,
    "332": rooms.topic_told,
    "333": rooms.topic_by,
    "315": _nothing,
    "352": lambda client, line: client.people.who_plain(line),
    "353": rooms.names,
    "354": lambda client, line: client.people.who(line),
    "366": rooms.names_end,
    "372": numerics.motd,
    "375": _nothing,
    "376": numerics.motd_end,
    "422": numerics.motd_end,
    "710": rooms.requested,
    "711": rooms.asked_for,
    "730": lambda client, line: client.people.online(line),
    "731": lambda client, line: client.people.online(line),
    "761": lambda client, line: client.people.metadata_told(line),
    "766": lambda client, line: client.people.metadata_told(line),
    "770": _nothing,
    "774": lambda client, line: client.people.sync_later(line),
    "900": numerics.logged_in,
    "901": numerics.logged_out,
    "903": lambda client, line: client.registration.signed_in(),
    "908": lambda client, line: client.registration.other_mechanisms(line),
    **dict.fromkeys(
        ("902", "904", "905", "906", "907"), lambda client, line: client.registration.sign_in_failed(line)
    ),
    **dict.fromkeys(numerics.WHOIS, numerics.whois),
    "318": numerics.whois_end,
}
