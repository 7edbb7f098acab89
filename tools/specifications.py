"""The specifications of the IRC protocol, their tests, and the specification of each numeric, token, tag and batch.

A verb names its specification in its own row. What has no row here belongs to modern-irc; `tests/test_docs.py` finds
rows that name an unknown specification or an unknown part of the protocol.
"""

from dataclasses import dataclass
from typing import Final

from hubbub.dialects.irc.verb import CUSTOM, MODERN

EDIT: Final = "hubbub/edit"
SEND_ONCE: Final = "hubbub/send-once"
TICKET: Final = "hubbub/ticket"
INVITATION: Final = "hubbub/invitation"
REPORT: Final = "hubbub/report"
NOTIFY: Final = "hubbub/notify"
MEMBERS: Final = "hubbub/members"
ACTIVITY: Final = "hubbub/activity"
EMOJI: Final = "hubbub/emoji"
DRAFTS: Final = "hubbub/drafts"
CONVERSATIONS: Final = "hubbub/conversations"
THREADS: Final = "hubbub/threads"
WEBPUSH: Final = "webpush"
FILEHOST: Final = "soju.im/FILEHOST"
SEARCH: Final = "soju.im/search"
PLAYBACK: Final = "znc.in/playback"


@dataclass(frozen=True, slots=True)
class Specification:
    """The subject of a specification, and its test files, relative to `tests/`."""

    about: str
    tests: tuple[str, ...]


_TAGS_TEST: Final = "test_client_tags"


def _proved(name: str, about: str, *tests: str) -> tuple[str, Specification]:
    return name, Specification(about, tuple(f"specifications/{test}.py" for test in tests))


def _own(name: str, about: str, *more: str) -> tuple[str, Specification]:
    return name, Specification(
        about, (f"specifications/test_{name.replace('-', '_').replace('.', '_')}.py", *more)
    )


def _conversations(*names: str) -> tuple[str, ...]:
    return tuple(f"conversations/test_irc_{name}.py" for name in names)


