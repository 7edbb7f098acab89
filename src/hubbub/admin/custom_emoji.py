"""Commands about custom emoji; one is added with its picture, on the page or over HTTP."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from hubbub.engine.custom_emoji import DeleteEmoji, RenameEmoji
from hubbub.engine.ids import time_of
from hubbub.engine.state import Role, State

from .answers import Result, done, listed, said
from .command import ArgumentType, Command, Parameter
from .context import AdminContext
from .tokenizer import Word


def emoji(desk: AdminContext) -> Result:
    found = desk.state.emoji
    if not found:
        return said("There are no emoji of this place's own. Add one on the page, in its settings.")
    rows = [(name, found[name].by, _day(found[name].number)) for name in sorted(found)]
    return listed(("name", "added by", "on"), rows)


def _day(number: int) -> str:
    return datetime.fromtimestamp(time_of(number) / 1000, UTC).date().isoformat()


def rename_emoji(desk: AdminContext, name: str, new: str) -> Result:
    return done(desk, RenameEmoji(name, new), f"The emoji :{name}: is called :{new}: now.")


def delete_emoji(desk: AdminContext, name: str) -> Result:
    return done(desk, DeleteEmoji(name), f"The emoji :{name}: is gone, and so is its picture.")


def _bare(word: Word) -> str:
    """With its colons, or without."""
    return word.text.strip(":")


def _names(state: State, role: Role) -> Iterable[str]:
    return sorted(state.emoji)


_NAME: Final = Parameter("name", ArgumentType(_bare, _names))

COMMANDS: Final = (
    Command(("emoji",), (), "List the emoji of the place's own.", "emoji", emoji, changes=False),
    Command(
        ("rename", "emoji"),
        (_NAME, Parameter("new name", ArgumentType(_bare))),
        "Give an emoji another name.",
        "rename emoji party_parrot parrot",
        rename_emoji,
    ),
    Command(
        ("delete", "emoji"),
        (_NAME,),
        "Delete an emoji and its picture; what was written with it shows its name.",
        "delete emoji party_parrot",
        delete_emoji,
    ),
)
