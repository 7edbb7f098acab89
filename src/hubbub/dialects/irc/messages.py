"""PRIVMSG, NOTICE and TAGMSG: messages to rooms and users."""

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from hubbub.dialects.session_api import ReadByNonce
from hubbub.engine.edits import Amended, MessageEdited
from hubbub.engine.event import Command, Event
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import Joints, MessageSaid, Nonce, SayInRoom, SayPrivately, Tags, ToPerson
from hubbub.engine.names import fold
from hubbub.engine.refusals import Refusal
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers
from .line_splitting import fits, plain_lines, room_after
from .message_kinds import content_tags, irc_kind, kind_of
from .refusals import Numeric, answer
from .rooms import PREFIXES
from .services import SERVICES, Speaker
from .targets import each_once
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

DELETED: Final = "(deleted)"
"""The text that replaces a deleted message's in the history."""

NONCE_TAG: Final = "hubbub/nonce"
AGAIN_TAG: Final = "hubbub/again"


class Saying(Struct, frozen=True):
    """What a client says, to whomever: the fields that every command of saying has."""

    text: str
    kind: str
    content: str | None = None
    tags: Tags = ()
    line_breaks: Joints = ()
    nonce: Nonce | None = None

    @property
    def is_answered(self) -> bool:
        return irc_kind(self.kind).is_answered


_NONCE: Final = re.compile(r"[A-Za-z0-9-]{16,64}")
_RANKS = {prefix: letter for letter, prefix in PREFIXES.items()}
_RANK_PREFIXES = "".join(_RANKS)


def say(talk: "IrcSession", message: Message) -> None:
    """PRIVMSG, NOTICE and TAGMSG. "Automatic replies must never be sent in response to a NOTICE"."""
    kind, content = kind_said(talk, message)
    if not has_text(kind) and not talk.caps.tags:
        talk.unknown(message.verb)
        return
    targets = [target for target in each_once(message.param(0).split(",")) if target]
    fault = _fault(talk, message, kind, targets)
    said = Saying(message.param(1), kind, content, client_tags(talk, message))
    if fault is None and NONCE_TAG in message.tags and talk.caps.send_once and has_text(kind):
        say_once(talk, message, targets, said)
    elif fault is None:
        for target in targets:
            say_to(talk, target, said)
    elif irc_kind(kind).is_answered:
        code, params, text = fault
        talk.numeric(code, *params, text=text)


def kind_said(talk: "IrcSession", opening: Message, verb: str = "") -> tuple[str, str | None]:
    """The kind that a line or a batch says, and its content; the verb of a batch is that of its lines."""
    return kind_of(verb or opening.verb, opening.tags if talk.caps.tags else {})


def _fault(talk: "IrcSession", message: Message, kind: str, targets: list[str]) -> Numeric | None:
    """What is wrong with the message, whatever its targets are."""
    if not targets:
        return numerics.ERR_NORECIPIENT, (), f"No recipient given ({message.verb})"
    if not message.param(1) and has_text(kind):
        return numerics.ERR_NOTEXTTOSEND, (), None
    limit = talk.host.facts.targets_limit
    if limit and len(targets) > limit:
        return numerics.ERR_TOOMANYTARGETS, (targets[limit],), None
    return None


def say_once(talk: "IrcSession", message: Message, targets: list[str], said: Saying) -> None:
    """`hubbub/send-once`: say it, unless it was said before; then its sender is shown what became of it."""
    name = message.tags[NONCE_TAG]
    if not _NONCE.fullmatch(name) or len(targets) != 1:
        why = "A nonce has 16 to 64 letters, digits and hyphens, and can be used with only one target."
        talk.fail(message.verb, "INVALID_NONCE", text=why)
        return
    nonce = Nonce(name, AGAIN_TAG in message.tags)
    said = replace(said, nonce=nonce)

    def then(found: Event | None) -> None:
        if found is None:
            say_to(talk, targets[0], said)
        else:
            _show_again(talk, found)

    if nonce.again or name in talk.host.state.nonces:
        talk.host.begin(ReadByNonce(name), then)
    else:
        then(None)


def _show_again(talk: "IrcSession", found: Event) -> None:
    """Show a resent message again, only to those who were shown it first: a returning guest may be another person."""
    if not isinstance(found, MessageSaid) or found.redacted or not talk.view.echo:
        return
    if found.by.account is None or found.by.person == talk.user.person:
        talk.host.send(talk.view.render(found))


