"""Writers of events: a table from each kind of event to the rows that it writes."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import astuple, replace

from hubbub.engine.access_lists import AccessGranted, RoomKept
from hubbub.engine.accounts import (
    AccountApproved,
    AccountRegistered,
    CredentialRenewed,
    CredentialSet,
    RoleChanged,
)
from hubbub.engine.audit import ActRecorded
from hubbub.engine.custom_emoji import EmojiAdded, EmojiDeleted, EmojiRenamed
from hubbub.engine.drafts import DraftSet
from hubbub.engine.edits import Amended, MessageEdited, MessageRedacted
from hubbub.engine.entering import SeenNoted
from hubbub.engine.event import Event, Origin
from hubbub.engine.files import AVATAR, FileRemoved, FileStored, files_in
from hubbub.engine.id_eras import EraBegun
from hubbub.engine.invitations import InvitationMade, InvitationUsed, InvitationWithdrawn
from hubbub.engine.joining_and_inviting import Invited
from hubbub.engine.known_addresses import AddressNoted
from hubbub.engine.membership import MemberAdded, MemberJoined, MemberKicked, MemberLeft
from hubbub.engine.message_kinds import has_text
from hubbub.engine.messages import MessageSaid, ToPerson, ToRoom, parent_of, reaction_of
from hubbub.engine.metadata import MetadataSet
from hubbub.engine.moderation import AddressKeptOut, AddressLetIn, NameKeptOut, NameLetIn
from hubbub.engine.modes import LISTS, ModeChange, ModesChanged
from hubbub.engine.names import fold
from hubbub.engine.notifications import LevelSet, PushAdded, PushRemoved
from hubbub.engine.policy import RANKS
from hubbub.engine.readmarkers import ReadMarked
from hubbub.engine.reports import MessageReported, ReportClosed
from hubbub.engine.room_requests import RequestAnswered, RequestMade
from hubbub.engine.rooms import RoomConfigured, RoomCreated, RoomDeleted, RoomRenamed
from hubbub.engine.sessions import UserLeft
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.state import Sanction
from hubbub.engine.tokens import TokenAdded, TokenRemoved, TokenUsed
from hubbub.engine.topics import TopicSet
from hubbub.engine.webhooks import WebhookAdded, WebhookDelivered, WebhookRemoved

from . import full_text_index
from .bulk_insert import ROWS_MAX, insert

Connection = sqlite3.Connection

MESSAGE_COLUMNS: Final = (
    *("id", "room", "low", "high", "kind", "person", "nick", "username", "host", "account"),
    *("to_name", "to_rank", "text", "tags", "cut", "joints", "bot", "content", "edited", "redacted"),
)
_SAID_COLUMNS: Final = (*MESSAGE_COLUMNS[:-2], "parent")
"""What is written of a message when it is said."""


_NONE: Final = "[]"
"""No tags, or no line breaks: of most messages."""


def write(database: Connection, events: Sequence[Event]) -> None:
    """Write what lasts of these events; within a transaction of the caller's."""
    messages: list[MessageSaid] = []
    amended: list[int] = []
    for event in events:
        if isinstance(event, MessageSaid):
            messages.append(event)
            continue
        if isinstance(event, Amended):
            _insert(database, messages)
            messages.clear()
            settle(database)
            amended.append(event.message)
        WRITERS[type(event)](database, event)
        if type(event) in HAPPENINGS:
            _happened(database, event)
    _insert(database, messages)
    full_text_index.forget(database, amended)
    if not isinstance(events[-1], MessageSaid):
        database.execute("UPDATE progress SET last = ?", (events[-1].id,))


def is_one_statement(events: Sequence[Event]) -> bool:
    """Whether `write` writes nothing but rows of messages, so few that it is done at once or not at all by itself."""
    return len(events) <= ROWS_MAX and all(
        isinstance(event, MessageSaid) and event.nonce is None and not files_in(event.text)
        for event in events
    )


_SETTLE: Final = (
    f"INSERT INTO message ({', '.join(_SAID_COLUMNS)}) "
    f"SELECT {', '.join(_SAID_COLUMNS)} FROM fresh ORDER BY room, low, high, id"
)


