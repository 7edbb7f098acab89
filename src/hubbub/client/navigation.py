"""Finding one's way: conversations in their order, what fits some letters, what mentions one, and emoji by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hubbub.client.chat_model import Conversation, Message, Person
from hubbub.client.emoji import USUAL
from hubbub.client.events import RoomListed
from hubbub.client.formatting import plain
from hubbub.client.names import is_name
from hubbub.text import sought

MENTIONS_MAX: Final = 100
_SNIPPET: Final = 160
_BEFORE_THE_WORD: Final = 40


def in_order(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Rooms first, then people, each by name."""
    return sorted(conversations, key=lambda c: (not c.is_room, c.name.casefold()))


class Way(Enum):
    """The action of choosing a goal."""

    GO = "go"
    TALK = "talk"
    JOIN = "join"
    MAKE = "make"


@dataclass(frozen=True, slots=True)
class Goal:
    """A destination: an open conversation, a listed room, a person, or a room to make.

    `topic` is what a room is about, or that a person is offline; `display_name` is a person's.
    """

    way: Way
    name: str
    conversation: Conversation | None = None
    topic: str = ""
    display_name: str = ""

    @property
    def words(self) -> str:
        """The description of choosing it, where that does more than going there."""
        named = f"{self.display_name} ({self.name})"
        return _WORDS[self.way].format(named if self.display_name not in ("", self.name) else self.name)


_WORDS: Final = {
    Way.GO: "{}",
    Way.JOIN: "Join {}",
    Way.TALK: "Message {} privately",
    Way.MAKE: "Create or join {}",
}


def goals(
    conversations: Sequence[Conversation],
    text: str,
    rooms: Sequence[RoomListed] = (),
    people: Sequence[Person] = (),
) -> list[Goal]:
    """The quick switcher's matches for these letters: unread ones first, then those not open yet.

    `rooms` are those that the server lists, `people` those who can be written to. A room that does not exist yet comes
    last.
    """
    wanted = text.strip().casefold()
    fits = [c for c in conversations if wanted in c.name.casefold() or wanted in c.topic.casefold()]
    fits.sort(
        key=lambda c: (
            not _begins(c.name, wanted) if wanted else False,
            not c.mentions,
            not c.unread,
            c.name.casefold(),
        )
    )
    found = [Goal(Way.GO, one.name, one, one.topic) for one in fits]
    known = {c.name.casefold() for c in conversations}
    others = [row for row in rooms if row.name.casefold() not in known]
    fitting = [row for row in others if wanted in row.name.casefold() or wanted in row.topic.casefold()]
    fitting.sort(key=lambda row: (not _begins(row.name, wanted), -row.members, row.name.casefold()))
    found += [Goal(Way.JOIN, row.name, topic=row.topic) for row in fitting]
    found += _people(people, fits, {c.name.casefold(): c for c in conversations}, wanted)
    name = text.strip()
    room = name if name.startswith("#") else f"#{name}"
    if wanted and is_name(name) and room.casefold() not in known | {row.name.casefold() for row in rooms}:
        found.append(Goal(Way.MAKE, room))
    return found


def _people(
    people: Iterable[Person], shown: Sequence[Conversation], known: Mapping[str, Conversation], text: str
) -> list[Goal]:
    """The people with a text in their names: who is online first; of open conversations those not `shown` yet."""
    wanted = sought(text)
    fits = [one for one in people if wanted in sought(one.nick) or wanted in sought(one.display_name)]

    def place(person: Person) -> tuple[bool, bool, str]:
        begins = any(_begins(sought(name), wanted) for name in (person.nick, person.display_name))
        return not begins, person.is_online is False, person.display_name.casefold()

    found: list[Goal] = []
    for person in sorted(fits, key=place):
        conversation = known.get(person.nick.casefold())
        if conversation is None:
            presence = "offline" if person.is_online is False else ""
            found.append(Goal(Way.TALK, person.nick, None, presence, person.display_name))
        elif conversation not in shown:
            found.append(Goal(Way.GO, conversation.name, conversation, "", person.display_name))
    return found


def _begins(name: str, wanted: str) -> bool:
    return name.casefold().lstrip("#").startswith(wanted.lstrip("#"))


def unread_step(order: Sequence[Conversation], here: Conversation | None, step: int) -> Conversation | None:
    """The next conversation with something unread, down the list (1) or up (-1), and around its end."""
    at = order.index(here) if here in order else -1
    around = (order[(at + step * n) % len(order)] for n in range(1, len(order) + 1))
    return next((one for one in around if one.unread), None)


def first_unread(order: Iterable[Conversation]) -> Conversation | None:
    """The first conversation with something unread; with a mention before all others."""
    return min((c for c in order if c.unread), key=lambda c: not c.mentions, default=None)


def mentions(conversations: Iterable[Conversation]) -> list[tuple[Conversation, Message]]:
    """The last mentions in rooms that are known, the newest first."""
    found = [
        (room, message)
        for room in conversations
        for message in room.timeline.messages
        if message.is_mention and not room.is_among_people
    ]
    return sorted(found, key=lambda one: -one[1].time_ms)[:MENTIONS_MAX]


def last_own(conversation: Conversation) -> Message | None:
    """The message of one's own that was said last, and can be edited."""
    return _last(conversation, lambda m: m.is_own and bool(m.id))


def last_of_others(conversation: Conversation) -> Message | None:
    """The last message of another person."""
    return _last(conversation, lambda m: not m.is_own)


def _last(conversation: Conversation, fits: Callable[[Message], bool]) -> Message | None:
    talk = (m for m in reversed(conversation.timeline.messages) if m.is_talk and not m.is_deleted)
    return next((message for message in talk if fits(message)), None)


def emoji_like(text: str, emoji: Mapping[str, str], own: Iterable[str], most: int) -> list[tuple[str, str]]:
    """Emoji whose names have these letters in them, each as it is written, with one name.

    Of no letters those that are used most, and all of the place's `own`, which are written `:name:`.
    """
    wanted = text.strip(": ").lower().replace(" ", "_")
    if not wanted:
        names = {picture: name for name, picture in reversed(list(emoji.items()))}
        usual = [(picture, names.get(picture, "")) for picture in USUAL]
        return [*usual, *((f":{name}:", name) for name in sorted(own))][:most]
    written = {**emoji, **{name: f":{name}:" for name in own}}
    fits = [name for name in written if wanted in name]
    fits.sort(key=lambda name: (not name.startswith(wanted), len(name), name))
    found: dict[str, str] = {}
    for name in fits[:most]:
        found.setdefault(written[name], name)
    return list(found.items())


def snippet(text: str, query: str) -> str:
    """The part of a text in which a word of the query stands."""
    flat = " ".join(text.split())
    words = [word.strip('"') for word in query.casefold().split()]
    places = [flat.casefold().find(word) for word in words if word]
    first = min((place for place in places if place >= 0), default=0)
    start = max(first - _BEFORE_THE_WORD, 0)
    return f"{'… ' if start else ''}{flat[start : start + _SNIPPET]}"


def one_line(message: Message, most: int) -> str:
    """A message's words, without looks and line breaks."""
    return " ".join(plain(message.text).split())[:most]
