"""SEARCH: finding messages by their words, as soju's extension `soju.im/search` defines it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.session_api import SearchMessages
from hubbub.engine.event import Event
from hubbub.engine.ids import COUNTER_BITS, first_id_at, last_id_at, millisecond_of
from hubbub.engine.messages import may_reread
from hubbub.engine.policy import readable_rooms
from hubbub.wire.message import Message, parse_tags
from hubbub.wire.times import parse_time

from .history import PAGE, PAGE_BYTES_MAX, fitting, room_floor, with_names_of_today
from .history_selectors import Mistake, limit_of
from .server_batches import batch
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

LIMIT: Final = 100
"""The number of results where the client names none."""


def search(talk: "IrcSession", message: Message) -> None:
    """`SEARCH <attributes>`, in the syntax of tags: in, from, after, before, text, limit."""
    if not talk.caps.search:
        talk.unknown(message.verb)
        return
    try:
        wanted = _wanted(talk, parse_tags(" ".join(message.params)))
    except Mistake as mistake:
        talk.fail("SEARCH", mistake.code, *(word[:100] for word in mistake.context), text=str(mistake))
        return
    page = replace(wanted, limit=max(wanted.limit, PAGE))
    _search_on(talk, page, wanted.limit, [], lambda events: _show(talk, events))


def _wanted(talk: "IrcSession", attributes: Mapping[str, str]) -> SearchMessages:
    for key in attributes:
        if key not in _ATTRIBUTES:
            raise Mistake("INVALID_PARAMS", key, text="There is no such attribute")
    most = talk.host.facts.history_limit
    limit = limit_of(attributes["limit"], most) if "limit" in attributes else min(LIMIT, most or LIMIT)
    wanted = SearchMessages(attributes.get("text", ""), limit, sender=attributes.get("from", ""))
    eras = talk.host.state.eras
    if "after" in attributes:
        wanted = replace(wanted, after=last_id_at(_time(attributes, "after"), eras))
    if "before" in attributes:
        wanted = replace(wanted, before=first_id_at(_time(attributes, "before"), eras))
    return _where(talk, wanted, attributes.get("in", ""))


def _time(attributes: Mapping[str, str], key: str) -> int:
    moment = parse_time(attributes[key])
    if moment is None:
        raise Mistake("INVALID_PARAMS", key, text="Write the time as YYYY-MM-DDThh:mm:ss.sssZ")
    return moment


def _where(talk: "IrcSession", wanted: SearchMessages, target: str) -> SearchMessages:
    """Only what one may read is searched: one's rooms and conversations, or the one that is named."""
    user, state = talk.user, talk.host.state
    if target.startswith("#"):
        room = state.room_named(target)
        floor = room_floor(talk, room) if room else None
        if room is None or floor is None:
            raise Mistake("INVALID_PARAMS", "in", text="You can't read messages there")
        return replace(wanted, rooms=((room.id, floor),))
    if target:
        other = state.person_named(target)
        if other is None:
            raise Mistake("INVALID_PARAMS", "in", text="No such user")
        return replace(wanted, person=user.person, other=other)
    return replace(wanted, rooms=readable_rooms(user), person=user.person)


def _search_on(
    talk: "IrcSession",
    page: SearchMessages,
    limit: int,
    found: list[Event],
    then: Callable[[list[Event]], None],
) -> None:
    """Messages for a higher rank than the asker's are skipped, and do not count.

    A page begins with a whole millisecond: the next one can be asked for by no other thing than the time.
    """

    def go_on(events: Sequence[Event]) -> None:
        whole = [event for event in events if may_reread(talk.host.state, talk.user, event)] + found
        start, _ = millisecond_of(whole[-limit].id) if len(whole) >= limit else (0, 0)
        if len(events) < page.limit or events[0].id < start:
            then(fitting(_page(whole, limit), PAGE_BYTES_MAX))
        elif len(whole) >= limit:
            rest = replace(
                page, after=max(page.after, start - 1), before=events[0].id, limit=1 << COUNTER_BITS
            )
            _search_on(talk, rest, limit, whole, then)
        else:
            _search_on(talk, replace(page, before=events[0].id), limit, whole, then)

    talk.host.begin(page, go_on)


def _page(found: list[Event], limit: int) -> list[Event]:
    """The newest `limit`, with all that share a millisecond with the first of them."""
    start, _ = millisecond_of(found[-limit:][0].id) if found else (0, 0)
    return [event for event in found if event.id >= start]


def _show(talk: "IrcSession", events: Sequence[Event]) -> None:
    with batch(talk, "soju.im/search") as reference:
        for event in events:
            talk.host.send(talk.view.render_in(with_names_of_today(talk.host.state, event), reference))


_ATTRIBUTES: Final = ("in", "from", "after", "before", "text", "limit")


VERBS: Final = {
    "SEARCH": Verb(
        search,
        (
            (
                "SEARCH [in=<room or nickname>;][from=<nickname>;][after=<time>;][before=<time>;]"
                "[text=<words>;][limit=<n>]"
            ),
            "Searches the messages that you may read, with \\s for a space. For clients that enable",
            "soju.im/search.",
        ),
        1,
        specification="soju.im/search",
    ),
}
