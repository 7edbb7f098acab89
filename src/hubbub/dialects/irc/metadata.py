"""METADATA: the data that users publish about themselves and about rooms, and the subscriptions to it.

Two drafts of it are served: `draft/metadata-2`, and `draft/metadata-3`, whose codes and some answers are others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hubbub.engine.members import may_read_profile
from hubbub.engine.metadata import (
    SUBSCRIPTIONS_MAX,
    ClearMetadata,
    MetadataFull,
    MetadataKeyInvalid,
    MetadataNameOfAnother,
    MetadataNotPermitted,
    MetadataNotSet,
    MetadataSet,
    MetadataTold,
    MetadataValueTooLong,
    SetMetadata,
    Subscribe,
    Unsubscribe,
    fault,
    is_key,
    values_of,
    written,
)
from hubbub.engine.policy import may_read_metadata, may_see
from hubbub.engine.refusals import Refusal
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message

from .event_renderer import Bodies, EventRenderers, PersonalRenderers
from .metadata_sync import of, of_room, show_value, subscriptions, tell, tell_all
from .refusals import answer
from .server_batches import batch
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

SELF: Final = "*"

EVERYTHING: Final = "*ALL"
"""metadata-3: the target for all subscribed values, in SYNC and in the batch that answers SUB."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whose metadata it is about: `id` is a room's or a person's, 0 for a client that has not come in."""

    name: str
    id: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


def metadata(talk: "IrcSession", message: Message) -> None:
    """`METADATA <target> <subcommand> [<param> ...]`."""
    if not talk.caps.metadata:
        talk.unknown(message.verb)
        return
    name, subcommand, *params = message.params
    handle, least = _SUBCOMMANDS.get(subcommand.upper(), (None, 0))
    target = _target(talk, name)
    if handle is None:
        code = "INVALID_PARAMS" if talk.caps.metadata_numerics else "SUBCOMMAND_INVALID"
        _fail(talk, code, subcommand[:60], text="Invalid subcommand.")
    elif name == EVERYTHING and handle is _sync and talk.caps.metadata_numerics and not talk.arrival:
        _sync_everything(talk)
    elif target is None or (subcommand.upper() in _OF_ONESELF and not _is_oneself(talk, target)):
        _fail(talk, "INVALID_TARGET", name[:100], text="Invalid target.")
    elif len(params) < least:
        talk.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb)
    elif subcommand.upper() in _READING and (refusal := _unreadable(talk, target)):
        _fail(talk, "KEY_NO_PERMISSION", target.name, "*", text=str(refusal))
    else:
        handle(talk, target, params)


def _unreadable(talk: "IrcSession", target: Target) -> Refusal | None:
    room = talk.host.state.rooms.get(target.id)
    return may_read_metadata(room, talk.user) if room else None


def _target(talk: "IrcSession", name: str) -> Target | None:
    """ "Clients that have not completed connection registration MUST use `*` to target themselves"."""
    state = talk.host.state
    if talk.arrival:
        return Target(SELF, values=talk.arrival.metadata) if name == SELF else None
    if name.startswith("#"):
        room = state.room_named(name)
        return Target(f"#{room.name}", room.id, room.metadata) if room and may_see(room, talk.user) else None
    if user := talk.user if name == SELF else state.user_named(name):
        return Target(user.nick.text, user.person, user.metadata)
    return _absent(talk, name) if "hubbub/members" in talk.caps else None


def _absent(talk: "IrcSession", name: str) -> Target | None:
    """An account that is not connected, for clients that know of such."""
    account = talk.host.state.account_named(name)
    if account is None or not may_read_profile(talk.host.state, talk.user, account):
        return None
    return Target(account.name.text, account.id, account.metadata)


def _is_oneself(talk: "IrcSession", target: Target) -> bool:
    return talk.arrival is not None or target.id == talk.user.person


def _fail(talk: "IrcSession", code: str, *context: str, text: str) -> None:
    talk.fail("METADATA", code, *context, text=text)


def _refuse(talk: "IrcSession", refusal: Refusal) -> None:
    found = (_FAILURES_3 if talk.caps.metadata_numerics else _FAILURES).get(type(refusal))
    if found is None:
        answer(talk, refusal)
        return
    code, fields = found
    _fail(talk, code, *(str(getattr(refusal, name))[:100] for name in fields), text=str(refusal))


