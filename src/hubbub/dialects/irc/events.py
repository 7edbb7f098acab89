"""Events as lines of IRC: their bodies, without tags, for a set of capabilities."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from hubbub.engine.accounts import RoleChanged, RoleGranted
from hubbub.engine.announcements import Announced
from hubbub.engine.away import AwaySet
from hubbub.engine.conversations import ConversationBegun, PeopleAdded
from hubbub.engine.custom_emoji import EmojiAdded, EmojiDeleted, EmojiRenamed
from hubbub.engine.drafts import DraftSet
from hubbub.engine.edits import Amended, MessageEdited, MessageRedacted
from hubbub.engine.event import Event
from hubbub.engine.ids import msgid, time_of
from hubbub.engine.joining_and_inviting import Invited
from hubbub.engine.membership import MemberAppeared, MemberJoined, MemberKicked, MemberLeft
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, ToPerson
from hubbub.engine.metadata import MetadataSet, MetadataTold
from hubbub.engine.modes import ModesChanged
from hubbub.engine.nicks import NickChanged
from hubbub.engine.notifications import LevelSet
from hubbub.engine.readmarkers import ReadMarked
from hubbub.engine.refusals import because
from hubbub.engine.reports import MessageReported, report_sentence
from hubbub.engine.room_requests import RequestMade
from hubbub.engine.rooms import RoomConfigured, RoomRenamed
from hubbub.engine.sessions import SessionEnded, UserLeft
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import Access
from hubbub.engine.topics import TopicSet
from hubbub.engine.user_profile import RealnameSet, UserModesSet
from hubbub.text import split
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import BODY_BYTES_MAX, joined
from hubbub.wire.times import format_time

from .line_splitting import fits, in_front, plain_lines, room_after
from .message_kinds import irc_kind

PREFIXES: Final = {"q": "~", "a": "&", "o": "@", "h": "%", "v": "+"}
"""The prefixes of a member's modes before a nickname."""

DELETED: Final = "(deleted)"
"""The text that replaces a deleted message's in the history."""

EDITED: Final = "(edited) "
"""The mark before an edited text for clients that cannot replace the old one."""

SIGNED_OUT: Final = "SIGNED_OUT"
"""The code of the standard reply for a session that was ended for good."""

Bodies = tuple[str, ...] | list[str]
Writer = Callable[[Any, Capabilities, str], Bodies]
"""Gives an event's lines for these capabilities; the last argument is the server's name."""


def target_of(event: MessageSaid | Amended) -> str:
    """To whom it was said: a room, perhaps only those of a rank in it, or a person."""
    if isinstance(event, MessageSaid):
        to = event.to
        return to.name if isinstance(to, ToPerson) else f"{PREFIXES.get(to.to_rank, '')}#{to.name}"
    return f"{PREFIXES.get(event.to_rank, '')}#{event.name}" if event.room else event.name


def head_of(event: MessageSaid | MessageEdited) -> str:
    """A message's line up to its text."""
    return f":{event.by.mask} {irc_kind(event.kind).verb} {target_of(event)}"


def _said(event: MessageSaid, caps: Capabilities, server: str) -> Bodies:
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


def edit_head(event: MessageEdited) -> str:
    return f":{event.by.mask} EDIT {target_of(event)} {msgid(event.message)}"


def _edited(event: MessageEdited, caps: Capabilities, server: str) -> Bodies:
    """To clients that don't know the command it is a message with the new text, which says so."""
    if caps.edits:
        return (f"{edit_head(event)} :{event.text}",)
    head = head_of(event)
    return [f"{head} :{text}" for text in plain_lines(in_front(event.text, EDITED), (), room_after(head))]


def _redacted(event: MessageRedacted, caps: Capabilities, server: str) -> Bodies:
    target = target_of(event)
    if caps.redaction:
        return (f":{event.by.mask} REDACT {target} {msgid(event.message)}{_trailing(event.reason)}",)
    # message-redaction: "The fallback method used (if any) is left up to server implementations, but could take the
    # form of a standard NOTICE".
    whose = "their message" if event.author == event.by.nick else f"a message by {event.author}"
    said = f"{format_time(time_of(event.message))[:16].replace('T', ' ')} UTC"
    place = target if event.room else event.by.nick
    return (f":{server} NOTICE {place} :{event.by.nick} deleted {whose} of {said}{because(event.reason)}",)


def _read_marked(event: ReadMarked, caps: Capabilities, server: str) -> Bodies:
    return (f":{server} MARKREAD {event.name} {marker(event.until)}",) if caps.read_marker else ()


