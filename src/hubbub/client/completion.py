"""Completion of the word at the cursor: names, rooms, commands and emoji."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hubbub.client.chat_model import Conversation
from hubbub.client.client import Client

SUGGESTIONS_MAX: Final = 8
EMOJI_LETTERS_MIN: Final = 2
OWN_EMOJI: Final = "an emoji of this server"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` takes the place of the word; `hint` says what it is."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """The word from `start` to `end` of the line may become any of these, the likeliest first."""

    start: int
    end: int
    suggestions: Sequence[Suggestion]

    def is_unfinished(self, line: str) -> bool:
        """Whether Enter means a suggestion: not, where what is written is one already."""
        word = line[self.start : self.end]
        return bool(self.suggestions) and all(one.text.strip() != word for one in self.suggestions)


class Completer:
    """`words` are the commands with what they do; `emoji` is name → emoji."""

    def __init__(self, client: Client, words: Mapping[str, str], emoji: Mapping[str, str]) -> None:
        self._client = client
        self._words = words
        self._emoji = emoji

    def complete(
        self, line: str, at: int, here: Conversation | None, *, asked: bool = False
    ) -> Completion | None:
        """The completions at the cursor. Names without `@` are offered only when `asked`, as by Tab."""
        start = max(line.rfind(" ", 0, at), line.rfind("\n", 0, at)) + 1
        word = line[start:at]
        found: Iterable[Suggestion] = ()
        if word.startswith("/") and start == 0:
            found = self._commands(word)
        elif word.startswith("@"):
            found = self._names(word[1:], here, "@", " ")
        elif word.startswith("#"):
            found = self._rooms(word)
        elif word.startswith(":") and (len(word) > EMOJI_LETTERS_MIN or asked):
            found = self._pictures(word[1:])
        elif asked and word:
            found = self._names(word, here, "", ": " if start == 0 else " ")
        suggestions = list(found)[:SUGGESTIONS_MAX]
        if not asked and [one.text.rstrip() for one in suggestions] == [word]:
            return None  # what is written out already needs no completing
        return Completion(start, at, suggestions) if suggestions else None

    def _commands(self, word: str) -> Iterable[Suggestion]:
        return (
            Suggestion(f"/{name} ", hint)
            for name, hint in sorted(self._words.items())
            if name.startswith(word[1:].lower())
        )

    def _names(self, part: str, here: Conversation | None, before: str, after: str) -> Iterable[Suggestion]:
        """Matching names: the latest to speak here first, then the members who are online, then the others."""
        nicks: dict[str, None] = {}
        if here is not None:
            for message in reversed(here.timeline.messages[-200:]):
                if message.is_talk and not message.is_own:
                    nicks[message.sender] = None
            self._client.members.ask(here)
            for member in (*here.present, *here.absent):
                nicks[member.nick] = None
            if not here.is_room:
                nicks[here.name] = None
        wanted = part.casefold()
        for nick in nicks:
            person = self._client.people.find(nick)
            name = person.display_name if person else nick
            if nick.casefold().startswith(wanted) or name.casefold().startswith(wanted):
                yield Suggestion(f"{before}{nick}{after}", "" if name == nick else name)

    def _rooms(self, word: str) -> Iterable[Suggestion]:
        for conversation in self._client.conversations.values():
            if conversation.is_room and conversation.name.casefold().startswith(word.casefold()):
                yield Suggestion(f"{conversation.name} ", conversation.topic)

    def _pictures(self, part: str) -> Iterable[Suggestion]:
        own = self._client.emoji.known
        if part.endswith(":") and (part[:-1] in self._emoji or part[:-1] in own):
            return ()  # it is written out, and becomes the emoji when it is sent
        wanted = part.rstrip(":").lower()
        names = [name for name in {**self._emoji, **own} if wanted in name]
        names.sort(key=lambda name: (not name.startswith(wanted), len(name), name))
        return (self._picture(name) for name in names)

    def _picture(self, name: str) -> Suggestion:
        """One of the place's own stays its name, which every client shows in its own way."""
        usual = self._emoji.get(name)
        return Suggestion(f"{usual} ", f":{name}:") if usual else Suggestion(f":{name}: ", OWN_EMOJI)


def with_emoji(text: str, emoji: Mapping[str, str]) -> str:
    """The text with `:name:` written as the emoji that it names, outside of code."""
    if text.count(":") < 2:
        return text
    pieces = text.split("`")
    for at in range(0, len(pieces), 2):
        parts = pieces[at].split(":")
        built, place = parts[0], 1
        while place < len(parts):
            name = parts[place]
            if place + 1 < len(parts) and name in emoji:
                built += emoji[name] + parts[place + 1]
                place += 2
            else:
                built += f":{name}"
                place += 1
        pieces[at] = built
    return "`".join(pieces)
