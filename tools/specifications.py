"""Which specification each part of the IRC protocol comes from, and where the tests are that prove it.

What there is of the protocol is read off the code; here stands only where it comes from, as far as that is not
modern-irc. A test looks whether anything has no place here, or a place that there is not.
"""

from dataclasses import dataclass
from typing import Final

MODERN: Final = "modern-irc"
EDIT: Final = "hubbub/edit"
SEND_ONCE: Final = "hubbub/send-once"
TICKET: Final = "hubbub/ticket"
INVITATION: Final = "hubbub/invitation"
REPORT: Final = "hubbub/report"
NOTIFY: Final = "hubbub/notify"
EMOJI: Final = "hubbub/emoji"
DRAFTS: Final = "hubbub/drafts"
CONVERSATIONS: Final = "hubbub/conversations"
WEBPUSH: Final = "webpush"
FILEHOST: Final = "soju.im/FILEHOST"
SEARCH: Final = "soju.im/search"
PLAYBACK: Final = "znc.in/playback"
CUSTOM: Final = "custom"


@dataclass(frozen=True, slots=True)
class Specification:
    """What it is about, and its test files, relative to `tests/`."""

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
                "The protocol itself: connecting, rooms, messages, modes, questions to the server.",
                (
                    "specifications/test_modern_irc.py",
                    *_conversations("arrival", "rooms", "modes", "list", "who", "whois", "away", "operators"),
                    *_conversations("server", "missed", "services", "hostile_queries", "random_lines"),
                ),
            ),
        ),
        _own("account-extban", "Bans by account."),
        _own("account-notify", "Who signs in to which account."),
        _own("account-registration", "Making an account, also before coming in."),
        _own("account-tag", "The account on everything that somebody does."),
        _own("away-notify", "Who goes away and comes back."),
        _own("batch", "Lines that belong together."),
        _own("bot-mode", "Programs that take part, marked as such."),
        _own("capability-negotiation", "Agreeing on extensions, versions 301 and 302."),
        _own("channel-rename", "A room under another name."),
        _own("chathistory", "What was said, chosen by ids and times."),
        _own("chghost", "Another user name or host."),
        _own("client-batch", "Batches that clients send."),
        _own("echo-message", "One's own words, as others are shown them."),
        _own("extended-isupport", "What the server supports, told before one is in."),
        _own("extended-join", "Account and real name with JOIN."),
        _own("extended-monitor", "More of those whom one watches."),
        _own("invite-notify", "Who invites whom."),
        _own("labeled-response", "Which answer is to which line."),
        _own("message-ids", "A name for everything that happens."),
        _own("message-redaction", "Messages that are deleted."),
        _own("message-tags", "Tags, of the server and of clients."),
        _own("metadata", "What people let others know of themselves and of rooms."),
        _own("metadata-3", "The same in its newer draft, whose codes and some answers are others."),
        _own("monitor", "When somebody comes and goes."),
        _own("multi-prefix", "All ranks of a member."),
        _own("multiline", "Messages of several lines."),
        _own("network-icon", "The picture of a place."),
        _own("no-implicit-names", "Coming into a room without its names."),
        _own("oper-tag", "Operators of the server, marked."),
        _own("pre-away", "Being away before one is in."),
        _own("read-marker", "Up to where one has read."),
        _own("sasl-3.1", "Signing in before coming in."),
        _own("sasl-3.2", "The mechanisms, and signing in once more."),
        _own("server-time", "When everything happened."),
        _own("setname", "Another real name."),
        _own("standard-replies", "Failures in one form."),
        _own("sts", "Coming over TLS from now on."),
        _own("userhost-in-names", "User name and host in the list of names."),
        _own("utf8-only", "Nothing but UTF-8."),
        _own("webirc", "Gateways that tell where somebody is."),
        _own("websocket", "IRC in a browser."),
        _own("whoami", "One's own user name and host, told on coming in."),
        _own("whox", "WHO with chosen fields."),
        _proved("channel-context", "The room that a private message is about.", _TAGS_TEST),
        _proved("react", "Reactions to messages.", _TAGS_TEST),
        _proved("reply", "Answers to messages.", _TAGS_TEST),
        _proved("typing", "Who is typing.", _TAGS_TEST),
        _proved("chathistory batch", "History in a batch.", "test_chathistory", "test_server_time"),
        _proved(
            "netsplit batch", "Servers that lose each other: there is one, so none is sent.", "test_netsplit"
        ),
        _proved(EDIT, "Messages that are changed; [specified here](hubbub-edit.md).", "test_hubbub_edit"),
        _proved(
            SEND_ONCE,
            "Messages that are sent again and said once; [specified here](hubbub-send-once.md).",
            "test_hubbub_send_once",
        ),
        _proved(
            TICKET,
            "Proving a session to the website; [specified here](hubbub-ticket.md).",
            "test_hubbub_ticket",
        ),
        _proved(
            INVITATION,
            "Registering with a code; [specified here](hubbub-invitation.md).",
            "test_hubbub_invitation",
        ),
        _proved(NOTIFY, "What one is told of; [specified here](hubbub-notify.md).", "test_hubbub_notify"),
        _proved(EMOJI, "Emoji of the place's own; [specified here](hubbub-emoji.md).", "test_hubbub_emoji"),
        _proved(DRAFTS, "Drafts on all devices; [specified here](hubbub-drafts.md).", "test_hubbub_drafts"),
        _proved(
            CONVERSATIONS,
            "Conversations of several people; [specified here](hubbub-conversations.md).",
            "test_hubbub_conversations",
        ),
        _proved(WEBPUSH, "Browsers that are told of messages, as soju and Ergo do it.", "test_webpush"),
        _proved(REPORT, "Reporting messages; [specified here](hubbub-report.md).", "test_hubbub_report"),
        _proved(FILEHOST, "Where files are sent, as soju defines it.", "test_filehost"),
        _proved(SEARCH, "Finding messages by their words, as soju defines it.", "test_search"),
        _proved(PLAYBACK, "What was said, as ZNC's module gives it.", "test_playback"),
        (
            CUSTOM,
            Specification(
                "What servers have always done, and no document says.",
                _conversations("rooms", "services", "server"),
            ),
        ),
    )
)

