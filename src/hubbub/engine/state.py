"""The state of a chat: accounts, users, sessions and rooms, as plain data joined by ids.

Only the `change` functions in the tables of `engine.py` write to it. A person is one number, whether present or
not: an account's id, or for a guest the id that the user got on arriving. Whatever is iterated is a dict or a list.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, IntEnum
from typing import Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from hubbub.addresses import NetworkTable

from .event import SERVER, Origin, Request
from .lookalikes import Looks
from .names import Name, NameRule, Nick, RoomName, fold

DEPARTURES_MAX: Final = 1000
"""The most departed people that are remembered."""

ABSENT_USERNAME: Final = "program"
ABSENT_HOST: Final = "user.hubbub"
BOT_MODE: Final = "B"
SIGNED_IN_MODE: Final = "R"
"""On a user: private messages only from who is signed in."""
"""The user mode of a program that takes part."""


class Role(IntEnum):
    """A server role; each includes the rights of the ones before it."""

    MEMBER = 0
    MODERATOR = 1
    ADMIN = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Access(Enum):
    """The ways into a room."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"


class History(Enum):
    """The part of a room's history that its members can read."""

    ALL = "all"
    SINCE_JOINING = "since joining"
    NONE = "none"


EmojiMakers = Literal["members", "moderators", "administrators"]
DirectoryReaders = Literal["everyone", "members", "moderators", "administrators"]


class Rules(Struct, frozen=True):
    """The settings that the engine follows; they change by the command `ChangeRules` alone."""

    names: NameRule = NameRule()
    registration: str = "open"
    guests: bool = True
    room_creation: str = "everyone"
    room_history: History = History.ALL
    welcome_room: str = "Général"
    message_bytes: int = 4096
    multiline_bytes: int = 16_384
    multiline_lines: int = 200
    topic_bytes: int = 390
    reason_bytes: int = 300
    realname_bytes: int = 150
    rooms_a_person: int = 100
    rooms_made: int = 100
    """The most rooms that one account may have made; 0 for any number."""
    unused_room_days: int = 30
    """After how many days an empty room that was never used goes; 0 for never."""
    guest_room_seconds: int = 3_600
    """The time that a guests' room outlives its last member."""
    sessions_an_account: int = 50
    room_list_entries: int = 200
    monitored_names: int = 200
    file_bytes: int = 50_000_000
    """The largest file that may be sent."""
    file_quota_bytes: int = 2_000_000_000
    """The most bytes of one person's files; 0 for any number."""
    file_total_bytes: int = 0
    """The most bytes of all files together; 0 for any number."""
    guest_files: bool = False
    emoji_makers: EmojiMakers = "members"
    """The least role that may add custom emoji."""
    directory: DirectoryReaders = "members"
    """Who may list the accounts."""
    reserved_names: tuple[str, ...] = ()
    """Names that no user may take, beside those reserved anyway."""
    gateways: tuple[str, ...] = ()
    """The networks from which gateways bring others."""
    webhook_networks: tuple[str, ...] = ()
    """Addresses and networks of one's own that webhooks may post to."""


class Credential(Struct, frozen=True):
    """A password's verifier: an Argon2id hash, and SCRAM-SHA-256's stored keys.

    `scram` is empty where there are none. `sealed_by` tells under which key they are sealed (`storage/sealing.py`):
    under none as long as they have not come back from the storage.
    """

    argon2: str
    scram: str
    sealed_by: str = ""

    def __repr__(self) -> str:
        return "Credential(…)"


class Level(Enum):
    """The level of notifications of a conversation."""

    ALL = "all"
    MENTIONS = "mentions"
    NONE = "none"


EVERYWHERE: Final = -1
"""In the place of a room or a person: all of them."""

PASSWORD: Final = "password"
"""The mark of a session signed in by password; one signed in by a token has its digest."""


