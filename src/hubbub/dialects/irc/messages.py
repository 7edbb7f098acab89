"""PRIVMSG, NOTICE and TAGMSG: saying something in rooms and to users."""

import re
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import ReadByNonce
from hubbub.engine.event import Command, Event
from hubbub.engine.messages import (
    SAID,
    Joints,
    MessageKind,
    MessageSaid,
    Nonce,
    PrivateSaid,
    SayInRoom,
    SayPrivately,
    Tags,
)
from hubbub.engine.names import fold
from hubbub.engine.refusals import Refusal
from hubbub.wire import numerics
from hubbub.wire.message import Message

from .events import PREFIXES
from .refusals import Numeric, answer
from .services import SERVICES
from .targets import each_once

if TYPE_CHECKING:
    from .session import IrcSession

NONCE_TAG: Final = "hubbub/nonce"
AGAIN_TAG: Final = "hubbub/again"

_NONCE: Final = re.compile(r"[A-Za-z0-9-]{16,64}")
_RANKS = {prefix: letter for letter, prefix in PREFIXES.items()}
_RANK_PREFIXES = "".join(_RANKS)


def privmsg(talk: "IrcSession", message: Message) -> None:
    _say(talk, message, MessageKind.MESSAGE)


def notice(talk: "IrcSession", message: Message) -> None:
    """ "Automatic replies must never be sent in response to a NOTICE", so nothing is answered to it."""
    _say(talk, message, MessageKind.NOTICE)


def tagmsg(talk: "IrcSession", message: Message) -> None:
    if talk.caps.tags:
        _say(talk, message, MessageKind.TAGS)
    else:
        talk.unknown(message.verb)


def _say(talk: "IrcSession", message: Message, kind: MessageKind) -> None:
    targets = [target for target in each_once(message.param(0).split(",")) if target]
    fault = _fault(talk, message, kind, targets)
    if fault is None and NONCE_TAG in message.tags and talk.caps.send_once and kind is not MessageKind.TAGS:
        say_once(talk, message, targets, message.param(1), kind)
    elif fault is None:
        tags = client_tags(talk, message)
        for target in targets:
            say_to(talk, target, message.param(1), kind, tags)
    elif kind is not MessageKind.NOTICE:
        code, params, text = fault
        talk.numeric(code, *params, text=text)


def _fault(talk: "IrcSession", message: Message, kind: MessageKind, targets: list[str]) -> Numeric | None:
    """The error of a message that does not depend on its targets."""
    if not targets:
        return numerics.ERR_NORECIPIENT, (), f"No recipient given ({message.verb})"
    if not message.param(1) and kind is not MessageKind.TAGS:
        return numerics.ERR_NOTEXTTOSEND, (), None
    limit = talk.host.facts.targets_limit
    if limit and len(targets) > limit:
        return numerics.ERR_TOOMANYTARGETS, (targets[limit],), None
    return None


def say_once(
    talk: "IrcSession",
    message: Message,
    targets: list[str],
    text: str,
    kind: MessageKind,
    line_breaks: Joints = (),
) -> None:
    """`hubbub/send-once`: say it, unless it was said before; then its sender is shown what became of it."""
    name = message.tags[NONCE_TAG]
    if not _NONCE.fullmatch(name) or len(targets) != 1:
        why = "A nonce has 16 to 64 letters, digits and hyphens, and can be used with only one target."
        talk.fail(message.verb, "INVALID_NONCE", text=why)
        return
    nonce, tags = Nonce(name, AGAIN_TAG in message.tags), client_tags(talk, message)

    def then(found: Event | None) -> None:
        if found is None:
            say_to(talk, targets[0], text, kind, tags, line_breaks, nonce)
        else:
            _show_again(talk, found)

    if nonce.again or name in talk.host.state.nonces:
        talk.host.begin(ReadByNonce(name), then)
    else:
        then(None)


def _show_again(talk: "IrcSession", found: Event) -> None:
    """Show a resent message again, only to those who were shown it first: a returning guest may be another person."""
    is_own = isinstance(found, SAID) and (found.by.account is None or found.by.person == talk.user.person)
    if is_own and talk.view.echo and not getattr(found, "redacted", False):
        talk.host.send(talk.view.render(found))


def say_to(
    talk: "IrcSession",
    target: str,
    text: str,
    kind: MessageKind,
    tags: Tags = (),
    line_breaks: Joints = (),
    nonce: Nonce | None = None,
) -> None:
    """Say a text, which may have several lines, to one target; what comes of it is answered."""
    service = SERVICES.get(fold(target))
    if service:
        if kind is MessageKind.MESSAGE and "\n" in text:
            talk.notice("Services accept only one line at a time.")
        elif kind is MessageKind.MESSAGE:
            service(talk, text)
        return
    result = talk.host.ask(_command(target, text, kind, tags, line_breaks, nonce))
    if isinstance(result, Refusal):
        if kind is not MessageKind.NOTICE:
            answer(talk, result)
        return
    for event in result:
        if isinstance(event, SAID):
            _told_to_sender(talk, event)


def _command(
    target: str, text: str, kind: MessageKind, tags: Tags, line_breaks: Joints, nonce: Nonce | None
) -> Command:
    """`@#room` is for the room's operators and above (STATUSMSG)."""
    room = target if target.startswith("#") else target.lstrip(_RANK_PREFIXES)
    if not room.startswith("#"):
        return SayPrivately(target, text, kind, tags, line_breaks, nonce)
    prefixes = target[: len(target) - len(room)]
    rank = min((_RANKS[prefix] for prefix in prefixes), key="vhoaq".index) if prefixes else ""
    return SayInRoom(room[1:], text, kind, tags, rank, line_breaks, nonce)


def _told_to_sender(talk: "IrcSession", event: MessageSaid | PrivateSaid) -> None:
    if event.cut:
        rules = talk.host.state.rules
        limit = rules.multiline_bytes if event.line_breaks or "\n" in event.text else rules.message_bytes
        talk.notice(f"Your message was longer than {limit} bytes and was cut there.")
    if isinstance(event, PrivateSaid) and event.kind is MessageKind.MESSAGE:
        other = talk.host.state.users.get(event.to)
        if other is None:
            text = "is offline; the message is delivered when they return"
            talk.numeric(numerics.RPL_AWAY, event.to_name, text=text)
        elif other.origin.away is not None:
            talk.numeric(numerics.RPL_AWAY, event.to_name, text=other.origin.away)


def client_tags(talk: "IrcSession", message: Message) -> Tags:
    """message-tags: client-only tags are those with the prefix `+`; the others a client sends go nowhere."""
    if not talk.caps.tags:
        return ()
    return tuple((key, value) for key, value in message.tags.items() if key.startswith("+") and len(key) > 1)
