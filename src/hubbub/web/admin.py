"""Administration over HTTP: every command of the tree is an operation, and a line of the console is taken as it is."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec

from hubbub.admin.answers import Result
from hubbub.admin.command import Command, Parameter
from hubbub.admin.command_tree import COMMANDS
from hubbub.admin.completion import complete
from hubbub.admin.interpreter import perform, run
from hubbub.engine.refusals import NotPermitted
from hubbub.engine.state import Role, Scope
from hubbub.node.admin_context import AccountDesk, ConsoleDesk, PersonDesk
from hubbub.web.errors import Failure
from hubbub.web.operation import Call, Operation

TEXT_CHARACTERS_MAX: Final = 4_000

Text = Annotated[
    str, msgspec.Meta(min_length=1, max_length=TEXT_CHARACTERS_MAX, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class Line(msgspec.Struct, forbid_unknown_fields=True):
    line: Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS_MAX)]


class Done(msgspec.Struct):
    """What came of a command: sentences, and of a list its columns and rows."""

    lines: Sequence[str]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    ok: bool = True


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
    """How a command is asked for."""

    command: str
    path: str
    help: str
    example: str
    changes: bool
    fields: Sequence[Field]


class Forms(msgspec.Struct):
    commands: Sequence[Form]


def _desk(call: Call) -> ConsoleDesk:
    """Where the caller sits; raises Failure for somebody who looks after nothing here."""
    who = call.who
    desk: PersonDesk | AccountDesk
    if who.session:
        desk = PersonDesk(call.node, who.session)
    elif who.account:
        desk = AccountDesk(call.node, who.account)
    else:
        raise Failure(HTTPStatus.FORBIDDEN, str(NotPermitted("moderator")))
    if desk.role < Role.MODERATOR:
        raise Failure(HTTPStatus.FORBIDDEN, str(NotPermitted("moderator")))
    return desk


def _done(result: Result) -> Done:
    return Done(result.lines, result.heads, result.rows, result.ok)


async def line(call: Call) -> Done:
    """A mistake is answered like everything else, as on the console: `ok` is false, and nothing has changed."""
    return _done(await run(_desk(call), call.asked.line))


async def completion(call: Call) -> Words:
    desk = _desk(call)
    return Words(complete(desk.state, desk.role, call.asked.line))


async def forms(call: Call) -> Forms:
    """The commands that the caller may use, with what might be written in each place."""
    desk = _desk(call)
    allowed = [command for command in COMMANDS if desk.role >= command.role]
    return Forms([_form(desk, command) for command in allowed])


def _form(desk: ConsoleDesk, command: Command) -> Form:
    fields = [
        Field(
            one.key,
            one.name,
            one.required,
            one.kind.several,
            list(one.kind.suggest(desk.state, desk.role)),
        )
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
        result = await perform(desk, command, {key: _word(value) for key, value in given.items()})
        if not result.ok:
            raise Failure(HTTPStatus.CONFLICT, " ".join(result.lines))
        return _done(result)

    takes = _struct(command) if command.parameters else None
    method = "POST" if command.changes else "GET"
    return Operation(method, path_of(command), command.help, do, Done, takes, Scope.ADMIN)


def _word(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _struct(command: Command) -> type[msgspec.Struct]:
    name = "".join(word.capitalize() for word in (*command.words, "arguments"))
    return msgspec.defstruct(
        name, [_field(one) for one in command.parameters], forbid_unknown_fields=True, omit_defaults=True
    )


def _field(parameter: Parameter) -> tuple[str, Any] | tuple[str, Any, Any]:
    kind: Any = (
        Annotated[list[Text], msgspec.Meta(min_length=1, max_length=100)] if parameter.kind.several else Text
    )
    return (parameter.key, kind) if parameter.required else (parameter.key, kind, msgspec.UNSET)


OPERATIONS: Final = (
    Operation(
        *("POST", "/api/v1/admin", "Run a line as the console runs it.", line, Done, Line, Scope.ADMIN)
    ),
    Operation(
        *("POST", "/api/v1/admin/complete", "How a line could go on.", completion, Words, Line, Scope.ADMIN)
    ),
    Operation(
        "GET", "/api/v1/admin/commands", "The commands that one may use.", forms, Forms, scope=Scope.ADMIN
    ),
    *(operation(command) for command in COMMANDS if command.name != "help"),
)