class Push(Struct, frozen=True):
    """A browser's push service, and the keys that encrypt its notifications.

    `proof` is what the session was signed in with that has added it; empty where that is not known.
    """

    endpoint: str
    account: int
    key: str
    auth: str
    proof: str = ""

    def __repr__(self) -> str:
        return f"Push(…, {self.account})"


class Draft(Struct, frozen=True):
    """An unsent text; `version` is the id of its last change, `text` is empty once it is cleared.

    `since` is the version from which on each one came out of the one before.
    """

    version: int
    since: int
    text: str

    def __repr__(self) -> str:
        return f"Draft({self.version}, …)"


class Following(Struct, frozen=True):
    """What an account has of a thread: where it is (a room's id or a person's), and the id up to which it was read.

    One who has unfollowed it is remembered, so as not to follow it by a further reply.
    """

    place: int
    following: bool
    read: int


class Scope(Enum):
    """The scope of a token: all that its owner may do, or a part of it."""

    CHAT = "chat"
    READ = "read"
    POST = "post"
    ADMIN = "admin"


class TokenKind(Enum):
    """A secret that a program knows, the certificate that a client shows over TLS, or a key of ssh."""

    SECRET = "secret"
    CERTIFICATE = "certificate"
    KEY = "key"


class Token(Struct, frozen=True):
    """A token, certificate or key that signs in to an account; only its SHA-256 is stored.

    `at` is when it was made and `used` when it was used last, about; milliseconds since the epoch, 0 for never.
    """

    account: int
    name: str
    digest: str
    kind: TokenKind
    at: int
    scopes: tuple[Scope, ...] = (Scope.CHAT,)
    used: int = 0

    def allows(self, scope: Scope) -> bool:
        return Scope.CHAT in self.scopes or scope in self.scopes


class Invitation(Struct, frozen=True):
    """An invitation to register by its code; `until` is milliseconds since the epoch, 0 for no end."""

    number: int
    digest: str
    by: str
    uses: int
    until: int
    note: str
    role: Role

    def used_once(self) -> "Invitation":
        return replace(self, uses=self.uses - 1)


class Webhook(Struct, frozen=True):
    """A program that posts into a room (then there is a `digest`), or that is told what is said there (then a `url`).

    `number` is the id of the event that made it, and up to `delivered` everything was told.
    """

    number: int
    name: str
    room: int
    by: str
    digest: str
    url: str
    secret: str
    delivered: int

    def __repr__(self) -> str:
        return f"Webhook({self.number}, {self.name!r}, …)"


class Emoji(Struct, frozen=True):
    """A custom emoji: `number` is the id of the event that made it, `file` its picture, `maker` the account's id."""

    number: int
    name: str
    file: str
    maker: int
    by: str

    def named(self, name: str) -> "Emoji":
        return replace(self, name=name)


class Report(Struct, frozen=True):
    """A reported message; `number` is the id of the event, `room` 0 for a private conversation."""

    number: int
    message: int
    by: str
    person: int
    room: int
    room_name: str
    author: str
    text: str
    reason: str


class Sanction(Struct, frozen=True):
    """A suspension until a time (milliseconds since the epoch), or a ban (None)."""

    until: int | None
    reason: str
    by: str
    at: int

    def holds(self, now: int) -> bool:
        return self.until is None or now < self.until


class Account(Struct):
    """A registered identity.

    `seen` is the id up to which clients that can't tell what was read have shown everything; `read` tells up to which
    time (milliseconds since the epoch) the messages of a room, or of a person, were read. `left_at` is when its last
    session ended, 0 if none ever did.
    """

    id: int
    name: Nick
    credential: Credential
    role: Role = Role.MEMBER
    approved: bool = True
    seen: int = 0
    left_at: int = 0
    rooms: dict[int, "Room"] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    """The notification levels of rooms and people that differ from the default."""
    pushes: dict[str, Push] = field(default_factory=dict)
    """The browsers that receive notifications, by their endpoints."""
    drafts: dict[int, Draft] = field(default_factory=dict)
    """The drafts by room or person, the one changed longest ago first."""
    threads: dict[int, Following] = field(default_factory=dict)
    """The threads that it follows or has unfollowed, by their roots; the one changed longest ago first."""
    known: dict[str, int] = field(default_factory=dict)
    """Digests of the addresses from which its owner has signed in, and when last (milliseconds since the epoch); the
    one that was used the longest ago first.
    """


