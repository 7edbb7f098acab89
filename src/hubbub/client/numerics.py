"""The server's numerics and standard replies: its greeting, lists, descriptions and refusals."""

from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.chat_model import Conversation
from hubbub.client.names import why_refused
from hubbub.client.server_features import number
from hubbub.text import clean
from hubbub.wire import numerics
from hubbub.wire.message import Message as Line

if TYPE_CHECKING:
    from hubbub.client.client import Client

_LISTED_MAX: Final = 20_000
SIGNED_OUT: Final = "SIGNED_OUT"


def welcome(client: "Client", line: Line) -> None:
    client.server.name = line.source or ""
    client.nick_changed(line.param(0))


def support(client: "Client", line: Line) -> None:
    client.server.take_support(line.params[1:-1])


def motd(client: "Client", line: Line) -> None:
    client.server.motd.append(clean(line.last.removeprefix("- ")))


def motd_end(client: "Client", line: Line) -> None:
    """The greeting ends with the message of the day, or with its absence."""
    client.welcomed()


def logged_in(client: "Client", line: Line) -> None:
    client.account = line.param(2)
    client.drafts.come_in()
    client.happened(events.SignedIn(client.account))


def logged_out(client: "Client", line: Line) -> None:
    client.account = ""


def error(client: "Client", line: Line) -> None:
    """The server closes the connection, and says why; it is left at once, also where it forgets to close."""
    client.happened(events.ServerCloses(clean(line.last)))
    client.close()


def said(client: "Client", line: Line) -> None:
    """Words of the server's own, or of an operator, to those who listen."""
    client.happened(events.ServerSaid(line.source or "", clean(line.last)))


def note(client: "Client", line: Line) -> None:
    """WARN and NOTE."""
    client.happened(events.ServerSaid("", clean(line.last), _place(client, line)))


def ticket(client: "Client", line: Line) -> None:
    """`TICKET <ticket>`."""
    client.ticket = line.last


def fail(client: "Client", line: Line) -> None:
    """`FAIL <command> <code> [<context>...] <description>`."""
    if line.param(0) in ("REGISTER", "INVITATION") and not client.is_here:
        client.registration.failed_to_register(line)
    elif line.param(1) == SIGNED_OUT:
        client.happened(events.SignedOut(clean(line.last)))
    else:
        refuse(client, line.param(0), line.param(1), line)


def numeric(client: "Client", line: Line) -> None:
    """Any other number: 400 to 599 and some above are refusals, the rest is for people to read.

    Who is taken along to another channel is refused nothing.
    """
    if line.verb in _NICK_REFUSALS and not client.is_here:
        client.registration.nick_refused(line)
    elif line.verb in ("421", "451") and not client.is_here:
        return
    elif line.verb in _REFUSALS or ("400" <= line.verb <= "599" and line.verb != numerics.ERR_LINKCHANNEL):
        refuse(client, "", line.verb, line)
    elif client.is_here:
        words = [word for word in line.params[1:] if word]
        client.happened(events.ServerSaid("", clean(" ".join(words)), _place(client, line)))


_NICK_REFUSALS: Final = frozenset({"432", "433", "436", "437"})
_REFUSALS: Final = frozenset({numerics.ERR_INVALIDMODEPARAM, numerics.ERR_MONLISTFULL, "723", "769"})
_NOT_JOINED: Final = frozenset(
    {"403", "405", "437", "471", "473", "474", "475", "476", "477", "479", "489", "520"}
)


def refuse(client: "Client", command: str, code: str, line: Line) -> None:
    """The server says no: to what is being answered, if that is known."""
    text = clean(line.last)
    place = _place(client, line)
    if code in _NOT_JOINED or (command == "JOIN" and place is None):
        client.not_joined(line.param(1 if line.verb.isdigit() else 2))
    request = client.requests.current
    if request is not None:
        command = command or request.command
        request.refuse(code, text)
        if request.quiet:
            return
    if line.verb in _NICK_REFUSALS:
        text = why_refused(line.verb, line.last)
    elif line.verb.isdigit() and len(line.params) > 2:
        text = f"{' '.join(line.params[1:-1])}: {text}"
    elif len(line.params) > 3 and line.param(2) not in text:
        text = f"{line.param(2)}: {text}"
    client.happened(events.Refused(command, code, text, place))


def _place(client: "Client", line: Line) -> Conversation | None:
    """The open conversation that a line names."""
    for word in line.params[:-1]:
        if client.server.is_room(word) and (found := client.find(word)):
            return found
    return None


# The list of rooms


def listed(client: "Client", line: Line) -> None:
    """322."""
    row = events.RoomListed(line.param(1), number(line.param(2), 0), clean(line.param(3)))
    if len(client.listed) < _LISTED_MAX:
        client.listed.append(row)


def list_end(client: "Client", line: Line) -> None:
    rows, client.listed = client.listed, []
    rooms = tuple(sorted(rows, key=lambda row: (-row.members, row.name)))
    if not client.directory.took(client.requests.current, rooms):
        client.happened(events.RoomsListed(rooms))


# Descriptions of people

WHOIS: Final = {
    "311": "is",
    "312": "server",
    "313": "operator",
    "317": "idle",
    "319": "rooms",
    "320": "note",
    "330": "account",
    "335": "bot",
    "338": "address",
    "378": "host",
    "379": "modes",
    "671": "secure",
    "276": "certificate",
    "760": "metadata",
}
"""Number → the field of a WHOIS answer."""


def whois(client: "Client", line: Line) -> None:
    facts = client.described.setdefault(line.param(1), {})
    name, words = WHOIS[line.verb], line.params[2:]
    text = {
        "311": lambda: f"{line.param(2)}@{line.param(3)} ({line.last})",
        "330": lambda: line.param(2),
        "317": lambda: line.param(2),
        "760": lambda: f"{line.param(2)} = {line.last}",
    }.get(line.verb, lambda: " ".join(words))()
    facts[name] = clean(f"{facts[name]}; {text}" if name in facts else text)


def whois_end(client: "Client", line: Line) -> None:
    facts = client.described.pop(line.param(1), {})
    if facts:
        client.happened(events.PersonDescribed(line.param(1), facts))
