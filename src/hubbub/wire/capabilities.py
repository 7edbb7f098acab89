"""Capabilities: which extensions Hubbub offers, and the set of them that a session has enabled."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final
from weakref import WeakValueDictionary

from msgspec import Struct

from .message import joined


class Capability(Struct, frozen=True):
    """An extension that clients may ask for."""

    name: str
    specification: str
    """The name of its page among the IRCv3 extensions; with a `/` in it, whose own extension it is."""
    depends: tuple[str, ...] = ()
    """The capabilities that a client must enable too for this one to work."""
    value: str | None = None
    """The value after `=` in CAP LS; the node passes values that depend on settings to `listing`."""
    is_requestable: bool = True


_ALL: Final = (
    Capability("message-tags", "message-tags"),
    Capability("server-time", "server-time"),
    Capability("batch", "batch"),
    Capability("labeled-response", "labeled-response", depends=("batch",)),
    Capability("echo-message", "echo-message"),
    Capability("account-tag", "account-tag"),
    Capability("account-notify", "account-notify"),
    Capability("extended-join", "extended-join"),
    Capability("away-notify", "away-notify"),
    Capability("chghost", "chghost"),
    Capability("setname", "setname"),
    Capability("invite-notify", "invite-notify"),
    Capability("multi-prefix", "multi-prefix"),
    Capability("userhost-in-names", "userhost-in-names"),
    Capability("cap-notify", "capability-negotiation"),
    Capability("standard-replies", "standard-replies"),
    Capability("sasl", "sasl-3.2"),
    # sts: "Clients MUST NOT request this capability", servers "MAY reply with a CAP NAK".
    Capability("sts", "sts", is_requestable=False),
    Capability("draft/chathistory", "chathistory", depends=("batch", "server-time", "message-tags")),
    Capability("draft/event-playback", "chathistory", depends=("draft/chathistory",)),
    Capability("draft/account-registration", "account-registration"),
    Capability("extended-monitor", "extended-monitor"),
    Capability("no-implicit-names", "no-implicit-names"),
    Capability("draft/extended-isupport", "extended-isupport"),
    Capability("draft/pre-away", "pre-away"),
    Capability("draft/read-marker", "read-marker"),
    Capability("draft/multiline", "multiline", depends=("batch",)),
    Capability("draft/message-redaction", "message-redaction", depends=("message-tags",)),
    Capability("hubbub/edit", "hubbub/edit", depends=("batch", "message-tags")),
    Capability("hubbub/send-once", "hubbub/send-once", depends=("message-tags",)),
    Capability("hubbub/ticket", "hubbub/ticket"),
    Capability("hubbub/invitation", "hubbub/invitation"),
    Capability("hubbub/emoji", "hubbub/emoji"),
    Capability("hubbub/notify", "hubbub/notify"),
    Capability("hubbub/activity", "hubbub/activity", depends=("batch", "message-tags")),
    Capability("hubbub/conversations", "hubbub/conversations"),
    Capability("hubbub/members", "hubbub/members", depends=("batch",)),
    Capability("hubbub/drafts", "hubbub/drafts", depends=("batch",)),
    Capability("hubbub/threads", "hubbub/threads", depends=("batch", "message-tags")),
    Capability("draft/webpush", "webpush"),
    Capability("hubbub/report", "hubbub/report", depends=("message-tags",)),
    Capability("draft/channel-rename", "channel-rename"),
    Capability("draft/metadata-2", "metadata", depends=("batch",)),
    Capability("draft/metadata-3", "metadata-3", depends=("batch",)),
    Capability("draft/whoami", "whoami", depends=("chghost",)),
    Capability("soju.im/search", "soju.im/search", depends=("batch",)),
    Capability("znc.in/playback", "znc.in/playback"),
    Capability("draft/oper-tag", "oper-tag", depends=("message-tags",)),
)

CAPABILITIES: Final[Mapping[str, Capability]] = {capability.name: capability for capability in _ALL}


class Capabilities:
    """The capabilities that a session has enabled: the same set is always the same object.

    So it is compared and hashed by identity, and lines are rendered once for each such object. Nobody
    keeps a set that no session has: asking for every combination leaves nothing behind.
    """

    __slots__ = (
        "__weakref__",
        "account_notify",
        "account_tag",
        "activity",
        "away_notify",
        "batch",
        "cap_notify",
        "chathistory",
        "chghost",
        "echo",
        "edits",
        "event_playback",
        "extended_isupport",
        "extended_join",
        "extended_monitor",
        "invite_notify",
        "labels",
        "metadata",
        "metadata_numerics",
        "multi_prefix",
        "multiline",
        "names",
        "no_implicit_names",
        "oper_tag",
        "playback",
        "pre_away",
        "read_marker",
        "redaction",
        "rename",
        "sasl",
        "search",
        "send_once",
        "setname",
        "standard_replies",
        "tags",
        "time",
        "userhost_in_names",
        "whoami",
    )

    none: ClassVar["Capabilities"]
    """The empty set, which every session begins with."""

    _known: ClassVar[WeakValueDictionary[frozenset[str], "Capabilities"]] = WeakValueDictionary()

    def __init__(self, names: frozenset[str]) -> None:
        """For `of` alone."""
        self.names = names
        self.tags = "message-tags" in names
        self.time = "server-time" in names
        self.batch = "batch" in names
        self.labels = "labeled-response" in names
        self.echo = "echo-message" in names
        self.account_tag = "account-tag" in names
        self.account_notify = "account-notify" in names
        self.extended_join = "extended-join" in names
        self.away_notify = "away-notify" in names
        self.chghost = "chghost" in names
        self.setname = "setname" in names
        self.invite_notify = "invite-notify" in names
        self.multi_prefix = "multi-prefix" in names
        self.userhost_in_names = "userhost-in-names" in names
        self.cap_notify = "cap-notify" in names
        self.standard_replies = "standard-replies" in names
        self.sasl = "sasl" in names
        self.chathistory = "draft/chathistory" in names
        self.event_playback = "draft/event-playback" in names
        self.activity = "hubbub/activity" in names
        self.edits = "hubbub/edit" in names
        self.extended_isupport = "draft/extended-isupport" in names
        self.extended_monitor = "extended-monitor" in names
        # A client asks for one of the two; where one has both, the newer counts.
        self.metadata_numerics = "draft/metadata-3" in names
        self.metadata = self.metadata_numerics or "draft/metadata-2" in names
        self.multiline = "draft/multiline" in names
        self.no_implicit_names = "no-implicit-names" in names
        self.oper_tag = "draft/oper-tag" in names
        self.playback = "znc.in/playback" in names
        self.pre_away = "draft/pre-away" in names
        self.read_marker = "draft/read-marker" in names
        self.redaction = "draft/message-redaction" in names
        self.rename = "draft/channel-rename" in names
        self.search = "soju.im/search" in names
        self.send_once = "hubbub/send-once" in names
        self.whoami = "draft/whoami" in names and self.chghost

    @classmethod
    def of(cls, names: Iterable[str]) -> "Capabilities":
        """The one object for this set; ValueError where a name is not in `CAPABILITIES`."""
        wanted = frozenset(names)
        found = cls._known.get(wanted)
        if found is None:
            if unknown := sorted(wanted - CAPABILITIES.keys()):
                raise ValueError(f"no such capability: {' '.join(unknown)}")
            found = cls._known[wanted] = cls(wanted)
        return found

    def has(self, name: str) -> bool:
        """Whether it is enabled."""
        return name in self.names

    def changed(self, adding: Iterable[str] = (), removing: Iterable[str] = ()) -> "Capabilities":
        """The set with these added, then those removed."""
        return self.of(self.names.union(adding).difference(removing))

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        """In the order of `CAPABILITIES`."""
        return (name for name in CAPABILITIES if name in self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        return f"Capabilities({' '.join(self)})"


Capabilities.none = Capabilities.of(())


def listing(values: Mapping[str, str | None], room_bytes: int) -> list[str]:
    """The last parameters of CAP LS, LIST, NEW: names (with `=value`) in lines of at most `room_bytes`.

    All but the last go out with a `*` before them, which only clients of version 302 understand. There
    is always a line: "If no capabilities are available, an empty parameter MUST be sent." ValueError
    where a single one does not fit.
    """
    tokens = {name: name if value is None else f"{name}={value}" for name, value in values.items()}
    for name, token in tokens.items():
        if len(token.encode()) > room_bytes:
            raise ValueError(f"the value of the capability {name} is too long for one line")
    return list(joined(tokens.values(), " ", room_bytes)) or [""]


def requested(text: str) -> tuple[list[str], list[str]]:
    """The capabilities that CAP REQ's last parameter enables and disables, each once.

    The list is "processed from left to right": a name that comes both ways counts as it came last.
    """
    wishes: dict[str, bool] = {}
    for word in text.split(" "):
        if word:
            name = word.removeprefix("-")
            wishes[name] = name == word
    adding = [name for name, is_wanted in wishes.items() if is_wanted]
    return adding, [name for name, is_wanted in wishes.items() if not is_wanted]