def settle(database: Connection) -> None:
    """Put what was said last where it is found; within a transaction of the caller's.

    A message said in one of many rooms changes pages all over the indexes, and each page that has changed is written
    whole. So messages are only appended at first, and many of them find their places at once: at the latest when
    somebody wants to read.
    """
    full_text_index.add_fresh(database)
    database.execute(_SETTLE)
    database.execute("DELETE FROM fresh")


def _insert(database: Connection, messages: Sequence[MessageSaid]) -> None:
    insert(database, "fresh", _SAID_COLUMNS, [_message(event) for event in messages])
    for event in messages:
        _posted(database, event.id, event.text)
    nonces = [(event.id, event.nonce.text) for event in messages if event.nonce]
    insert(database, "nonce", ("message", "text"), nonces, "INSERT OR IGNORE")


def is_kept(event: Event) -> bool:
    if type(event) not in WRITERS:
        return isinstance(event, MessageSaid) and (has_text(event.kind) or _is_reaction(event))
    if isinstance(event, UserLeft):
        return event.origin.account is not None
    if isinstance(event, Invited | InvitationMade | ReadMarked | MetadataSet):
        return event.lasting
    return True


def _is_reaction(event: MessageSaid) -> bool:
    return reaction_of(event.tags) is not None and parent_of(event.tags) is not None


def _message(event: MessageSaid) -> tuple[Any, ...]:
    by, tags, line_breaks = event.by, event.tags, event.line_breaks
    who = (event.kind, by.person, by.nick, by.username, by.host, by.account)
    parent = parent_of(tags) if tags else None
    more = (json.dumps(line_breaks) if line_breaks else _NONE, by.bot, event.content, parent)
    what = (event.text, json.dumps(tags) if tags else _NONE, event.cut, *more)
    to = event.to
    if isinstance(to, ToRoom):
        return (event.id, to.room, None, None, *who, to.name, to.to_rank, *what)
    low, high = sorted((by.person, to.person))
    return (event.id, None, low, high, *who, to.name, "", *what)


def message(row: Sequence[Any]) -> MessageSaid:
    """The event of a row of `MESSAGE_COLUMNS`."""
    (
        number,
        room,
        low,
        high,
        kind,
        person,
        nick,
        username,
        host,
        account,
        to_name,
        to_rank,
        text,
        tags,
        cut,
        line_breaks,
        bot,
        content,
        edited,
        redacted,
    ) = row
    by = Origin(person, nick, username, host, account, bot=bool(bot))
    pairs = () if tags == _NONE else tuple((key, value) for key, value in json.loads(tags))
    more = (bool(cut), () if line_breaks == _NONE else tuple(json.loads(line_breaks)), edited, bool(redacted))
    other = high if person == low else low
    to = ToRoom(room, to_name, to_rank) if room is not None else ToPerson(other, to_name)
    return MessageSaid(number, by, to, text, kind, content, pairs, *more)


def _registered(database: Connection, event: AccountRegistered) -> None:
    new = event.credential
    columns = ("id", "name", "argon2", "scram", "sealed_by", "role", "approved", "seen")
    row = (
        event.account,
        event.name,
        new.argon2,
        new.scram,
        new.sealed_by,
        event.role,
        event.approved,
        event.id,
    )
    insert(database, "account", columns, [row])


def _credential(database: Connection, event: CredentialSet | CredentialRenewed) -> None:
    new = (event.credential.argon2, event.credential.scram, event.credential.sealed_by, event.account)
    database.execute("UPDATE account SET argon2 = ?, scram = ?, sealed_by = ? WHERE id = ?", new)


def _role(database: Connection, event: RoleChanged) -> None:
    database.execute("UPDATE account SET role = ? WHERE id = ?", (event.role, event.account))


def _approved(database: Connection, event: AccountApproved) -> None:
    database.execute("UPDATE account SET approved = 1 WHERE id = ?", (event.account,))


def _left_chat(database: Connection, event: UserLeft) -> None:
    seen = (event.seen, event.origin.person)
    database.execute("UPDATE account SET seen = max(seen, ?) WHERE id = ?", seen)


def _seen(database: Connection, event: SeenNoted) -> None:
    database.execute(
        "UPDATE account SET seen = max(account.seen, new.seen) FROM ("
        "  SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS seen FROM json_each(?)"
        ") AS new WHERE account.id = new.id",
        (json.dumps(event.seen),),
    )


