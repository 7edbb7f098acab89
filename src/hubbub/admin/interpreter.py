"""One line of an administrator's: understood, done, and answered."""

from inspect import isawaitable

from hubbub.engine.refusals import NotPermitted, Refusal
from hubbub.engine.state import Role
from hubbub.text import plain

from .answers import Result, refused
from .desk import Desk
from .tree import understand


async def run(desk: Desk, line: str) -> Result:
    """Do what a line asks for. An empty line is answered with nothing; a mistake changes nothing."""
    if desk.role < Role.MODERATOR:
        return refused(NotPermitted("moderator"))
    if not line.strip():
        return Result(())
    call = understand(line, desk.role)
    if isinstance(call, Refusal):
        return _shown(refused(call))
    answer = call.command.run(desk, *call.values)
    return _shown(await answer if isawaitable(answer) else answer)


def _shown(result: Result) -> Result:
    """As a terminal may safely show it, whatever people call themselves and write."""
    return Result(tuple(map(plain, result.lines)), result.ok)