def marker(until: int | None) -> str:
    """read-marker: "If there is no known last message read timestamp, the `timestamp` parameter is a literal `*`"."""
    return "*" if until is None else f"timestamp={format_time(until)}"


def _metadata(event: MetadataSet, caps: Capabilities, server: str) -> Bodies:
    """Render a metadata change; a removed key has no value. metadata-3 has numerics for it, which name their reader."""
    if not caps.metadata or caps.metadata_numerics:
        return ()
    source = event.by.mask if event.by.person else server
    value = "" if event.value is None else f" :{event.value}"
    return (f":{source} METADATA {event.name} {event.key} *{value}",)


def _metadata_told(event: MetadataTold, caps: Capabilities, server: str) -> Bodies:
    if not caps.metadata or caps.metadata_numerics:
        return ()
    return (f":{server} METADATA {event.nick} {event.key} * :{event.value}",)


def _renamed(event: RoomRenamed, caps: Capabilities, server: str) -> Bodies:
    """channel-rename: "The server to client command MUST always include the third parameter"."""
    return (
        (f":{event.by.mask} RENAME #{event.room_name} #{event.new} :{event.reason}",) if caps.rename else ()
    )


def _joined(event: MemberJoined | MemberAppeared, caps: Capabilities, server: str) -> Bodies:
    origin = event.origin
    join = f":{origin.mask} JOIN #{event.room_name}"
    if caps.extended_join:
        # extended-join: "If the user is not logged in, the account name is an asterisk"
        join += f" {origin.account or '*'} :{origin.realname}"
    lines = [join]
    if event.modes:
        lines.append(
            f":{server} MODE #{event.room_name} +{event.modes}" + f" {origin.nick}" * len(event.modes)
        )
    if origin.away is not None and caps.away_notify:
        # away-notify: sent "when a user joins and has an away message set"
        lines.append(f":{origin.mask} AWAY :{origin.away}")
    return lines


def _left(event: MemberLeft, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} PART #{event.room_name}{_trailing(event.reason)}",)


def _kicked(event: MemberKicked, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.by.mask} KICK #{event.room_name} {event.nick} :{event.reason or event.by.nick}",)


def _quit(event: UserLeft, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} QUIT :{event.reason}",)


def _nick(event: NickChanged, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} NICK {event.nick}",)


def _away(event: AwaySet, caps: Capabilities, server: str) -> Bodies:
    if not caps.away_notify:
        return ()
    return (f":{event.origin.mask} AWAY{_trailing(event.text or '')}",)


def _realname(event: RealnameSet, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.origin.mask} SETNAME :{event.realname}",) if caps.setname else ()


def _user_modes(event: UserModesSet, caps: Capabilities, server: str) -> Bodies:
    modes = _signed("+", event.adding) + _signed("-", event.removing)
    return (f":{event.nick} MODE {event.nick} {modes}",)


def _role_granted(event: RoleGranted, caps: Capabilities, server: str) -> Bodies:
    return (f":{server} MODE {event.nick} +o",)


def _role_changed(event: RoleChanged, caps: Capabilities, server: str) -> Bodies:
    return (f":{server} MODE {event.name} {'+' if event.role else '-'}o",)


def _account(event: UserSignedIn, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.before.mask} ACCOUNT {event.origin.account}",) if caps.account_notify else ()


def _invited(event: Invited, caps: Capabilities, server: str) -> Bodies:
    """Render an invitation for those with invite-notify; the invited person gets a line of their own."""
    return (invitation(event),) if caps.invite_notify else ()


def invitation(event: Invited) -> str:
    return f":{event.by.mask} INVITE {event.nick} #{event.room_name}"


def _request(event: RequestMade, caps: Capabilities, server: str) -> Bodies:
    room = f"#{event.room_name}"
    return (f":{server} 710 {room} {room} {event.origin.mask} :has asked for an invite.",)


def _topic(event: TopicSet, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.by.mask} TOPIC #{event.room_name} :{event.text}",)


def _modes(event: ModesChanged, caps: Capabilities, server: str) -> Bodies:
    letters, arguments, sign = "", "", ""
    for change in event.changes:
        now = "+" if change.adding else "-"
        letters += change.letter if now == sign else now + change.letter
        arguments += f" {change.argument}" if change.argument else ""
        sign = now
    return (f":{event.by.mask} MODE #{event.room_name} {letters}{arguments}",)


_ACCESS_LETTERS: Final = {Access.OPEN: "", Access.APPROVAL: "A", Access.INVITATION: "i"}