SPECIFICATIONS: Final[dict[str, Specification]] = dict(
    (
        (
            MODERN,
            Specification(
                "The base protocol: connecting, rooms, messages, modes, queries.",
                (
                    "specifications/test_modern_irc.py",
                    *_conversations("arrival", "rooms", "modes", "list", "who", "whois", "away", "operators"),
                    *_conversations("server", "missed", "services", "hostile_queries", "random_lines"),
                ),
            ),
        ),
        _own("account-extban", "Bans by account."),
        _own("account-notify", "Notices when a user signs in to an account."),
        _own("account-registration", "Registering an account, also before connection registration."),
        _own("account-tag", "The sender's account on every line."),
        _own("away-notify", "Notices when a user is away or back."),
        _own("batch", "Lines grouped into one unit."),
        _own("bot-mode", "A mark for users that are programs."),
        _own("capability-negotiation", "Negotiation of extensions, versions 301 and 302."),
        _own("channel-rename", "Renaming a room."),
        _own("chathistory", "Pages of the history, selected by message id or time."),
        _own("chghost", "A changed user name or host."),
        _own("client-batch", "Batches from clients."),
        _own("echo-message", "The user's own messages, in the form that others receive."),
        _own("extended-isupport", "The server's features, sent before connection registration."),
        _own("extended-join", "Account and real name with JOIN."),
        _own("extended-monitor", "More notices about monitored users."),
        _own("invite-notify", "Notices of invitations for the members of a room."),
        _own("labeled-response", "Labels that match answers to lines."),
        _own("message-ids", "An id for every event."),
        _own("message-redaction", "Deleting messages."),
        _own("message-tags", "Tags of the server and of clients."),
        _own("metadata", "Data that users publish about themselves and about rooms."),
        _own("metadata-3", "A newer draft of metadata, with other codes and some other answers."),
        _own("monitor", "Notices when a user comes online or goes offline."),
        _own("multi-prefix", "All ranks of a member, not only the highest."),
        _own("multiline", "Messages of several lines."),
        _own("network-icon", "The icon of the network."),
        _own("no-implicit-names", "Joining a room without the list of its members."),
        _own("oper-tag", "A mark for operators of the server."),
        _own("pre-away", "AWAY before connection registration."),
        _own("read-marker", "The time up to which a user has read a conversation."),
        _own("sasl-3.1", "Signing in before connection registration."),
        _own("sasl-3.2", "The list of mechanisms, and signing in again."),
        _own("server-time", "The time of every event."),
        _own("setname", "Changing the real name."),
        _own("standard-replies", "One form for failures."),
        _own("sts", "TLS from the first visit on."),
        _own("userhost-in-names", "User name and host in the list of members."),
        _own("utf8-only", "UTF-8 as the only encoding."),
        _own("webirc", "Gateways that pass on the address of their user."),
        _own("websocket", "IRC in a browser."),
        _own("whoami", "The user's own user name and host, sent after connecting."),
        _own("whox", "WHO with selected fields."),
        _proved("channel-context", "The room to which a private message refers.", _TAGS_TEST),
        _proved("react", "Reactions to messages.", _TAGS_TEST),
        _proved("reply", "Replies to messages.", _TAGS_TEST),
        _proved("typing", "Typing notices.", _TAGS_TEST),
        _proved("chathistory batch", "History in a batch.", "test_chathistory", "test_server_time"),
        _proved(
            "netsplit batch",
            "Splits between servers; never sent, because the network has one server.",
            "test_netsplit",
        ),
        _proved(EDIT, "Editing messages; [specified here](hubbub-edit.md).", "test_hubbub_edit"),
        _proved(
            SEND_ONCE,
            "Resending a message without duplicates; [specified here](hubbub-send-once.md).",
            "test_hubbub_send_once",
        ),
        _proved(
            TICKET,
            "Authenticating a session to the website; [specified here](hubbub-ticket.md).",
            "test_hubbub_ticket",
        ),
        _proved(
            INVITATION,
            "Registering with a code; [specified here](hubbub-invitation.md).",
            "test_hubbub_invitation",
        ),
        _proved(
            NOTIFY,
            "The notification level of each conversation; [specified here](hubbub-notify.md).",
            "test_hubbub_notify",
        ),
        _proved(
            MEMBERS,
            "The members of rooms and the people of the server, online or not; [specified here](hubbub-members.md).",
            "test_hubbub_members",
        ),
        _proved(EMOJI, "Custom emoji; [specified here](hubbub-emoji.md).", "test_hubbub_emoji"),
        _proved(DRAFTS, "Drafts on all devices; [specified here](hubbub-drafts.md).", "test_hubbub_drafts"),
        _proved(
            ACTIVITY,
            "Whom a message mentions; [specified here](hubbub-activity.md).",
            "test_hubbub_activity",
        ),
        _proved(
            CONVERSATIONS,
            "Conversations of several people; [specified here](hubbub-conversations.md).",
            "test_hubbub_conversations",
        ),
        _proved(
            THREADS,
            "Threads of replies, followed by accounts; [specified here](hubbub-threads.md).",
            "test_hubbub_threads",
        ),
        _proved(WEBPUSH, "Push notifications for browsers, as in soju and Ergo.", "test_webpush"),
        _proved(REPORT, "Reporting messages; [specified here](hubbub-report.md).", "test_hubbub_report"),
        _proved(FILEHOST, "The address for uploads, as soju defines it.", "test_filehost"),
        _proved(SEARCH, "Full-text search of messages, as soju defines it.", "test_search"),
        _proved(PLAYBACK, "Replay of the history, as in ZNC's module.", "test_playback"),
        (
            CUSTOM,
            Specification(
                "Customs of IRC servers that no document defines.",
                _conversations("rooms", "services", "server"),
            ),
        ),
    )
)

NUMERICS: Final[dict[str, str]] = {
    "RPL_WHOISBOT": "bot-mode",
    "RPL_WHOSPCRPL": "whox",
    "ERR_LINKCHANNEL": "channel-rename",
    "ERR_INVALIDCAPCMD": "capability-negotiation",
    **dict.fromkeys(
        ("RPL_MONONLINE", "RPL_MONOFFLINE", "RPL_MONLIST", "RPL_ENDOFMONLIST", "ERR_MONLISTFULL"), "monitor"
    ),
    **dict.fromkeys(
        (
            *("RPL_LOGGEDIN", "RPL_SASLSUCCESS", "RPL_SASLMECHS", "ERR_NICKLOCKED"),
            *("ERR_SASLFAIL", "ERR_SASLTOOLONG", "ERR_SASLABORTED", "ERR_SASLALREADY"),
        ),
        "sasl-3.1",
    ),
    **dict.fromkeys(
        (
            *("RPL_WHOISKEYVALUE", "RPL_KEYVALUE", "RPL_KEYNOTSET", "RPL_METADATASUBOK"),
            *("RPL_METADATAUNSUBOK", "RPL_METADATASUBS", "RPL_METADATASYNCLATER"),
        ),
        "metadata",
    ),
    **dict.fromkeys(
        (
            *("RPL_KNOCK", "RPL_KNOCKDLVR", "ERR_CHANOPEN", "ERR_USERSDISABLED", "ERR_TOOMANYMATCHES"),
            *("RPL_STATSKLINE", "RPL_STATSOLINE", "ERR_TOOMANYTARGETS", "RPL_ISON", "ERR_BANLISTFULL"),
            "ERR_NEEDREGGEDNICK",
        ),
        CUSTOM,
    ),
}
"""Name of a numeric → its specification."""

