"""BATCH from a client: lines of one message, which are collected until the batch is closed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.engine.messages import Joints
from hubbub.engine.names import fold
from hubbub.text import clean
from hubbub.wire.message import Message

from .drafts import CAPABILITY as DRAFTS
from .drafts import set_draft
from .edits import edit_message
from .line_splitting import CONCAT
from .message_kinds import is_text_verb
from .messages import NONCE_TAG, Saying, client_tags, kind_said, say_once, say_to
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

SECONDS_MAX: Final = 60
"""The time that a batch may stay open."""

PART_COST: Final = 0.1
"""multiline: "clients might send an entire batched multiline message all at once": its lines are parts of one."""

_REFERENCE: Final = re.compile(r"[A-Za-z0-9-]{1,100}")


@dataclass(slots=True)
class Incoming:
    """A batch that is open; once something in it `has_failed`, the rest of it is passed over."""

    reference: str
    opening: Message
    opened_at: int
    verb: str = ""
    lines: list[str] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)
    size_bytes: int = 0
    has_failed: bool = False

    @property
    def target(self) -> str:
        return self.opening.param(2)

    def fail(self) -> None:
        self.has_failed = True
        self.lines.clear()
        self.joined.clear()

    def holds(self, line: bytes) -> bool:
        """Whether a line, not parsed yet, is one more of those that are collected. Of several tags the last counts."""
        tags = line[1:].split(b" ", 1)[0].split(b";") if line.startswith(b"@") else []
        named = [tag for tag in tags if tag.partition(b"=")[0] == b"batch"]
        return not self.has_failed and named[-1:] == [f"batch={self.reference}".encode()]

    def text(self) -> tuple[str, Joints]:
        """multiline: "Line messages are joined by a single line feed … unless the `draft/multiline-concat` message tag
        is sent, in which case that line's message is directly joined".
        """
        text, line_breaks = "", []
        for place, (line, is_joined) in enumerate(zip(self.lines, self.joined, strict=True)):
            if place and is_joined:
                line_breaks.append(len(text))
            elif place:
                text += "\n"
            text += line
        return text, tuple(line_breaks)


def batch(talk: "IrcSession", message: Message) -> None:
    """`BATCH +<reference> <type> <target> ...` opens one, `BATCH -<reference>` closes it."""
    sign, reference = message.params[0][:1], message.params[0][1:]
    if sign == "+":
        _open(talk, message, reference)
    elif sign == "-" and talk.incoming and talk.incoming.reference == reference:
        _close(talk, talk.incoming)
    else:
        talk.answer_under_label(message.tags)
        _fail(talk, "INVALID_REFTAG", reference[:100] or "*", text="No open batch has this name.")


def _open(talk: "IrcSession", message: Message, reference: str) -> None:
    """ "Clients MUST NOT send nested batches": the one that was open before is given up."""
    before, talk.incoming = talk.incoming, Incoming(reference, message, talk.host.now())
    if before and not before.has_failed:
        _fail(talk, "MULTILINE_INVALID", text="Close the open batch before you open another one.")
    enables = _TYPES.get(message.param(1))
    if not _REFERENCE.fullmatch(reference):
        text = "A batch name consists of letters, digits and hyphens."
        _give_up(talk, talk.incoming, "INVALID_REFTAG", reference[:100] or "*", text=text)
    elif enables is None or enables.capability not in talk.caps or len(message.params) < enables.params:
        text = "Unknown batch type or missing parameters. Enable the capability of the type first."
        _give_up(talk, talk.incoming, "UNKNOWN_TYPE", reference, message.param(1)[:100] or "*", text=text)
    elif talk.arrival:
        _give_up(
            talk, talk.incoming, "MULTILINE_INVALID", text="Register the connection first: NICK and USER."
        )


def part_cost(talk: "IrcSession", line: bytes) -> float:
    """The cost of a line for its author's pace: a whole one, unless `collect` will keep it."""
    incoming = talk.incoming
    return PART_COST if incoming and _collects(talk) and incoming.holds(line) else 1.0


def _collects(talk: "IrcSession") -> bool:
    """Whether the client has enabled what batches are for; it may have disabled it since one was opened."""
    return talk.caps.multiline or talk.caps.edits or DRAFTS in talk.caps


def collect(talk: "IrcSession", message: Message) -> bool:
    """Whether a line belongs to a batch: it is kept, or it is what the batch fails by."""
    reference, incoming = message.tags.get("batch"), talk.incoming
    if incoming and not incoming.has_failed and talk.host.now() - incoming.opened_at > SECONDS_MAX * 1000:
        incoming.fail()
        text = f"The batch timed out after {SECONDS_MAX} seconds."
        _fail(talk, "TIMEOUT", incoming.reference, text=text)
    if reference is None or not _collects(talk):
        return False
    if incoming is None or incoming.reference != reference:
        _fail(talk, "INVALID_REFTAG", reference[:100], text="No open batch has this name.")
    elif not incoming.has_failed:
        _take(talk, incoming, message)
    return True


