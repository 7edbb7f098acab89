"""The view that netcat sessions in the same room share: each event is written once for all of them."""

from typing import ClassVar
from weakref import WeakValueDictionary

from hubbub.engine.event import Event

from .rendering import SENTENCES, Here, encoded


class NetcatView:
    """Interned: one for each room to stand in. One's own words are on one's own screen already: no echo."""

    __slots__ = ("__weakref__", "echo", "here")

    _known: ClassVar[WeakValueDictionary[Here, "NetcatView"]] = WeakValueDictionary()

    def __init__(self, here: Here) -> None:
        """For `of` alone."""
        self.here = here
        self.echo = False

    @classmethod
    def of(cls, room: int, welcome: str) -> "NetcatView":
        here = Here(room, welcome)
        found = cls._known.get(here)
        if found is None:
            found = cls._known[here] = cls(here)
        return found

    def render(self, event: Event) -> bytes:
        writer = SENTENCES.get(type(event))
        sentence = writer(event, self.here) if writer else None
        return encoded(sentence) if sentence else b""
