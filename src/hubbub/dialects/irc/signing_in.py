"""Signing in, by any command: the answer comes first, with RPL_LOGGEDIN, and ACCOUNT, NICK and JOIN follow it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubbub.dialects.session_api import Effect
from hubbub.engine.entering import cloak
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import UserSignedIn
from hubbub.wire import numerics
from hubbub.wire.capabilities import Capabilities

from .event_renderer import Bodies, EventRenderers, PersonalRenderers
from .history import replay_missed
from .rooms import show_room

if TYPE_CHECKING:
    from .session import IrcSession


def sign_in(talk: "IrcSession", thing: Effect, then: Callable[[Refusal | None], None]) -> None:
    """Begin `thing` and answer it by `then`, which sends `show_logged_in` where it gets no refusal.

    A client that has come in is addressed by the nickname that it knows itself by: a NICK follows the answer.
    """
    before = None if talk.arrival else talk.user.origin

    def answered(refusal: Refusal | None) -> None:
        talk.known_as = before
        try:
            then(refusal)
        finally:
            talk.known_as = None

    talk.host.begin(thing, answered, answer_first=True)


def show_logged_in(talk: "IrcSession") -> None:
    """RPL_LOGGEDIN: sasl-3.1: "sent when the user's account name is set (whether by SASL or otherwise)"."""
    account = talk.host.state.accounts.get(talk.account)
    if account is None:
        return
    if talk.arrival:
        mask = f"{talk.nick}!{talk.arrival.username or '*'}@{cloak(talk.host.address)}"
    else:
        mask = (talk.known_as or talk.user.origin).mask
    text = f"You are now logged in as {account.name}"
    talk.numeric(numerics.RPL_LOGGEDIN, mask, account.name.text, text=text)


def _render_account(event: UserSignedIn, caps: Capabilities, server: str) -> Bodies:
    return (f":{event.before.mask} ACCOUNT {event.origin.account}",) if caps.account_notify else ()


def _show_rooms_and_missed(talk: "IrcSession", event: UserSignedIn) -> None:
    already = {number for number, _, _ in event.memberships}
    for number, room in talk.user.rooms.items():
        if number not in already:
            show_room(talk, room)
    replay_missed(talk, event)


EVENTS: Final[EventRenderers] = {
    UserSignedIn: _render_account,
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    UserSignedIn: _show_rooms_and_missed,
}
