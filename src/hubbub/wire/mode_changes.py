"""Mode changes: `+ov-b ann bob *!*@x` read into single changes."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct


class ModeChange(Struct, frozen=True):
    """One letter set or unset; without an argument, a list's letter is a wish to see the list."""

    adding: bool
    letter: str
    argument: str | None = None


class ModeError(ValueError):
    """A change that cannot be read; `letter` says which."""

    def __init__(self, letter: str, text: str) -> None:
        super().__init__(text)
        self.letter = letter


class MissingArgument(ModeError):
    """A letter that needs an argument came without one."""


class UnfitArgument(ModeError):
    """An argument that could not be shown to others, since only a last parameter may look so."""


def classification(chanmodes: str, prefix_letters: str = "") -> Mapping[str, str]:
    """The kinds of mode letters by CHANMODES (`b,k,l,imnst`) and PREFIX (`ov`): letter → kind.

    Kinds: A is a list, B takes an argument always, C when set, D never; P is a member's prefix.
    """
    groups = zip("ABCD", chanmodes.split(","), strict=False)
    kinds = {letter: kind for kind, letters in groups for letter in letters}
    return kinds | dict.fromkeys(prefix_letters, "P")


def parse_changes(modestring: str, params: Sequence[str], takes: Mapping[str, str]) -> list[ModeChange]:
    """The changes in order; `takes` is a `classification`, and an unknown letter takes nothing.

    Raises MissingArgument where B, C or P lack theirs. Unsetting B (the key) does not: clients often
    leave it out. Raises UnfitArgument for one that has a space or begins with a colon. Arguments that
    no letter takes are ignored.
    """
    changes: list[ModeChange] = []
    arguments = iter(params)
    adding = True
    for letter in modestring:
        if letter in "+-":
            adding = letter == "+"
        else:
            changes.append(_change(adding, letter, takes.get(letter, "D"), arguments))
    return changes


def _change(adding: bool, letter: str, kind: str, arguments: Iterator[str]) -> ModeChange:
    takes_one = kind in "ABP" or (kind == "C" and adding)
    argument = (next(arguments, None) or None) if takes_one else None
    if argument is None and (kind == "P" or (kind in "BC" and adding)):
        raise MissingArgument(letter, f"Mode {letter} needs a parameter.")
    if argument and (" " in argument or argument[0] == ":"):
        raise UnfitArgument(
            letter, f"The parameter of mode {letter} can't contain spaces or begin with a colon."
        )
    return ModeChange(adding, letter, argument)
