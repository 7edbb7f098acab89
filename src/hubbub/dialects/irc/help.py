"""HELP: what each verb is for and how it is written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hubbub.wire import numerics
from hubbub.wire.message import Message

if TYPE_CHECKING:
    from .session import IrcSession

TOPICS_A_LINE: Final = 8

HELP: Final[dict[str, tuple[str, ...]]] = {
    "ADMIN": ("ADMIN", "Says who runs this server and how to reach them."),
    "AUTHENTICATE": (
        "AUTHENTICATE <mechanism or data>",
        "Logs you in to your account by SASL: PLAIN, SCRAM-SHA-256, EXTERNAL or OAUTHBEARER. Clients do this by",
        "themselves.",
    ),
    "AWAY": (
        "AWAY [<text>]",
        "Says that you are away, and why. Without a text you are here again.",
    ),
    "BATCH": (
        "BATCH +<name> <type> <parameters> | BATCH -<name>",
        "Opens and closes a message of several lines. Clients that enable draft/multiline do this by themselves.",
    ),
    "CAP": (
        "CAP LS [<version>] | LIST | REQ :<capabilities> | END",
        "Agrees with the server on extensions of the protocol. Clients do this by themselves.",
    ),
    "CHANSERV": (
        "CHANSERV <command>",
        "Speaks to ChanServ, which looks after rooms. CHANSERV HELP lists its commands.",
    ),
    "CHATHISTORY": (
        "CHATHISTORY LATEST <target> <* | selector> <limit>",
        "CHATHISTORY BEFORE | AFTER | AROUND <target> <selector> <limit>",
        "CHATHISTORY BETWEEN <target> <selector> <selector> <limit>",
        "CHATHISTORY TARGETS timestamp=<time> timestamp=<time> <limit>",
        "Gives what was said in a room that you are in, or between you and somebody. A selector is msgid=<id> or",
        "timestamp=<time>, such as timestamp=2026-11-20T11:40:00.000Z. For clients that enable draft/chathistory.",
    ),
    "CONNECT": ("CONNECT <server>", "Links servers; here is only one."),
    "CS": ("CS <command>", "The same as CHANSERV."),
    "DIE": ("DIE", "Stops the server. For administrators."),
    "EDIT": (
        "EDIT <target> <message id> <text>",
        "Gives a message of yours another text. For clients that enable hubbub/edit.",
    ),
    "ERROR": ("ERROR", "Sent by servers when a connection ends; from a client it means nothing."),
    "HELP": ("HELP [<command>]", "Explains a command. Without one, lists them all."),
    "HELPOP": ("HELPOP [<command>]", "The same as HELP."),
    "HUBBUB": (
        "HUBBUB <command>",
        "Runs a command of the server's console. For administrators and moderators; HUBBUB help lists them.",
    ),
    "INFO": ("INFO", "Says which software this is."),
    "INVITE": (
        "INVITE [<nickname> <room>]",
        "Lets somebody into a room who could not come in otherwise, and tells them.",
        "Without parameters, lists the rooms that you are invited to.",
    ),
    "ISON": ("ISON <nickname> ...", "Says which of these people are here."),
    "ISUPPORT": ("ISUPPORT", "Says once more what this server supports."),
    "JOIN": (
        "JOIN <room>{,<room>} [<key>{,<key>}]",
        "Comes into rooms; one that does not exist is made, if you may. Where a room takes approval, you ask for it",
        "by joining, and are told the answer. JOIN 0 leaves all your rooms.",
    ),
    "KICK": (
        "KICK <room> <nickname>{,<nickname>} [<reason>]",
        "Takes people out of a room. For the room's operators and half-operators.",
    ),
    "KILL": ("KILL <nickname> <reason>", "Disconnects somebody from the server. For moderators."),
    "KNOCK": (
        "KNOCK <room> [<text>]",
        "Asks for a room that you can't simply join. You are told the answer, also if you leave meanwhile.",
    ),
    "LINKS": ("LINKS", "Lists the servers of the network: this one."),
    "LIST": (
        "LIST [<room or mask>{,<room or mask>}] [<condition>{,<condition>}]",
        "Lists rooms, with how many of their members are here, and their topics. Secret rooms show to members alone.",
        "Conditions: >3 or <10 people; C<60 or C>60, made less or more than 60 minutes ago; T<60 or T>60, the topic",
        "set less or more than 60 minutes ago; !*mask*, all but those.",
    ),
    "LUSERS": ("LUSERS", "Says how many people and rooms there are."),
    "MARKREAD": (
        "MARKREAD <target> [timestamp=<time>]",
        "Says, or asks, up to when you have read a room or a conversation. Your other clients are told.",
        "For clients that enable draft/read-marker.",
    ),
    "METADATA": (
        "METADATA <target or *> GET | SET <key> [<value>] | LIST | CLEAR | SYNC",
        "METADATA * SUB | UNSUB <key> ...",
        "METADATA * SUBS",
        "Lets others know more of you or of a room that you look after, such as METADATA * SET url :example.org, and",
        "tells you of what others set. For clients that enable draft/metadata-3 or draft/metadata-2.",
    ),
    "MODE": (
        "MODE <room> [<modes> [<parameter> ...]]",
        "MODE <your nickname> [<modes>]",
        "Shows or changes modes. Of a room: +A by approval, +i by invitation, +k <key>, +l <limit>, +m moderated,",
        "+M only who is logged in speaks, +C no CTCP but ACTION, +n no messages from outside, +s secret,",
        "+t only operators set the topic; its lists: +b bans, +e exceptions, +I who needs no invitation;",
        "its members: +q founder, +a protected, +o operator, +h half-operator, +v voice.",
        "Bans and the other lists also take ~account:<name>, whoever is logged in so, and ~mute:<mask> or",
        "~mute:~account:<name>, who may be in the room and not speak.",
        "Your own: +B a bot, +R private messages only from who is logged in, +i shown to guests only in rooms",
        "that you share, +w told what operators are told.",
    ),
    "MONITOR": (
        "MONITOR + | - <nickname>{,<nickname>}",
        "MONITOR C | L | S",
        "Tells you when people come and go: + adds to your list, - takes away, C clears it, L shows it, S says who of",
        "it is here.",
    ),
    "MOTD": ("MOTD", "Shows the message of the day."),
    "NAMES": ("NAMES <room>{,<room>}", "Shows who is in a room."),
    "NICK": (
        "NICK <nickname>",
        "Changes your nickname. One that is an account's name belongs to that account.",
    ),
    "NICKSERV": (
        "NICKSERV <command>",
        "Speaks to NickServ, which looks after accounts: registering and logging in. NICKSERV HELP lists its commands.",
    ),
    "NOTICE": (
        "NOTICE <target>{,<target>} <text>",
        "Says something to which no program answers, in a room or to somebody.",
    ),
    "NS": ("NS <command>", "The same as NICKSERV."),
    "OPER": (
        "OPER <name> <password>",
        "Makes you an operator of the server, until you leave, with a name and password from its settings.",
    ),
    "PART": ("PART <room>{,<room>} [<reason>]", "Leaves rooms for good; you are not a member any more."),
    "PASS": (
        "PASS <password> | PASS <account>:<password>",
        "Gives the server's password, or logs you in to an account; before NICK and USER.",
    ),
    "PING": ("PING <text>", "The server answers PONG with the same text."),
    "PONG": ("PONG <text>", "Answers the server's PING. Clients do this by themselves."),
    "PRIVMSG": (
        "PRIVMSG <target>{,<target>} <text>",
        "Says something in a room or to somebody. To an account that is not here it is shown when they come back.",
        "@<room> as a target reaches the room's operators alone, +<room> those with a voice and above.",
    ),
    "QUIT": ("QUIT [<reason>]", "Leaves the server. You stay a member of your rooms if you have an account."),
    "REDACT": (
        "REDACT <target> <message id> [<reason>]",
        "Deletes a message of yours, or of others in a room that you look after. For clients that enable",
        "draft/message-redaction.",
    ),
    "REGISTER": (
        "REGISTER <account or *> <email or *> <password>",
        "Makes an account; * is your nickname, and no address is needed. You are logged in to it at once.",
    ),
    "REHASH": ("REHASH", "Reads the settings again. For administrators."),
    "RENAME": ("RENAME <room> <new name> [<reason>]", "Gives a room another name. For the room's operators."),
    "SEARCH": (
        "SEARCH [in=<room or nickname>;][from=<nickname>;][after=<time>;][before=<time>;][text=<words>;][limit=<n>]",
        "Finds messages that you may read by their words, with \\s for a space. For clients that enable",
        "soju.im/search.",
    ),
    "SETNAME": ("SETNAME <text>", "Changes the name that is shown beside your nickname."),
    "SQUIT": ("SQUIT <server> <reason>", "Takes a server out of the network; here is only one."),
    "STATS": (
        "STATS u | o | k",
        "Says how long the server has been up; to moderators also who operates it (o) and who is kept out (k).",
    ),
    "TAGMSG": (
        "TAGMSG <target>{,<target>}",
        "Sends tags without a text, such as a reaction. Clients do this by themselves.",
    ),
    "INVITATION": (
        "INVITATION <code>",
        "Lets this session register an account, where that takes an invitation.",
        "For clients that enable hubbub/invitation.",
    ),
    "EMOJI": (
        "EMOJI",
        "Lists the emoji that this place has of its own, with their pictures.",
        "For clients that enable hubbub/emoji.",
    ),
    "NOTIFY": (
        "NOTIFY [<target> <level>]",
        "Says what you are told of while you don't look: all, mentions, none, or usual; the target * is everything.",
        "For clients that enable hubbub/notify.",
    ),
    "DRAFT": (
        "DRAFT [<target> <version> [:<text>]]",
        "Keeps what you have begun to write, for your other devices; without parameters it lists what is kept.",
        "For clients that enable hubbub/drafts, which do this by themselves.",
    ),
    "WEBPUSH": (
        "WEBPUSH REGISTER <endpoint> <keys> | UNREGISTER <endpoint>",
        "Lets a browser be told of messages. Clients do this by themselves.",
    ),
    "REPORT": (
        "REPORT <target> <msgid> [<reason>]",
        "Asks those who look after the server to look at a message.",
        "For clients that enable hubbub/report.",
    ),
    "TICKET": (
        "TICKET",
        "Gives a secret by which this session is known to the server's website, as long as it lasts.",
        "For clients that enable hubbub/ticket.",
    ),
    "TIME": ("TIME", "Says what time it is at the server."),
    "TOPIC": (
        "TOPIC <room> [<text>]",
        "Shows or sets what a room is about. An empty text takes the topic away.",
    ),
    "USER": (
        "USER <name> 0 * <real name>",
        "Says who you are when you come in. Clients do this by themselves.",
    ),
    "USERHOST": ("USERHOST <nickname> ...", "Says of up to five people whether they are here and away."),
    "USERS": ("USERS", "Is of no use here; ask WHO or NAMES."),
    "VERIFY": ("VERIFY <account> <code>", "Is not needed here: registering takes no code."),
    "VERSION": ("VERSION", "Says which version of the software this is, and what it supports."),
    "WALLOPS": ("WALLOPS <text>", "Tells everybody who has the mode +w. For moderators."),
    "WEBIRC": (
        "WEBIRC <password> <gateway> <hostname> <address> [<options>]",
        "Says where somebody is who comes through a web page. For the gateways in the server's settings.",
    ),
    "WHO": (
        "WHO <room, nickname or mask> [o][%<fields>[,<token>]]",
        "Lists people; with o the server's operators alone. Fields (WHOX): t token, c room, u user name, i address,",
        "h host, s server, n nickname, f flags, d distance, l idle, a account, o level, r real name.",
    ),
    "WHOIS": ("WHOIS <nickname>", "Says what is known of somebody who is here."),
    "WHOWAS": ("WHOWAS <nickname> [<count>]", "Says who has lately left or given up a nickname."),
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
        text_when_unknown = "There is no help on this. HELP alone lists what there is"
        talk.numeric(numerics.ERR_HELPNOTFOUND, asked, text=text_when_unknown)


def _index() -> Sequence[str]:
    verbs = list(HELP)
    rows = [verbs[start : start + TOPICS_A_LINE] for start in range(0, len(verbs), TOPICS_A_LINE)]
    return [*(" ".join(row) for row in rows), "HELP and one of these explains it."]


def _show(talk: "IrcSession", subject: str, title: str, text: Sequence[str]) -> None:
    *lines, last = text
    talk.numeric(numerics.RPL_HELPSTART, subject, text=title)
    for line in ("", *lines):
        talk.numeric(numerics.RPL_HELPTXT, subject, text=line)
    talk.numeric(numerics.RPL_ENDOFHELP, subject, text=last)
