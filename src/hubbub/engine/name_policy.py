"""The policy of names: who may take a nickname, be called by it, or be shown by a name."""

from functools import lru_cache
from itertools import chain
from typing import Final

from .bans import name_kept_out
from .lookalikes import all_looks, is_seen, looks, scripts_mixed
from .names import KEPT, SERVICES, TITLES, NameRefused, NameReserved, Nick
from .refusals import Refusal
from .state import State


class NameMixed(Refusal, frozen=True):
    """Letters of several scripts stand in it that don't go together in one name."""

    name: str
    scripts: tuple[str, ...]

    def __str__(self) -> str:
        mixed = " and ".join((", ".join(self.scripts[:-1]), self.scripts[-1]))
        return f"This name mixes {mixed} letters. Choose one that uses a single alphabet."


class NickAlike(Refusal, frozen=True):
    """The name looks like another person's, connected or not."""

    name: str
    other: str

    def __str__(self) -> str:
        return f"This name looks too similar to {self.other}. Choose another one."


class NickTaken(Refusal, frozen=True):
    """The nickname is in use, or belongs to an account that the user is not signed in to."""

    name: str
    by_account: bool = False

    def __str__(self) -> str:
        return "Username already taken. Please choose another one."


def free_nick(state: State, text: str, person: int, now: int) -> Nick | Refusal:
    """The nickname that a text is, where the person may have it."""
    nick = Nick.parse(text, state.rules.names)
    if isinstance(nick, Refusal):
        return nick
    return may_take_nick(state, nick, person) or name_kept_out(state, nick.text, now) or nick


def may_take_nick(state: State, nick: Nick, person: int, gives_titles: bool = False) -> Refusal | None:
    """Judge taking a nickname: an account's name belongs to it, connected or not.

    A name that the person has already stays theirs, whatever it looks like.
    """
    owner = state.account_names.get(nick.key)
    if owner is not None and owner != person:
        return NickTaken(nick.text, by_account=True)
    if state.nicks.get(nick.key, person) != person:
        return NickTaken(nick.text)
    return None if owner == person else may_be_called(state, nick, person, gives_titles)


def may_be_called(state: State, nick: Nick, person: int, gives_titles: bool = False) -> Refusal | None:
    """Whether a free name may be taken: it is visible, not reserved, and not a look-alike of another."""
    if is_reserved(state, nick.text, gives_titles):
        return NameReserved(nick.text)
    if not is_seen(nick.text):
        return NameRefused(nick.text, f"{state.rules.names.words}, with no invisible characters")
    if scripts := scripts_mixed(nick.text):
        return NameMixed(nick.text, scripts)
    other = _named_alike(state, nick.text, person)
    return NickAlike(nick.text, other.text) if other else None


def _named_alike(state: State, name: str, person: int) -> Nick | None:
    """The name of another person that looks like this one."""
    accounts = (state.accounts[one].name for one in state.account_looks.like(name) if one != person)
    nicks = (state.users[one].nick for one in state.nick_looks.like(name) if one != person)
    return next(chain(accounts, nicks), None)


def may_be_shown_as(state: State, name: str, person: int, gives_titles: bool = False) -> bool:
    """Whether clients may show a user under this name: it cannot be taken for another's."""
    return not is_reserved(state, name, gives_titles) and _named_alike(state, name, person) is None


def is_reserved(state: State, name: str, gives_titles: bool = False) -> bool:
    """Whether a name is reserved: a service's, a role's, or one that looks like these, in any case."""
    forms = set(looks(name))
    return not forms.isdisjoint(_KEPT) or (
        not gives_titles and not forms.isdisjoint(_TITLES | _reserved(state.rules.reserved_names))
    )


_reserved: Final = lru_cache(maxsize=4)(all_looks)
_KEPT: Final = all_looks((*SERVICES, *KEPT))

_TITLES: Final = all_looks(TITLES)
