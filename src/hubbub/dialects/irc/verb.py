"""The type of a verb: its handler, its help and its specification."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from hubbub.wire.message import Message

if TYPE_CHECKING:
    from .session import IrcSession

MODERN: Final = "modern-irc"
CUSTOM: Final = "custom"
"""The specification of verbs that servers have always had and no document defines."""


class Verb(Struct, frozen=True):
    """A verb: its handler, its help, the least parameters, and whether it is allowed before registration.

    The help is how the verb is written, then what it does; a line each. A label on a line that is not answered itself
    belongs to what is answered later. `specification` is a row of `tools/specifications.py`, by its name.
    """

    handle: Callable[["IrcSession", Message], None]
    help: tuple[str, ...]
    params: int = 0
    before: bool = False
    is_answered: bool = True
    specification: str = MODERN
