"""A command's declaration: its words, its typed arguments, and one sentence of help."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role, State

from .answers import Result
from .tokenizer import Word


def nothing(state: State, role: Role) -> Iterable[str]:
    """No suggestions: what belongs here can't be known before it is written."""
    return ()


@dataclass(frozen=True, slots=True)
class ArgumentType:
    """A type of argument: its parser, and the completions that it offers to a user of a given role."""

    parse: Callable[[Word], Any | Refusal]
    suggest: Callable[[State, Role], Iterable[str]] = nothing
    rest: bool = False
    """Whether the argument takes the rest of the line verbatim."""
    several: bool = False
    """Several may be given, with commas between them."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Only the last ones of a command may be left out."""

    name: str
    kind: ArgumentType
    required: bool = True

    @property
    def key(self) -> str:
        """Its name for programs."""
        return "rooms" if self.kind.several else self.name.replace(" ", "_")

    def __str__(self) -> str:
        return f"<{self.name}>" if self.required else f"[{self.name}]"


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the tree. `run` gets the desk and a value for each argument that was given."""

    words: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    help: str
    example: str
    run: Callable[..., Result | Awaitable[Result]]
    role: Role = Role.ADMIN
    changes: bool = True
    """False if it only tells something."""

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def usage(self) -> str:
        return " ".join([*self.words, *map(str, self.parameters)])
