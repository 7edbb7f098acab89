"""Refusals on IRC: each as its numeric, or as a standard reply FAIL with its stable code."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from hubbub.engine.bans import KeptOut
from hubbub.engine.membership import AlreadyMember, PersonNotMember
from hubbub.engine.messages import NothingSaid
from hubbub.engine.modes import ListFull, ModeArgumentWrong, ModeUnknown
from hubbub.engine.monitors import ListTooLong
from hubbub.engine.name_policy import NameMixed, NickAlike, NickTaken
from hubbub.engine.names import NameRefused, NameReserved, RoomNameRefused
from hubbub.engine.policy import (
    BannedFromRoom,
    InvitationNeeded,
    MayNotSpeak,
    NoOperators,
    NotMember,
    NotOperator,
    OnlySignedInWrite,
    RoomFull,
    RoomKeyWrong,
    RoomUnknown,
    TooManyRooms,
)
from hubbub.engine.refusals import DataUnreadable, NotPermitted, NotPresent, Refusal, UserUnknown
from hubbub.engine.room_making import MayNotCreateRoom, RoomAlike, RoomNameUnavailable, TooManyRoomsMade
from hubbub.engine.room_requests import RequestNotNeeded, RequestPending
from hubbub.engine.rooms import RoomsMadeTooFast
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
    if isinstance(refusal, DataUnreadable) and talk.answering in UNREADABLE:
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
    NameRefused: _name_in_words(n.ERR_ERRONEUSNICKNAME),
    NameReserved: _name_in_words(n.ERR_ERRONEUSNICKNAME),
    NameMixed: _name_in_words(n.ERR_ERRONEUSNICKNAME),
    NickAlike: _name_in_words(n.ERR_NICKNAMEINUSE),
    NickTaken: lambda r: (
        n.ERR_NICKNAMEINUSE,
        (r.name,),
        f"{r} If that is your account, log in to it." if r.by_account else None,
    ),
    NotPresent: _in_words(n.ERR_NOTREGISTERED),
    KeptOut: _in_words(n.ERR_YOUREBANNEDCREEP),
    UserUnknown: lambda r: (n.ERR_NOSUCHNICK, (r.name,), None),
    RoomUnknown: _room(n.ERR_NOSUCHCHANNEL),
    RoomNameRefused: _room_in_words(n.ERR_BADCHANMASK),
    RoomAlike: _room_in_words(n.ERR_BADCHANMASK),
    RoomNameUnavailable: _room_in_words(n.ERR_BADCHANMASK),
    MayNotCreateRoom: _room_in_words(n.ERR_NOSUCHCHANNEL),
    TooManyRooms: _room(n.ERR_TOOMANYCHANNELS),
    TooManyRoomsMade: _room_in_words(n.ERR_TOOMANYCHANNELS),
    RoomsMadeTooFast: _room_in_words(n.ERR_TOOMANYCHANNELS),
    InvitationNeeded: _room(n.ERR_INVITEONLYCHAN),
    RequestPending: _room_in_words(n.ERR_INVITEONLYCHAN),
    RequestNotNeeded: _room(n.ERR_CHANOPEN),
    RoomKeyWrong: _room(n.ERR_BADCHANNELKEY),
    RoomFull: _room(n.ERR_CHANNELISFULL),
    BannedFromRoom: _room(n.ERR_BANNEDFROMCHAN),
    NotMember: _room(n.ERR_NOTONCHANNEL),
    PersonNotMember: lambda r: (n.ERR_USERNOTINCHANNEL, (r.person, f"#{r.room}"), None),
    AlreadyMember: lambda r: (n.ERR_USERONCHANNEL, (r.person, f"#{r.room}"), None),
    NoOperators: _room_in_words(n.ERR_CHANOPRIVSNEEDED),
    NotOperator: _room(n.ERR_CHANOPRIVSNEEDED),
    MayNotSpeak: _room_in_words(n.ERR_CANNOTSENDTOCHAN),
    OnlySignedInWrite: _name_in_words(n.ERR_NEEDREGGEDNICK),
    NothingSaid: lambda r: (n.ERR_NOTEXTTOSEND, (), None),
    ModeUnknown: lambda r: (n.ERR_UNKNOWNMODE, (r.letter,), None),
    ModeArgumentWrong: lambda r: (
        n.ERR_INVALIDMODEPARAM,
        (f"#{r.room}", r.letter, r.argument or "*"),
        r.why,
    ),
    ListFull: lambda r: (n.ERR_BANLISTFULL, (f"#{r.room}", r.mask), None),
    NotPermitted: lambda r: (n.ERR_NOPRIVILEGES, (), None),
    ListTooLong: lambda r: (n.ERR_MONLISTFULL, (str(r.limit), ",".join(r.rest)), None),
}
