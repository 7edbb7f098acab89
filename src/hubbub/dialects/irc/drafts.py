"""DRAFT: unsent messages, for the other clients of the same account."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.drafts import DraftSet, DraftTooLong, SetDraft, as_it_is
from hubbub.engine.ids import msgid, parse_msgid
from hubbub.engine.refusals import NotSignedIn, Refusal
from hubbub.engine.state import Account
from hubbub.text import clean
from hubbub.wire.message import Message

from .refusals import answer
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

CAPABILITY: Final = "hubbub/drafts"
NONE: Final = "*"
"""In the place of a version: there was never a draft."""


def draft(talk: "IrcSession", message: Message) -> None:
    """`DRAFT <target> <base> [:<text>]` sets or clears one; without parameters it lists them."""
    if CAPABILITY not in talk.caps:
        talk.unknown(message.verb)
    elif not message.params:
        _list(talk)
    else:
        set_draft(talk, message.params[0], message.param(1), clean(message.param(2)))


def set_draft(talk: "IrcSession", target: str, base: str, text: str) -> None:
    """The event shows it to all the clients of the account; where nothing changes, the asker is told what there is."""
    account, version = talk.user.account, 0 if base == NONE else parse_msgid(base)
    if account is None:
        talk.fail("DRAFT", "ACCOUNT_REQUIRED", text=str(NotSignedIn()))
    elif (place := _place(talk, target)) is None:
        why = "There is no such room or account."
        talk.fail("DRAFT", "INVALID_TARGET", target[:100], text=why)
    elif version is None:
        talk.fail("DRAFT", "INVALID_PARAMS", base[:100], text=f"Write the version it came from, or {NONE}.")
    else:
        result = talk.host.ask(SetDraft(*place, version, text))
        if isinstance(result, DraftTooLong):
            talk.fail("DRAFT", "INVALID_PARAMS", target[:100], text=str(result))
        elif isinstance(result, Refusal):
            answer(talk, result)
        elif not result:
            _show(talk, account, *place)


def _place(talk: "IrcSession", target: str) -> tuple[int, str] | None:
    """The id and the name of a room that one is in, or of an account."""
    state = talk.host.state
    if target.startswith("#"):
        room = state.room_named(target)
        return (room.id, f"#{room.name}") if room and room.id in talk.user.rooms else None
    person = state.person_named(target)
    return (person, state.name_of(person)) if person in state.accounts else None


def _list(talk: "IrcSession") -> None:
    """Those of rooms that one is in, and of people: also the cleared ones, whose text may still stand somewhere."""
    state, account = talk.host.state, talk.user.account
    for place in list(account.drafts) if account else ():
        room = state.rooms.get(place)
        if account and (name := f"#{room.name}" if room else state.name_of(place)):
            _show(talk, account, place, name)


def _show(talk: "IrcSession", account: Account, place: int, name: str) -> None:
    if event := as_it_is(account, place, name):
        talk.host.send(talk.view.render_in(event, talk.batch))
    else:
        talk.send("DRAFT", name, NONE, NONE, "")


def draft_words(event: DraftSet) -> str:
    return f"{event.name} {msgid(event.id)} {msgid(event.since)}"


VERBS: Final = {
    "DRAFT": Verb(
        draft,
        (
            "DRAFT [<target> <version> [:<text>]]",
            "Keeps what you have begun to write, for your other devices; without parameters it lists what is kept.",
            "For clients that enable hubbub/drafts, which do this by themselves.",
        ),
        specification="hubbub/drafts",
    ),
}