TOKENS: Final[dict[str, str]] = {
    "ACCOUNTEXTBAN": "account-extban",
    "BOT": "bot-mode",
    "CHATHISTORY": "chathistory",
    "MSGREFTYPES": "chathistory",
    "MONITOR": "monitor",
    "NAMELEN": "setname",
    "UTF8ONLY": "utf8-only",
    "WHOX": "whox",
    "draft/ICON": "network-icon",
    "VAPID": WEBPUSH,
    "draft/FILEHOST": FILEHOST,
    "soju.im/FILEHOST": FILEHOST,
    "draft/ACCOUNTREQUIRED": "account-registration",
    "KNOCK": CUSTOM,
    "hubbub/WELCOME": CUSTOM,
}

TAGS: Final[dict[str, tuple[str, str]]] = {
    "account": ("account-tag", "the account of the sender"),
    "batch": ("batch", "the batch of the line"),
    "bot": ("bot-mode", "the sender is a program"),
    "draft/chathistory-end": ("chathistory", "on a batch: the history ends here"),
    "draft/chathistory-context": ("chathistory", "an event that belongs to the message before it"),
    "draft/multiline-concat": ("multiline", "continues the line before it without a line break"),
    "draft/oper": ("oper-tag", "the sender is an operator of the server; the value is the account"),
    "hubbub/again": (SEND_ONCE, "from clients: the message may have been sent before"),
    "hubbub/nonce": (SEND_ONCE, "from clients: the unique name of a message that is accepted once"),
    "hubbub/mentions": (ACTIVITY, "whom the message mentions"),
    "hubbub/edited": (EDIT, "the time of the last edit"),
    "hubbub/root": (THREADS, "in the history: the message with which the thread of a reply begins"),
    "hubbub/thread": (THREADS, "in the history: the number of replies, the last one and its authors"),
    "label": ("labeled-response", "the label of the line that this answers"),
    "msgid": ("message-ids", "the message's id"),
    "time": ("server-time", "the time of the event"),
    "+draft/react": ("react", "a reaction to the message that `+reply` names; stored"),
    "+draft/unreact": ("react", "removes a reaction"),
    "+reply": ("reply", "the message that this answers; stored, as `+draft/reply` is"),
    "+hubbub/in-thread": (THREADS, "the reply is for its thread alone; stored"),
    "+typing": ("typing", "relayed, not stored"),
    "+draft/channel-context": ("channel-context", "relayed, and stored with the message"),
    "+*": ("message-tags", "every other tag of clients is relayed unchanged"),
}
"""Tag → its specification and its meaning."""

BATCHES: Final[dict[str, tuple[str, str]]] = {
    "chathistory": ("chathistory batch", "to clients: messages of the history"),
    "draft/chathistory-targets": ("chathistory", "to clients: conversations with messages"),
    "draft/isupport": ("extended-isupport", "to clients: the server's features"),
    "draft/multiline": ("multiline", "both ways: a message of several lines"),
    "hubbub/edit": (EDIT, "both ways: the new text of a message, of several lines"),
    "hubbub/members": (MEMBERS, "to clients: a page of a room's members"),
    "hubbub/people": (MEMBERS, "to clients: a page of the accounts"),
    "hubbub/threads": (THREADS, "to clients: a message and its replies"),
    "hubbub/threads-list": (THREADS, "to clients: the followed threads"),
    "labeled-response": ("labeled-response", "to clients: an answer of several lines"),
    "metadata": ("metadata", "to clients: the data of a user or a room"),
    "metadata-subs": ("metadata", "to clients: the subscribed keys"),
    "soju.im/search": (SEARCH, "to clients: found messages"),
    "znc.in/playback": (PLAYBACK, "to clients: messages of the history"),
}