COMMANDS: Final[dict[str, str]] = {
    "CAP": "capability-negotiation",
    "AUTHENTICATE": "sasl-3.1",
    "REGISTER": "account-registration",
    "VERIFY": "account-registration",
    "BATCH": "client-batch",
    "CHATHISTORY": "chathistory",
    "EDIT": EDIT,
    "TICKET": TICKET,
    "INVITATION": INVITATION,
    "REPORT": REPORT,
    "NOTIFY": NOTIFY,
    "EMOJI": EMOJI,
    "CONVERSE": CONVERSATIONS,
    "DRAFT": DRAFTS,
    "WEBPUSH": WEBPUSH,
    "ISUPPORT": "extended-isupport",
    "MARKREAD": "read-marker",
    "METADATA": "metadata",
    "MONITOR": "monitor",
    "REDACT": "message-redaction",
    "RENAME": "channel-rename",
    "SEARCH": SEARCH,
    "SETNAME": "setname",
    "TAGMSG": "message-tags",
    "WEBIRC": "webirc",
    **dict.fromkeys(
        ("KNOCK", "HELPOP", "DIE", "USERS", "ISON", "NICKSERV", "NS", "CHANSERV", "CS", "HUBBUB"), CUSTOM
    ),
}

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
"""By the name of the numeric."""

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
    "account": ("account-tag", "as whom the sender is signed in"),
    "batch": ("batch", "the batch that a line belongs to"),
    "bot": ("bot-mode", "the sender is a program"),
    "draft/chathistory-end": ("chathistory", "on a batch: in this direction there is nothing more"),
    "draft/chathistory-context": ("chathistory", "comes only with the message before it"),
    "draft/multiline-concat": ("multiline", "goes on directly where the line before ends"),
    "draft/oper": ("oper-tag", "the sender is an operator of the server, and as whom"),
    "hubbub/again": (SEND_ONCE, "from clients: the message was sent before"),
    "hubbub/nonce": (SEND_ONCE, "from clients: what they call a message that is to be said once"),
    "hubbub/edited": (EDIT, "when the message was changed last"),
    "label": ("labeled-response", "the line that this answers"),
    "msgid": ("message-ids", "the message's id"),
    "time": ("server-time", "when it happened"),
    "+draft/react": ("react", "a reaction to the message that `+reply` names; kept"),
    "+draft/unreact": ("react", "takes one back"),
    "+reply": ("reply", "the message that this answers; kept, as `+draft/reply` is"),
    "+typing": ("typing", "passed on, and not kept"),
    "+draft/channel-context": ("channel-context", "passed on, and kept with the message"),
    "+*": ("message-tags", "every other tag of clients is passed on as it is"),
}
"""With what each is."""

BATCHES: Final[dict[str, tuple[str, str]]] = {
    "chathistory": ("chathistory batch", "to clients: what was said"),
    "draft/chathistory-targets": ("chathistory", "to clients: where something was said"),
    "draft/isupport": ("extended-isupport", "to clients: what the server supports"),
    "draft/multiline": ("multiline", "both ways: a message of several lines"),
    "hubbub/edit": (EDIT, "both ways: a message's new text of several lines"),
    "labeled-response": ("labeled-response", "to clients: an answer of several lines"),
    "metadata": ("metadata", "to clients: what is set on somebody or on a room"),
    "metadata-subs": ("metadata", "to clients: what one listens for"),
    "soju.im/search": (SEARCH, "to clients: what was found"),
    "znc.in/playback": (PLAYBACK, "to clients: what was said"),
}
