"""What lasts: whatever happens, loading gives back the state as the engine has it, without guests and their things."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from hubbub.engine.accounts import AccountRegistered, CredentialSet
from hubbub.engine.audit import ActRecorded
from hubbub.engine.edits import MessageEdited, MessageRedacted
from hubbub.engine.engine import apply, decide
from hubbub.engine.entering import SeenNoted
from hubbub.engine.event import Command, Event, Origin, Request
from hubbub.engine.files import FileStored
from hubbub.engine.ids import id_after, time_of
from hubbub.engine.known_addresses import AddressNoted
from hubbub.engine.membership import MemberJoined
from hubbub.engine.message_kinds import TAGS
from hubbub.engine.messages import MessageSaid, ToPerson, ToRoom
from hubbub.engine.moderation import KeepOut, KeepOutAddress, LetIn, LetInAddress
from hubbub.engine.names import RoomName
from hubbub.engine.readmarkers import ReadMarked
from hubbub.engine.refusals import Refusal
from hubbub.engine.room_requests import Accept, Deny, Knock
from hubbub.engine.rooms import ConfigureRoom, CreateRoom, DeleteRoom, RenameRoom, RoomCreated
from hubbub.engine.sessions import Connect
from hubbub.engine.state import (
    Access,
    Account,
    Credential,
    History,
    Role,
    Room,
    Scope,
    State,
    Token,
    TokenKind,
)
from hubbub.engine.tokens import TokenAdded
from hubbub.storage import Seal, SqliteStorage, StorageError, blobs, open_storage, restore
from hubbub.storage.schema import MIGRATIONS
from tests.engine.test_replay import NAMES, ROOMS, commands, resolved
from tests.storage.earlier_schemas import database_of, version_before

SEAL = Seal((bytes(32),))
ANN = Origin(7, "ann", "ann", "local", "ann")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqliteStorage]:
    made = open_storage(tmp_path / "hubbub.db", SEAL)
    yield made
    made.close()


def room(number: int) -> RoomCreated:
    name = RoomName.known("tea")
    return RoomCreated(number, 5, name, Access.OPEN, False, History.ALL, kept=True)


def hash_of(number: int) -> Credential:
    return Credential(f"$argon2id${number}", f"SCRAM-SHA-256$4096:{number}")


def said(number: int, text: str = "hello", room: int = 5) -> MessageSaid:
    return MessageSaid(number, ANN, ToRoom(room, "tea"), text, tags=(("+draft/reply", "abc"),))


def private(number: int, by: int, to: int, text: str = "psst") -> MessageSaid:
    return MessageSaid(number, Origin(by, f"p{by}"), ToPerson(to, f"p{to}"), text)


def opened(account: Account) -> Credential:
    """Its credential as it was before it was sealed."""
    return Credential(account.credential.argon2, SEAL.opened(account.id, account.credential))


def accounts_of(state: State) -> dict[int, object]:
    def one(account: Account) -> object:
        name, credential = account.name.text, opened(account)
        known = (account.role, account.approved, account.seen, account.read, account.metadata)
        return name, credential, sorted(account.rooms), *known, list(account.known.items())

    return {number: one(account) for number, account in state.accounts.items()}


def rooms_of(state: State) -> dict[int, object]:
    def one(room: Room) -> object:
        members = [
            (number, member.since, member.modes)
            for number, member in room.members.items()
            if number in state.accounts
        ]
        how = (room.name.text, room.access, room.secret, sorted(room.flags), room.key, room.limit, room.kept)
        admitted = {number: modes for number, modes in room.admitted.items() if number in state.accounts}
        known = (room.topic, room.history, room.lists, room.requests, room.metadata)
        invited = {number: event for number, event in room.invited.items() if number in state.accounts}
        return how, members, admitted, invited, *known

    return {
        number: one(room)
        for number, room in state.rooms.items()
        if room.kept or any(member in state.accounts for member in room.members)
    }


def from_the_console(at: int) -> list[Command]:
    name, room = NAMES[at % len(NAMES)], ROOMS[at % len(ROOMS)]
    return [
        KeepOut(name, 60_000, "noise"),
        KeepOut(name, None, "spam"),
        LetIn(name, banned=True),
        KeepOutAddress("192.0.2.0/24", None, "botnet"),
        LetInAddress("192.0.2.0/24", banned=True),
        ConfigureRoom(room, Access.APPROVAL, secret=True, history=History.SINCE_JOINING),
        ConfigureRoom(room, Access.INVITATION),
        CreateRoom(RoomName.known(f"new{at}"), Access.APPROVAL),
        RenameRoom(room, RoomName.known(f"{room.text}2")),
        RenameRoom(RoomName.known(f"{room.text}2"), room),
        Accept(room, name),
        Deny(room, name, "no"),
        DeleteRoom(RoomName.known(f"new{at - 3}")),
    ]


def test_what_happened_is_what_is_loaded(tmp_path: Path) -> None:
    for seed in range(12):
        storage = open_storage(tmp_path / f"{seed}.db", SEAL)
        state, last, kept = State(), 0, []
        for at, (session, command) in enumerate(commands(seed, 400)):
            asked: list[tuple[int, Command]] = [(session, command)]
            if isinstance(command, Connect):
                pass
            elif at % 5 == 0:
                console = from_the_console(at)
                asked.append((0, console[at // 5 % len(console)]))
            elif at % 7 == 0:
                asked.append((session, Knock(ROOMS[at % 3], "please")))
            for number, one in asked:
                answer = decide(
                    state,
                    Request(
                        id_after(last, 1000 + at), number, resolved(state, number, one) if number else one
                    ),
                )
                for event in () if isinstance(answer, Refusal) else answer:
                    last = event.id
                    apply(state, event)
                    kept += [event] if storage.keeps(event) else []
        for start in range(0, len(kept), 37):
            storage.commit(kept[start : start + 37])
        storage.close()
        again = open_storage(tmp_path / f"{seed}.db")
        loaded, last_loaded = again.load()
        assert accounts_of(loaded) == accounts_of(state)
        assert rooms_of(loaded) == rooms_of(state)
        assert loaded.tokens == state.tokens
        assert {name: number for name, number in loaded.rooms_renamed.items() if number in loaded.rooms} == {
            name: number for name, number in state.rooms_renamed.items() if number in loaded.rooms
        }
        assert loaded.names_kept_out == state.names_kept_out
        assert loaded.networks_kept_out == state.networks_kept_out
        assert kept[-1].id <= last_loaded <= last
        assert again.check() == []
        again.close()


def test_history_comes_back_as_it_was_said(storage: SqliteStorage) -> None:
    big = (1 << 62) + 12345
    events: list[Event] = [
        said(10, "one"),
        said(11, "zwei\tü 🎉 \"'\\"),
        said(12, "other room", room=6),
        said(big),
    ]
    storage.commit(events)
    assert storage.history(room=5, limit=10) == (events[0], events[1], events[3])
    assert storage.history(room=5, limit=1) == (events[3],)
    assert storage.history(room=5, limit=1, oldest=True) == (events[0],)
    assert storage.history(room=5, limit=10, after=10, before=big) == (events[1],)
    assert storage.history(room=7, limit=10) == ()


def test_a_private_conversation_is_the_same_from_both_ends(storage: SqliteStorage) -> None:
    events = [private(1, 7, 8), private(2, 8, 7, "yes?"), private(3, 7, 9)]
    storage.commit(events)
    assert storage.history(persons=(7, 8), limit=10) == tuple(events[:2])
    assert storage.history(persons=(8, 7), limit=10) == tuple(events[:2])
    assert storage.conversations(7, 10) == ((8, "p8", 2), (9, "p9", 3))
    assert storage.conversations(8, 10) == ((7, "p7", 2),)
    assert storage.conversations(7, 1) == ((9, "p9", 3),)
    assert storage.conversations(7, 1, oldest=True) == ((8, "p8", 2),)
    assert storage.conversations(7, 2, oldest=True) == ((8, "p8", 2), (9, "p9", 3))
    assert storage.conversations(7, 10, after=2) == ((9, "p9", 3),)
    assert storage.conversations(4, 10) == ()


def test_a_note_to_oneself_is_one_conversation(storage: SqliteStorage) -> None:
    storage.commit([private(1, 7, 7, "buy milk")])
    assert storage.conversations(7, 10) == ((7, "p7", 1),)
    assert storage.history(persons=(7, 7), limit=5) == (private(1, 7, 7, "buy milk"),)


def test_who_joined_and_left_is_told_only_on_asking(storage: SqliteStorage) -> None:
    joined = MemberJoined(2, ANN, 5, "tea", "o", lasting=False)
    events: Sequence[Event] = [said(1), joined, said(3)]
    storage.commit(events)
    assert storage.history(room=5, limit=10) == (events[0], events[2])
    assert storage.history(room=5, limit=10, events=True) == tuple(events)
    assert storage.history(room=5, limit=2, events=True) == tuple(events[1:])
    assert storage.history(room=5, limit=2, events=True, oldest=True) == tuple(events[:2])


def test_the_administrator_reads_private_messages_without_their_text(storage: SqliteStorage) -> None:
    storage.commit([said(1, "public"), private(2, 7, 8, "secret")])
    assert storage.since(0, 10) == (said(1, "public"), private(2, 7, 8, ""))
    assert storage.since(2, 10) == (private(2, 7, 8, ""),)
    assert storage.since(0, 1) == (private(2, 7, 8, ""),)


def test_tags_alone_are_not_kept(storage: SqliteStorage) -> None:
    assert not storage.keeps(MessageSaid(1, ANN, ToRoom(5, "tea"), "", TAGS))
    assert storage.keeps(said(1))


def test_the_audit_trail_is_in_order(storage: SqliteStorage) -> None:
    acts = [ActRecorded(number, "ann", "ban", f"bob{number}", "spam") for number in (1, 2, 3)]
    storage.commit(acts)
    assert storage.acts(2) == tuple(acts[1:])


def test_a_commit_is_done_whole_or_not_at_all(storage: SqliteStorage) -> None:
    storage.commit([said(1)])
    with pytest.raises(StorageError):
        storage.commit([ActRecorded(2, "ann", "ban", "bob"), said(3), said(1, "twice")])
    assert storage.acts(10) == ()
    assert storage.history(room=5, limit=10) == (said(1),)
    storage.commit([said(3)])


def test_a_full_disk_is_an_error_and_what_was_there_stays(storage: SqliteStorage) -> None:
    storage.commit([said(1)])
    pages = storage._writer.execute("PRAGMA page_count").fetchone()[0]
    # The limit counts pages in memory, too, where a full disk would not: reading makes the index's first part there.
    storage._writer.execute(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(StorageError, match="can't be written"):
        storage.commit([said(number, "x" * 4000) for number in range(2, 100)])
    assert storage.history(room=5, limit=10) == (said(1),)


def test_a_backup_is_whole_and_can_be_restored(storage: SqliteStorage, tmp_path: Path) -> None:
    storage.commit([room(0), said(1)])
    storage.backup(tmp_path / "backups" / "copy.db")
    storage.commit([said(2)])
    assert (tmp_path / "backups" / "copy.db").stat().st_mode & 0o777 == 0o600
    restore(tmp_path / "backups" / "copy.db", tmp_path / "new.db")
    again = open_storage(tmp_path / "new.db")
    assert again.history(room=5, limit=10) == (said(1),)
    again.close()
    with pytest.raises(StorageError, match="--replace"):
        restore(tmp_path / "backups" / "copy.db", tmp_path / "new.db")
    restore(tmp_path / "backups" / "copy.db", tmp_path / "new.db", replace=True)


def test_a_backup_holds_the_files(
    storage: SqliteStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "PIECE_BYTES", 10)
    bodies = {hashlib.sha256(body).hexdigest(): body for body in (b"x" * 95, b"")}
    for number, (digest, body) in enumerate(bodies.items(), start=1):
        storage.commit([FileStored(number, 7, f"file-{number}", digest, "a.bin", "text/plain", len(body))])
        place = blobs.path_of(storage.path.parent / blobs.FOLDER, digest)
        place.parent.mkdir(parents=True)
        place.write_bytes(body)
    storage.backup(tmp_path / "backups" / "copy.db")
    assert storage.check() == []
    place.unlink()
    assert storage.check() == ["Files whose content is missing: 1."]
    new = tmp_path / "new"
    new.mkdir()
    restore(tmp_path / "backups" / "copy.db", new / "hubbub.db")
    for digest, body in bodies.items():
        assert blobs.path_of(new / blobs.FOLDER, digest).read_bytes() == body
    with closing(open_storage(new / "hubbub.db")) as restored:
        assert restored.check() == [] and restored.file("file-1")


def test_what_is_no_backup_is_not_restored(storage: SqliteStorage, tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"nothing of ours" * 1000)
    sqlite3.connect(tmp_path / "strange").execute("CREATE TABLE t (a)").connection.close()
    for name in ("junk", "strange", "missing"):
        with pytest.raises(StorageError):
            restore(tmp_path / name, tmp_path / "new.db")
        assert not (tmp_path / "new.db").exists()


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"nothing of ours" * 1000)
    sqlite3.connect(tmp_path / "strange").execute("CREATE TABLE t (a)").connection.close()
    for name in ("junk", "strange"):
        with pytest.raises(StorageError):
            open_storage(tmp_path / name)


def test_a_newer_database_is_refused(storage: SqliteStorage, tmp_path: Path) -> None:
    storage._writer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StorageError, match="newer Hubbub"):
        open_storage(tmp_path / "hubbub.db")


def test_strays_are_found(storage: SqliteStorage) -> None:
    storage.commit([said(1, room=99)])
    storage._writer.execute("INSERT INTO admitted VALUES (98, 97, '', NULL)")
    problems = storage.check()
    assert any("rooms that never existed: 1" in problem for problem in problems)
    assert any("admitted" in problem for problem in problems)


def test_what_was_deleted_is_not_in_the_log_either(storage: SqliteStorage) -> None:
    """Also where somebody was reading, so that the log could not be cut at the first time."""
    log = storage.path.with_name(f"{storage.path.name}-wal")
    secret = "a word that should not have been said"
    storage.checkpoint()
    storage.commit([said(1, text=secret)])
    with closing(sqlite3.connect(storage.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM message").fetchone()
        storage.commit([MessageRedacted(2, ANN, 1, "ann", 5, 0, "tea", "", "")])
        assert secret.encode() in log.read_bytes() and storage.holds_deleted
        storage.checkpoint()
        assert storage.holds_deleted
    storage.checkpoint()
    assert not storage.holds_deleted
    assert secret.encode() not in log.read_bytes()
    assert secret.encode() not in storage.path.read_bytes()


def _refuse(*words: object, **named: object) -> sqlite3.Connection:
    raise sqlite3.OperationalError("disk I/O error")


def test_what_could_not_be_folded_is_cut_later(
    storage: SqliteStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = storage.path.with_name(f"{storage.path.name}-wal")
    secret = "a word that should not have been said"
    storage.checkpoint()
    storage.commit([said(1, text=secret)])
    with monkeypatch.context() as broken:
        broken.setattr(sqlite3, "connect", _refuse)
        storage.commit([MessageRedacted(2, ANN, 1, "ann", 5, 0, "tea", "", "")])
    assert storage.holds_deleted and secret.encode() in log.read_bytes()
    storage.checkpoint()
    assert storage.unfolded == 0 and not storage.holds_deleted
    assert secret.encode() not in log.read_bytes()


def test_an_old_password_is_not_in_the_log_either(storage: SqliteStorage) -> None:
    log = storage.path.with_name(f"{storage.path.name}-wal")
    storage.checkpoint()
    old, new = Credential("$argon2id$the-old-one", "s"), Credential("$argon2id$the-new-one", "s")
    storage.commit([AccountRegistered(1, 1, "ann", old, Role.MEMBER, True)])
    storage.commit([CredentialSet(2, 1, new)])
    for path in (log, storage.path):
        assert b"the-old-one" not in path.read_bytes()


def test_folding_loses_nothing(storage: SqliteStorage) -> None:
    storage.commit([said(1)])
    assert storage.unfolded > 0
    storage.checkpoint()
    assert storage.unfolded == 0
    assert storage.history(room=5, limit=10) == (said(1),)


def test_tokens_and_marks_of_what_was_read_come_back_whatever_is_written_in_them(
    storage: SqliteStorage,
) -> None:
    tokens, marks = {}, {}
    names = [
        'a "quoted" one',
        "back\\slash",
        "tab\t, line\n, bell\a",
        "Ünïcödé 🦀 \u2028",
        "",
        "[1,2]",
        "null",
        "a\0b",
    ]
    for number, name in enumerate(names, start=1):
        storage.commit(
            [AccountRegistered(number, number, f"p{number}", hash_of(number), Role(number % 3), number != 3)]
        )
        scopes = (Scope.READ, Scope.POST) if number % 2 else (Scope.CHAT,)
        kind = TokenKind.KEY if number == 4 else TokenKind.SECRET
        tokens[f"d{number}"] = Token(number, name, f"d{number}", kind, time_of(100 + number), scopes)
        storage.commit([TokenAdded(100 + number, number, name, f"d{number}", kind, scopes)])
        marks[number] = {number % 3 + 1: (1 << 62) + number, 77: number}
        for place, until in marks[number].items():
            storage.commit(
                [ReadMarked(200 + number, number, place, "#tea", until, lasting=True, forgotten=0)]
            )
    state, _ = storage.load()
    assert state.tokens == tokens
    assert {number: account.read for number, account in state.accounts.items()} == marks
    accounts = state.accounts.values()
    assert [account.role for account in accounts] == [Role(number % 3) for number in marks]
    assert [opened(account) for account in accounts] == [hash_of(number) for number in marks]
    assert [number for number, account in state.accounts.items() if not account.approved] == [3]


def test_up_to_where_somebody_has_read_is_kept_and_only_grows(storage: SqliteStorage) -> None:
    for number in (7, 8):
        event = AccountRegistered(number, number, f"p{number}", Credential("hash", "keys"), Role.MEMBER, True)
        storage.commit([event])
    storage.commit([SeenNoted(100, ((7, 50), (8, 60)))])
    storage.commit([SeenNoted(101, ((7, 40), (9, 70)))])
    state, last = storage.load()
    assert (state.accounts[7].seen, state.accounts[8].seen, last) == (50, 60, 101)


def test_where_owners_have_signed_in_lasts_in_its_order(storage: SqliteStorage) -> None:
    storage.commit([AccountRegistered(7, 7, "ann", hash_of(7), Role.MEMBER, True)])
    ids = [event_id << 22 for event_id in range(1, 5)]
    noted = [
        AddressNoted(ids[0], 7, "b", ""),
        AddressNoted(ids[1], 7, "a", ""),
        AddressNoted(ids[2], 7, "b", ""),
    ]
    storage.commit([*noted, AddressNoted(ids[3], 7, "c", "a")])
    state, _ = storage.load()
    assert list(state.accounts[7].known) == ["b", "c"]


def test_data_of_before_owners_addresses_were_known(tmp_path: Path) -> None:
    """Nobody is known anywhere then, and is from the next time on."""
    path = tmp_path / "hubbub.db"
    database_of(path, version_before("TABLE known_address")).close()
    storage = open_storage(path)
    storage.commit([AccountRegistered(7, 7, "ann", hash_of(7), Role.MEMBER, True)])
    assert storage.load()[0].accounts[7].known == {}
    storage.commit([AddressNoted(9, 7, "a", "")])
    assert list(storage.load()[0].accounts[7].known) == ["a"]
    storage.close()


def test_closing_waits_for_whoever_still_reads(tmp_path: Path) -> None:
    """A connection that is closed below its reader takes the whole process with it."""
    storage = open_storage(tmp_path / "hubbub.db")
    reading, may_go_on = threading.Event(), threading.Event()

    def slow(number: int) -> int:
        reading.set()
        may_go_on.wait()
        return number

    storage._writer.create_function("slow", 1, slow)
    found: list[bytes] = []

    def read() -> None:
        with storage.in_use:
            found.extend(storage._writer.execute("SELECT slow(value) FROM secret").fetchone())

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait()
    closer = threading.Thread(target=storage.close)
    closer.start()
    with pytest.raises(StorageError, match="closed"):
        while True:  # Until it has begun to close, reading goes on.
            storage.secret()
    assert closer.is_alive()
    may_go_on.set()
    reader.join()
    closer.join()
    assert len(found) == 1


def test_whom_a_message_mentions_comes_back(storage: SqliteStorage) -> None:
    """And not of one that was edited to mention nobody, or deleted."""
    one = replace(said(100, "bob and @eve"), mentions=("bob", "eve"), concerned=(8,))
    storage.commit([one, replace(one, id=101), replace(one, id=102)])
    storage.commit(
        [
            MessageEdited(103, ANN, 101, "ann", 5, 0, "tea", "", "nobody", "message"),
            MessageRedacted(104, ANN, 102, "ann", 5, 0, "tea", "", ""),
        ]
    )
    found = [event for event in storage.history(limit=9, room=5) if isinstance(event, MessageSaid)]
    assert [event.mentions for event in found] == [("bob", "eve"), (), ()]
    assert not any(event.concerned for event in found), "that is known only while it is said"
    storage.commit(
        [MessageEdited(105, ANN, 100, "ann", 5, 0, "tea", "", "cat", "message", mentions=("cat",))]
    )
    (edit,) = list(storage.history(limit=9, room=5, after=104, events=True))
    assert isinstance(edit, MessageEdited) and edit.mentions == ("cat",)