def say_to(talk: "IrcSession", target: str, said: Saying) -> None:
    """Say a text, which may have several lines, to one target; what comes of it is answered."""
    service = SERVICES.get(fold(target))
    if service:
        _said_to_service(talk, service, said)
        return
    result = talk.host.ask(_command(target, said))
    if isinstance(result, Refusal):
        if said.is_answered:
            answer(talk, result)
        return
    for event in result:
        if isinstance(event, MessageSaid):
            _told_to_sender(talk, event, said)


def _said_to_service(talk: "IrcSession", service: Speaker, said: Saying) -> None:
    if not (said.is_answered and has_text(said.kind)):
        return
    if "\n" in said.text:
        talk.notice("Services accept only one line at a time.")
    else:
        service(talk, said.text)


def _command(target: str, said: Saying) -> Command:
    """`@#room` is for the room's operators and above (STATUSMSG)."""
    room = target if target.startswith("#") else target.lstrip(_RANK_PREFIXES)
    more = asdict(said)
    if not room.startswith("#"):
        return SayPrivately(target, **more)
    prefixes = target[: len(target) - len(room)]
    rank = min((_RANKS[prefix] for prefix in prefixes), key="vhoaq".index) if prefixes else ""
    return SayInRoom(room[1:], to_rank=rank, **more)


def _told_to_sender(talk: "IrcSession", event: MessageSaid, said: Saying) -> None:
    if event.cut:
        rules = talk.host.state.rules
        limit = rules.multiline_bytes if event.line_breaks or "\n" in event.text else rules.message_bytes
        talk.notice(f"Your message was longer than {limit} bytes and was cut there.")
    if isinstance(event.to, ToPerson) and said.is_answered and has_text(said.kind):
        other = talk.host.state.users.get(event.to.person)
        if other is None:
            text = "is offline; the message is delivered when they return"
            talk.numeric(numerics.RPL_AWAY, event.to.name, text=text)
        elif other.origin.away is not None:
            talk.numeric(numerics.RPL_AWAY, event.to.name, text=other.origin.away)


def client_tags(talk: "IrcSession", message: Message) -> Tags:
    """message-tags: client-only tags are those with the prefix `+`; the others a client sends go nowhere."""
    if not (message.tags and talk.caps.tags):
        return ()
    own = content_tags()
    return tuple(
        (key, value)
        for key, value in message.tags.items()
        if key.startswith("+") and len(key) > 1 and key not in own
    )


def target_of(event: MessageSaid | Amended) -> str:
    """To whom it was said: a room, perhaps only those of a rank in it, or a person."""
    if isinstance(event, MessageSaid):
        to = event.to
        return to.name if isinstance(to, ToPerson) else f"{PREFIXES.get(to.to_rank, '')}#{to.name}"
    return f"{PREFIXES.get(event.to_rank, '')}#{event.name}" if event.room else event.name


def head_of(event: MessageSaid | MessageEdited) -> str:
    """A message's line up to its text."""
    return f":{event.by.mask} {irc_kind(event.kind).verb} {target_of(event)}"


def _render_message(event: MessageSaid, caps: Capabilities, server: str) -> Bodies:
    """A text longer than a line goes in several; nothing of it is lost."""
    head = head_of(event)
    if not has_text(event.kind):
        # message-tags: TAGMSG MUST NOT be delivered to clients that haven't negotiated the capability
        return (head,) if caps.tags else ()
    if event.redacted:
        return (f"{head} :{DELETED}",)
    if fits(head, event.text):
        return (f"{head} :{event.text}",)
    return [f"{head} :{text}" for text in plain_lines(event.text, event.line_breaks, room_after(head))]


VERBS: Final = {
    "PRIVMSG": Verb(
        say,
        (
            "PRIVMSG <target>{,<target>} <text>",
            "Sends a message to a room or a person. Somebody who is offline gets it on return.",
            "The target @<room> reaches only the room's operators, +<room> everyone with a voice or above.",
        ),
    ),
    "NOTICE": Verb(
        say,
        (
            "NOTICE <target>{,<target>} <text>",
            "Sends a notice, to which no program replies, to a room or a person.",
        ),
    ),
    "TAGMSG": Verb(
        say,
        (
            "TAGMSG <target>{,<target>}",
            "Sends tags without a text, such as a reaction. Clients send this themselves.",
        ),
        1,
        specification="message-tags",
    ),
}

EVENTS: Final[EventRenderers] = {
    MessageSaid: _render_message,
}
