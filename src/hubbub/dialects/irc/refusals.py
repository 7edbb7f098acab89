"""Refusals on IRC: each as its numeric, or as a standard reply FAIL with its stable code."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from hubbub.engine import refusals as state_of_affairs
from hubbub.engine.refusals import Refusal
from hubbub.wire import numerics as n

if TYPE_CHECKING:
    from .session import IrcSession

Numeric = tuple[str, tuple[str, ...], str | None]
"""A code, its parameters before the text, and the text; None for the customary one."""


def answer(talk: "IrcSession", refusal: Refusal) -> None:
    writer = NUMERICS.get(type(refusal))
    if writer:
        code, params, text = writer(refusal)
        talk.numeric(code, *params, text=text)
    else:
        talk.fail(talk.answering, stable_code(type(refusal)), text=str(refusal))


UNREADABLE: Final = {"CHATHISTORY": ("MESSAGE_ERROR", 2), "SEARCH": ("INTERNAL_ERROR", 0)}
"""The code that an extension has for what can't be read, and how many of the command's parameters stand behind it."""


def fall_short(talk: "IrcSession", refusal: Refusal) -> None:
    """Answer a command that failed halfway: chathistory and search have codes of their own for unreadable data."""
    if isinstance(refusal, state_of_affairs.DataUnreadable) and talk.answering in UNREADABLE:
        code, count = UNREADABLE[talk.answering]
        context = (word[:100] for word in talk.history_wanted[:count])
        talk.fail(talk.answering, code, *context, text=str(refusal))
    else:
        answer(talk, refusal)


def stable_code(kind: type[Refusal]) -> str:
    """`NotSignedIn` is `NOT_SIGNED_IN`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).upper()


def _room(code: str) -> Callable[[Any], Numeric]:
    return lambda refusal: (code, (f"#{refusal.name}",), None)


def _room_in_words(code: str) -> Callable[[Any], Numeric]:
    return lambda refusal: (code, (f"#{refusal.name}",), str(refusal))


def _in_words(code: str) -> Callable[[Any], Numeric]:
    return lambda refusal: (code, (), str(refusal))


def _name_in_words(code: str) -> Callable[[Any], Numeric]:
    return lambda refusal: (code, (refusal.name,), str(refusal))


NUMERICS: Final[dict[type[Refusal], Callable[[Any], Numeric]]] = {
    state_of_affairs.NameRefused: _name_in_words(n.ERR_ERRONEUSNICKNAME),
    state_of_affairs.NameReserved: _name_in_words(n.ERR_ERRONEUSNICKNAME),
    state_of_affairs.NameMixed: _name_in_words(n.ERR_ERRONEUSNICKNAME),
    state_of_affairs.NickAlike: _name_in_words(n.ERR_NICKNAMEINUSE),
    state_of_affairs.NickTaken: lambda r: (
        n.ERR_NICKNAMEINUSE,
        (r.name,),
        f"{r} If it is your account's name, log in to that." if r.by_account else None,
    ),
    state_of_affairs.NotPresent: _in_words(n.ERR_NOTREGISTERED),
    state_of_affairs.KeptOut: _in_words(n.ERR_YOUREBANNEDCREEP),
    state_of_affairs.UserUnknown: lambda r: (n.ERR_NOSUCHNICK, (r.name,), None),
    state_of_affairs.RoomUnknown: _room(n.ERR_NOSUCHCHANNEL),
    state_of_affairs.RoomNameRefused: _room_in_words(n.ERR_BADCHANMASK),
    state_of_affairs.RoomAlike: _room_in_words(n.ERR_BADCHANMASK),
    state_of_affairs.RoomNameUnavailable: _room_in_words(n.ERR_BADCHANMASK),
    state_of_affairs.MayNotCreateRoom: _room_in_words(n.ERR_NOSUCHCHANNEL),
    state_of_affairs.TooManyRooms: _room(n.ERR_TOOMANYCHANNELS),
    state_of_affairs.TooManyRoomsMade: _room_in_words(n.ERR_TOOMANYCHANNELS),
    state_of_affairs.RoomsMadeTooFast: _room_in_words(n.ERR_TOOMANYCHANNELS),
    state_of_affairs.InvitationNeeded: _room(n.ERR_INVITEONLYCHAN),
    state_of_affairs.RequestPending: _room_in_words(n.ERR_INVITEONLYCHAN),
    state_of_affairs.RequestNotNeeded: _room(n.ERR_CHANOPEN),
    state_of_affairs.RoomKeyWrong: _room(n.ERR_BADCHANNELKEY),
    state_of_affairs.RoomFull: _room(n.ERR_CHANNELISFULL),
    state_of_affairs.BannedFromRoom: _room(n.ERR_BANNEDFROMCHAN),
    state_of_affairs.NotMember: _room(n.ERR_NOTONCHANNEL),
    state_of_affairs.PersonNotMember: lambda r: (n.ERR_USERNOTINCHANNEL, (r.person, f"#{r.room}"), None),
    state_of_affairs.AlreadyMember: lambda r: (n.ERR_USERONCHANNEL, (r.person, f"#{r.room}"), None),
    state_of_affairs.NotOperator: _room(n.ERR_CHANOPRIVSNEEDED),
    state_of_affairs.MayNotSpeak: _room_in_words(n.ERR_CANNOTSENDTOCHAN),
    state_of_affairs.OnlySignedInWrite: _name_in_words(n.ERR_NEEDREGGEDNICK),
    state_of_affairs.NothingSaid: lambda r: (n.ERR_NOTEXTTOSEND, (), None),
    state_of_affairs.ModeUnknown: lambda r: (n.ERR_UNKNOWNMODE, (r.letter,), None),
    state_of_affairs.ModeArgumentWrong: lambda r: (
        n.ERR_INVALIDMODEPARAM,
        (f"#{r.room}", r.letter, r.argument or "*"),
        r.why,
    ),
    state_of_affairs.ListFull: lambda r: (n.ERR_BANLISTFULL, (f"#{r.room}", r.mask), None),
    state_of_affairs.NotPermitted: lambda r: (n.ERR_NOPRIVILEGES, (), None),
    state_of_affairs.ListTooLong: lambda r: (n.ERR_MONLISTFULL, (str(r.limit), ",".join(r.rest)), None),
}
