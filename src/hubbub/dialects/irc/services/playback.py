"""*playback: what was said, for the clients that ask ZNC's module `playback` for it (znc.in/playback)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import ReadConversations, ReadHistory
from hubbub.engine.event import Event
from hubbub.engine.ids import first_id_at, last_id_at, time_of
from hubbub.engine.masks import matches

from ..history import MISSED_CONVERSATIONS_MAX, read, replay, room_floor

if TYPE_CHECKING:
    from ..session import IrcSession

NAME: Final = "*playback"
_SOURCE: Final = "*playback!playback@znc.in"


def playback(talk: "IrcSession", text: str) -> None:
    """`PLAY <places> [<from>] [<to>]`, `LIST [<places>]`, `CLEAR <places>`; times in seconds since 1970."""
    word, *params = text.split() or [""]
    handle = _WORDS.get(word.upper())
    if handle is None:
        _say(talk, "Write PLAY, LIST or CLEAR with the names of rooms or people, or *.")
    else:
        handle(talk, params)


def _say(talk: "IrcSession", text: str) -> None:
    talk.send("PRIVMSG", talk.nick, text, source=_SOURCE)


def _play(talk: "IrcSession", params: Sequence[str]) -> None:
    """Replay the messages between two times, conversation by conversation."""
    places, start, end = (*params, *("*", "", "")[len(params) :])[:3]
    after, before = _milliseconds(start, 0), _milliseconds(end, talk.host.now())
    if after is None or before is None:
        _say(talk, "A time is a number of seconds since 1970, such as 1795000000.250.")
        return
    eras = talk.host.state.eras
    page = ReadHistory(
        talk.host.facts.history_limit or 1000,
        after=last_id_at(after, eras) if after else 0,
        before=min(first_id_at(before + 1, eras), talk.host.last_id() + 1),
    )

    def show(name: str, events: list[Event], then: Callable[[], None]) -> None:
        replay(talk, "znc.in/playback", name, events, then)

    _each(talk, places, page, show, lambda: None)


def _list(talk: "IrcSession", params: Sequence[str]) -> None:
    """The time of the first and of the last message of each place."""

    def show(name: str, events: list[Event], then: Callable[[], None]) -> None:
        if events:
            first, last = (f"{time_of(event.id) / 1000:.3f}" for event in (events[0], events[-1]))
            _say(talk, f"{name} {first} {last}")
        then()

    page = ReadHistory(talk.host.facts.history_limit or 1000)
    _each(talk, params[0] if params else "*", page, show, lambda: None)


def _clear(talk: "IrcSession", params: Sequence[str]) -> None:
    _say(talk, "You can't clear the history: the server keeps it for everybody who may read it.")


_WORDS: Final[dict[str, Callable[["IrcSession", Sequence[str]], None]]] = {
    "PLAY": _play,
    "LIST": _list,
    "CLEAR": _clear,
}


def _milliseconds(text: str, otherwise: int) -> int | None:
    whole, _, fraction = text.partition(".")
    if not text:
        return otherwise
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 11 and (fraction + "0").isdecimal()):
        return None
    return int(whole) * 1000 + int(f"{fraction:0<3}"[:3])


def _each(
    talk: "IrcSession",
    places: str,
    page: ReadHistory,
    show: Callable[[str, list[Event], Callable[[], None]], None],
    then: Callable[[], None],
) -> None:
    """Read the rooms and conversations whose names fit, one after the other; each is shown before the next is read."""
    patterns = places.split(",")

    def fits(name: str) -> bool:
        return any(matches(pattern, name) for pattern in patterns)

    def begin(found: Sequence[tuple[int, str, int]]) -> None:
        user, state = talk.user, talk.host.state
        named = ((other, state.name_of(other) or name) for other, name, _ in found)
        wanted = [(f"#{room.name}", room.id, 0) for room in user.rooms.values() if fits(f"#{room.name}")]
        next_one(wanted + [(name, 0, other) for other, name in named if fits(name)])

    def next_one(left: list[tuple[str, int, int]]) -> None:
        while left:
            name, number, other = left.pop(0)
            room = talk.user.rooms.get(number)
            floor = room_floor(talk, room) if room else 0
            if number and (room is None or floor is None):
                continue
            where = _placed(page, number, (talk.user.person, other), floor or 0)
            read(talk, where, partial(shown, name, left))
            return
        then()

    def shown(name: str, left: list[tuple[str, int, int]], events: list[Event]) -> None:
        show(name, events, lambda: next_one(left))

    talk.host.begin(ReadConversations(talk.user.person, MISSED_CONVERSATIONS_MAX, after=page.after), begin)


def _placed(page: ReadHistory, room: int, persons: tuple[int, int], floor: int) -> ReadHistory:
    after = max(page.after, floor)
    whose = (0, 0) if room else persons
    return ReadHistory(page.limit, room=room, persons=whose, after=after, before=page.before)
