"""One line of an administrator's: understood, done, and answered."""

from collections.abc import Mapping
from dataclasses import replace
from inspect import isawaitable
from typing import Final

from hubbub.engine.refusals import DataUnreadable, NotPermitted, Refusal
from hubbub.engine.state import Role
from hubbub.text import plain

from .answers import Mistake, Result, refused
from .command import Command
from .command_tree import Call, fill, understand
from .context import Desk, Unreadable

NOT_KEPT: Final = "The disk does not take what is written, so this is not kept."


async def run(desk: Desk, line: str) -> Result:
    """Do what a line asks for. An empty line is answered with nothing; a mistake changes nothing."""
    if desk.role < Role.MODERATOR:
        return refused(NotPermitted("moderator"))
    if not line.strip():
        return Result(())
    call = understand(line, desk.role)
    return await _do(desk, call)


async def perform(desk: Desk, command: Command, given: Mapping[str, str]) -> Result:
    """Do a command with arguments by their keys, as programs give them; the desk's role is the caller's to check."""
    return await _do(desk, fill(command, given))


async def _do(desk: Desk, call: Call | Refusal) -> Result:
    if isinstance(call, Refusal):
        return _shown(refused(call))
    try:
        answer = call.command.run(desk, *call.values)
        result = await answer if isawaitable(answer) else answer
    except Unreadable:
        return refused(DataUnreadable())
    if not await desk.settled():
        return refused(Mistake(NOT_KEPT))
    return _shown(result)


def _shown(result: Result) -> Result:
    """As a terminal may safely show it, whatever people call themselves and write."""
    rows = tuple(tuple(map(plain, row)) for row in result.rows)
    return replace(result, lines=tuple(map(plain, result.lines)), rows=rows)
