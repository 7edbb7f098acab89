"""The list of a room's members, the same in every face: its groups, their titles, and what a text finds in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hubbub.client.chat_model import Conversation, Member, Person
from hubbub.client.client import Client
from hubbub.client.rooms import sorted_members
from hubbub.text import sought

FOLDED_ABOVE: Final = 50
"""In a room with more members, those who are offline are a count until the user unfolds them."""
_OPERATORS: Final = "~&@%"
"""The ranks of members who look after a room."""


@dataclass(frozen=True, slots=True)
class Group:
    """The members under one title."""

    title: str
    members: Sequence[Member]
    can_fold: bool = False
    is_folded: bool = False

    @property
    def words(self) -> str:
        return f"{self.title} · {len(self.members)}"

    @property
    def shown(self) -> Sequence[Member]:
        return () if self.is_folded else self.members


class MemberList:
    """What the user sees of the members of the room that is looked at."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.wanted = ""
        """The text that shown members have in their names; empty for all."""
        self.is_unfolded = False
        """Whether members who are offline are listed in a large room, too."""

    def begin(self) -> None:
        """Another conversation is looked at."""
        self.wanted, self.is_unfolded = "", False

    def groups(self, here: Conversation | None) -> list[Group]:
        """The groups that have members: operators, and those who are online, away and offline."""
        members = self._matching(here.members.values() if here else ())
        present = [member for member in members if member.is_present]
        operators = [member for member in present if is_operator(member)]
        others = [member for member in present if not is_operator(member)]
        absent = [member for member in members if not member.is_present]
        can_fold = here is not None and len(here.members) > FOLDED_ABOVE and not self.wanted
        is_folded = can_fold and not self.is_unfolded
        found = (
            Group("Operators", self._sorted(operators)),
            Group("Online", self._sorted(member for member in others if not member.person.is_away)),
            Group("Away", self._sorted(member for member in others if member.person.is_away)),
            Group("Offline", absent if is_folded else self._sorted(absent), can_fold, is_folded),
        )
        return [group for group in found if group.members]

    def _sorted(self, members: Iterable[Member]) -> list[Member]:
        return sorted_members(self._client, members)

    def _matching(self, members: Iterable[Member]) -> list[Member]:
        wanted = sought(self.wanted.strip())
        return [member for member in members if not wanted or is_called(member.person, wanted)]

    def headline(self, here: Conversation) -> str:
        """How many members a room has, and how many of them are online, such as `200 members, 12 online`."""
        present, count = len(here.present), len(here.members)
        if self._client.members.is_possible and here.is_joined and not here.has_all_members:
            return f"{present} online"
        words = f"{count} member{'' if count == 1 else 's'}"
        return words if present == count else f"{words}, {present} online"


def is_operator(member: Member) -> bool:
    return any(rank in member.ranks for rank in _OPERATORS)


def is_called(person: Person, wanted: str) -> bool:
    """Whether a text, as `hubbub.text.sought` gives it, is in the name or display name of a person."""
    return wanted in sought(person.nick) or wanted in sought(person.display_name)


def shown_members(groups: Iterable[Group], most: int) -> Iterator[tuple[Group, Sequence[Member], int]]:
    """Each group with those of its members that a list of so many rows shows, and the number of the others."""
    for group in groups:
        shown = group.shown[:most]
        most -= len(shown)
        yield group, shown, len(group.shown) - len(shown)
