"""The greeting: numerics 001 to 005, how many are here, and the message of the day."""

from typing import TYPE_CHECKING, Final

from hubbub.dialects.host import Facts
from hubbub.engine.modes import FLAGS, LISTS
from hubbub.engine.names import ROOM_NAME_BYTES_MAX
from hubbub.engine.policy import RANKS
from hubbub.engine.presence import USER_MODES, SessionEntered
from hubbub.engine.state import Rules
from hubbub.wire import isupport, numerics
from hubbub.wire.times import format_time

from .events import PREFIXES
from .history import replay_missed
from .server import lusers, motd

NICK_LENGTH_MAX: Final = 63

if TYPE_CHECKING:
    from .talk import IrcTalk


def greet(talk: "IrcTalk", event: SessionEntered) -> None:
    talk.arrival = None
    facts = talk.host.facts
    nick = talk.user.nick.text
    talk.numeric(numerics.RPL_WELCOME, text=f"Welcome to the {facts.network} Network, {nick}")
    talk.numeric(numerics.RPL_YOURHOST, text=f"Your host is {facts.name}, running version {facts.version}")
    talk.numeric(numerics.RPL_CREATED, text=f"This server was created {format_time(facts.started)}")
    user_modes = "".join(sorted(USER_MODES + "o"))
    room_modes = "".join(sorted(FLAGS + LISTS + "kl" + RANKS))
    with_parameter = "".join(sorted(LISTS + "kl" + RANKS))
    talk.numeric(numerics.RPL_MYINFO, facts.name, facts.version, user_modes, room_modes, with_parameter)
    for words in isupport.tokens(features(talk)):
        talk.numeric(numerics.RPL_ISUPPORT, *words)
    lusers(talk)
    motd(talk)
    replay_missed(talk, event)


def features(talk: "IrcTalk") -> dict[str, str | None]:
    """What RPL_ISUPPORT says."""
    return isupport_of(talk.host.state.rules, talk.host.facts)


def isupport_of(rules: Rules, facts: Facts) -> dict[str, str | None]:
    prefixes = "".join(PREFIXES[letter] for letter in RANKS)
    targets = str(facts.targets_limit or "")
    more: dict[str, str | None] = {} if rules.guests else {"draft/ACCOUNTREQUIRED": None}
    return more | {
        "AWAYLEN": str(rules.reason_bytes),
        "CASEMAPPING": "ascii",
        "CHANLIMIT": f"#:{rules.rooms_a_person or ''}",
        "CHANMODES": f"{LISTS},k,l,{FLAGS}",
        "CHANNELLEN": str(ROOM_NAME_BYTES_MAX + 1),
        "CHANTYPES": "#",
        "CHATHISTORY": str(facts.history_limit),
        "ELIST": "CMNTU",
        "EXCEPTS": "e",
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
