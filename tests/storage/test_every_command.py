"""Every command of the engine, one after the other: after each of them what is loaded is what the engine has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from hubbub.engine.access_lists import GrantAccess, KeepRoom
from hubbub.engine.accounts import (
    ApproveAccount,
    ChangeRole,
    GrantRole,
    RegisterAccount,
    RenewCredential,
    ResetCredential,
    SetCredential,
)
from hubbub.engine.announcements import Announce
from hubbub.engine.away import SetAway
from hubbub.engine.conversations import AddPeople, Converse
from hubbub.engine.custom_emoji import AddEmoji, DeleteEmoji, RenameEmoji
from hubbub.engine.drafts import SetDraft
from hubbub.engine.edits import Edit, Redact
from hubbub.engine.engine import COMMAND_RULES, apply, decide
from hubbub.engine.entering import Enter, NoteSeen
from hubbub.engine.event import Command, Event, Request
from hubbub.engine.files import AVATAR, RemoveFile, StoreFile
from hubbub.engine.id_eras import BeginEra
from hubbub.engine.ids import first_of_era, id_after
from hubbub.engine.invitations import CreateInvitation, ShowInvitation, Withdraw
from hubbub.engine.joining_and_inviting import Invite as InviteIntoRoom
from hubbub.engine.joining_and_inviting import Join
from hubbub.engine.known_addresses import NoteAddress
from hubbub.engine.membership import Kick, Leave
from hubbub.engine.messages import MessageSaid, Nonce, SayInRoom, SayPrivately
from hubbub.engine.metadata import ClearMetadata, SetMetadata, Subscribe, Unsubscribe
from hubbub.engine.moderation import KeepOut, KeepOutAddress, Kill, LetIn, LetInAddress
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.monitors import Unwatch, Watch, WatchMore
from hubbub.engine.names import RoomName
from hubbub.engine.nicks import ChangeNick
from hubbub.engine.notifications import AddPush, RemovePush, SetLevel
from hubbub.engine.readmarkers import MarkRead
from hubbub.engine.refusals import Refusal
from hubbub.engine.reports import CloseReport, ReportMessage
from hubbub.engine.revocation import EndSessions
from hubbub.engine.room_requests import Accept, Deny, Knock
from hubbub.engine.rooms import ConfigureRoom, CreateRoom, DeleteRoom, RenameRoom
from hubbub.engine.sessions import ComeThrough, Connect, Disconnect
from hubbub.engine.settings import ChangeRules, NoteSetting
from hubbub.engine.signin import SignIn
from hubbub.engine.state import (
    EVERYWHERE,
    Access,
    Account,
    Credential,
    History,
    Level,
    Role,
    Room,
    Rules,
    Scope,
    State,
)
from hubbub.engine.threads import Follow, NoteReply, ReadThreadUntil, Summary, Thread
from hubbub.engine.tokens import AddToken, NoteUse, RemoveToken
from hubbub.engine.topics import SetTopic
from hubbub.engine.unused_rooms import LetRoomGo
from hubbub.engine.user_profile import SetRealname, SetUserModes
from hubbub.engine.webhooks import AddWebhook, NoteDelivery, RemoveWebhook, SayByWebhook
from hubbub.storage import Seal, SqliteStorage, open_storage

SEAL = Seal((bytes(32),))
START_MS = 1_795_000_000_000
CONSOLE, ANN, BOB, GUEST = range(4)
TEA, COCOA, MATE = map(RoomName.known, ("tea", "cocoa", "mate"))
ENDPOINT = "https://push.example.org/1"
KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"

VOLATILE = {
    "rules": "the settings, read at the start",
    "sessions": "connections",
    "users": "who is present",
    "census": "counts of those",
    "nicks": "names of those",
    "nick_looks": "names of those",
    "watchers": "who watches whom, by session",
    "watched": "the same",
    "nonces": "the newest; the storage is asked for others",
    "departed": "who has left lately",
}
"""What a server that begins does not know any more, and why it need not."""

VOLATILE_OF_ROOMS = {"invited": "guests", "listeners": "sessions"}


def lasting(state: State) -> dict[str, Any]:
    """Everything of a state that has to come back, field by field: a new one is in it, or its reason in VOLATILE."""
    found = {
        field.name: getattr(state, field.name)
        for field in msgspec.structs.fields(State)
        if field.name not in VOLATILE
    }
    found["accounts"] = {number: _account(one) for number, one in state.accounts.items()}
    found["rooms"] = {one.id: _room(state, one) for one in state.rooms.values() if _stays(state, one)}
    kept = {room.id for room in state.rooms.values() if _stays(state, room)}
    for names in ("room_names", "rooms_renamed"):
        found[names] = {name: number for name, number in found[names].items() if number in kept}
    found["room_looks"] = {look: number for look, number in state.room_looks.items() if number in kept}
    # In the order of their making, whatever happened to them since.
    for table in ("invitations", "tokens", "webhooks", "pushes", "reports", "file_bytes", "account_names"):
        found[table] = dict(sorted(found[table].items()))
    found["file_bytes"] = {person: size for person, size in found["file_bytes"].items() if size}
    return found


def _stays(state: State, room: Room) -> bool:
    return room.kept or any(member in state.accounts for member in room.members)


def _account(account: Account) -> dict[str, Any]:
    fields = {one.name: getattr(account, one.name) for one in msgspec.structs.fields(Account)}
    known = account.credential
    keys = SEAL.opened(account.id, known) if known.sealed_by else known.scram
    return fields | {
        "rooms": sorted(account.rooms),
        "credential": (known.argon2, keys),
        "known": list(account.known.items()),
    }


def _room(state: State, room: Room) -> dict[str, Any]:
    fields = {
        one.name: getattr(room, one.name)
        for one in msgspec.structs.fields(Room)
        if one.name not in VOLATILE_OF_ROOMS
    }
    return fields | {
        "flags": sorted(room.flags),
        "members": {number: one for number, one in room.members.items() if number in state.accounts},
        "admitted": {number: one for number, one in room.admitted.items() if number in state.accounts},
    }


class World:
    """An engine and its storage, which are compared after each command."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state, self.last, self.now = State(), 0, START_MS
        self.storage: SqliteStorage = open_storage(path, SEAL)
        self.happened: list[Event] = []
        self.done: set[type[Command]] = set()

    def ask(self, session: int, command: Command) -> None:
        self.now += 1_000
        answer = decide(self.state, Request(id_after(self.last, self.now), session, command))
        assert not isinstance(answer, Refusal), f"{command}: {answer}"
        for event in answer:
            self.last = event.id
            apply(self.state, event)
        self.happened += answer
        if kept := [event for event in answer if self.storage.keeps(event)]:
            self.storage.commit(kept)
        self.done.add(type(command))
        self.compare()

    def compare(self) -> None:
        loaded, _ = self.storage.load()
        assert lasting(loaded) == lasting(self.state)

    def reopen(self) -> None:
        self.storage.close()
        self.storage = open_storage(self.path, SEAL)
        self.compare()

    def person(self, name: str) -> int:
        found = self.state.account_named(name)
        assert found
        return found.id

    def room(self, name: RoomName) -> int:
        found = self.state.room_named(name)
        assert found
        return found.id

    def version(self, name: str, room: RoomName) -> int:
        """Of the draft that somebody has for a room."""
        return self.state.accounts[self.person(name)].drafts[self.room(room)].version

    def conversation(self) -> RoomName:
        return next(room.name for room in self.state.rooms.values() if room.conversation)

    def left(self, name: str) -> LetRoomGo:
        """Nobody has come back into a room of guests for long."""
        self.now += 400 * 86_400_000
        return LetRoomGo(self.room(RoomName.known(name)))

    def thread(self) -> Thread:
        """The thread of the last message, as if bob had just replied."""
        return Thread(self.said(), Summary(1, self.last, ((self.person("bob"), "bob"),)))

    def said(self) -> MessageSaid:
        """The last message."""
        return next(one for one in reversed(self.happened) if isinstance(one, MessageSaid))