class Session(Struct):
    """One live connection. `person` is 0 until it has come in under a nickname.

    `fingerprint` is that of the certificate which its client has shown over TLS, empty for none.
    `proof` is what it is signed in with: PASSWORD, or the digest of a token; empty for a guest's.
    `away` is what it says of its user's absence; `supports_read_marker` whether it tells what was read;
    `watches_more` whether it is told everything of those whom it watches; `subscriptions` are the keys of metadata
    that it wants to hear of.
    """

    id: int
    address: str
    port: int
    secure: bool
    face: str
    since: int
    fingerprint: str = ""
    client: str = ""
    account: int = 0
    proof: str = ""
    person: int = 0
    away: str | None = None
    supports_read_marker: bool = False
    watches_more: bool = False
    invitation: str = ""
    """The digest of the code that it has shown."""
    subscriptions: dict[str, None] = field(default_factory=dict)


class Listeners(dict[int, Session]):
    """Sessions by id; a cache derived from them is stale once `changes` has grown."""

    __slots__ = ("changes",)

    def __init__(self, sessions: Mapping[int, Session] | None = None) -> None:
        super().__init__(sessions or {})
        self.changes = 0

    def enter(self, sessions: Mapping[int, Session]) -> None:
        self.update(sessions)
        self.changes += 1

    def leave(self, sessions: Iterable[int]) -> None:
        for number in sessions:
            self.pop(number, None)
        self.changes += 1


class User(Struct):
    """A connected user, under one nickname, on one or more sessions.

    With an account, `rooms`, `read` and `metadata` are the account's.
    """

    person: int
    origin: Origin
    nick: Nick
    since: int
    account: Account | None = None
    granted: Role = Role.MEMBER
    modes: str = ""
    sessions: dict[int, Session] = field(default_factory=dict)
    rooms: dict[int, "Room"] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def role(self) -> Role:
        return max(self.granted, self.account.role) if self.account else self.granted


class Census(Struct):
    """The numbers of users, kept with every change: each newcomer is sent them, and counting takes as long as they are
    many.
    """

    clients: int = 0
    """Sessions that have come in."""
    modes: Counter[str] = field(default_factory=Counter)
    """User mode → how many users have it."""
    secret_rooms: int = 0


class Member(Struct):
    """A room's member, connected or, with an account, not. `modes` are of `qaohv`, the highest first."""

    person: int
    since: int
    modes: str = ""


class Topic(Struct, frozen=True):
    text: str
    by: str
    at: int


class ListEntry(Struct, frozen=True):
    """A mask on one of a room's lists (b, e, I)."""

    mask: str
    by: str
    at: int


class RoomRequest(Struct, frozen=True):
    """An account's wish to join a room."""

    account: int
    name: str
    at: int
    wish: str = ""


USUAL_FLAGS: Final = "nt"


class Room(Struct):
    """A room.

    `admitted` are accounts that may come in, with the modes they get back; `invited` are persons who have not
    used their invitation: the id of an operator's, which lifts what would keep them out, 0 for another member's;
    `listeners` are the sessions of the members who are present. `kept` is False for what a guest has
    made: it goes some time after its last member. `maker` is the account that has made it, if one has; `emptied` is
    when its last member has left, 0 while somebody is in it or if nobody ever was.
    """

    id: int
    name: RoomName
    access: Access = Access.OPEN
    secret: bool = False
    flags: str = USUAL_FLAGS
    key: str | None = None
    limit: int | None = None
    topic: Topic | None = None
    history: History = History.ALL
    kept: bool = True
    lists: dict[str, dict[str, ListEntry]] = field(default_factory=lambda: {"b": {}, "e": {}, "I": {}})
    members: dict[int, Member] = field(default_factory=dict)
    admitted: dict[int, str] = field(default_factory=dict)
    invited: dict[int, int] = field(default_factory=dict)
    requests: dict[int, RoomRequest] = field(default_factory=dict)
    listeners: Listeners = field(default_factory=Listeners)
    metadata: dict[str, str] = field(default_factory=dict)
    maker: int = 0
    emptied: int = 0
    conversation: bool = False
    """Of several people, as `conversations.py` has it."""


