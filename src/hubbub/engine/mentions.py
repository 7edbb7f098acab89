"""Mentions: whom a message in a room names, decided once, when it is said, so that all clients agree.

`@name` mentions an account or a guest who is connected; without the `@`, a name that stands as a whole word mentions a
member of the room:

    ann: "is bob here? @eve wants him, write to her@eve.example"
         bob, a member, is mentioned; eve by the `@`, member or not; an address names nobody
"""

import re
from typing import Final

from msgspec import Struct

from .names import fold
from .policy import rank
from .state import Room, State

MENTIONS_MAX: Final = 50
"""The most people that one message mentions; the first ones named."""

_ACTION: Final = "\x01ACTION "
_RUN: Final = r"\w++(?:[^\w\s,:;!?()\"@]{1,2}+\w++)*+"
"""A name may have other characters inside, where the server's pattern for names allows them."""
_WORD_PATTERN: Final = re.compile(r"\w++")
_RUN_PATTERN: Final = re.compile(rf"(?<!\w){_RUN}")
_AT_WORD_PATTERN: Final = re.compile(r"(?<!\w)@(\w++)")
_AT_RUN_PATTERN: Final = re.compile(rf"(?<!\w)@({_RUN})")
_words, _runs = _WORD_PATTERN.findall, _RUN_PATTERN.findall
_words_at, _runs_at = _AT_WORD_PATTERN.findall, _AT_RUN_PATTERN.findall


class Mentions(Struct, frozen=True):
    """The names in the text's order: an account's as it is registered, a guest's nickname. `persons` are the members
    among them who are shown the message.
    """

    names: tuple[str, ...] = ()
    persons: tuple[int, ...] = ()


NOBODY: Final = Mentions()


def mentions_in(state: State, room: Room, author: int, text: str, to_rank: str = "") -> Mentions:
    """The mentions in a message to a room, or to those of at least a rank in it. Nobody mentions themselves."""
    folded = fold(text.removeprefix(_ACTION))
    words = {*_words(folded), *_runs(folded)}
    found = (state.account_names.keys() & words) | (state.nicks.keys() & words)
    return _mentions(state, room, author, folded, found, to_rank) if found else NOBODY


def _mentions(state: State, room: Room, author: int, text: str, found: set[str], to_rank: str) -> Mentions:
    called = {*_words_at(text), *_runs_at(text)}
    names: dict[str, int] = {}
    for word in dict.fromkeys([*_words(text), *_runs(text)]):
        if word not in found or len(names) == MENTIONS_MAX:
            continue
        person = state.nicks.get(word) or state.account_names[word]
        if person != author and (person in room.members or word in called):
            names[_lasting_name(state, person)] = person
    persons = [person for person in names.values() if _is_shown(room, person, to_rank)]
    return Mentions(tuple(names), tuple(persons))


def _lasting_name(state: State, person: int) -> str:
    account = state.accounts.get(person)
    return account.name.text if account else state.users[person].nick.text


def _is_shown(room: Room, person: int, to_rank: str) -> bool:
    member = room.members.get(person)
    return member is not None and (not to_rank or rank(member.modes) >= rank(to_rank))
