"""Administration over HTTP: every command of the tree is an operation, and a line of the console is taken as it is."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Any, Final

import msgspec

from hubbub.admin.answers import PART_DEFAULT, PART_MAX, Part, Result
from hubbub.admin.command import Command, Parameter
from hubbub.admin.command_tree import COMMANDS
from hubbub.admin.completion import complete
from hubbub.admin.interpreter import perform, run
from hubbub.engine.refusals import NotPermitted
from hubbub.engine.state import Role, Scope, State
from hubbub.node.admin_context import ConsoleContext
from hubbub.web.errors import Failure
from hubbub.web.operation import Call, Operation

TEXT_CHARACTERS_MAX: Final = 4_000
SUGGESTIONS_MAX: Final = 200
"""For each argument of a form; how a line could go on tells more."""
ANSWER_BYTES: Final = 1 << 20
"""The reservation for a page of a list until its size is known; the page requests several lists at once."""

Text = Annotated[
    str, msgspec.Meta(min_length=1, max_length=TEXT_CHARACTERS_MAX, pattern=r"^[^\x00-\x1f\x7f]*$")
]


Offset = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=PART_MAX)]
Find = Annotated[str, msgspec.Meta(max_length=200)]


class ListPage(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The requested page of a list: `limit` rows, or lines where it has none, of those that contain `find`."""

    offset: Offset = 0
    limit: Limit = PART_DEFAULT
    find: Find = ""


LineText = Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS_MAX)]


class Completing(msgspec.Struct, forbid_unknown_fields=True):
    line: LineText


class Line(ListPage):
    """A line, and which part of the list that it asks for is wanted."""

    line: LineText


class Done(msgspec.Struct):
    """The result of a command: sentences, and for a list its columns and rows.

    `next` is the `offset` with which a list goes on; null at its end.
    """

    lines: Sequence[str]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    ok: bool = True
    next: int | None = None


class Words(msgspec.Struct):
    words: Sequence[str]


class Field(msgspec.Struct):
    """An argument of a command, and what might be meant."""

    key: str
    name: str
    required: bool
    several: bool
    suggestions: Sequence[str]


class Form(msgspec.Struct):
    """The query or body of a command."""

    command: str
    path: str
    help: str
    example: str
    changes: bool
    fields: Sequence[Field]


class Forms(msgspec.Struct):
    commands: Sequence[Form]


def _desk(call: Call) -> ConsoleContext:
    """The caller's administration context. Raises Failure for a caller without any role."""
    who = call.who
    asking = who.session or who.account
    desk = call.node.desk(asking) if asking else None
    if desk is None or desk.role < Role.MODERATOR:
        raise Failure(HTTPStatus.FORBIDDEN, str(NotPermitted("moderator")))
    return desk


def _done(result: Result) -> Done:
    return Done(result.lines, result.heads, result.rows, result.ok, result.goes_on)


def _part(asked: ListPage) -> Part:
    return Part(asked.offset, asked.limit, asked.find)


async def line(call: Call) -> Done:
    """A mistake is answered like everything else, as on the console: `ok` is false, and nothing has changed."""
    return _done(await run(_desk(call), call.asked.line, _part(call.asked)))


async def completion(call: Call) -> Words:
    desk = _desk(call)
    return Words(complete(desk.state, desk.role, call.asked.line))


async def forms(call: Call) -> Forms:
    """The commands that the caller may use, with what might be written in each place."""
    desk = _desk(call)
    allowed = [command for command in COMMANDS if desk.role >= command.role]

    @cache
    def suggestions(suggest: Callable[[State, Role], Iterable[str]]) -> Sequence[str]:
        """Once for all arguments of a kind: many commands are about a person."""
        return list(islice(suggest(desk.state, desk.role), SUGGESTIONS_MAX))

    return Forms([_form(command, suggestions) for command in allowed])


def _form(
    command: Command, suggestions: Callable[[Callable[[State, Role], Iterable[str]]], Sequence[str]]
) -> Form:
    fields = [
        Field(one.key, one.name, one.required, one.kind.several, suggestions(one.kind.suggest))
        for one in command.parameters
    ]
    return Form(command.name, path_of(command), command.help, command.example, command.changes, fields)


def path_of(command: Command) -> str:
    return f"/api/v1/admin/{'-'.join(command.words)}"


def operation(command: Command) -> Operation:
    """The one for a command: GET where it only tells something, else POST."""

    async def do(call: Call) -> Done:
        desk = _desk(call)
        if desk.role < command.role:
            raise Failure(HTTPStatus.FORBIDDEN, str(NotPermitted("administrator")))
        given = msgspec.to_builtins(call.asked) if call.asked else {}
        part = None if command.changes else Part(*(given.pop(key) for key in ListPage.__struct_fields__))
        result = await perform(desk, command, {key: _word(value) for key, value in given.items()}, part)
        if not result.ok:
            raise Failure(HTTPStatus.CONFLICT, " ".join(result.lines))
        return _done(result)

    if command.changes:
        takes = _struct(command) if command.parameters else None
        return Operation("POST", path_of(command), command.help, do, Done, takes, Scope.ADMIN)
    takes = _struct(command, ListPage) if command.parameters else ListPage
    return Operation(
        *("GET", path_of(command), command.help, do, Done, takes, Scope.ADMIN), answer_bytes=ANSWER_BYTES
    )


def _word(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _struct(command: Command, base: type[msgspec.Struct] = msgspec.Struct) -> type[msgspec.Struct]:
    name = "".join(word.capitalize() for word in (*command.words, "arguments"))
    fields = [_field(one) for one in command.parameters]
    return msgspec.defstruct(name, fields, bases=(base,), kw_only=True, forbid_unknown_fields=True)


def _field(parameter: Parameter) -> tuple[str, Any] | tuple[str, Any, Any]:
    kind: Any = (
        Annotated[list[Text], msgspec.Meta(min_length=1, max_length=100)] if parameter.kind.several else Text
    )
    return (parameter.key, kind) if parameter.required else (parameter.key, kind, msgspec.UNSET)


_COMPLETE: Final = "/api/v1/admin/complete"
_FORMS: Final = "/api/v1/admin/commands"

OPERATIONS: Final = (
    Operation(
        *("POST", "/api/v1/admin", "Run a console command.", line, Done, Line, Scope.ADMIN),
        answer_bytes=ANSWER_BYTES,
    ),
    Operation("POST", _COMPLETE, "Complete a console command.", completion, Words, Completing, Scope.ADMIN),
    Operation(
        *("GET", _FORMS, "List the console commands of the caller.", forms, Forms, None, Scope.ADMIN),
        answer_bytes=ANSWER_BYTES,
    ),
    *(operation(command) for command in COMMANDS if command.name != "help"),
)