Step = tuple[int, Callable[[World], Command]]


def by(session: int, *commands: Command | Callable[[World], Command]) -> list[Step]:
    def step(given: Command | Callable[[World], Command]) -> Step:
        return session, (lambda world: given) if isinstance(given, Command) else given

    return list(map(step, commands))


def password(number: int) -> Credential:
    return Credential(f"$argon2id${number}", f"SCRAM-SHA-256$4096:{number}")


def coming(session: int, name: str) -> list[Step]:
    connected = by(session, Connect("192.0.2.1", 4000 + session, True, "irc"))
    if session == GUEST:
        return [*connected, *by(session, Enter(name))]
    return [*connected, *by(session, lambda world: SignIn(world.person(name)), Enter(name))]


STORY: list[Step] = [
    *by(
        CONSOLE, ChangeRules(Rules(welcome_room="tea", guest_files=True)), CreateRoom(TEA), CreateRoom(COCOA)
    ),
    *by(CONSOLE, RegisterAccount("ann", password(1), Role.ADMIN), RegisterAccount("bob", password(2))),
    *by(ANN, Connect("192.0.2.9", 4000, True, "irc"), ComeThrough("web", "192.0.2.8", 4001, True, "aa")),
    *by(ANN, lambda world: SignIn(world.person("ann")), Enter("ann", metadata=(("colour", "red"),))),
    *coming(BOB, "bob"),
    *coming(GUEST, "carl"),
    # Accounts.
    *by(ANN, SetCredential(password(3))),
    *by(
        CONSOLE,
        lambda world: RenewCredential(
            world.person("ann"), world.state.accounts[world.person("ann")].credential, password(4)
        ),
    ),
    *by(CONSOLE, ChangeRole("bob", Role.MODERATOR), ChangeRole("bob", Role.MEMBER)),
    *by(CONSOLE, ChangeRules(Rules(registration="approval", guest_files=True, welcome_room="tea"))),
    *by(4, Connect("192.0.2.7", 4004, True, "irc"), RegisterAccount("dan", password(5))),
    *by(CONSOLE, ApproveAccount("dan"), ResetCredential("dan", password(6))),
    *by(
        CONSOLE,
        lambda world: NoteAddress(world.person("ann"), "d1"),
        lambda world: NoteAddress(world.person("ann"), "d2"),
    ),
    *by(ANN, AddToken("bot", "d" * 64, scopes=(Scope.READ, Scope.POST)), AddToken("key", "e" * 64)),
    *by(CONSOLE, NoteUse("d" * 64)),
    *by(ANN, RemoveToken("key")),
    *by(
        CONSOLE,
        CreateInvitation("f" * 64, uses=2, until=START_MS + 10**9, note="for Eve"),
        CreateInvitation("9" * 64),
    ),
    *by(CONSOLE, lambda world: Withdraw(world.state.invitations["9" * 64].number)),
    *by(
        5,
        Connect("192.0.2.6", 4005, True, "irc"),
        ShowInvitation("f" * 64),
        RegisterAccount("eve", password(7)),
    ),
    # Rooms.
    *by(BOB, Join(TEA), Join(MATE)),
    *by(GUEST, Join(TEA), Join(RoomName.known("guests"))),
    *by(ANN, Join(TEA), Join(COCOA)),
    *by(CONSOLE, ConfigureRoom(COCOA, Access.APPROVAL, secret=True, history=History.SINCE_JOINING)),
    *by(CONSOLE, ConfigureRoom(COCOA, secret=False)),
    *by(BOB, Knock(COCOA, "for a cup")),
    *by(ANN, Deny(COCOA, "bob", "later")),
    *by(BOB, Knock(COCOA)),
    *by(ANN, Accept(COCOA, "bob")),
    *by(BOB, Join(COCOA), SetTopic(MATE, "Chimarrão"), InviteIntoRoom(MATE, "ann")),
    *by(
        BOB,
        ChangeModes(
            MATE, (ModeChange(True, "m"), ModeChange(True, "l", "9"), ModeChange(True, "b", "x!*@*"))
        ),
    ),
    *by(
        BOB, ChangeModes(MATE, (ModeChange(False, "m"), ModeChange(True, "k", "key"), ModeChange(True, "s")))
    ),
    *by(BOB, GrantAccess(MATE, "ann", "o"), KeepRoom(MATE, kept=True)),
    *by(ANN, Join(MATE, "key"), Leave(MATE, "thirsty"), Kick(COCOA, "bob", "spilt")),
    *by(
        CONSOLE,
        RenameRoom(MATE, RoomName.known("yerba"), "its name"),
        RenameRoom(RoomName.known("yerba"), MATE),
    ),
    # What is said.
    *by(BOB, SayInRoom("tea", "hello", nonce=Nonce("019a5b3c5d2f-8d1c9a7be4f0"))),
    *by(BOB, lambda world: Edit(world.said(), "hello all")),
    *by(ANN, lambda world: ReportMessage(world.said(), "rude")),
    *by(CONSOLE, lambda world: CloseReport(next(iter(world.state.reports)), "it is not")),
    *by(ANN, lambda world: ReportMessage(world.said(), "it is")),
    *by(
        BOB, lambda world: Redact(world.said(), "a slip"), SayPrivately("ann", "psst"), Subscribe(("colour",))
    ),
    *by(
        ANN,
        lambda world: MarkRead(world.person("bob"), "bob", world.now),
        lambda world: MarkRead(world.room(TEA), "tea", world.now),
    ),
    *by(CONSOLE, lambda world: NoteSeen(((world.person("ann"), world.last),))),
    *by(CONSOLE, Announce("The server moves at noon")),
    # Settings of notices.
    *by(
        ANN,
        lambda world: SetLevel(EVERYWHERE, "*", Level.ALL),
        lambda world: SetLevel(world.room(TEA), "tea", Level.NONE),
    ),
    *by(
        ANN,
        lambda world: SetLevel(world.person("bob"), "bob", Level.ALL),
        lambda world: SetLevel(world.person("bob"), "bob", Level.MENTIONS),
        lambda world: SetLevel(world.room(TEA), "tea", None),
    ),
    *by(ANN, AddPush(ENDPOINT, KEY, AUTH), AddPush(f"{ENDPOINT}2", KEY, AUTH), RemovePush(f"{ENDPOINT}2")),
    # Drafts.
    *by(
        ANN,
        lambda world: SetDraft(world.room(TEA), "#tea", 0, "is the"),
        lambda world: SetDraft(world.person("bob"), "bob", 0, "hi"),
        lambda world: SetDraft(world.room(TEA), "#tea", world.version("ann", TEA), "is the kettle\non?"),
        lambda world: SetDraft(world.person("bob"), "bob", 0, "hello"),
        lambda world: SetDraft(world.room(COCOA), "#cocoa", 0, "sugar"),
        Leave(COCOA),
        Join(COCOA),
        lambda world: SetDraft(world.room(COCOA), "#cocoa", 0, "sugar"),
    ),
    *by(BOB, lambda world: SetDraft(world.room(MATE), "#mate", 0, "hot")),
    *by(ANN, lambda world: SetDraft(world.room(COCOA), "#cocoa", world.version("ann", COCOA), "")),
    # Conversations.
    *by(
        ANN,
        Converse(("bob", "dan")),
        Converse(("dan", "bob")),
        lambda world: AddPeople(world.conversation(), ("eve",)),
        lambda world: SetTopic(world.conversation(), "Supper"),
        lambda world: Leave(world.conversation()),
    ),
    # Threads.
    *by(ANN, SayInRoom("tea", "who has seen the cups?")),
    *by(CONSOLE, lambda world: NoteReply(world.thread(), world.person("bob"))),
    *by(
        ANN,
        lambda world: ReadThreadUntil(world.thread(), world.last),
        lambda world: Follow(world.thread(), False),
    ),
    *by(ANN, SayInRoom("cocoa", "and the spoons?"), lambda world: Follow(world.thread())),
    *by(ANN, Leave(COCOA), Join(COCOA), lambda world: Follow(world.thread())),
    # Files.
    *by(ANN, lambda world: StoreFile(world.person("ann"), "a" * 24, "0" * 64, "cat.png", "image/png", 700)),
    *by(
        CONSOLE, lambda world: StoreFile(world.person("bob"), "b" * 24, "1" * 64, "dog.png", "image/png", 900)
    ),
    *by(
        ANN,
        lambda world: SetMetadata(world.person("ann"), AVATAR, f"https://chat.test/files/{'a' * 24}/cat.png"),
    ),
    *by(CONSOLE, lambda world: RemoveFile("b" * 24, world.person("bob"), "1" * 64, 900)),
    *by(
        ANN,
        lambda world: SetMetadata(world.room(COCOA), "colour", "brown"),
        lambda world: ClearMetadata(world.room(COCOA)),
    ),
    *by(ANN, lambda world: SetMetadata(world.room(TEA), "colour", "green")),
    # Custom emoji.
    *by(ANN, lambda world: StoreFile(world.person("ann"), "c" * 24, "3" * 64, "p.webp", "image/webp", 90)),
    *by(ANN, lambda world: StoreFile(world.person("ann"), "d" * 24, "4" * 64, "q.webp", "image/webp", 90)),
    *by(ANN, AddEmoji("partyhat", "c" * 24), AddEmoji("blob", "d" * 24), RenameEmoji("partyhat", "party")),
    *by(CONSOLE, DeleteEmoji("blob")),
    # Webhooks.
    *by(
        ANN,
        AddWebhook(TEA, "build", digest="2" * 64),
        AddWebhook(TEA, "tell", url="https://hook.example.org/", secret="s"),
    ),
    *by(CONSOLE, lambda world: SayByWebhook(min(world.state.webhooks), "the build is green")),
    *by(CONSOLE, lambda world: NoteDelivery(max(world.state.webhooks), world.said().id)),
    *by(ANN, lambda world: RemoveWebhook(min(world.state.webhooks))),
    # Who is kept out.
    *by(CONSOLE, KeepOut("dan", 60_000, "noise"), KeepOut("eve", None, "spam"), LetIn("dan", banned=False)),
    *by(
        CONSOLE,
        KeepOutAddress("198.51.100.0/24", None, "botnet"),
        KeepOutAddress("203.0.113.7", 60_000, "flood"),
    ),
    *by(CONSOLE, LetInAddress("203.0.113.7", banned=False)),
    # What is the session's alone.
    *by(
        BOB, SetAway("lunch"), SetRealname("Bob B."), SetUserModes("w", ""), Watch(("ann",)), WatchMore(True)
    ),
    *by(
        BOB,
        Unwatch(("ann",)),
        Unsubscribe(("colour",)),
        ChangeNick("bobby"),
        GrantRole("oper", Role.MODERATOR),
    ),
    *by(CONSOLE, NoteSetting("server.network"), Kill("carl", "noise")),
    *by(ANN, EndSessions((ANN,), "enough")),
    *by(BOB, Disconnect("gone")),
    *by(CONSOLE, DeleteRoom(MATE), lambda world: world.left("guests")),
]


def test_after_every_command_the_same_is_loaded(tmp_path: Path) -> None:
    world = World(tmp_path / "hubbub.db")
    try:
        for session, command in STORY:
            world.ask(session, command(world))
        world.reopen()
        world.last = first_of_era(1, world.now) - 1
        world.ask(CONSOLE, BeginEra())
        assert world.done == set(COMMAND_RULES), "every command has its place in the story"
        loaded = lasting(world.state)
        for table in (
            "accounts",
            "rooms",
            "file_bytes",
            "invitations",
            "reports",
            "tokens",
            "webhooks",
            "pushes",
        ):
            assert loaded[table], "nothing is compared with nothing"
        assert world.storage.check() == ["Files whose content is missing: 3."], "which nobody has sent here"
    finally:
        world.storage.close()


def test_what_need_not_last_is_there() -> None:
    assert {field.name for field in msgspec.structs.fields(State)} >= VOLATILE.keys()
    assert {field.name for field in msgspec.structs.fields(Room)} >= VOLATILE_OF_ROOMS.keys()