def _signed_in(database: Connection, event: UserSignedIn) -> None:
    for room, modes, since in event.memberships:
        known = database.execute(
            "UPDATE member SET modes = ? WHERE room = ? AND account = ?", (modes, room, event.origin.person)
        )
        if not known.rowcount:
            _enter(database, room, event.origin.person, since, modes)


def _created(database: Connection, event: RoomCreated) -> None:
    database.execute(
        "INSERT INTO room (id, name, access, secret, history, kept, maker) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(event.room, event.name.text, event.access.value, event.secret, event.history.value),
            *(event.kept, event.maker),
        ),
    )


def _deleted(database: Connection, event: RoomDeleted) -> None:
    """Its messages stay, and nobody reads them any more."""
    for table in ("member", "admitted", "request", "mask", "webhook"):
        database.execute(f"DELETE FROM {table} WHERE room = ?", (event.room,))
    database.execute("DELETE FROM metadata WHERE owner = ?", (event.room,))
    database.execute("DELETE FROM draft WHERE place = ?", (event.room,))
    database.execute("UPDATE room SET deleted = ? WHERE id = ?", (event.id, event.room))


def _renamed(database: Connection, event: RoomRenamed) -> None:
    database.execute("UPDATE room SET name = ? WHERE id = ?", (event.new.text, event.room))


def _configured(database: Connection, event: RoomConfigured) -> None:
    database.execute(
        "UPDATE room SET access = ?, secret = ?, history = ? WHERE id = ?",
        (event.access.value, event.secret, event.history.value, event.room),
    )


def _enter(database: Connection, room: int, account: int, since: int, modes: str) -> None:
    database.execute("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?)", (room, account, since, modes))
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", (room, account))
    database.execute("UPDATE admitted SET invited = NULL WHERE room = ? AND account = ?", (room, account))
    database.execute("UPDATE room SET emptied = 0 WHERE id = ?", (room,))


def _emptied(database: Connection, room: int, at: int) -> None:
    """Note when the last of a room's accounts has left, if that was the last."""
    database.execute(
        "UPDATE room SET emptied = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM member WHERE room = ?)",
        (at, room, room),
    )


def _joined(database: Connection, event: MemberJoined) -> None:
    if event.lasting:
        _enter(database, event.room, event.origin.person, event.id, event.modes)


def _added(database: Connection, event: MemberAdded) -> None:
    _enter(database, event.room, event.account, event.id, event.modes)


def _left(database: Connection, event: MemberLeft) -> None:
    """Who leaves by themselves may come back, with the modes they had."""
    where = (event.room, event.origin.person)
    database.execute(
        "INSERT OR REPLACE INTO admitted (room, account, modes) "
        "SELECT room, account, modes FROM member WHERE room = ? AND account = ?",
        where,
    )
    database.execute("DELETE FROM member WHERE room = ? AND account = ?", where)
    _no_drafts(database, [(event.origin.person, event.room)])
    _emptied(database, event.room, event.at)


def _kicked(database: Connection, event: MemberKicked) -> None:
    for table in ("member", "admitted"):
        database.execute(f"DELETE FROM {table} WHERE room = ? AND account = ?", (event.room, event.person))
    _no_drafts(database, [(event.person, event.room)])
    _emptied(database, event.room, event.at)


def _invited(database: Connection, event: Invited) -> None:
    database.execute(
        "INSERT INTO admitted VALUES (?, ?, '', ?) ON CONFLICT DO UPDATE "
        "SET invited = max(coalesce(invited, 0), excluded.invited)",
        (event.room, event.person, event.id * event.by_operator),
    )
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", (event.room, event.person))


def _kept(database: Connection, event: RoomKept) -> None:
    database.execute("UPDATE room SET kept = ? WHERE id = ?", (event.kept, event.room))
    if event.maker:
        database.execute("UPDATE room SET maker = ? WHERE id = ?", (event.maker, event.room))


def _granted(database: Connection, event: AccessGranted) -> None:
    where = (event.room, event.account)
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", where)
    if event.rank:
        database.execute(
            "INSERT INTO admitted (room, account, modes) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET modes = excluded.modes",
            (*where, event.rank),
        )
    else:
        database.execute("DELETE FROM admitted WHERE room = ? AND account = ?", where)


