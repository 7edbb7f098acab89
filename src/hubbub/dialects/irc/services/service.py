"""A service: a name that one writes to in plain words, and the table of the words that it knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import Struct

from hubbub.engine.event import Command
from hubbub.engine.refusals import Refusal
from hubbub.text import split
from hubbub.wire.message import room_bytes

if TYPE_CHECKING:
    from ..session import IrcSession


class Line(Struct, frozen=True):
    """One line to a service, after its first word."""

    talk: "IrcSession"
    service: str
    word: str
    """The first word, in upper case."""
    words: tuple[str, ...]
    rest: str
    """The same, as it was written."""

    def after(self, count: int) -> str:
        """The text after the first `count` words, verbatim."""
        parts = self.rest.split(maxsplit=count)
        return parts[count] if len(parts) > count else ""

    def answer(self, *sentences: str | Refusal) -> None:
        say(self.talk, self.service, *map(str, sentences))

    def ask(self, command: Command, done: str) -> None:
        """Ask the engine, and answer with `done` or the refusal."""
        result = self.talk.host.ask(command)
        self.answer(result if isinstance(result, Refusal) else done if result else "Nothing has changed.")


@dataclass(frozen=True, slots=True)
class Word:
    """Something that a service does: how to write it, what it does, and how many words it takes."""

    usage: str
    help: str
    do: Callable[[Line], None]
    least: int = 0
    most: int = 100
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.usage.split(maxsplit=1)[0]


class Service:
    """Finds the word that a line begins with, and tells how to write what could not be understood."""

    def __init__(self, name: str, about: tuple[str, ...], words: tuple[Word, ...]) -> None:
        self.name = name
        self._about = about
        helping = Word("HELP [word]", "List my commands, or explain one.", self._help, aliases=("?",))
        self.words = (*words, helping)
        self._by_name = {name: word for word in self.words for name in (word.name, *word.aliases)}

    def __call__(self, talk: "IrcSession", text: str) -> None:
        name, _, rest = text.strip().partition(" ")
        line = Line(talk, self.name, name.upper(), tuple(rest.split()), rest.strip())
        word = self._by_name.get(line.word)
        # What is not understood is not repeated: it may be a password.
        if word is None:
            line.answer(f"I don't know this command. Write: /msg {self.name} HELP")
        elif not word.least <= len(line.words) <= word.most:
            line.answer(f"Write: /msg {self.name} {word.usage}")
        else:
            word.do(line)

    def _help(self, line: Line) -> None:
        if line.words and (word := self._by_name.get(line.words[0].upper())):
            others = f" Also: {', '.join(word.aliases)}." if word.aliases else ""
            line.answer(f"{word.usage}: {word.help}{others}")
        elif line.words:
            line.answer(f"I don't know this command. Write: /msg {self.name} HELP")
        else:
            line.answer(*self._about, *(f"{word.usage}: {word.help}" for word in self.words))


def say(talk: "IrcSession", service: str, *sentences: str) -> None:
    """Notices from a service, in as many lines as they take."""
    source = f"{service}!services@{talk.host.facts.name}"
    size = room_bytes("NOTICE", talk.nick, source=source) - 1
    for sentence in sentences:
        for piece in split(sentence, size):
            talk.send("NOTICE", talk.nick, piece, source=source)