_FAILURES: Final[dict[type[Refusal], tuple[str, tuple[str, ...]]]] = {
    MetadataKeyInvalid: ("KEY_INVALID", ("key",)),
    MetadataNotPermitted: ("KEY_NO_PERMISSION", ("target", "key")),
    MetadataNotSet: ("KEY_NOT_SET", ("target", "key")),
    MetadataFull: ("LIMIT_REACHED", ("target",)),
    MetadataValueTooLong: ("VALUE_INVALID", ()),
    MetadataNameOfAnother: ("VALUE_INVALID", ()),
}
"""The code, and what the standard reply names."""

_FAILURES_3: Final[dict[type[Refusal], tuple[str, tuple[str, ...]]]] = {
    **_FAILURES,
    MetadataKeyInvalid: ("INVALID_KEY", ("key",)),
    MetadataFull: ("LIMIT_REACHED", ("target", "limit")),
    MetadataValueTooLong: ("INVALID_VALUE", ("key",)),
    MetadataNameOfAnother: ("INVALID_VALUE", ("key",)),
}
"""The same for `draft/metadata-3`."""


# Values


def _get(talk: "IrcSession", target: Target, keys: Sequence[str]) -> None:
    """ "for every key in order": its value, that there is none, or that it is no key."""
    with batch(talk, "metadata", target.name):
        for key in keys:
            if is_key(key):
                show_value(talk, target.name, key, target.values.get(key))
            else:
                _refuse(talk, MetadataKeyInvalid(key))


def _list(talk: "IrcSession", target: Target, params: Sequence[str]) -> None:
    with batch(talk, "metadata", target.name):
        for key, value in target.values.items():
            show_value(talk, target.name, key, value)


def _set(talk: "IrcSession", target: Target, params: Sequence[str]) -> None:
    """ "If no value is given, the key is removed." An empty one is a value; to metadata-3 it is none."""
    key, value = params[0], params[1] if len(params) > 1 else None
    if talk.caps.metadata_numerics:
        value = value or None
    if talk.arrival:
        if refusal := fault(key, value, talk.arrival.metadata, SELF):
            _not_set(talk, target, key, refusal)
            return
        if value is None:
            del talk.arrival.metadata[key]
        else:
            talk.arrival.metadata[key] = written(key, value)
    else:
        result = talk.host.ask(SetMetadata(target.id, key, value))
        if isinstance(result, Refusal):
            _not_set(talk, target, key, result)
            return
    # "This new value MAY differ from the one sent by the client."
    values = talk.arrival.metadata if talk.arrival else values_of(talk.host.state, target.id) or {}
    show_value(talk, target.name, key, values.get(key))


def _not_set(talk: "IrcSession", target: Target, key: str, refusal: Refusal) -> None:
    """metadata-3: "It is not an error if a client attempts to … remove a nonexistent key"."""
    if talk.caps.metadata_numerics and isinstance(refusal, MetadataNotSet):
        show_value(talk, target.name, key, None)
    else:
        _refuse(talk, refusal)


def _clear(talk: "IrcSession", target: Target, params: Sequence[str]) -> None:
    """ "one `RPL_KEYVALUE` event per cleared key": with the value that it had. metadata-3: "one `766`"."""
    had = dict(target.values)
    if talk.arrival:
        talk.arrival.metadata.clear()
    else:
        result = talk.host.ask(ClearMetadata(target.id))
        if isinstance(result, Refusal):
            _refuse(talk, result)
            return
    with batch(talk, "metadata", target.name):
        for key, value in had.items():
            show_value(talk, target.name, key, None if talk.caps.metadata_numerics else value)


# Subscriptions


def _subscribe(talk: "IrcSession", target: Target, keys: Sequence[str]) -> None:
    """ "The server MUST process each key in order", and ends where there are too many."""
    held = subscriptions(talk)
    room = SUBSCRIPTIONS_MAX - len(held)
    taken: dict[str, None] = {}
    for key in keys:
        if not is_key(key):
            _refuse(talk, MetadataKeyInvalid(key))
            continue
        if key not in held and key not in taken:
            if room == 0:
                text = f"You can subscribe to at most {SUBSCRIPTIONS_MAX} keys. Unsubscribe from some first."
                if talk.caps.metadata_numerics:
                    _fail(talk, "LIMIT_REACHED", key, str(SUBSCRIPTIONS_MAX), text=text)
                else:
                    _fail(talk, "TOO_MANY_SUBS", key, text=text)
                break
            room -= 1
        taken[key] = None
    new = [key for key in taken if key not in held]
    talk.host.ask(Subscribe(tuple(taken)))
    _say_keys(talk, numerics.RPL_METADATASUBOK, taken)
    if new and not talk.arrival:
        _tell_everything(talk, new)