def _requested(database: Connection, event: RequestMade) -> None:
    name = event.origin.account or event.origin.nick
    database.execute(
        "INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?, ?)",
        (event.room, event.origin.person, name, event.at, event.wish),
    )


def _answered(database: Connection, event: RequestAnswered) -> None:
    where = (event.room, event.account)
    database.execute("DELETE FROM request WHERE room = ? AND account = ?", where)
    if event.accepted:
        database.execute("INSERT OR IGNORE INTO admitted (room, account, modes) VALUES (?, ?, '')", where)


def _topic(database: Connection, event: TopicSet) -> None:
    topic = (event.text, event.by.mask, event.at) if event.text else (None, None, None)
    database.execute(
        "UPDATE room SET topic = ?, topic_by = ?, topic_at = ? WHERE id = ?", (*topic, event.room)
    )


def _modes(database: Connection, event: ModesChanged) -> None:
    for change in event.changes:
        if change.letter in LISTS:
            _mask(database, event, change)
        elif change.letter in RANKS:
            _rank(database, event.room, change)
        else:
            _setting(database, event.room, change)


def _mask(database: Connection, event: ModesChanged, change: ModeChange) -> None:
    key = (event.room, change.letter, change.argument)
    if change.adding:
        database.execute(
            "INSERT OR REPLACE INTO mask VALUES (?, ?, ?, ?, ?)", (*key, event.by.mask, event.at)
        )
    else:
        database.execute("DELETE FROM mask WHERE room = ? AND letter = ? AND mask = ?", key)


def _rank(database: Connection, room: int, change: ModeChange) -> None:
    where = (room, change.person)
    row = database.execute("SELECT modes FROM member WHERE room = ? AND account = ?", where).fetchone()
    if row:
        letters = row[0] + change.letter if change.adding else row[0].replace(change.letter, "")
        modes = "".join(letter for letter in RANKS if letter in letters)
        database.execute("UPDATE member SET modes = ? WHERE room = ? AND account = ?", (modes, *where))


def _setting(database: Connection, room: int, change: ModeChange) -> None:
    letter, adding = change.letter, change.adding
    if letter in _ACCESS:
        other = _ACCESS[letter]
        new, old = (other, "%") if adding else ("open", other)
        database.execute("UPDATE room SET access = ? WHERE id = ? AND access LIKE ?", (new, room, old))
    elif letter in _COLUMNS:
        column, unset = _COLUMNS[letter]
        value = (change.argument or 1) if adding else unset
        database.execute(f"UPDATE room SET {column} = ? WHERE id = ?", (value, room))
    elif adding:
        database.execute("UPDATE room SET flags = flags || ? WHERE id = ?", (letter, room))
    else:
        database.execute("UPDATE room SET flags = replace(flags, ?, '') WHERE id = ?", (letter, room))


_ACCESS: Final = {"A": "approval", "i": "invitation"}
_COLUMNS: Final[dict[str, tuple[str, object]]] = {"k": ("key", None), "l": ("size", None), "s": ("secret", 0)}


def _sanction(database: Connection, kind: str, subject: str, sanction: Sanction) -> None:
    row = (kind, subject, sanction.until, sanction.reason, sanction.by, sanction.at)
    database.execute("INSERT OR REPLACE INTO sanction VALUES (?, ?, ?, ?, ?, ?)", row)


def _lift(database: Connection, kind: str, subject: str) -> None:
    database.execute("DELETE FROM sanction WHERE kind = ? AND subject = ?", (kind, subject))


def _edited(database: Connection, event: MessageEdited) -> None:
    """Its new text takes the place of the old one, which nobody needs any more."""
    said = _said(database, event.message)
    if said is None:
        return
    new = (event.text, json.dumps(event.line_breaks), event.cut, event.id, event.message)
    database.execute("UPDATE message SET text = ?, joints = ?, cut = ?, edited = ? WHERE id = ?", new)
    full_text_index.edit(database, said, event.text)
    _not_posted(database, event.message)
    _posted(database, event.message, event.text)
    _amended(database, replace(event, text="", line_breaks=()))


