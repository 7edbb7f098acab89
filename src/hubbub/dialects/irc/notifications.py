"""WEBPUSH and NOTIFY: browsers subscribed to notifications, and the level of each conversation."""

from typing import TYPE_CHECKING, Final

from hubbub.engine.notifications import AddPush, LevelSet, RemovePush, SetLevel
from hubbub.engine.refusals import NotSignedIn, Refusal
from hubbub.engine.state import EVERYWHERE, Level
from hubbub.wire.capabilities import Capabilities
from hubbub.wire.message import Message, parse_tags

from .event_renderer import Bodies, EventRenderers
from .refusals import answer
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

_LEVELS = {level.value: level for level in Level} | {"usual": None}


def webpush(talk: "IrcSession", message: Message) -> None:
    """webpush: `WEBPUSH REGISTER <endpoint> <keys>`, the keys written as tags are; `WEBPUSH UNREGISTER <endpoint>`."""
    word, endpoint = message.params[0].upper(), message.params[1]
    if "draft/webpush" not in talk.caps:
        talk.unknown(message.verb)
        return
    result: object = None
    if not talk.host.facts.vapid:
        talk.fail("WEBPUSH", "FORBIDDEN", word[:20], text="Push notifications are off on this server.")
        return
    if word == "REGISTER" and (keys := message.param(2)):
        known = parse_tags(keys)
        result = talk.host.ask(AddPush(endpoint, known.get("p256dh") or "", known.get("auth") or ""))
    elif word == "UNREGISTER":
        result = talk.host.ask(RemovePush(endpoint))
    else:
        text = (
            "Write REGISTER with the address of a push service and the keys, or UNREGISTER with the address."
        )
        talk.fail("WEBPUSH", "INVALID_PARAMS", word[:20], text=text)
        return
    if isinstance(result, NotSignedIn):
        talk.fail("WEBPUSH", "FORBIDDEN", word, text=str(result))
    elif isinstance(result, Refusal):
        talk.fail("WEBPUSH", "INVALID_PARAMS", word, text=str(result))
    else:
        talk.send("WEBPUSH", word, endpoint)


def notify(talk: "IrcSession", message: Message) -> None:
    """`NOTIFY <target> <level>` sets a conversation's notification level; without parameters it lists them."""
    if "hubbub/notify" not in talk.caps:
        talk.unknown(message.verb)
    elif talk.user.account is None:
        talk.fail("NOTIFY", "ACCOUNT_REQUIRED", text=str(NotSignedIn()))
    elif not message.params:
        _list(talk)
    else:
        _set(talk, message.params[0], message.param(1))


def _list(talk: "IrcSession") -> None:
    state, account = talk.host.state, talk.user.account
    for place, level in (account.levels if account else {}).items():
        room = state.rooms.get(place)
        name = "*" if place == EVERYWHERE else f"#{room.name}" if room else state.name_of(place)
        if name:
            talk.send("NOTIFY", name, level.value)


def _set(talk: "IrcSession", target: str, word: str) -> None:
    state, text = talk.host.state, word.lower()
    room = state.room_named(target) if target.startswith("#") else None
    if target == "*":
        place, name = EVERYWHERE, "*"
    elif room and room.id in talk.user.rooms:
        place, name = room.id, f"#{room.name}"
    else:
        place = 0 if target.startswith("#") else state.person_named(target) or 0
        name = state.name_of(place) if place else ""
    if not name:
        talk.fail(
            *("NOTIFY", "INVALID_TARGET", target[:100]),
            text="There is no such room or user.",
        )
    elif text not in _LEVELS:
        talk.fail("NOTIFY", "INVALID_LEVEL", word[:100], text=f"Write one of: {', '.join(_LEVELS)}.")
    else:
        result = talk.host.ask(SetLevel(place, name, _LEVELS[text]))
        if isinstance(result, Refusal):
            answer(talk, result)


def _render_level(event: LevelSet, caps: Capabilities, server: str) -> Bodies:
    level = event.level.value if event.level else "usual"
    return (f":{server} NOTIFY {event.name} {level}",) if "hubbub/notify" in caps else ()


VERBS: Final = {
    "WEBPUSH": Verb(
        webpush,
        (
            "WEBPUSH REGISTER <endpoint> <keys> | UNREGISTER <endpoint>",
            "Subscribes a browser to push notifications. Clients send this themselves.",
        ),
        2,
        specification="webpush",
    ),
    "NOTIFY": Verb(
        notify,
        (
            "NOTIFY [<target> <level>]",
            "Sets what you are notified of: all, mentions, none, or usual; the target * stands for everything.",
            "For clients that enable hubbub/notify.",
        ),
        specification="hubbub/notify",
    ),
}

EVENTS: Final[EventRenderers] = {
    LevelSet: _render_level,
}