def _unsubscribe(talk: "IrcSession", target: Target, keys: Sequence[str]) -> None:
    valid = [key for key in dict.fromkeys(keys) if is_key(key)]
    for key in keys:
        if not is_key(key):
            _refuse(talk, MetadataKeyInvalid(key))
    talk.host.ask(Unsubscribe(tuple(valid)))
    _say_keys(talk, numerics.RPL_METADATAUNSUBOK, valid)


def _list_subscriptions(talk: "IrcSession", target: Target, params: Sequence[str]) -> None:
    with batch(talk, "metadata-subs"):
        _say_keys(talk, numerics.RPL_METADATASUBS, subscriptions(talk))


KEYS_A_LINE: Final = 6


def _say_keys(talk: "IrcSession", code: str, keys: Iterable[str]) -> None:
    words = list(keys)
    for start in range(0, len(words), KEYS_A_LINE):
        talk.numeric(code, *words[start : start + KEYS_A_LINE])


# What others have set


def _sync(talk: "IrcSession", target: Target, params: Sequence[str]) -> None:
    room = talk.host.state.rooms.get(target.id)
    keys = subscriptions(talk)
    told = of_room(talk, room, keys) if room else of(target.name, target.values, keys)
    with batch(talk, "metadata", target.name):
        tell(talk, told)


def _sync_everything(talk: "IrcSession") -> None:
    """ "If the target is … `*ALL`, it synchronizes metadata for all visible targets." """
    _tell_everything(talk, list(subscriptions(talk)))


def _tell_everything(talk: "IrcSession", keys: Sequence[str]) -> None:
    """What is set under these keys wherever one is told of it; metadata-3: in "a `metadata` batch with `*ALL`"."""
    with batch(talk, "metadata", EVERYTHING) if talk.caps.metadata_numerics else nullcontext():
        later = tell_all(talk, keys)
    for name in later:
        talk.numeric(numerics.RPL_METADATASYNCLATER, name)


Subcommand = Callable[["IrcSession", Target, Sequence[str]], None]

_SUBCOMMANDS: Final[dict[str, tuple[Subcommand, int]]] = {
    "GET": (_get, 1),
    "LIST": (_list, 0),
    "SET": (_set, 1),
    "CLEAR": (_clear, 0),
    "SUB": (_subscribe, 1),
    "UNSUB": (_unsubscribe, 1),
    "SUBS": (_list_subscriptions, 0),
    "SYNC": (_sync, 0),
}
"""The handler of each subcommand, and the least parameters that it takes."""

_OF_ONESELF: Final = ("SUB", "UNSUB", "SUBS")
_READING: Final = ("GET", "LIST", "SYNC")


def _render_change(event: MetadataSet, caps: Capabilities, server: str) -> Bodies:
    """Render a metadata change; a removed key has no value. metadata-3 has numerics for it, which name their reader."""
    if not caps.metadata or caps.metadata_numerics or (event.is_absent and "hubbub/members" not in caps):
        return ()
    source = event.by.mask if event.by.person else server
    value = "" if event.value is None else f" :{event.value}"
    return (f":{source} METADATA {event.name} {event.key} *{value}",)


def _render_value(event: MetadataTold, caps: Capabilities, server: str) -> Bodies:
    if not caps.metadata or caps.metadata_numerics:
        return ()
    return (f":{server} METADATA {event.nick} {event.key} * :{event.value}",)


def _show_change(talk: "IrcSession", event: MetadataSet) -> None:
    if talk.caps.metadata_numerics and not (event.is_absent and "hubbub/members" not in talk.caps):
        show_value(talk, event.name, event.key, event.value)


def _show_told(talk: "IrcSession", event: MetadataTold) -> None:
    if talk.caps.metadata_numerics:
        show_value(talk, event.nick, event.key, event.value)


VERBS: Final = {
    "METADATA": Verb(
        metadata,
        (
            "METADATA <target or *> GET | SET <key> [<value>] | LIST | CLEAR | SYNC",
            "METADATA * SUB | UNSUB <key> ...",
            "METADATA * SUBS",
            "Publishes data about you or a room that you operate, such as METADATA * SET url :example.org, and",
            "subscribes you to what others publish. For clients that enable draft/metadata-3 or draft/metadata-2.",
        ),
        2,
        before=True,
        specification="metadata",
    ),
}

EVENTS: Final[EventRenderers] = {
    MetadataSet: _render_change,
    MetadataTold: _render_value,
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    MetadataSet: _show_change,
    MetadataTold: _show_told,
}