def _redacted(database: Connection, event: MessageRedacted) -> None:
    """Nothing of it is left but who said it, and when."""
    said = _said(database, event.message)
    if said is None:
        return
    full_text_index.remove(database, said)
    _not_posted(database, event.message)
    database.execute(
        "UPDATE message SET text = '', content = NULL, tags = '[]', joints = '[]', redacted = ? WHERE id = ?",
        (event.id, event.message),
    )
    _amended(database, event)


def _said(database: Connection, number: int) -> MessageSaid | None:
    """A message as it is; None if there is nothing left of it, because somebody else was faster."""
    query = f"SELECT {', '.join(MESSAGE_COLUMNS)} FROM message WHERE id = ? AND NOT redacted"
    row = database.execute(query, (number,)).fetchone()
    return message(row) if row else None


def _amended(database: Connection, event: Amended) -> None:
    low, high = (None, None) if event.room else sorted((event.by.person, event.to))
    fields = msgspec.json.encode(event).decode()
    row = (event.id, event.message, event.room or None, low, high, AMENDMENTS[type(event)], fields)
    database.execute("INSERT INTO amendment VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _marked(database: Connection, event: ReadMarked) -> None:
    database.execute("DELETE FROM marker WHERE account = ? AND place = ?", (event.person, event.forgotten))
    row = (event.person, event.place, event.until)
    database.execute("INSERT OR REPLACE INTO marker VALUES (?, ?, ?)", row)


def _metadata(database: Connection, event: MetadataSet) -> None:
    where = (event.owner, event.key)
    is_avatar = event.key == AVATAR
    before = (
        database.execute("SELECT value FROM metadata WHERE owner = ? AND key = ?", where).fetchone()
        if is_avatar
        else None
    )
    if event.value is None:
        database.execute("DELETE FROM metadata WHERE owner = ? AND key = ?", where)
    else:
        database.execute("INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)", (*where, event.value))
    if is_avatar:
        for file in files_in(event.value or ""):
            database.execute("UPDATE file SET posted = 1 WHERE id = ? AND person = ?", (file, event.owner))
        for file in files_in(before[0]) if before else ():
            _drop_unless_used(database, file)


def _token(database: Connection, event: TokenAdded) -> None:
    scopes = " ".join(scope.value for scope in event.scopes)
    row = (event.digest, event.account, event.name, event.kind.value, event.at, scopes)
    database.execute(
        "INSERT INTO token (digest, account, name, kind, at, scopes) VALUES (?, ?, ?, ?, ?, ?)", row
    )


def _token_used(database: Connection, event: TokenUsed) -> None:
    database.execute("UPDATE token SET used = ? WHERE digest = ?", (event.at, event.digest))


def _no_token(database: Connection, event: TokenRemoved) -> None:
    database.execute("DELETE FROM token WHERE digest = ?", (event.digest,))


def _address_noted(database: Connection, event: AddressNoted) -> None:
    """The one that makes way is gone from the file."""
    where = (event.account, event.forgotten)
    database.execute("DELETE FROM known_address WHERE account = ? AND digest = ?", where)
    row = (event.account, event.digest, event.at)
    database.execute("INSERT OR REPLACE INTO known_address VALUES (?, ?, ?)", row)


def _posted(database: Connection, message: int, text: str) -> None:
    """Note which files a message names, of those that there are."""
    for file in files_in(text):
        known = database.execute("UPDATE file SET posted = 1 WHERE id = ?", (file,))
        if known.rowcount:
            database.execute("INSERT OR IGNORE INTO posting VALUES (?, ?)", (file, message))


def _not_posted(database: Connection, message: int) -> None:
    """The message names nothing any more; what no other one names is not used any more."""
    files = database.execute("DELETE FROM posting WHERE message = ? RETURNING file", (message,)).fetchall()
    for (file,) in files:
        _drop_unless_used(database, file)


def _emoji(database: Connection, event: EmojiAdded) -> None:
    made = event.emoji
    row = (made.name, made.number, made.file, made.maker, made.by)
    database.execute("INSERT INTO emoji (name, number, file, maker, by) VALUES (?, ?, ?, ?, ?)", row)
    database.execute("UPDATE file SET posted = 1 WHERE id = ?", (made.file,))


def _emoji_renamed(database: Connection, event: EmojiRenamed) -> None:
    database.execute("UPDATE emoji SET name = ? WHERE name = ?", (event.new, event.name))


def _no_emoji(database: Connection, event: EmojiDeleted) -> None:
    database.execute("DELETE FROM emoji WHERE name = ?", (event.name,))
    _drop_unless_used(database, event.file)


def _drop_unless_used(database: Connection, file: str) -> None:
    """A file that no message names, and that is neither its sender's picture nor an emoji, may go."""
    database.execute(
        "UPDATE file SET posted = 2 WHERE id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM posting WHERE file = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM emoji WHERE file = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM metadata WHERE owner = file.person AND key = ?2 AND instr(value, ?1))",
        (file, AVATAR),
    )


def _file(database: Connection, event: FileStored) -> None:
    row = (event.file, event.person, event.digest, event.name, event.kind, event.size, event.id)
    database.execute(
        "INSERT INTO file (id, person, digest, name, kind, size, event) VALUES (?, ?, ?, ?, ?, ?, ?)", row
    )


def _no_file(database: Connection, event: FileRemoved) -> None:
    database.execute("DELETE FROM posting WHERE file = ?", (event.file,))
    database.execute("DELETE FROM file WHERE id = ?", (event.file,))


def _invitation(database: Connection, event: InvitationMade) -> None:
    made = event.invitation
    row = (made.digest, made.number, made.by, made.uses, made.until, made.note)
    database.execute("INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?)", row)


def _invitation_used(database: Connection, event: InvitationUsed) -> None:
    database.execute("UPDATE invitation SET uses = uses - 1 WHERE digest = ?", (event.digest,))
    database.execute("DELETE FROM invitation WHERE digest = ? AND uses = 0", (event.digest,))


def _no_invitation(database: Connection, event: InvitationWithdrawn) -> None:
    database.execute("DELETE FROM invitation WHERE digest = ?", (event.digest,))


def _report(database: Connection, event: MessageReported) -> None:
    database.execute("INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(event.report))


def _no_report(database: Connection, event: ReportClosed) -> None:
    database.execute("DELETE FROM report WHERE number = ?", (event.number,))


def _push(database: Connection, event: PushAdded) -> None:
    database.execute("INSERT OR REPLACE INTO push VALUES (?, ?, ?, ?, ?)", astuple(event.push))


def _no_push(database: Connection, event: PushRemoved) -> None:
    database.execute("DELETE FROM push WHERE endpoint = ?", (event.endpoint,))


def _level(database: Connection, event: LevelSet) -> None:
    if event.level is None:
        where = (event.account, event.place)
        database.execute("DELETE FROM level WHERE account = ? AND place = ?", where)
    else:
        row = (event.account, event.place, event.level.value)
        database.execute("INSERT OR REPLACE INTO level VALUES (?, ?, ?)", row)


def _draft(database: Connection, event: DraftSet) -> None:
    _no_drafts(database, [(event.account, place) for place in event.forgotten])
    row = (event.account, event.place, event.id, event.since, event.text)
    database.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)", row)


def _no_drafts(database: Connection, found: Sequence[tuple[int, int]]) -> None:
    """Forget the drafts of these accounts for these places."""
    database.executemany("DELETE FROM draft WHERE account = ? AND place = ?", found)


def _webhook(database: Connection, event: WebhookAdded) -> None:
    database.execute("INSERT INTO webhook VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(event.webhook))


def _no_webhook(database: Connection, event: WebhookRemoved) -> None:
    database.execute("DELETE FROM webhook WHERE number = ?", (event.number,))


def _delivered(database: Connection, event: WebhookDelivered) -> None:
    database.execute("UPDATE webhook SET delivered = ? WHERE number = ?", (event.upto, event.number))


_SET_RIGHT: Final = (
    "UPDATE sanction SET until = :now + until - at, at = :now WHERE at > :now",
    (
        "UPDATE invitation SET until = :now + until - (number >> 12 & 4398046511103) "
        "WHERE number >> 12 & 4398046511103 BETWEEN :now + 1 AND until - 1"
    ),
    "UPDATE marker SET until = :now WHERE until > :now",
    "UPDATE room SET emptied = :now WHERE emptied > :now",
)
"""What was made while the clock was ahead, as `EraBegun` says; where an id is shifted and masked, that is `time_of`."""


def _era(database: Connection, event: EraBegun) -> None:
    for statement in _SET_RIGHT:
        database.execute(statement, {"now": event.now})


def _act(database: Connection, event: ActRecorded) -> None:
    row = (event.id, event.by, event.act, event.subject, event.detail)
    database.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?)", row)


WRITERS: Final[dict[type[Event], Callable[[Connection, Any], None]]] = {
    AccountRegistered: _registered,
    CredentialSet: _credential,
    CredentialRenewed: _credential,
    RoleChanged: _role,
    AccountApproved: _approved,
    UserLeft: _left_chat,
    SeenNoted: _seen,
    UserSignedIn: _signed_in,
    RoomCreated: _created,
    RoomDeleted: _deleted,
    RoomRenamed: _renamed,
    RoomConfigured: _configured,
    RoomKept: _kept,
    AccessGranted: _granted,
    MemberJoined: _joined,
    MemberAdded: _added,
    MemberLeft: _left,
    MemberKicked: _kicked,
    Invited: _invited,
    RequestMade: _requested,
    RequestAnswered: _answered,
    TopicSet: _topic,
    ModesChanged: _modes,
    NameKeptOut: lambda database, e: _sanction(database, "name", fold(e.name), e.sanction),
    NameLetIn: lambda database, e: _lift(database, "name", fold(e.name)),
    AddressKeptOut: lambda database, e: _sanction(database, "network", e.network, e.sanction),
    AddressLetIn: lambda database, e: _lift(database, "network", e.network),
    MessageEdited: _edited,
    MessageRedacted: _redacted,
    ReadMarked: _marked,
    MetadataSet: _metadata,
    AddressNoted: _address_noted,
    TokenAdded: _token,
    TokenRemoved: _no_token,
    TokenUsed: _token_used,
    InvitationMade: _invitation,
    InvitationUsed: _invitation_used,
    InvitationWithdrawn: _no_invitation,
    MessageReported: _report,
    ReportClosed: _no_report,
    LevelSet: _level,
    PushAdded: _push,
    PushRemoved: _no_push,
    DraftSet: _draft,
    WebhookAdded: _webhook,
    WebhookRemoved: _no_webhook,
    WebhookDelivered: _delivered,
    FileStored: _file,
    EmojiAdded: _emoji,
    EmojiRenamed: _emoji_renamed,
    EmojiDeleted: _no_emoji,
    FileRemoved: _no_file,
    ActRecorded: _act,
    EraBegun: _era,
}

HAPPENINGS: Final[dict[type[Event], str]] = {
    MemberJoined: "MemberJoined",
    MemberLeft: "MemberLeft",
    MemberKicked: "MemberKicked",
    TopicSet: "TopicSet",
    ModesChanged: "ModesChanged",
    RoomRenamed: "RoomRenamed",
}
"""What a room's history tells besides what was said, under the name by which its rows are known for ever."""

AMENDMENTS: Final[dict[type[Event], str]] = {
    MessageEdited: "MessageEdited",
    MessageRedacted: "MessageRedacted",
}
"""What happens to messages afterwards, in the same way."""

TAKES_NOTHING_AWAY: Final[frozenset[type[Event]]] = frozenset(
    {
        *(MessageSaid, AccountRegistered, RoomCreated, MemberAdded, MemberJoined, MemberLeft),
        *(UserSignedIn, UserLeft, SeenNoted, ReadMarked, TokenUsed, WebhookDelivered, ActRecorded),
    }
)
"""What happens often, and leaves nothing behind that somebody may want to be gone; anything else may."""

DELETES: Final[frozenset[type[Event]]] = frozenset(
    {MessageRedacted, MessageEdited, FileRemoved, CredentialSet}
)
"""What somebody asks for so that something is gone: nobody is told before it is. What else takes away follows soon."""

_KINDS: Final = {name: kind for kind, name in (HAPPENINGS | AMENDMENTS).items()}


def _happened(database: Connection, event: Any) -> None:
    row = (event.id, event.room, HAPPENINGS[type(event)], msgspec.json.encode(event).decode())
    database.execute("INSERT INTO happening VALUES (?, ?, ?, ?)", row)


def room_event(kind: str, fields: str) -> Event:
    """The event of a row of `happening` or `amendment`."""
    event: Event = msgspec.json.decode(fields, type=_KINDS[kind])
    return event
