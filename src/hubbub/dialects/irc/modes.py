"""MODE: the modes and lists of rooms, and the modes of users."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from hubbub.engine.accounts import RoleChanged, RoleGranted
from hubbub.engine.ids import time_of
from hubbub.engine.modes import FLAGS, LISTS, ChangeModes, ModesChanged, flags
from hubbub.engine.modes import ModeChange as Wanted
from hubbub.engine.names import fold
from hubbub.engine.policy import RANKS
from hubbub.engine.rooms import RoomConfigured
from hubbub.engine.state import Access, Role, Room
from hubbub.engine.user_profile import USER_MODES, SetUserModes, UserModesSet
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message
from hubbub.wire.mode_changes import ModeChange, ModeError, classification, parse_changes

from .event_renderer import Bodies, EventRenderers
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

_ACCESS_LETTERS: Final = {Access.OPEN: "", Access.APPROVAL: "A", Access.INVITATION: "i"}

PARAMETERS_MAX: Final = 12
"""The most changes with a parameter in one command; ISUPPORT announces it as MODES."""

_TAKES: Final = classification(f"{LISTS},k,l,{FLAGS}", RANKS)

_LIST_NUMERICS: Final = {
    "b": (numerics.RPL_BANLIST, numerics.RPL_ENDOFBANLIST),
    "e": (numerics.RPL_EXCEPTLIST, numerics.RPL_ENDOFEXCEPTLIST),
    "I": (numerics.RPL_INVEXLIST, numerics.RPL_ENDOFINVEXLIST),
}

_OWN: Final = USER_MODES + "o"


def mode(talk: "IrcSession", message: Message) -> None:
    target = message.params[0]
    if not target.startswith("#"):
        _user_mode(talk, target, message.param(1))
    elif room := talk.room_named(target):
        if message.param(1):
            _room_modes(talk, room, message.params[1], message.params[2:])
        else:
            _show_modes(talk, room)


def _show_modes(talk: "IrcSession", room: Room) -> None:
    """ "Servers MAY choose to hide sensitive information such as channel keys": shown to members alone."""
    letters, arguments = flags(room), []
    if room.key is not None:
        letters += "k"
        arguments.append(room.key if _is_inside(talk, room) else "*")
    if room.limit is not None:
        letters += "l"
        arguments.append(str(room.limit))
    channel = f"#{room.name}"
    talk.numeric(numerics.RPL_CHANNELMODEIS, channel, f"+{letters}", *arguments)
    talk.numeric(numerics.RPL_CREATIONTIME, channel, str(time_of(room.id) // 1000))


def _is_inside(talk: "IrcSession", room: Room) -> bool:
    return talk.user.person in room.members or talk.user.role >= Role.ADMIN


def _room_modes(talk: "IrcSession", room: Room, modestring: str, arguments: Sequence[str]) -> None:
    readable, lacking = _with_parameters(modestring, sum(map(bool, arguments)))
    for letter in lacking:
        _wrong(talk, room, letter, f"Mode {letter} needs a parameter.")
    try:
        changes = parse_changes(readable, arguments, _TAKES)
    except ModeError as error:
        _wrong(talk, room, error.letter, str(error))
        return
    if sum(change.argument is not None for change in changes) > PARAMETERS_MAX:
        text = (
            f"One command can change at most {PARAMETERS_MAX} modes with a parameter. Send the rest in "
            "another command."
        )
        talk.numeric(numerics.ERR_UNKNOWNERROR, "MODE", text=text)
        return
    for letter in dict.fromkeys(change.letter for change in changes if _asks_for_list(change)):
        _show_list(talk, room, letter)
    wanted = tuple(
        Wanted(change.adding, change.letter, change.argument or "")
        for change in changes
        if not _asks_for_list(change)
    )
    if wanted:
        talk.ask(ChangeModes(room.name, wanted))


def _asks_for_list(change: ModeChange) -> bool:
    return change.argument is None and change.letter in LISTS


def _with_parameters(modestring: str, count: int) -> tuple[str, dict[str, None]]:
    """The mode string without the letters for which there is no parameter among `count`, and these letters.

    modern-irc: "If a type B or C mode does not have a parameter when being set, the server MUST ignore that mode."
    """
    kept: list[str] = []
    lacking: dict[str, None] = {}
    adding = True
    for letter in modestring:
        adding = letter == "+" if letter in "+-" else adding
        kind = _TAKES.get(letter, "D")
        if not count and (kind == "P" or (kind in "BC" and adding)):
            lacking[letter] = None
            continue
        if count and (kind in "ABP" or (kind == "C" and adding)):
            count -= 1
        kept.append(letter)
    return "".join(kept), lacking


def _wrong(talk: "IrcSession", room: Room, letter: str, why: str) -> None:
    talk.numeric(numerics.ERR_INVALIDMODEPARAM, f"#{room.name}", letter, "*", text=why)


def _show_list(talk: "IrcSession", room: Room, letter: str) -> None:
    """ "Servers MAY choose to restrict the above information": to the members here."""
    channel = f"#{room.name}"
    if not _is_inside(talk, room):
        talk.numeric(numerics.ERR_NOTONCHANNEL, channel)
        return
    entry_numeric, end_numeric = _LIST_NUMERICS[letter]
    for entry in room.lists[letter].values():
        talk.numeric(entry_numeric, channel, entry.mask, entry.by, str(entry.at // 1000))
    talk.numeric(end_numeric, channel)


def _user_mode(talk: "IrcSession", nick: str, modestring: str) -> None:
    user = talk.host.state.user_named(nick)
    if user is None:
        talk.numeric(numerics.ERR_NOSUCHNICK, nick)
    elif fold(nick) != talk.user.nick.key:
        talk.numeric(numerics.ERR_USERSDONTMATCH)
    elif not modestring:
        talk.numeric(numerics.RPL_UMODEIS, f"+{user.modes}")
    else:
        _change_own(talk, modestring)


def _change_own(talk: "IrcSession", modestring: str) -> None:
    """ "the server MUST apply the modes that are implemented, and then send the ERR_UMODEUNKNOWNFLAG"."""
    last = {change.letter: change.adding for change in parse_changes(modestring, (), {})}
    talk.ask(SetUserModes(_those(last, True), _those(last, False)))
    if any(letter not in _OWN for letter in last):
        talk.numeric(numerics.ERR_UMODEUNKNOWNFLAG)


def _those(last: dict[str, bool], adding: bool) -> str:
    letters: Iterable[str] = (letter for letter, sign in last.items() if sign is adding)
    return "".join(letter for letter in letters if letter in _OWN)


def _render_modes(event: ModesChanged, caps: Capabilities, server: str) -> Bodies:
    letters, arguments, sign = "", "", ""
    for change in event.changes:
        now = "+" if change.adding else "-"
        letters += change.letter if now == sign else now + change.letter
        arguments += f" {change.argument}" if change.argument else ""
        sign = now
    return (f":{event.by.mask} MODE #{event.room_name} {letters}{arguments}",)


def _render_access(event: RoomConfigured, caps: Capabilities, server: str) -> Bodies:
    before = _ACCESS_LETTERS[event.access_before] + ("s" if event.secret_before else "")
    after = _ACCESS_LETTERS[event.access] + ("s" if event.secret else "")
    adding = _signed("+", "".join(letter for letter in after if letter not in before))
    removing = _signed("-", "".join(letter for letter in before if letter not in after))
    return (f":{event.by.mask} MODE #{event.room_name} {adding}{removing}",) if adding or removing else ()


def _render_user_modes(event: UserModesSet, caps: Capabilities, server: str) -> Bodies:
    modes = _signed("+", event.adding) + _signed("-", event.removing)
    return (f":{event.nick} MODE {event.nick} {modes}",)


def _render_role_granted(event: RoleGranted, caps: Capabilities, server: str) -> Bodies:
    return (f":{server} MODE {event.nick} +o",)


def _render_role_changed(event: RoleChanged, caps: Capabilities, server: str) -> Bodies:
    return (f":{server} MODE {event.name} {'+' if event.role else '-'}o",)


def _signed(sign: str, letters: str) -> str:
    return sign + letters if letters else ""


VERBS: Final = {
    "MODE": Verb(
        mode,
        (
            "MODE <room> [<modes> [<parameter> ...]]",
            "MODE <your nickname> [<modes>]",
            "Shows or changes modes. Of a room: +A by approval, +i by invitation, +k <key>, +l <limit>, +m moderated,",
            "+M only logged-in people speak, +C no CTCP except ACTION, +n no messages from outside, +s secret,",
            "+t only operators set the topic; its lists: +b bans, +e ban exceptions, +I invitation exceptions;",
            "its members: +q founder, +a protected, +o operator, +h half-operator, +v voice.",
            "Bans and the other lists also accept ~account:<name>, anyone logged in to that account, and",
            "~mute:<mask> or ~mute:~account:<name>, who can join the room but not speak.",
            "Your own: +B a bot, +R private messages only from logged-in people, +i visible to guests only in rooms",
            "that you share, +w receives WALLOPS.",
        ),
        1,
    ),
}

EVENTS: Final[EventRenderers] = {
    ModesChanged: _render_modes,
    RoomConfigured: _render_access,
    UserModesSet: _render_user_modes,
    RoleGranted: _render_role_granted,
    RoleChanged: _render_role_changed,
}
