"""One line of an administrator's: understood, done, and answered."""

from collections.abc import Mapping
from dataclasses import replace
from inspect import isawaitable
from typing import Final

from hubbub.engine.refusals import DataUnreadable, NotPermitted, Refusal
from hubbub.engine.state import Role
from hubbub.text import plain

from .answers import Mistake, Part, Result, refused
from .command import Command
from .command_tree import Call, fill, understand
from .context import AdminContext, Unreadable

NO_LIST: Final = "Only a list can continue. Nothing was changed."
NOT_KEPT: Final = "The server can't write to its disk, so this was not saved."


async def run(desk: AdminContext, line: str, part: Part | None = None) -> Result:
    """Do what a line asks for. An empty line is answered with nothing; a mistake changes nothing.

    With `part`, a list is answered in parts; what changes something is answered whole.
    """
    if desk.role < Role.MODERATOR:
        return refused(NotPermitted("moderator"))
    if not line.strip():
        return Result(())
    call = understand(line, desk.role)
    return await _do(desk, call, part)


async def perform(
    desk: AdminContext, command: Command, given: Mapping[str, str], part: Part | None = None
) -> Result:
    """Do a command with arguments by their keys, as programs give them; the desk's role is the caller's to check."""
    return await _do(desk, fill(command, given), part)


async def _do(desk: AdminContext, call: Call | Refusal, part: Part | None) -> Result:
    if isinstance(call, Refusal):
        return _shown(refused(call))
    if part and part.offset and call.command.changes:
        return refused(Mistake(NO_LIST))
    try:
        answer = call.command.run(desk, *call.values)
        result = await answer if isawaitable(answer) else answer
    except Unreadable:
        return refused(DataUnreadable())
    # The rows are of now: who is in them may have gone when all is on disk.
    shown = _shown(result.part(part) if part and not call.command.changes else result)
    return shown if await desk.settled() else refused(Mistake(NOT_KEPT))


def _shown(result: Result) -> Result:
    """As a terminal may safely show it, whatever people call themselves and write."""
    rows = tuple(tuple(map(plain, row)) for row in result.rows)
    return replace(result, said=tuple(map(plain, result.said)), rows=rows)
