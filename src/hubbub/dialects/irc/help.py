"""HELP: what each verb is for and how it is written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hubbub.wire import numerics
from hubbub.wire.message import Message

if TYPE_CHECKING:
    from .session import IrcSession

TOPICS_A_LINE: Final = 8

HELP: Final[dict[str, tuple[str, ...]]] = {
    "ADMIN": ("ADMIN", "Shows who runs this server and how to reach them."),
    "AUTHENTICATE": (
        "AUTHENTICATE <mechanism or data>",
        "Logs you in to your account by SASL: PLAIN, SCRAM-SHA-256, EXTERNAL or OAUTHBEARER. Clients send this",
        "themselves.",
    ),
    "AWAY": (
        "AWAY [<text>]",
        "Marks you as away, with a reason. Without a text, marks you as no longer away.",
    ),
    "BATCH": (
        "BATCH +<name> <type> <parameters> | BATCH -<name>",
        "Opens and closes a message of several lines. Clients that enable draft/multiline send this themselves.",
    ),
    "CAP": (
        "CAP LS [<version>] | LIST | REQ :<capabilities> | END",
        "Negotiates protocol extensions. Clients send this themselves.",
    ),
    "CHANSERV": (
        "CHANSERV <command>",
        "Sends a command to ChanServ, which manages rooms. CHANSERV HELP lists its commands.",
    ),
    "CHATHISTORY": (
        "CHATHISTORY LATEST <target> <* | selector> <limit>",
        "CHATHISTORY BEFORE | AFTER | AROUND <target> <selector> <limit>",
        "CHATHISTORY BETWEEN <target> <selector> <selector> <limit>",
        "CHATHISTORY TARGETS timestamp=<time> timestamp=<time> <limit>",
        "Returns the messages of a room that you are in, or of a private conversation. A selector is msgid=<id> or",
        "timestamp=<time>, such as timestamp=2026-11-20T11:40:00.000Z. For clients that enable draft/chathistory.",
    ),
    "CONNECT": ("CONNECT <server>", "Links servers; this network has only one."),
    "CS": ("CS <command>", "The same as CHANSERV."),
    "DIE": ("DIE", "Stops the server. For administrators."),
    "EDIT": (
        "EDIT <target> <message id> <text>",
        "Edits a message of yours. For clients that enable hubbub/edit.",
    ),
    "ERROR": ("ERROR", "Servers send this when a connection ends; from a client it has no effect."),
    "HELP": ("HELP [<command>]", "Explains a command. Without one, lists all commands."),
    "HELPOP": ("HELPOP [<command>]", "The same as HELP."),
    "HUBBUB": (
        "HUBBUB <command>",
        "Runs a command of the server's console. For administrators and moderators; HUBBUB help lists them.",
    ),
    "INFO": ("INFO", "Shows which software this server runs."),
    "INVITE": (
        "INVITE [<nickname> <room>]",
        "Invites somebody to a room, so that they can join it whatever its access, and notifies them.",
        "Without parameters, lists the rooms that you are invited to.",
    ),
    "ISON": ("ISON <nickname> ...", "Shows which of these people are online."),
    "ISUPPORT": ("ISUPPORT", "Lists again what this server supports."),
    "JOIN": (
        "JOIN <room>{,<room>} [<key>{,<key>}]",
        "Joins rooms, and creates those that don't exist, if you may. A room with approval gets a request from you,",
        "and you are notified of the decision. JOIN 0 leaves all your rooms.",
    ),
    "KICK": (
        "KICK <room> <nickname>{,<nickname>} [<reason>]",
        "Kicks people from a room. For the room's operators and half-operators.",
    ),
    "KILL": ("KILL <nickname> <reason>", "Disconnects somebody from the server. For moderators."),
    "KNOCK": (
        "KNOCK <room> [<text>]",
        "Asks to join a room that is not open. You are notified of the decision, even if you disconnect meanwhile.",
    ),
    "LINKS": ("LINKS", "Lists the servers of the network: this one."),
    "LIST": (
        "LIST [<room or mask>{,<room or mask>}] [<condition>{,<condition>}]",
        "Lists rooms with their number of online members and their topics. Only members see secret rooms.",
        "Conditions: >3 or <10 people; C<60 or C>60, created less or more than 60 minutes ago; T<60 or T>60, topic",
        "set less or more than 60 minutes ago; !*mask*, all except these.",
    ),
    "LUSERS": ("LUSERS", "Counts the people and rooms."),
    "MARKREAD": (
        "MARKREAD <target> [timestamp=<time>]",
        "Sets or shows up to when you have read a room or a conversation, and tells your other clients.",
        "For clients that enable draft/read-marker.",
    ),
    "METADATA": (
        "METADATA <target or *> GET | SET <key> [<value>] | LIST | CLEAR | SYNC",
        "METADATA * SUB | UNSUB <key> ...",
        "METADATA * SUBS",
        "Publishes data about you or a room that you operate, such as METADATA * SET url :example.org, and",
        "subscribes you to what others publish. For clients that enable draft/metadata-3 or draft/metadata-2.",
    ),
    "MODE": (
        "MODE <room> [<modes> [<parameter> ...]]",
        "MODE <your nickname> [<modes>]",
        "Shows or changes modes. Of a room: +A by approval, +i by invitation, +k <key>, +l <limit>, +m moderated,",
        "+M only logged-in people speak, +C no CTCP except ACTION, +n no messages from outside, +s secret,",
        "+t only operators set the topic; its lists: +b bans, +e ban exceptions, +I invitation exceptions;",
        "its members: +q founder, +a protected, +o operator, +h half-operator, +v voice.",
        "Bans and the other lists also accept ~account:<name>, anyone logged in to that account, and ~mute:<mask> or",
        "~mute:~account:<name>, who can join the room but not speak.",
        "Your own: +B a bot, +R private messages only from logged-in people, +i visible to guests only in rooms",
        "that you share, +w receives WALLOPS.",
    ),
    "MONITOR": (
        "MONITOR + | - <nickname>{,<nickname>}",
        "MONITOR C | L | S",
        "Notifies you when people come and go: + adds to your list, - removes, C clears it, L shows it, S shows who",
        "on it is online.",
    ),
    "MOTD": ("MOTD", "Shows the message of the day."),
    "NAMES": ("NAMES <room>{,<room>}", "Shows who is in a room."),
    "NICK": (
        "NICK <nickname>",
        "Changes your nickname. An account's name is reserved for that account.",
    ),
    "NICKSERV": (
        "NICKSERV <command>",
        "Sends a command to NickServ, which manages accounts. NICKSERV HELP lists its commands.",
    ),
    "NOTICE": (
        "NOTICE <target>{,<target>} <text>",
        "Sends a notice, to which no program replies, to a room or a person.",
    ),
    "NS": ("NS <command>", "The same as NICKSERV."),
    "OPER": (
        "OPER <name> <password>",
        "Makes you an operator of the server until you disconnect, with a name and password from its settings.",
    ),
    "PART": ("PART <room>{,<room>} [<reason>]", "Leaves rooms for good; you are no longer a member."),
    "PASS": (
        "PASS <password> | PASS <account>:<password>",
        "Sends the server's password, or logs you in to an account; before NICK and USER.",
    ),
    "PING": ("PING <text>", "The server answers PONG with the same text."),
    "PONG": ("PONG <text>", "Answers the server's PING. Clients send this themselves."),
    "PRIVMSG": (
        "PRIVMSG <target>{,<target>} <text>",
        "Sends a message to a room or a person. Somebody who is offline gets it on return.",
        "The target @<room> reaches only the room's operators, +<room> everyone with a voice or above.",
    ),
    "QUIT": ("QUIT [<reason>]", "Disconnects you. With an account, you stay a member of your rooms."),
    "REDACT": (
        "REDACT <target> <message id> [<reason>]",
        "Deletes a message of yours, or anyone's in a room that you operate. For clients that enable",
        "draft/message-redaction.",
    ),
    "REGISTER": (
        "REGISTER <account or *> <email or *> <password>",
        "Registers an account and logs you in to it; * stands for your nickname, and the email is optional.",
    ),
    "REHASH": ("REHASH", "Reloads the settings. For administrators."),
    "RENAME": ("RENAME <room> <new name> [<reason>]", "Renames a room. For the room's operators."),
    "SEARCH": (
        "SEARCH [in=<room or nickname>;][from=<nickname>;][after=<time>;][before=<time>;][text=<words>;][limit=<n>]",
        "Searches the messages that you may read, with \\s for a space. For clients that enable",
        "soju.im/search.",
    ),
    "SETNAME": ("SETNAME <text>", "Changes your real name."),
    "SQUIT": ("SQUIT <server> <reason>", "Disconnects a server from the network; this network has only one."),
    "STATS": (
        "STATS u | o | k",
        "Shows the uptime (u); to moderators also the operators (o) and the suspensions and bans (k).",
    ),
    "TAGMSG": (
        "TAGMSG <target>{,<target>}",
        "Sends tags without a text, such as a reaction. Clients send this themselves.",
    ),
    "INVITATION": (
        "INVITATION <code>",
        "Lets this session register an account where registration requires an invitation.",
        "For clients that enable hubbub/invitation.",
    ),
    "EMOJI": (
        "EMOJI",
        "Lists the emoji that this place has of its own, with their pictures.",
        "For clients that enable hubbub/emoji.",
    ),
    "NOTIFY": (
        "NOTIFY [<target> <level>]",
        "Sets what you are notified of: all, mentions, none, or usual; the target * stands for everything.",
        "For clients that enable hubbub/notify.",
    ),
    "DRAFT": (
        "DRAFT [<target> <version> [:<text>]]",
        "Keeps what you have begun to write, for your other devices; without parameters it lists what is kept.",
        "For clients that enable hubbub/drafts, which do this by themselves.",
    ),
    "WEBPUSH": (
        "WEBPUSH REGISTER <endpoint> <keys> | UNREGISTER <endpoint>",
        "Subscribes a browser to push notifications. Clients send this themselves.",
    ),
    "REPORT": (
        "REPORT <target> <msgid> [<reason>]",
        "Reports a message to the moderators.",
        "For clients that enable hubbub/report.",
    ),
    "TICKET": (
        "TICKET",
        "Returns a secret that authenticates this session to the server's HTTP API.",
        "For clients that enable hubbub/ticket.",
    ),
    "TIME": ("TIME", "Shows the server's time."),
    "TOPIC": (
        "TOPIC <room> [<text>]",
        "Shows or sets a room's topic. An empty text clears it.",
    ),
    "USER": (
        "USER <name> 0 * <real name>",
        "Introduces you when you connect. Clients send this themselves.",
    ),
    "USERHOST": ("USERHOST <nickname> ...", "Shows whether up to five people are online or away."),
    "USERS": ("USERS", "Not available on this server. Use WHO or NAMES."),
    "VERIFY": ("VERIFY <account> <code>", "Not needed on this server: registration requires no code."),
    "VERSION": ("VERSION", "Shows the version of the software and what it supports."),
    "WALLOPS": ("WALLOPS <text>", "Sends a message to everybody with the mode +w. For moderators."),
    "WEBIRC": (
        "WEBIRC <password> <gateway> <hostname> <address> [<options>]",
        "Passes on the address of a person behind a web gateway. For the gateways in the server's settings.",
    ),
    "WHO": (
        "WHO <room, nickname or mask> [o][%<fields>[,<token>]]",
        "Lists people; with o, only the server's operators. Fields (WHOX): t token, c room, u user name, i address,",
        "h host, s server, n nickname, f flags, d distance, l idle, a account, o level, r real name.",
    ),
    "WHOIS": ("WHOIS <nickname>", "Shows details about somebody who is online."),
    "WHOWAS": ("WHOWAS <nickname> [<count>]", "Shows who recently used a nickname."),
}
"""By verb: how it is written, then what it does; a line each."""


def show_help(talk: "IrcSession", message: Message) -> None:
    """modern-irc: one HELPSTART, "arbitrarily many" HELPTXT of which the first SHOULD be empty, one ENDOFHELP."""
    asked = " ".join(message.params).strip()
    if not asked:
        _show(talk, "*", "Commands", _index())
    elif text := HELP.get(asked.upper()):
        _show(talk, asked.upper(), f"The command {asked.upper()}", text)
    else:
        text_when_unknown = "No help available on this topic. HELP lists all commands"
        talk.numeric(numerics.ERR_HELPNOTFOUND, asked, text=text_when_unknown)


def _index() -> Sequence[str]:
    verbs = list(HELP)
    rows = [verbs[start : start + TOPICS_A_LINE] for start in range(0, len(verbs), TOPICS_A_LINE)]
    return [*(" ".join(row) for row in rows), "To explain a command, write: HELP <command>"]


def _show(talk: "IrcSession", subject: str, title: str, text: Sequence[str]) -> None:
    *lines, last = text
    talk.numeric(numerics.RPL_HELPSTART, subject, text=title)
    for line in ("", *lines):
        talk.numeric(numerics.RPL_HELPTXT, subject, text=line)
    talk.numeric(numerics.RPL_ENDOFHELP, subject, text=last)
