"""WHO and WHOX, ISON and USERHOST: queries about the users who are online."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.engine.masks import matches
from hubbub.engine.policy import may_see, may_see_present
from hubbub.engine.state import BOT_MODE, Role, Room, User
from hubbub.wire import numerics
from hubbub.wire.message import Message

from .rooms import prefixes
from .verb import CUSTOM, Verb

if TYPE_CHECKING:
    from .session import IrcSession

ANSWERS_MAX: Final = 500
"""The most users that a mask may find; a room shows all of its members."""

USERHOST_MAX: Final = 5
"""modern-irc: "The USERHOST command takes up to five nicknames"."""

TOKEN_DIGITS_MAX: Final = 3


class Found(Struct, frozen=True):
    """A user to list, and the room to name with them, if any."""

    user: User
    room: Room | None


def who(talk: "IrcSession", message: Message) -> None:
    """`WHO <mask> [o][%<fields>[,<token>]]`; without a mask, or with `0`, all users."""
    given = message.param(0)
    mask = given if given not in ("", "0") else "*"
    options, extended, rest = message.param(1).partition("%")
    found = _found(talk, mask)
    if "o" in options:
        found = (one for one in found if "o" in one.user.modes)
    answers = list(found if mask.startswith("#") else islice(found, ANSWERS_MAX + 1))
    fields, _, token = rest.partition(",")
    for one in answers if mask.startswith("#") else answers[:ANSWERS_MAX]:
        if extended:
            _extended_reply(talk, one, fields, token)
        else:
            _reply(talk, one)
    if len(answers) > ANSWERS_MAX and not mask.startswith("#"):
        talk.numeric(numerics.ERR_TOOMANYMATCHES, given or mask)
    # "<mask> MUST be the same <mask> parameter sent by the client"
    talk.numeric(numerics.RPL_ENDOFWHO, given or mask)


def _found(talk: "IrcSession", mask: str) -> Iterator[Found]:
    state = talk.host.state
    if mask.startswith("#"):
        room = state.room_named(mask)
        if room and may_see(room, talk.user):
            for _, user in state.present(room):
                if is_visible(talk, user):
                    yield Found(user, room)
        return
    if exact := state.user_named(mask):
        # "An exact nickname, in which case a single user is returned": visible or not, as WHOIS answers.
        yield Found(exact, next(visible_rooms(talk, exact), None))
        return
    for user in state.users.values():
        if _fits(mask, user) and may_see_present(talk.user, user):
            yield Found(user, next(visible_rooms(talk, user), None))


def is_visible(talk: "IrcSession", user: User) -> bool:
    """ "Visible users are users who either aren't invisible … or have a common channel with the requesting client";
    nobody is invisible to moderators and to themselves.
    """
    if "i" not in user.modes or user is talk.user or talk.user.role >= Role.MODERATOR:
        return True
    return not user.rooms.keys().isdisjoint(talk.user.rooms)


def visible_rooms(talk: "IrcSession", user: User) -> Iterator[Room]:
    """The rooms in which the asker may know a user to be; of the invisible, only those where they meet."""
    is_open = "i" not in user.modes or user is talk.user or talk.user.role >= Role.MODERATOR
    for room in user.rooms.values():
        if may_see(room, talk.user) and (is_open or talk.user.person in room.members):
            yield room


def real_address(user: User, session: int = 0) -> str:
    """The address of a user's session, or else of their first one, fit to be a middle parameter.

    modern-irc: addresses "such as "::1" are prefixed with a zero".
    """
    chosen = user.sessions.get(session) or next(iter(user.sessions.values()), None)
    address = chosen.address if chosen else ""
    return f"0{address}" if address.startswith(":") else address


def may_see_address(talk: "IrcSession", user: User) -> bool:
    return user is talk.user or talk.user.role >= Role.MODERATOR


def _fits(mask: str, user: User) -> bool:
    origin = user.origin
    return any(
        matches(mask, text)
        for text in (origin.nick, origin.mask, origin.username, origin.host, origin.realname)
    )


def _reply(talk: "IrcSession", found: Found) -> None:
    origin = found.user.origin
    talk.numeric(
        numerics.RPL_WHOREPLY,
        _channel(talk, found),
        origin.username,
        origin.host,
        talk.host.facts.name,
        origin.nick,
        _flags(talk, found),
        text=f"0 {origin.realname}",
    )


def _channel(talk: "IrcSession", found: Found) -> str:
    return f"#{found.room.name}" if found.room else "*"


def _flags(talk: "IrcSession", found: Found) -> str:
    """Here or gone, an operator of the server, the prefixes in the room, and a bot; in this order."""
    user, room = found.user, found.room
    presence = "H" if user.origin.away is None else "G"
    operator = "*" if "o" in user.modes else ""
    bot = BOT_MODE if user.origin.bot else ""
    return presence + operator + prefixes(talk, room.members.get(user.person) if room else None) + bot


def _address(talk: "IrcSession", found: Found) -> str:
    """whox: "`255.255.255.255` is used for `[ip]` when the server refuses to disclose the IP address"."""
    return real_address(found.user) if may_see_address(talk, found.user) else "255.255.255.255"


def _server(talk: "IrcSession", found: Found) -> str:
    return talk.host.facts.name


_FIELDS: Final[dict[str, Callable[["IrcSession", Found], str]]] = {
    "c": _channel,
    "u": lambda talk, found: found.user.origin.username,
    "i": _address,
    "h": lambda talk, found: found.user.origin.host,
    "s": _server,
    "n": lambda talk, found: found.user.origin.nick,
    "f": _flags,
    "d": lambda talk, found: "0",
    "l": lambda talk, found: "0",
    "a": lambda talk, found: found.user.origin.account or "0",
    "o": lambda talk, found: "n/a",
}
"""whox: "Servers MUST send the fields in the order specified above", but for the token before and the name after."""


def _extended_reply(talk: "IrcSession", found: Found, fields: str, token: str) -> None:
    """ "Exactly the fields requested by the client MUST be returned"; letters that nobody knows are ignored."""
    words: list[str] = []
    if "t" in fields:
        is_token = token.isascii() and token.isdigit() and len(token) <= TOKEN_DIGITS_MAX
        words.append(token if is_token else "0")
    words += (write(talk, found) for letter, write in _FIELDS.items() if letter in fields)
    realname = found.user.origin.realname if "r" in fields else None
    talk.numeric(numerics.RPL_WHOSPCRPL, *words, text=realname)


def ison(talk: "IrcSession", message: Message) -> None:
    state = talk.host.state
    asked = (state.user_named(name) for text in message.params for name in text.split(" "))
    here = dict.fromkeys(user.nick.text for user in asked if user)
    if here:
        talk.numerics_joined(numerics.RPL_ISON, words=here)
    else:
        talk.numeric(numerics.RPL_ISON, text="")


def userhost(talk: "IrcSession", message: Message) -> None:
    """modern-irc: `nickname [ isop ] "=" isaway hostname`; "+" for somebody who is here, "-" for who is away."""
    asked = [name for text in message.params for name in text.split(" ")][:USERHOST_MAX]
    users = [user for name in asked if (user := talk.host.state.user_named(name))]
    talk.numeric(numerics.RPL_USERHOST, text=" ".join(_userhost(user) for user in users))


def _userhost(user: User) -> str:
    origin = user.origin
    operator = "*" if "o" in user.modes else ""
    presence = "+" if origin.away is None else "-"
    return f"{origin.nick}{operator}={presence}{origin.username}@{origin.host}"


VERBS: Final = {
    "WHO": Verb(
        who,
        (
            "WHO <room, nickname or mask> [o][%<fields>[,<token>]]",
            "Lists people; with o, only the server's operators. Fields (WHOX): t token, c room, u user name,",
            "i address, h host, s server, n nickname, f flags, d distance, l idle, a account, o level, r real name.",
        ),
    ),
    "ISON": Verb(
        ison,
        (
            "ISON <nickname> ...",
            "Shows which of these people are online.",
        ),
        1,
        specification=CUSTOM,
    ),
    "USERHOST": Verb(
        userhost,
        (
            "USERHOST <nickname> ...",
            "Shows whether up to five people are online or away.",
        ),
        1,
    ),
}
