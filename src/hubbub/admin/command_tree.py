"""The tree's contents page: every command there is, and how a line finds its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice, takewhile
from typing import Any, Final

from hubbub.engine.refusals import NotPermitted, Refusal
from hubbub.engine.state import Role, State

from . import (
    accounts,
    custom_emoji,
    history,
    invitations,
    people,
    reports,
    requests,
    rooms,
    sanctions,
    server,
    webhooks,
)
from .answers import Mistake, Result, listed, refused, said, shortened
from .command import ArgumentType, Command, Parameter
from .context import AdminContext
from .tokenizer import LINE_CHARACTERS_MAX, QuoteMistake, Word, first_word, words_of

NO_SUCH: Final = "There is no command {}. To list all commands, write: help"


def show_help(desk: AdminContext, name: str = "") -> Result:
    """All the commands that the role may use; or those whose names begin with these words, in full."""
    allowed = [command for command in COMMANDS if desk.role >= command.role]
    if not name:
        return listed(("command", "what it does"), [(each.usage, each.help) for each in allowed])
    wanted = tuple(name.lower().split())
    found = [command for command in allowed if command.words[: len(wanted)] == wanted]
    if not found:
        return refused(Mistake(NO_SUCH.format(shortened(name))))
    return said(*(line for command in found for line in in_full(command)))


def in_full(command: Command) -> list[str]:
    return [command.usage, f"    {command.help}", f"    Example: {command.example}"]


def _names(state: State, role: Role) -> list[str]:
    return sorted(command.name for command in COMMANDS if role >= command.role)


COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        ("help",),
        (Parameter("command", ArgumentType(lambda word: word.text, _names, rest=True), required=False),),
        "List the commands, or explain one.",
        "help kick",
        show_help,
        Role.MODERATOR,
        changes=False,
    ),
    *people.COMMANDS,
    *accounts.COMMANDS,
    *invitations.COMMANDS,
    *rooms.COMMANDS,
    *requests.COMMANDS,
    *reports.COMMANDS,
    *sanctions.COMMANDS,
    *webhooks.COMMANDS,
    *custom_emoji.COMMANDS,
    *history.COMMANDS,
    *server.COMMANDS,
)

_BY_WORDS: Final = {command.words: command for command in COMMANDS}
_WORDS_MAX: Final = max(map(len, _BY_WORDS))


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the values that it is given."""

    command: Command
    values: tuple[Any, ...]


def understand(line: str, role: Role) -> Call | Refusal:
    """Parse a line into a command, or into a sentence that says how to write it."""
    if len(line) > LINE_CHARACTERS_MAX:
        return Mistake(f"This line is too long. Write at most {LINE_CHARACTERS_MAX} characters.")
    found = find(line)
    if isinstance(found, Refusal):
        return found
    command, end = found
    if role < command.role:
        return NotPermitted("administrator" if command.role is Role.ADMIN else command.role.word)
    values = tuple(arguments(command, line, end))
    wrong = next((value for value in values if isinstance(value, Refusal)), None)
    return Mistake(f"{wrong} Write: {command.usage}") if wrong else Call(command, values)


def fill(command: Command, given: Mapping[str, str]) -> Call | Refusal:
    """A command with arguments by their keys, or a sentence that says what is wrong with one."""
    values = []
    for parameter in command.parameters:
        text = given.get(parameter.key, "").strip()
        if not text and parameter.required:
            return Mistake(f"The {parameter.name} is missing.")
        if not text:
            break
        value = parameter.kind.parse(Word(text, 0))
        if isinstance(value, Refusal):
            return Mistake(f"{parameter.name}: {value}")
        values.append(value)
    return Call(command, tuple(values))


def find(line: str) -> tuple[Command, int] | Refusal:
    """The command with the longest name that the line begins with, and where its name ends."""
    names = beginning(line)
    for size in range(len(names), 0, -1):
        last = names[size - 1]
        if command := _BY_WORDS.get(tuple(word.text.lower() for word in names[:size])):
            return command, last.start + len(last.text)
    return unknown(names, line)


def beginning(line: str) -> list[Word]:
    """The first words, as many as a command's name may have, up to one in quotes."""
    unquoted = takewhile(lambda word: not (isinstance(word, QuoteMistake) or word.quoted), words_of(line))
    return [word for word in islice(unquoted, _WORDS_MAX) if isinstance(word, Word)]


def unknown(names: list[Word], line: str) -> Mistake:
    """There is no such command: those that begin alike, or one that is written alike."""
    first = names[0].text.lower() if names else line.strip()
    alike = [command.usage for command in COMMANDS if command.words[0] == first]
    if alike:
        tried = shortened(" ".join(word.text for word in names))
        return Mistake(f"{tried} is not a command. Write one of: {'; '.join(alike)}")
    near = get_close_matches(first[:20], sorted({command.words[0] for command in COMMANDS}), 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return Mistake(NO_SUCH.format(shortened(first)) + hint)


def arguments(command: Command, line: str, end: int) -> Iterator[Any | Refusal]:
    """The value of each argument that is given, in order, up to the first mistake."""
    for parameter in command.parameters:
        found = _rest(line, end) if parameter.kind.rest else first_word(line, end)
        if isinstance(found, QuoteMistake):
            yield found
            return
        if found is None:
            if parameter.required:
                yield Mistake(f"The {parameter.name} is missing.")
            return
        word, end = found
        value = parameter.kind.parse(word)
        yield value
        if isinstance(value, Refusal):
            return
    if line[end:].strip():
        yield Mistake(f"{shortened(line[end:].strip())} is one argument too many.")


def _rest(line: str, end: int) -> tuple[Word, int] | None:
    text = line[end:].strip()
    return (Word(text, len(line) - len(line[end:].lstrip())), len(line)) if text else None