def _configured(event: RoomConfigured, caps: Capabilities, server: str) -> Bodies:
    before = _ACCESS_LETTERS[event.access_before] + ("s" if event.secret_before else "")
    after = _ACCESS_LETTERS[event.access] + ("s" if event.secret else "")
    adding = _signed("+", "".join(letter for letter in after if letter not in before))
    removing = _signed("-", "".join(letter for letter in before if letter not in after))
    return (f":{event.by.mask} MODE #{event.room_name} {adding}{removing}",) if adding or removing else ()


def _announced(event: Announced, caps: Capabilities, server: str) -> Bodies:
    if event.to_listeners:
        return (f":{event.by.mask} WALLOPS :{event.text}",)
    room = BODY_BYTES_MAX - len(server.encode()) - 12
    return [f":{server} NOTICE * :{piece}" for piece in split(event.text, room)]


def _level(event: LevelSet, caps: Capabilities, server: str) -> Bodies:
    level = event.level.value if event.level else "usual"
    return (f":{server} NOTIFY {event.name} {level}",) if "hubbub/notify" in caps else ()


def _emoji_added(event: EmojiAdded, caps: Capabilities, server: str) -> Bodies:
    return _emoji(caps, f":{server} EMOJI ADD {event.emoji.name} {event.emoji.file}")


def _emoji_renamed(event: EmojiRenamed, caps: Capabilities, server: str) -> Bodies:
    return _emoji(caps, f":{server} EMOJI RENAME {event.name} {event.new}")


def _emoji_deleted(event: EmojiDeleted, caps: Capabilities, server: str) -> Bodies:
    return _emoji(caps, f":{server} EMOJI DELETE {event.name}")


def _emoji(caps: Capabilities, body: str) -> Bodies:
    return (body,) if "hubbub/emoji" in caps else ()


def _begun(event: ConversationBegun | PeopleAdded, caps: Capabilities, server: str) -> Bodies:
    return conversation_lines(event.by.mask, event.room_name, event.names) if caps.conversations else ()


def conversation_lines(source: str, room_name: str, names: Iterable[str]) -> list[str]:
    """The lines that say that a channel is a conversation of several people, and name all of them."""
    head = f":{source} CONVERSE #{room_name}"
    room = BODY_BYTES_MAX - len(head.encode()) - 2
    return [head, *(f"{head} +{some}" for some in joined(names, ",", room))]


def draft_words(event: DraftSet) -> str:
    return f"{event.name} {msgid(event.id)} {msgid(event.since)}"


def _reported(event: MessageReported, caps: Capabilities, server: str) -> Bodies:
    return (
        f":{server} NOTICE * :{report_sentence(event.report)} To list reports, write: /msg Hubbub reports",
    )


def _ended(event: SessionEnded, caps: Capabilities, server: str) -> Bodies:
    error = f"ERROR :Closing link: ({event.address}) [{event.reason}]"
    if event.is_revoked and "standard-replies" in caps:
        # So that a client does not come back by itself with what is void now.
        return (f":{server} FAIL * {SIGNED_OUT} :{event.reason}", error)
    if event.by is None:
        return (error,)
    # "the client being killed receives the `KILL` message, and the `<source>` … SHOULD be the operator"
    return (f":{event.by.mask if event.by.person else server} KILL {event.name} :{event.reason}", error)


def _trailing(text: str) -> str:
    return f" :{text}" if text else ""


def _signed(sign: str, letters: str) -> str:
    return sign + letters if letters else ""


EVENTS: Final[dict[type[Event], Writer]] = {
    MessageSaid: _said,
    MessageEdited: _edited,
    MessageRedacted: _redacted,
    ReadMarked: _read_marked,
    MetadataSet: _metadata,
    MetadataTold: _metadata_told,
    RoomRenamed: _renamed,
    MemberJoined: _joined,
    MemberAppeared: _joined,
    MemberLeft: _left,
    MemberKicked: _kicked,
    UserLeft: _quit,
    NickChanged: _nick,
    AwaySet: _away,
    RealnameSet: _realname,
    UserModesSet: _user_modes,
    RoleGranted: _role_granted,
    RoleChanged: _role_changed,
    UserSignedIn: _account,
    Invited: _invited,
    RequestMade: _request,
    TopicSet: _topic,
    ModesChanged: _modes,
    RoomConfigured: _configured,
    Announced: _announced,
    MessageReported: _reported,
    LevelSet: _level,
    EmojiAdded: _emoji_added,
    EmojiRenamed: _emoji_renamed,
    EmojiDeleted: _emoji_deleted,
    SessionEnded: _ended,
    ConversationBegun: _begun,
    PeopleAdded: _begun,
}
