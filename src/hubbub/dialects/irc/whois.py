"""WHOIS and WHOWAS: queries about one user, online or gone."""

from itertools import islice
from typing import TYPE_CHECKING, Final

from hubbub.engine.names import fold
from hubbub.engine.state import User
from hubbub.wire import numerics
from hubbub.wire.message import Message
from hubbub.wire.times import format_time

from .rooms import prefixes
from .server import is_here
from .verb import Verb
from .who import may_see_address, real_address, visible_rooms

if TYPE_CHECKING:
    from .session import IrcSession


def whois(talk: "IrcSession", message: Message) -> None:
    """`WHOIS [<target>] <nick>`; of several nicknames the first, as TARGMAX announces."""
    asked = message.param(1) or message.param(0)
    nick = asked.split(",")[0]
    if not nick:
        talk.numeric(numerics.ERR_NONICKNAMEGIVEN)
        return
    if message.param(1) and not is_here(talk, message.params[0]):
        return
    if user := talk.host.state.user_named(nick):
        _show(talk, user)
    else:
        talk.numeric(numerics.ERR_NOSUCHNICK, nick)
    # "<nick> MUST be exactly the <nick> parameter sent by the client in its WHOIS message"
    talk.numeric(numerics.RPL_ENDOFWHOIS, asked)


def _show(talk: "IrcSession", user: User) -> None:
    origin, facts = user.origin, talk.host.facts
    nick = user.nick.text
    talk.numeric(numerics.RPL_WHOISUSER, nick, origin.username, origin.host, "*", text=origin.realname)
    rooms = (
        f"{prefixes(talk, room.members.get(user.person))}#{room.name}" for room in visible_rooms(talk, user)
    )
    talk.numerics_joined(numerics.RPL_WHOISCHANNELS, nick, words=rooms)
    talk.numeric(numerics.RPL_WHOISSERVER, nick, facts.name, text=facts.network)
    if "o" in user.modes:
        talk.numeric(numerics.RPL_WHOISOPERATOR, nick, text=f"is an IRC operator ({user.role.word})")
    if origin.away is not None:
        talk.numeric(numerics.RPL_AWAY, nick, text=origin.away)
    if origin.account:
        talk.numeric(numerics.RPL_WHOISACCOUNT, nick, origin.account)
    if origin.bot:
        talk.numeric(numerics.RPL_WHOISBOT, nick, text=f"is a Bot on {facts.network}")
    if talk.caps.metadata:
        for key, value in user.metadata.items():
            talk.numeric(numerics.RPL_WHOISKEYVALUE, nick, key, "*", text=value)
    if user.sessions and all(session.secure for session in user.sessions.values()):
        talk.numeric(numerics.RPL_WHOISSECURE, nick)
    # How long somebody has been silent is nobody's business.
    talk.numeric(numerics.RPL_WHOISIDLE, nick, "0", str(user.since // 1000))
    if may_see_address(talk, user):
        _show_private(talk, user)


def _show_private(talk: "IrcSession", user: User) -> None:
    """ "only to the client itself and to servers operators, as they contain privacy-sensitive information"."""
    nick = user.nick.text
    talk.numeric(numerics.RPL_WHOISMODES, nick, text=f"is using modes +{user.modes}")
    for fingerprint in dict.fromkeys(session.fingerprint for session in user.sessions.values()):
        if fingerprint:
            talk.numeric(
                numerics.RPL_WHOISCERTFP, nick, text=f"has client certificate fingerprint {fingerprint}"
            )
    for address in dict.fromkeys(real_address(user, session) for session in user.sessions):
        talk.numeric(numerics.RPL_WHOISACTUALLY, nick, address)


def whowas(talk: "IrcSession", message: Message) -> None:
    """ "The history is searched backward, returning the most recent entry first"; all where the count is no number."""
    nick = message.param(0)
    if not nick:
        talk.numeric(numerics.ERR_NONICKNAMEGIVEN)
        return
    departed = talk.host.state.departed
    key = fold(nick)
    known = (one for one in reversed(departed) if fold(one.origin.nick) == key)
    entries = list(islice(known, _count(message.param(1))))
    server = talk.host.facts.name
    for entry in entries:
        origin = entry.origin
        name = origin.nick
        talk.numeric(numerics.RPL_WHOWASUSER, name, origin.username, origin.host, "*", text=origin.realname)
        talk.numeric(numerics.RPL_WHOISSERVER, name, server, text=f"left at {format_time(entry.at)}")
    if not entries:
        talk.numeric(numerics.ERR_WASNOSUCHNICK, nick)
    talk.numeric(numerics.RPL_ENDOFWHOWAS, nick)


def _count(text: str) -> int | None:
    return int(text[:6]) or None if text.isascii() and text.isdigit() else None


VERBS: Final = {
    "WHOIS": Verb(
        whois,
        (
            "WHOIS <nickname>",
            "Shows details about somebody who is online.",
        ),
    ),
    "WHOWAS": Verb(
        whowas,
        (
            "WHOWAS <nickname> [<count>]",
            "Shows who recently used a nickname.",
        ),
    ),
}
