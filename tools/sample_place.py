"""A data folder of a place that is in use, to look at and to measure: `python -m tools.sample_place FOLDER`.

200 accounts (all with the password `correct horse`; `ann` is the administrator), 40 rooms, and 50,000 messages of the
last 60 days: replies, reactions, mentions, code, several scripts, long names. Every run gives the same but for dates
and the password's salt.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from hubbub.config.sections import Accounts
from hubbub.engine.accounts import AccountRegistered
from hubbub.engine.event import SERVER, Event, Origin
from hubbub.engine.ids import id_after, msgid
from hubbub.engine.membership import MemberAdded
from hubbub.engine.message_kinds import TAGS
from hubbub.engine.messages import MessageSaid, ToPerson, ToRoom
from hubbub.engine.metadata import MetadataSet
from hubbub.engine.names import RoomName
from hubbub.engine.rooms import RoomCreated
from hubbub.engine.state import Access, History, Role
from hubbub.engine.topics import TopicSet
from hubbub.node.password_threads import Passwords
from hubbub.node.sealing_keys import NAME as KEY_NAME
from hubbub.node.sealing_keys import read_seal
from hubbub.storage import open_storage

PASSWORD: Final = "correct horse"
ACCOUNTS: Final = 200
MESSAGES: Final = 50_000
DAYS: Final = 60
_BATCH: Final = 5_000
_DAY_MS: Final = 86_400_000

_FIRST: Final = (
    *(
        "Ann",
        "Bob",
        "Cleo",
        "David",
        "Emma",
        "Farid",
        "Grete",
        "Hiro",
        "Ines",
        "Jonas",
        "Kaja",
        "Luca",
        "Mina",
        "Noor",
    ),
    *("Olga", "Pavel", "Quirin", "Rosa", "Samir", "Tove", "Ugo", "Vera", "Wim", "Xenia", "Yara", "Zeno"),
)
_LAST: Final = (
    *(
        "Baker",
        "Rossi",
        "Müller",
        "Nakamura",
        "Öztürk",
        "van den Berg",
        "O’Connor",
        "Papadopoulou",
        "García",
        "Novák",
    ),
    *("Lindqvist", "Haddad", "Kowalczyk", "Dubois", "Smith-Fotheringham"),
)
_OTHER_SCRIPTS: Final = (
    "שירה כהן",
    "李小龙",
    "Дарья Иванова",
    "ليلى حداد",
    "Ελένη Παππά",
    "प्रिया शर्मा",
    "田中 美咲",
)
_ROOM_WORDS: Final = (
    *("general", "kitchen", "tea", "releases", "support", "garden", "music", "reading-group", "class-4b"),
    *("orchestra", "chess", "staff-room", "maths", "physics", "library", "sports", "excursions", "design"),
    *("accounting", "marketing", "it-help", "board-games", "photography", "lost-and-found", "theatre"),
    *("running", "cycling", "languages", "jobs", "announcements", "security", "data", "research", "workshop"),
    *("festival-committee-2026", "parents", "alumni"),
    *("the-room-with-the-longest-name-that-anybody-has-made-so-far-here", "café", "שיחה"),
)
_TEXTS: Final = (
    "good morning!",
    "does anybody have the key to the workshop?",
    "I have put the **minutes** of Tuesday into the folder",
    "the kettle is on",
    "who is at the desk this afternoon?",
    "that works for me",
    "thanks, that was it",
    "the printer on the second floor is out of toner again",
    "can we move it to *Thursday*, 10:30? I have a dentist’s appointment before",
    "see https://example.org/minutes/2026-11 for the details",
    "הפגישה נדחתה ליום חמישי",
    "明日の会議は10時からです",
    "Отличная работа, спасибо!",
    '```python\ndef greet(name: str) -> str:\n    return f"Good morning, {name}"\n```',
    "a longer thought: we could keep both forms for a while, ask the people who use them every day, and decide in May",
    "😀",
    "+1",
    "no",
)
_REACTIONS: Final = ("👍", "❤️", "🎉", "😂", "👀")


class _Person(NamedTuple):
    account: int
    name: str
    display_name: str

    @property
    def origin(self) -> Origin:
        return Origin(self.account, self.name, account=self.name)


class _Room(NamedTuple):
    id: int
    name: str
    members: Sequence[_Person]


class _Clock:
    """Ids that grow evenly over the days."""

    def __init__(self, events: int) -> None:
        self._now_ms = float(int(time.time() * 1000) - DAYS * _DAY_MS)
        self._step_ms = DAYS * _DAY_MS / events
        self._last = 0

    def next(self) -> int:
        self._now_ms += self._step_ms
        self._last = id_after(self._last, int(self._now_ms))
        return self._last


def _people(clock: _Clock, chance: random.Random) -> Iterator[tuple[_Person, Role]]:
    for number in range(ACCOUNTS):
        first, last = _FIRST[number % len(_FIRST)], chance.choice(_LAST)
        name = first.lower() if number < len(_FIRST) else f"{first.lower()}{number}"
        display = _OTHER_SCRIPTS[number // 29] if number % 29 == 28 else f"{first} {last}"
        role = Role.ADMIN if number == 0 else Role.MODERATOR if number < 4 else Role.MEMBER
        yield _Person(clock.next(), name, display), role


def _talk(
    clock: _Clock, chance: random.Random, rooms: Sequence[_Room], people: Sequence[_Person], messages: int
) -> Iterator[Event]:
    """Messages: busier rooms are talked in more, and a part of all answers or reacts to an earlier message."""
    latest: dict[int, list[MessageSaid]] = {room.id: [] for room in rooms}
    weights = [1 / (place + 1) for place in range(len(rooms))]
    for _ in range(messages):
        text, happens = chance.choice(_TEXTS), chance.random()
        if happens > 0.96:
            one, other = chance.sample(people[:30], 2)
            yield MessageSaid(clock.next(), one.origin, ToPerson(other.account, other.name), text)
            continue
        room = chance.choices(rooms, weights)[0]
        by, before, to = chance.choice(room.members), latest[room.id], ToRoom(room.id, room.name)
        reply = (("+reply", msgid(chance.choice(before).id)),) if before else ()
        if before and happens < 0.15:
            reaction = ("+draft/react", chance.choice(_REACTIONS))
            yield MessageSaid(clock.next(), by.origin, to, "", TAGS, tags=(*reply, reaction))
            continue
        mentions = (chance.choice(room.members).name,) if happens > 0.86 else ()
        words = " ".join([*(f"@{name}" for name in mentions), text])
        tags = reply if happens < 0.3 else ()
        said = MessageSaid(clock.next(), by.origin, to, words, tags=tags, mentions=mentions)
        latest[room.id] = [*before[-30:], said]
        yield said


def _place(clock: _Clock, passwords: Passwords, messages: int) -> Iterator[Event]:
    chance = random.Random(4)
    credential = passwords.make(PASSWORD)
    people = []
    for person, role in _people(clock, chance):
        people.append(person)
        yield AccountRegistered(person.account, person.account, person.name, credential, role, True)
        name = person.display_name
        yield MetadataSet(
            clock.next(), person.origin, 0, person.account, person.name, "display-name", name, True
        )
    rooms = []
    for place, word in enumerate(_ROOM_WORDS):
        number = clock.next()
        yield RoomCreated(number, number, RoomName.known(word), Access.OPEN, False, History.ALL, True)
        yield TopicSet(clock.next(), SERVER, number, word, f"All about {word.replace('-', ' ')}")
        others = people[1:] if place == 0 else chance.sample(people[1:], chance.randint(5, 90))
        rooms.append(_Room(number, word, [people[0], *others]))
        for member in rooms[-1].members:
            yield MemberAdded(clock.next(), member.account, number, word, "o" if member is people[0] else "")
    yield from _talk(clock, chance, rooms, people, messages)


def fill(folder: Path, messages: int = MESSAGES) -> None:
    """Write the place into an empty or new folder. Raises FileExistsError if data is there already."""
    path = folder / "hubbub.db"
    if path.exists():
        raise FileExistsError(f"There is data in {folder} already. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    storage, passwords = open_storage(path, read_seal(folder / KEY_NAME)), Passwords(Accounts())
    clock = _Clock(messages + 3 * ACCOUNTS + 60 * len(_ROOM_WORDS))
    try:
        batch: list[Event] = []
        for event in _place(clock, passwords, messages):
            batch.append(event)
            if len(batch) == _BATCH:
                storage.commit(batch)
                batch = []
        storage.commit(batch)
    finally:
        storage.close()
        passwords.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Write a data folder of a place with people, rooms and messages."
    )
    parser.add_argument("folder", type=Path)
    fill(parser.parse_args().folder)
