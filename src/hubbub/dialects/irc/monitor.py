"""MONITOR: notices when a nickname comes online or goes offline."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.engine.monitors import ListTooLong, NickAppeared, NickVanished, Unwatch, Watch
from hubbub.engine.names import Nick, fold
from hubbub.wire import numerics
from hubbub.wire.message import Message, joined

from .event_renderer import PersonalRenderers
from .metadata_sync import tell_metadata
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

FULL_LIST_BYTES: Final = 200
"""The bytes that the targets which cannot be added may take of a line, before the text."""


def monitor(talk: "IrcSession", message: Message) -> None:
    handle = _MODIFIERS.get(message.params[0].upper())
    if handle is None:
        text = "Write MONITOR + or - with nicknames, or MONITOR C, L or S."
        talk.fail("MONITOR", "INVALID_PARAMS", text=text)
    elif message.params[0] in "+-" and not message.param(1):
        talk.numeric(numerics.ERR_NEEDMOREPARAMS, message.verb)
    else:
        handle(talk, [name for name in message.param(1).split(",") if name])


def _add(talk: "IrcSession", names: list[str]) -> None:
    """Add targets; one that cannot be a nickname is shown as offline, and not added."""
    wanted = {fold(name): name for name in names}
    valid = tuple(name for name in wanted.values() if _is_nick(talk, name))
    result = talk.host.ask(Watch(valid))
    rest: tuple[str, ...] = ()
    if isinstance(result, ListTooLong):
        rest = result.rest
        talk.host.ask(Watch(tuple(name for name in valid if name not in rest)))
    added = [name for name in wanted.values() if name not in rest]
    _show(talk, added)
    tell_metadata(talk, [user.person for name in added if (user := talk.host.state.user_named(name))])
    for targets in joined(rest, ",", FULL_LIST_BYTES):
        talk.numeric(numerics.ERR_MONLISTFULL, str(talk.host.state.rules.monitored_names), targets)


def _is_nick(talk: "IrcSession", name: str) -> bool:
    """monitor: a target "MUST be a valid nick as determined by the IRC daemon"."""
    return isinstance(Nick.parse(name, talk.host.state.rules.names), Nick)


def _remove(talk: "IrcSession", names: list[str]) -> None:
    """ "No output will be returned for use of this command." """
    if names:
        talk.host.ask(Unwatch(tuple(names)))


def _clear(talk: "IrcSession", names: list[str]) -> None:
    talk.host.ask(Unwatch())


def _list(talk: "IrcSession", names: list[str]) -> None:
    talk.numerics_joined(numerics.RPL_MONLIST, words=_watched(talk), by=",")
    talk.numeric(numerics.RPL_ENDOFMONLIST)


def _status(talk: "IrcSession", names: list[str]) -> None:
    _show(talk, _watched(talk))


_MODIFIERS: Final[dict[str, Callable[["IrcSession", list[str]], None]]] = {
    "+": _add,
    "-": _remove,
    "C": _clear,
    "L": _list,
    "S": _status,
}


def _watched(talk: "IrcSession") -> list[str]:
    return list(talk.host.state.watched.get(talk.host.session, {}).values())


def _show(talk: "IrcSession", names: list[str]) -> None:
    """Show which of them are online, with their masks, and which are not."""
    users = {name: talk.host.state.user_named(name) for name in names}
    here = [user.origin.mask for user in users.values() if user]
    talk.numerics_joined(numerics.RPL_MONONLINE, words=here, by=",")
    away = [name for name, user in users.items() if user is None]
    talk.numerics_joined(numerics.RPL_MONOFFLINE, words=away, by=",")


def _show_online(talk: "IrcSession", event: NickAppeared) -> None:
    talk.numeric(numerics.RPL_MONONLINE, text=event.origin.mask)
    tell_metadata(talk, [event.origin.person])


def _show_offline(talk: "IrcSession", event: NickVanished) -> None:
    talk.numeric(numerics.RPL_MONOFFLINE, text=event.nick)


VERBS: Final = {
    "MONITOR": Verb(
        monitor,
        (
            "MONITOR + | - <nickname>{,<nickname>}",
            "MONITOR C | L | S",
            "Notifies you when people come and go: + adds to your list, - removes, C clears it, L shows it, S shows",
            "who on it is online.",
        ),
        1,
        specification="monitor",
    ),
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    NickAppeared: _show_online,
    NickVanished: _show_offline,
}