def answer_misread(talk: "IrcSession", tags: Mapping[str, str]) -> None:
    """Answer an unreadable line with these tags, under its label.

    Where it is one of a batch, that fails by it: a message is said whole or not at all, and the answer to it is under
    the label of the opening.
    """
    incoming = talk.incoming
    if incoming and tags.get("batch") == incoming.reference:
        if not incoming.has_failed:
            incoming.fail()
            talk.answer_under_label(incoming.opening.tags)
        return
    talk.answer_under_label(tags)


def _take(talk: "IrcSession", incoming: Incoming, message: Message) -> None:
    rules = talk.host.state.rules
    is_fit = is_text_verb(message.verb) and message.verb == (incoming.verb or message.verb)
    is_joined = CONCAT in message.tags
    text = clean(message.param(1))
    size = incoming.size_bytes + len(text.encode()) + (1 if incoming.lines and not is_joined else 0)
    if not is_fit or len(message.params) < 2:
        why = "A multiline batch contains only PRIVMSG or only NOTICE lines, each with a text."
        _give_up(talk, incoming, "MULTILINE_INVALID", text=why)
    elif fold(message.params[0]) != fold(incoming.target):
        targets = (incoming.target[:100], message.params[0][:100])
        _give_up(talk, incoming, "MULTILINE_INVALID_TARGET", *targets, text="Invalid multiline target")
    elif is_joined and not text:
        why = "A line with the tag draft/multiline-concat can't be blank."
        _give_up(talk, incoming, "MULTILINE_INVALID", text=why)
    elif size > rules.multiline_bytes:
        limit = str(rules.multiline_bytes)
        _give_up(talk, incoming, "MULTILINE_MAX_BYTES", limit, text="Multiline batch max-bytes exceeded")
    elif len(incoming.lines) >= rules.multiline_lines:
        limit = str(rules.multiline_lines)
        _give_up(talk, incoming, "MULTILINE_MAX_LINES", limit, text="Multiline batch max-lines exceeded")
    else:
        incoming.verb, incoming.size_bytes = message.verb, size
        incoming.lines.append(text)
        incoming.joined.append(is_joined)


def _close(talk: "IrcSession", incoming: Incoming) -> None:
    """Only now is what it says looked at, and answered under the label of its opening."""
    if not incoming.has_failed and not any(incoming.lines):
        _give_up(
            talk,
            incoming,
            "MULTILINE_INVALID",
            text="A multiline batch needs at least one line that is not blank.",
        )
    talk.incoming = None
    if not incoming.has_failed:
        talk.answer_under_label(incoming.opening.tags)
        _TYPES[incoming.opening.param(1)].done(talk, incoming)


def _give_up(talk: "IrcSession", incoming: Incoming, code: str, *context: str, text: str) -> None:
    incoming.fail()
    talk.answer_under_label(incoming.opening.tags)
    _fail(talk, code, *context, text=text)


def _fail(talk: "IrcSession", code: str, *context: str, text: str) -> None:
    talk.fail("BATCH", code, *context, text=text)


def _say(talk: "IrcSession", incoming: Incoming) -> None:
    text, line_breaks = incoming.text()
    kind, content = kind_said(talk, incoming.opening, incoming.verb)
    said = Saying(text, kind, content, client_tags(talk, incoming.opening), line_breaks)
    if NONCE_TAG in incoming.opening.tags and talk.caps.send_once:
        say_once(talk, incoming.opening, [incoming.target], said)
        return
    say_to(talk, incoming.target, said)


def _edit(talk: "IrcSession", incoming: Incoming) -> None:
    text, line_breaks = incoming.text()
    edit_message(talk, incoming.target, incoming.opening.param(3), text, line_breaks)


def _draft(talk: "IrcSession", incoming: Incoming) -> None:
    text, _ = incoming.text()
    set_draft(talk, incoming.target, incoming.opening.param(3), text)


class _Type(Struct, frozen=True):
    """A type of batch: its handler once it is closed, its capability, and the number of its parameters."""

    done: Callable[["IrcSession", Incoming], None]
    capability: str
    params: int


_TYPES: Final = {
    "draft/multiline": _Type(_say, "draft/multiline", 3),
    "hubbub/edit": _Type(_edit, "hubbub/edit", 4),
    DRAFTS: _Type(_draft, DRAFTS, 4),
}


VERBS: Final = {
    "BATCH": Verb(
        batch,
        (
            "BATCH +<name> <type> <parameters> | BATCH -<name>",
            "Opens and closes a message of several lines. Clients that enable draft/multiline send this themselves.",
        ),
        1,
        before=True,
        is_answered=False,
        specification="client-batch",
    ),
}
