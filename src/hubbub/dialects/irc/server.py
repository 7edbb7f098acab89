"""LUSERS, MOTD, TIME, ADMIN, INFO, STATS, LINKS and USERS: queries about the server."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hubbub.engine.masks import matches
from hubbub.engine.refusals import describe_until
from hubbub.engine.state import Role, Sanction
from hubbub.text import clean, split
from hubbub.wire import numerics
from hubbub.wire.message import Message
from hubbub.wire.times import format_time

from .verb import CUSTOM, Verb

if TYPE_CHECKING:
    from .session import IrcSession

MOTD_LINE_BYTES: Final = 350
"""The bytes of a message-of-the-day line in one reply; longer lines are split."""


def is_here(talk: "IrcSession", target: str) -> bool:
    """Whether a query is for this server; otherwise it is answered.

    modern-irc: a target is a server's name, a mask of it, or a client, and then "the server that client is
    connected to"; "if a matching server cannot be found, the server will respond with the ERR_NOSUCHSERVER".
    """
    if not target or matches(target, talk.host.facts.name) or talk.host.state.user_named(target):
        return True
    talk.numeric(numerics.ERR_NOSUCHSERVER, target)
    return False


def lusers(talk: "IrcSession", message: Message | None = None) -> None:
    """Numerics of which modern-irc wants a "positive integer" are left out where there is nothing to count."""
    state, text = talk.host.state, numerics.TEXT
    users, clients, modes = len(state.users), state.census.clients, state.census.modes
    invisible = modes["i"]
    told = [
        (
            numerics.RPL_LUSERCLIENT,
            f":There are {users - invisible} users and {invisible} invisible on 1 servers",
        )
    ]
    for code, count in (
        (numerics.RPL_LUSEROP, modes["o"]),
        (numerics.RPL_LUSERUNKNOWN, len(state.sessions) - clients),
        (numerics.RPL_LUSERCHANNELS, len(state.rooms) - state.census.secret_rooms),
    ):
        if count:
            told.append((code, f"{count} :{text[code]}"))
    most = max(users, talk.host.facts.counters.get("users_max", 0))
    told += (
        (numerics.RPL_LUSERME, f":I have {clients} clients and 0 servers"),
        (numerics.RPL_LOCALUSERS, f"{users} {most} :Current local users {users}, max {most}"),
        (numerics.RPL_GLOBALUSERS, f"{users} {most} :Current global users {users}, max {most}"),
    )
    talk.numerics_ready(told)


def motd(talk: "IrcSession", message: Message | None = None) -> None:
    if message and not is_here(talk, message.param(0)):
        return
    facts = talk.host.facts
    if facts.motd:
        talk.numerics_ready(_motd(facts.name, facts.motd))
    else:
        talk.numeric(numerics.ERR_NOMOTD)


@lru_cache(maxsize=16)
def _motd(server: str, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    pieces = [piece for text in texts for piece in split(clean(text), MOTD_LINE_BYTES)]
    return [
        (numerics.RPL_MOTDSTART, f":- {server} Message of the day - "),
        *((numerics.RPL_MOTD, f":- {piece}") for piece in pieces),
        (numerics.RPL_ENDOFMOTD, f":{numerics.TEXT[numerics.RPL_ENDOFMOTD]}"),
    ]


def time(talk: "IrcSession", message: Message) -> None:
    if is_here(talk, message.param(0)):
        now = talk.host.now()
        text = f"{_readable(now)} UTC"
        talk.numeric(numerics.RPL_TIME, talk.host.facts.name, str(now // 1000), "0", text=text)


def admin(talk: "IrcSession", message: Message) -> None:
    if not is_here(talk, message.param(0)):
        return
    facts = talk.host.facts
    if not any(facts.admin):
        talk.numeric(numerics.ERR_NOADMININFO, facts.name)
        return
    talk.numeric(numerics.RPL_ADMINME, facts.name)
    codes = (numerics.RPL_ADMINLOC1, numerics.RPL_ADMINLOC2, numerics.RPL_ADMINEMAIL)
    for code, text in zip(codes, facts.admin, strict=True):
        talk.numeric(code, text=clean(text))


def info(talk: "IrcSession", message: Message) -> None:
    facts = talk.host.facts
    for text in (
        f"{facts.version} on {facts.name}",
        "Hubbub is a self-hosted chat server. It is free software under the MIT licence.",
        f"It has been up since {_readable(facts.started)} UTC.",
        "HELP lists the commands; ADMIN says who runs this server.",
    ):
        talk.numeric(numerics.RPL_INFO, text=text)
    talk.numeric(numerics.RPL_ENDOFINFO)


def links(talk: "IrcSession", message: Message) -> None:
    """A server on its own is its own whole network."""
    facts = talk.host.facts
    if not message.params or matches(message.params[-1], facts.name):
        talk.numeric(numerics.RPL_LINKS, facts.name, facts.name, text=f"0 {facts.network}")
    talk.numeric(numerics.RPL_ENDOFLINKS, "*")


def users(talk: "IrcSession", message: Message) -> None:
    talk.numeric(
        numerics.ERR_USERSDISABLED,
        text="USERS is not available on this server. Use WHO, or NAMES with a room.",
    )


def stats(talk: "IrcSession", message: Message) -> None:
    """An unknown letter has nothing but its end, as everywhere."""
    letter = message.params[0][:1]
    if not is_here(talk, message.param(1)):
        return
    if report := _STATS.get(letter.lower()):
        report(talk)
    talk.numeric(numerics.RPL_ENDOFSTATS, letter)


def _uptime(talk: "IrcSession") -> None:
    seconds = max(0, talk.host.now() - talk.host.facts.started) // 1000
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    text = f"Server Up {days} days {hours}:{minutes:02}:{seconds % 60:02}"
    talk.numeric(numerics.RPL_STATSUPTIME, text=text)


def _operators(talk: "IrcSession") -> None:
    if not _is_moderator(talk):
        return
    for user in talk.host.state.users.values():
        if "o" in user.modes:
            talk.numeric(numerics.RPL_STATSOLINE, "O", "*", "*", user.nick.text, user.role.word)


def _kept_out(talk: "IrcSession") -> None:
    if not _is_moderator(talk):
        return
    state, now = talk.host.state, talk.host.now()
    kept: list[tuple[str, Sanction]] = [*state.names_kept_out.items()]
    kept += ((str(network), sanction) for network, sanction in state.networks_kept_out.items())
    for subject, sanction in kept:
        if sanction.holds(now):
            text = f"{describe_until(sanction.until)}, by {sanction.by}: {sanction.reason}"
            talk.numeric(numerics.RPL_STATSKLINE, "K", subject, text=text)


def _is_moderator(talk: "IrcSession") -> bool:
    if talk.user.role >= Role.MODERATOR:
        return True
    talk.numeric(numerics.ERR_NOPRIVILEGES)
    return False


_STATS: Final[dict[str, Callable[["IrcSession"], None]]] = {"u": _uptime, "o": _operators, "k": _kept_out}


def _readable(milliseconds: int) -> str:
    return format_time(milliseconds)[:19].replace("T", " ")


VERBS: Final = {
    "LUSERS": Verb(
        lusers,
        (
            "LUSERS",
            "Counts the people and rooms.",
        ),
    ),
    "MOTD": Verb(
        motd,
        (
            "MOTD",
            "Shows the message of the day.",
        ),
    ),
    "TIME": Verb(
        time,
        (
            "TIME",
            "Shows the server's time.",
        ),
    ),
    "ADMIN": Verb(
        admin,
        (
            "ADMIN",
            "Shows who runs this server and how to reach them.",
        ),
    ),
    "INFO": Verb(
        info,
        (
            "INFO",
            "Shows which software this server runs.",
        ),
    ),
    "STATS": Verb(
        stats,
        (
            "STATS u | o | k",
            "Shows the uptime (u); to moderators also the operators (o) and the suspensions and bans (k).",
        ),
        1,
    ),
    "LINKS": Verb(
        links,
        (
            "LINKS",
            "Lists the servers of the network: this one.",
        ),
    ),
    "USERS": Verb(
        users,
        (
            "USERS",
            "Not available on this server. Use WHO or NAMES.",
        ),
        specification=CUSTOM,
    ),
}
