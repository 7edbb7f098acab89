"""The greeting: numerics 001 to 005, the number of users, and the message of the day."""

from contextlib import nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.session_api import ServerInfo
from hubbub.engine import extbans
from hubbub.engine.entering import SessionEntered
from hubbub.engine.modes import FLAGS, LISTS
from hubbub.engine.names import ROOM_NAME_BYTES_MAX
from hubbub.engine.policy import RANKS
from hubbub.engine.state import BOT_MODE, Rules
from hubbub.engine.user_profile import USER_MODES
from hubbub.wire import isupport, numerics
from hubbub.wire.message import Message
from hubbub.wire.times import format_time

from .event_renderer import PersonalRenderers
from .history import replay_missed
from .metadata_sync import show_own_metadata
from .rooms import PREFIXES, show_room
from .server import lusers, motd
from .server_batches import batch
from .verb import Verb

NICK_LENGTH_MAX: Final = 63

_USER_MODES: Final = "".join(sorted(USER_MODES + "o"))
_ROOM_MODES: Final = "".join(sorted(FLAGS + LISTS + "kl" + RANKS))
_WITH_PARAMETER: Final = "".join(sorted(LISTS + "kl" + RANKS))

if TYPE_CHECKING:
    from .session import IrcSession


def greet(talk: "IrcSession", event: SessionEntered) -> None:
    talk.arrival = None
    facts = talk.host.facts
    welcome = f":Welcome to the {facts.network} Network, {talk.user.nick.text}"
    talk.numerics_ready([(numerics.RPL_WELCOME, welcome), *_about(facts)])
    show_features(talk)
    if talk.caps.whoami:
        # whoami: "the server MUST send a `SETNAME` line …, between the final `005 RPL_ISUPPORT` and … `LUSERS`".
        origin = talk.user.origin
        talk.send("SETNAME", origin.realname, source=origin.mask)
    lusers(talk)
    show_own_metadata(talk)
    motd(talk)
    replay_missed(talk, event)


@lru_cache(maxsize=16)
def _about(facts: ServerInfo) -> list[tuple[str, str]]:
    modes = f"{_USER_MODES} {_ROOM_MODES} {_WITH_PARAMETER}"
    return [
        (numerics.RPL_YOURHOST, f":Your host is {facts.name}, running version {facts.version}"),
        (numerics.RPL_CREATED, f":This server was created {format_time(facts.started)}"),
        (numerics.RPL_MYINFO, f"{facts.name} {facts.version} {modes}"),
    ]


def isupport_again(talk: "IrcSession", message: Message) -> None:
    """ISUPPORT: the list once more, or before one is in, to clients that know that they may ask."""
    if talk.arrival and not talk.caps.extended_isupport:
        talk.numeric(numerics.ERR_NOTREGISTERED)
    else:
        show_features(talk)


def show_features(talk: "IrcSession") -> None:
    """extended-isupport: "The server MUST group all `RPL_ISUPPORT` messages inside a `draft/isupport` batch when the
    `batch` and `draft/extended-isupport` capabilities are enabled."
    """
    with batch(talk, "draft/isupport") if talk.caps.extended_isupport else nullcontext():
        list_features(talk)


def list_features(talk: "IrcSession") -> None:
    """RPL_ISUPPORT, in as many lines as it takes."""
    state = talk.host.state
    room = state.room_named(state.rules.welcome_room)
    talk.numerics_ready(_features(state.rules, talk.host.facts, f"#{room.name}" if room else ""))


@lru_cache(maxsize=16)
def _features(rules: Rules, facts: ServerInfo, welcome: str) -> list[tuple[str, str]]:
    code = numerics.RPL_ISUPPORT
    tokens = isupport.tokens(isupport_of(rules, facts, welcome))
    return [(code, f"{' '.join(words)} :{numerics.TEXT[code]}") for words in tokens]


def isupport_of(rules: Rules, facts: ServerInfo, welcome: str) -> dict[str, str | None]:
    """`welcome` is the room where guests with clients of ours begin; empty where there is none."""
    prefixes = "".join(PREFIXES[letter] for letter in RANKS)
    targets = str(facts.targets_limit or "")
    more: dict[str, str | None] = {} if rules.guests else {"draft/ACCOUNTREQUIRED": None}
    if welcome:
        more["hubbub/WELCOME"] = welcome
    if facts.icon:
        more["draft/ICON"] = facts.icon
    if facts.vapid:
        more["VAPID"] = facts.vapid
    if facts.files:
        # Two names of one thing: soju's, and the one that is to become everybody's.
        more |= {"draft/FILEHOST": facts.files, "soju.im/FILEHOST": facts.files}
    return more | {
        "ACCOUNTEXTBAN": f"{extbans.ACCOUNT},{extbans.ACCOUNT[0]}",
        "AWAYLEN": str(rules.reason_bytes),
        "BOT": BOT_MODE,
        "CASEMAPPING": "ascii",
        "CHANLIMIT": f"#:{rules.rooms_a_person or ''}",
        "CHANMODES": f"{LISTS},k,l,{FLAGS}",
        "CHANNELLEN": str(ROOM_NAME_BYTES_MAX + 1),
        "CHANTYPES": "#",
        "CHATHISTORY": str(facts.history_limit),
        "ELIST": "CMNTU",
        "EXCEPTS": "e",
        "EXTBAN": f"{extbans.PREFIX},{''.join(extbans.LETTERS)}",
        "INVEX": "I",
        "KICKLEN": str(rules.reason_bytes),
        "KNOCK": None,
        "MAXLIST": f"{LISTS}:{rules.room_list_entries or ''}",
        "MODES": "12",
        "MONITOR": str(rules.monitored_names or ""),
        "MSGREFTYPES": "msgid,timestamp",
        "NAMELEN": str(rules.realname_bytes),
        "NETWORK": facts.network.replace(" ", "_"),
        "NICKLEN": str(_nick_length(rules)),
        "PREFIX": f"({RANKS}){prefixes}",
        "SAFELIST": None,
        "STATUSMSG": prefixes,
        "TARGMAX": f"JOIN:,KICK:,NAMES:,NOTICE:{targets},PART:,PRIVMSG:{targets},TAGMSG:{targets},WHOIS:1",
        "TOPICLEN": str(rules.topic_bytes),
        "UTF8ONLY": None,
        "WHOX": None,
    }


def _nick_length(rules: Rules) -> int:
    """The longest name that the pattern allows, of those that IRC clients can show."""
    lengths = range(NICK_LENGTH_MAX, 0, -1)
    return next(
        (length for length in lengths if rules.names.pattern.fullmatch("a" * length)), NICK_LENGTH_MAX
    )


def _show_entered(talk: "IrcSession", event: SessionEntered) -> None:
    """Greet a new session, which is in all rooms of its user; one that switched users is told what changes."""
    user = talk.user
    if event.was is None:
        greet(talk, event)
    else:
        if event.was.nick != user.nick.text:
            talk.send("NICK", user.nick.text, source=event.was.mask)
        before = replace(event.was, nick=user.nick.text)
        if talk.caps.chghost and before.mask != user.origin.mask:
            talk.send("CHGHOST", user.origin.username, user.origin.host, source=before.mask)
        for name in event.left:
            talk.send("PART", f"#{name}", source=user.origin.mask)
    for room in list(user.rooms.values()):
        show_room(talk, room)


VERBS: Final = {
    "ISUPPORT": Verb(
        isupport_again,
        (
            "ISUPPORT",
            "Lists again what this server supports.",
        ),
        before=True,
        specification="extended-isupport",
    ),
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    SessionEntered: _show_entered,
}
