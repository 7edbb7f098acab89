"""The kinds of arguments: how each is read, and what is suggested for it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from hubbub.addresses import Network
from hubbub.engine.moderation import network_of, written
from hubbub.engine.names import RoomName
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Access, History, Role, State

from .answers import Mistake, shortened
from .command import ArgumentType
from .room_visibility import rooms_seen
from .times import parse_duration
from .tokenizer import Word

NAME_CHARACTERS_MAX: Final = 100
ROOMS_MAX: Final = 100
NUMBER_MAX: Final = 1000


def _name(word: Word) -> str | Mistake:
    """Any name that there might be; the engine knows which there are."""
    if word.text and len(word.text) <= NAME_CHARACTERS_MAX and word.text.isprintable():
        return word.text
    return Mistake("This username is not valid.")


def _room(word: Word) -> RoomName | Refusal:
    return RoomName.parse(word.text)


def _rooms(word: Word) -> tuple[RoomName, ...] | Refusal:
    """Each room once, in the order in which they are named."""
    texts = word.text.split(",")
    if len(texts) > ROOMS_MAX:
        return Mistake(f"These are {len(texts)} rooms. Write at most {ROOMS_MAX} at once.")
    if "" in texts:
        return Mistake("A room name is missing. Separate the rooms with commas, without spaces.")
    rooms: dict[RoomName, None] = {}
    for text in texts:
        name = RoomName.parse(text)
        if isinstance(name, Refusal):
            return Mistake(f"{shortened(text)}: {name}")
        rooms[name] = None
    return tuple(rooms)


def _rooms_or_all(word: Word) -> tuple[RoomName, ...] | Refusal:
    """None at all means all of them; a room of that name is written #all."""
    return () if word.text == "all" and not word.quoted else _rooms(word)


def _address(word: Word) -> Network | Refusal:
    return network_of(word.text)


def _address_to_keep_out(word: Word) -> tuple[Network, bool] | Refusal:
    """A `!` behind it says that it is meant, however many it holds."""
    network = network_of(word.text.removesuffix("!"))
    return network if isinstance(network, Refusal) else (network, word.text.endswith("!"))


def _text(word: Word) -> str:
    return word.text


def _number(word: Word) -> int | Mistake:
    if re.fullmatch("[0-9]{1,9}", word.text) and 0 < int(word.text) <= NUMBER_MAX:
        return int(word.text)
    return Mistake(f"{shortened(word.text)} is not a number from 1 to {NUMBER_MAX}.")


def _file(word: Word) -> str | Mistake:
    return word.text if word.text and "\0" not in word.text else Mistake("This file name is not valid.")


def _choice(what: str, meanings: Mapping[str, Any]) -> Callable[[Word], Any]:
    def parse(word: Word) -> Any | Mistake:
        wanted = " ".join(word.text.lower().split())
        if wanted in meanings:
            return meanings[wanted]
        return Mistake(f"{shortened(word.text)} is not {what}. It is one of: {', '.join(meanings)}.")

    return parse


ROLES: Final = {role.word: role for role in Role}

SETTINGS: Final[dict[str, tuple[str, Access | History | bool]]] = {
    **{f"access {access.value}": ("access", access) for access in Access},
    "listed yes": ("secret", False),
    "listed no": ("secret", True),
    **{f"history {history.value}": ("history", history) for history in History},
}
"""The settings of a room by the word that administrators type: the field of `ConfigureRoom` and its value."""


def _sorted(names: Iterable[str]) -> Iterable[str]:
    return sorted(set(names), key=lambda name: (name.casefold(), name))


def _people(state: State, role: Role) -> Iterable[str]:
    return _sorted([*_present(state, role), *_accounts(state, role)])


def _present(state: State, role: Role) -> Iterable[str]:
    return _sorted(user.nick.text for user in state.users.values())


def _accounts(state: State, role: Role) -> Iterable[str]:
    return _sorted(account.name.text for account in state.accounts.values())


def _waiting_accounts(state: State, role: Role) -> Iterable[str]:
    return _sorted(account.name.text for account in state.accounts.values() if not account.approved)


def _asking(state: State, role: Role) -> Iterable[str]:
    return _sorted(wish.name for room in state.rooms.values() for wish in room.requests.values())


def _room_names(state: State, role: Role) -> Iterable[str]:
    return _sorted(room.name.text for room in rooms_seen(state.rooms.values(), role))


def _rooms_asked_for(state: State, role: Role) -> Iterable[str]:
    return _sorted(room.name.text for room in state.rooms.values() if room.requests)


def _rooms_asked_for_or_all(state: State, role: Role) -> Iterable[str]:
    return ["all", *_rooms_asked_for(state, role)]


def _addresses(state: State, role: Role) -> Iterable[str]:
    return _sorted(session.address for session in state.sessions.values())


def _names_out(banned: bool) -> Callable[[State, Role], Iterable[str]]:
    def suggest(state: State, role: Role) -> Iterable[str]:
        return _sorted(name for name, out in state.names_kept_out.items() if (out.until is None) == banned)

    return suggest


def _networks_out(banned: bool) -> Callable[[State, Role], Iterable[str]]:
    def suggest(state: State, role: Role) -> Iterable[str]:
        kept_out = state.networks_kept_out.items()
        return _sorted(written(network) for network, out in kept_out if (out.until is None) == banned)

    return suggest


def _of(*words: str) -> Callable[[State, Role], Iterable[str]]:
    return lambda state, role: words


PERSON: Final = ArgumentType(_name, _people)
ACCOUNT: Final = ArgumentType(_name, _accounts)
WAITING_ACCOUNT: Final = ArgumentType(_name, _waiting_accounts)
ASKING: Final = ArgumentType(_name, _asking)
PRESENT: Final = ArgumentType(_name, _present)
SUSPENDED: Final = ArgumentType(_name, _names_out(banned=False))
BANNED: Final = ArgumentType(_name, _names_out(banned=True))
NEW_NAME: Final = ArgumentType(_name)
ROOM: Final = ArgumentType(_room, _room_names)
NEW_ROOM: Final = ArgumentType(_room)
NEW_ROOMS: Final = ArgumentType(_rooms, several=True)
ROOMS: Final = ArgumentType(_rooms, _rooms_asked_for, several=True)
ROOMS_OR_ALL: Final = ArgumentType(_rooms_or_all, _rooms_asked_for_or_all, several=True)
ADDRESS: Final = ArgumentType(_address_to_keep_out, _addresses)
SUSPENDED_ADDRESS: Final = ArgumentType(_address, _networks_out(banned=False))
BANNED_ADDRESS: Final = ArgumentType(_address, _networks_out(banned=True))
TIME: Final = ArgumentType(lambda word: parse_duration(word.text), _of("30s", "10m", "2h", "1d", "1y"))
ROLE: Final = ArgumentType(_choice("a role", ROLES), _of(*ROLES))
SETTING: Final = ArgumentType(_choice("a room's setting", SETTINGS), _of(*SETTINGS), rest=True)
NUMBER: Final = ArgumentType(_number)
FILE: Final = ArgumentType(_file)
TEXT: Final = ArgumentType(_text, rest=True)