class Departure(Struct, frozen=True):
    """A user who gave up a nickname, and when (milliseconds since the epoch)."""

    origin: Origin
    at: int


class Actor(Struct, frozen=True):
    """The author of a command and their rights: a user, or the server's own console."""

    name: str
    role: Role
    origin: Origin
    user: User | None = None


class State(Struct):
    """Everything that the rules know."""

    rules: Rules = field(default_factory=Rules)
    accounts: dict[int, Account] = field(default_factory=dict)
    account_names: dict[str, int] = field(default_factory=dict)
    account_looks: Looks = field(default_factory=Looks)
    file_bytes: dict[int, int] = field(default_factory=dict)
    """Person → how much their files take."""
    emoji: dict[str, Emoji] = field(default_factory=dict)
    """Custom ones, by their names."""
    invitations: dict[str, Invitation] = field(default_factory=dict)
    reports: dict[int, Report] = field(default_factory=dict)
    """The open reports."""
    tokens: dict[str, Token] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    pushes: dict[str, Push] = field(default_factory=dict)
    sessions: dict[int, Session] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    census: Census = field(default_factory=Census)
    nicks: dict[str, int] = field(default_factory=dict)
    nick_looks: Looks = field(default_factory=Looks)
    rooms: dict[int, Room] = field(default_factory=dict)
    room_names: dict[str, int] = field(default_factory=dict)
    room_looks: Looks = field(default_factory=Looks)
    rooms_renamed: dict[str, int] = field(default_factory=dict)
    """Former name (folded) → its room, as long as no other room takes the name."""

    names_kept_out: dict[str, Sanction] = field(default_factory=dict)
    networks_kept_out: NetworkTable[Sanction] = field(default_factory=NetworkTable)
    watchers: dict[str, dict[int, Session]] = field(default_factory=dict)
    """Name (folded) → the sessions that monitor it."""
    watched: dict[int, dict[str, str]] = field(default_factory=dict)
    """Session → the names it monitors: folded name → the name as given."""

    nonces: dict[str, int] = field(default_factory=dict)
    """The nonces of the latest messages, in order, with the messages' ids."""

    thread_followers: dict[int, dict[int, None]] = field(default_factory=dict)
    """Root of a thread → the accounts that follow it."""

    eras: list[int] = field(default_factory=list)
    """The beginnings of all eras but the first one (`ids.py`)."""

    departed: deque[Departure] = field(default_factory=lambda: deque(maxlen=DEPARTURES_MAX))

    def set_modes(self, user: User, modes: str) -> None:
        self.census.modes.subtract(user.modes)
        self.census.modes.update(modes)
        user.modes = modes
        user.origin = replace(user.origin, bot=BOT_MODE in modes, operator="o" in modes)

    def keep_thread(self, account: Account, root: int, following: Following) -> None:
        """The one way into an account's `threads`."""
        account.threads[root] = following
        if following.following:
            self.thread_followers.setdefault(root, {})[account.id] = None

    def forget_thread(self, account: Account, root: int) -> None:
        """The one way out of them."""
        account.threads.pop(root, None)
        followers = self.thread_followers.get(root, {})
        followers.pop(account.id, None)
        if not followers:
            self.thread_followers.pop(root, None)

    def forget_threads(self, account: Account, place: int) -> None:
        """Forget those of a room that the account leaves."""
        for root in [root for root, thread in account.threads.items() if thread.place == place]:
            self.forget_thread(account, root)

    def user(self, session: int) -> User | None:
        found = self.sessions.get(session)
        return self.users.get(found.person) if found else None

    def user_named(self, name: str) -> User | None:
        return self.users.get(self.nicks.get(fold(name), 0))

    def account_named(self, name: str) -> Account | None:
        return self.accounts.get(self.account_names.get(fold(name), 0))

    def room_named(self, name: Name | str) -> Room | None:
        key = name.key if isinstance(name, Name) else fold(name.removeprefix("#"))
        return self.rooms.get(self.room_names.get(key, 0))

    def add_room(self, room: Room) -> None:
        """The one way into `rooms`."""
        self.rooms[room.id] = room
        self.name_room(room, room.name)
        self.census.secret_rooms += room.secret

    def drop_room(self, number: int) -> Room:
        """The one way out of `rooms`."""
        room = self.rooms.pop(number)
        del self.room_names[room.name.key]
        self.room_looks.leave(room.name.text, number)
        self.census.secret_rooms -= room.secret
        return room

    def name_room(self, room: Room, name: RoomName) -> None:
        """Give a room, which is known by no other name any more, a name."""
        room.name = name
        self.room_names[name.key] = room.id
        self.room_looks.enter(name.text, room.id)

    def hide_room(self, room: Room, secret: bool) -> None:
        self.census.secret_rooms += secret - room.secret
        room.secret = secret

    def person_named(self, name: str) -> int | None:
        """The person with a name: the user connected under it, else the account of that name."""
        return self.nicks.get(fold(name)) or self.account_names.get(fold(name))

    def name_of(self, person: int) -> str:
        """The name under which a person is known now; empty for a guest who has left."""
        if user := self.users.get(person):
            return user.nick.text
        account = self.accounts.get(person)
        return account.name.text if account else ""

    def actor(self, request: Request) -> Actor | None:
        """The actor of a session; None before registration."""
        if request.is_shell:
            return Actor(request.operator, Role.ADMIN, SERVER)
        if request.account:
            account = self.accounts.get(request.account)
            user = self.users.get(request.account) or (self.absent(account) if account else None)
        else:
            user = self.user(request.session)
        return Actor(user.nick.text, user.role, user.origin, user) if user else None

    @staticmethod
    def absent(account: Account) -> User:
        """An account's user as programs act for it while it is not connected."""
        name = account.name.text
        origin = Origin(
            account.id, name, ABSENT_USERNAME, ABSENT_HOST, name, name, bot=True, operator=bool(account.role)
        )
        user = User(account.id, origin, account.name, account.id, account)
        user.rooms, user.read, user.metadata = account.rooms, account.read, account.metadata
        return user

    def neighbours(self, user: User) -> dict[int, Session]:
        """The sessions of all who share a room with a user, and the user's own."""
        found = dict(user.sessions)
        for room in user.rooms.values():
            found.update(room.listeners)
        return found

    def acquaintances(self, user: User) -> dict[int, Session]:
        """Those, and the sessions that watch the user and want to be told everything."""
        found = self.neighbours(user)
        for number, session in self.watchers.get(user.nick.key, {}).items():
            if session.watches_more:
                found[number] = session
        return found

    def sessions_of(self, persons: Iterable[int]) -> dict[int, Session]:
        found: dict[int, Session] = {}
        for person in persons:
            if user := self.users.get(person):
                found.update(user.sessions)
        return found

    def staff(self, role: Role) -> dict[int, Session]:
        """The sessions of the users who have at least this role on the server."""
        return self.sessions_of(user.person for user in self.users.values() if user.role >= role)

    def present(self, room: Room) -> Iterator[tuple[Member, User]]:
        """The members of a room who are there now."""
        for member in room.members.values():
            if user := self.users.get(member.person):
                yield member, user
