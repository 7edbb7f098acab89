"""CONVERSE: conversations of several people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from hubbub.engine.conversations import AddPeople, ConversationBegun, Converse, PeopleAdded, among
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Room
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import BODY_BYTES_MAX, Message, joined

from .event_renderer import Bodies, EventRenderers
from .refusals import answer
from .targets import each_once, room_name
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

CAPABILITY: Final = "hubbub/conversations"

NAMES_MAX: Final = 50
"""The most names that one line may have; more than a conversation has, since a name may be written twice."""


def converse(talk: "IrcSession", message: Message) -> None:
    """`CONVERSE <name>{,<name>}` opens one, `CONVERSE <room> +<name>{,<name>}` adds people to it.

    Clients that don't know the capability may use it, too: the channel's JOIN is their answer.
    """
    target, more = message.params[0], message.param(1)
    if not target.startswith("#"):
        _open(talk, _names(target))
    elif not more.startswith("+"):
        talk.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb)
    elif name := room_name(talk, target):
        talk.ask(AddPeople(name, _names(more[1:])))


def _names(text: str) -> tuple[str, ...]:
    return tuple(each_once(filter(None, text.split(","))))[:NAMES_MAX]


def _open(talk: "IrcSession", names: tuple[str, ...]) -> None:
    """The event of a new conversation tells all its members; an existing one is named to the asker alone."""
    result = talk.host.ask(Converse(names))
    if isinstance(result, Refusal):
        answer(talk, result)
    elif not any(isinstance(event, ConversationBegun) for event in result):
        _show_known(talk, names)


def _show_known(talk: "IrcSession", names: tuple[str, ...]) -> None:
    state, account = talk.host.state, talk.user.account
    people = [state.person_named(name) or 0 for name in names]
    room = among(account, (account.id, *people)) if account else None
    if room and CAPABILITY in talk.caps:
        show_conversation(talk, room)
    elif room:
        talk.notice(f"This conversation is #{room.name}.")


def show_conversation(talk: "IrcSession", room: Room) -> None:
    """Say that a room is a conversation, and who is in it, to a client that knows of such."""
    if room.conversation and CAPABILITY in talk.caps:
        names = [talk.host.state.name_of(person) for person in room.members]
        start = f"@batch={talk.batch} " if talk.batch else ""
        lines = _lines(talk.host.facts.name, room.name.text, names)
        talk.host.send("".join([f"{start}{line}\r\n" for line in lines]).encode())


def _render(event: ConversationBegun | PeopleAdded, caps: Capabilities, server: str) -> Bodies:
    return _lines(event.by.mask, event.room_name, event.names) if CAPABILITY in caps else ()


def _lines(source: str, room_name: str, names: Iterable[str]) -> list[str]:
    """The lines that say that a channel is a conversation of several people, and name all of them."""
    head = f":{source} CONVERSE #{room_name}"
    room = BODY_BYTES_MAX - len(head.encode()) - 2
    return [head, *(f"{head} +{some}" for some in joined(names, ",", room))]


VERBS: Final = {
    "CONVERSE": Verb(
        converse,
        (
            "CONVERSE <name>{,<name>}",
            "CONVERSE <conversation> +<name>{,<name>}",
            "Opens the conversation with these people, who need accounts, or adds people to one. It is a channel that",
            "nobody else can join or see, without operators. To leave it: PART <conversation>.",
        ),
        1,
        specification=CAPABILITY,
    ),
}

EVENTS: Final[EventRenderers] = {
    ConversationBegun: _render,
    PeopleAdded: _render,
}
