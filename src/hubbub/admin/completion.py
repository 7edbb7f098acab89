"""Completion of an administrator's line: the words that may come next."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role, State

from .command import Command, Parameter
from .command_tree import COMMANDS, find
from .tokenizer import LINE_CHARACTERS_MAX, QuoteMistake, Word, first_word, quoted, words_of

COMPLETIONS_MAX: Final = 200


def complete(state: State, role: Role, line: str) -> list[str]:
    """Each takes the place of what is written after the last space; none within quotes."""
    if role < Role.MODERATOR or len(line) > LINE_CHARACTERS_MAX:
        return []
    typed = "" if line[-1:].isspace() else (line.split() or [""])[-1]
    before = line[: len(line) - len(typed)]
    words = list(words_of(before))
    if typed.startswith('"') or any(isinstance(word, QuoteMistake) for word in words):
        return []
    found = [*_commands(words, role, typed), *_arguments(state, role, before, typed)]
    return list(islice(dict.fromkeys(found), COMPLETIONS_MAX))


def _commands(words: list[Word | QuoteMistake], role: Role, typed: str) -> Iterator[str]:
    """The next words of the commands that begin as the line does."""
    if any(isinstance(word, QuoteMistake) or word.quoted for word in words):
        return
    names = tuple(word.text.lower() for word in words if isinstance(word, Word))
    for words_of_it in sorted(command.words for command in COMMANDS if role >= command.role):
        goes_on = len(words_of_it) > len(names) and words_of_it[: len(names)] == names
        if goes_on and words_of_it[len(names)].startswith(typed.lower()):
            yield words_of_it[len(names)]


def _arguments(state: State, role: Role, before: str, typed: str) -> Iterator[str]:
    """The completions of the argument that is being typed."""
    found = find(before)
    if isinstance(found, Refusal) or role < found[0].role:
        return
    command, end = found
    place = _place(command, before, end)
    if place is None:
        return
    parameter, start = place
    written = before[start:].lstrip() + typed if parameter.kind.rest else typed
    settled = _settled(parameter, written)
    for candidate in parameter.kind.suggest(state, role):
        if _goes_on(candidate, written[len(settled) :]):
            yield _as_written(command, parameter, candidate, settled, written)


def _place(command: Command, before: str, end: int) -> tuple[Parameter, int] | None:
    """The parameter that the next word belongs to, and where its argument begins."""
    for parameter in command.parameters:
        found = None if parameter.kind.rest else first_word(before, end)
        if found is None or isinstance(found, QuoteMistake):
            return parameter, end
        end = found[1]
    return None


def _settled(parameter: Parameter, written: str) -> str:
    """The part of a comma-separated argument before its last item, with the comma."""
    return written[: written.rfind(",") + 1] if parameter.kind.several else ""


def _goes_on(candidate: str, written: str) -> bool:
    return candidate.casefold().startswith(written.casefold())


def _as_written(command: Command, parameter: Parameter, candidate: str, settled: str, written: str) -> str:
    """The candidate in quotes where it would be read as something else; of several words the next one."""
    if parameter.kind.rest:
        done = written.rfind(" ") + 1
        return candidate[done:].split(" ")[0]
    first = parameter is command.parameters[0]
    would_be_name = first and any(other.words == (*command.words, candidate.lower()) for other in COMMANDS)
    if would_be_name or (not settled and candidate.startswith('"')):
        return quoted(candidate)
    return settled + candidate
