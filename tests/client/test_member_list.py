"""The list of members as the faces show it: groups, titles, what is folded, and what a text finds."""

from collections.abc import Sequence

import pytest

from hubbub.client.chat_model import Conversation, Member, Person
from hubbub.client.client import Client
from hubbub.client.identity import Identity
from hubbub.client.member_list import FOLDED_ABOVE, Group, MemberList, shown_members


def room(*people: tuple[str, str, str]) -> Conversation:
    """People as `(nickname, ranks, presence)`."""
    tea = Conversation("#tea", is_room=True, is_joined=True, has_all_members=True)
    for nick, ranks, presence in people:
        person = Person(nick, is_online=presence != "offline", is_away=presence == "away")
        tea.members[nick] = Member(person, ranks)
    return tea


@pytest.fixture
def shown() -> MemberList:
    client = Client(Identity("ann"), lambda: "x")
    client.server.enabled.add("hubbub/members")
    client.server.take_support(["PREFIX=(qov)~@+"])
    return MemberList(client)


def read(groups: Sequence[Group]) -> list[list[str]]:
    return [[group.words, *(member.nick for member in group.shown)] for group in groups]


def test_groups_and_their_order(shown: MemberList) -> None:
    tea = room(
        ("zoe", "~", "away"), ("ann", "@", "here"), ("bob", "", "here"), ("vic", "+", "here"),
        ("cleo", "", "away"), ("dan", "@", "offline"), ("eve", "", "offline"),
    )  # fmt: skip
    assert read(shown.groups(tea)) == [
        ["Operators · 2", "zoe", "ann"],
        ["Online · 2", "vic", "bob"],
        ["Away · 1", "cleo"],
        ["Offline · 2", "dan", "eve"],
    ]
    assert shown.headline(tea) == "7 members, 5 online"
    assert read(shown.groups(room(("bob", "", "here")))) == [["Online · 1", "bob"]]


def test_offline_members_of_a_large_room_are_a_count_until_they_are_wanted(shown: MemberList) -> None:
    others = [(f"n{number:03}", "", "offline") for number in range(FOLDED_ABOVE)]
    tea = room(("ann", "", "here"), *others)
    tea.members["n007"].person.metadata["display-name"] = "Zoé du Café"
    assert read(shown.groups(tea)) == [["Online · 1", "ann"], ["Offline · 50"]]
    shown.is_unfolded = True
    assert len(read(shown.groups(tea))[1]) == 51
    shown.is_unfolded, shown.wanted = False, "cafe"
    assert read(shown.groups(tea)) == [["Offline · 1", "n007"]], "without accents, and never folded"
    shown.begin()
    assert shown.wanted == "" and shown.groups(tea)[-1].is_folded
    small = room(*others[1:], ("ann", "", "here"))
    assert not shown.groups(small)[-1].can_fold


def test_a_list_is_bounded(shown: MemberList) -> None:
    tea = room(("ann", "", "here"), *((f"n{number:04}", "", "offline") for number in range(5_000)))
    shown.is_unfolded = True
    rows = [(group.title, len(some), more) for group, some, more in shown_members(shown.groups(tea), 500)]
    assert rows == [("Online", 1, 0), ("Offline", 499, 4_501)]


def test_a_headline_tells_only_what_is_known(shown: MemberList) -> None:
    tea = room(("ann", "", "here"), ("bob", "", "here"))
    assert shown.headline(tea) == "2 members"
    assert shown.headline(room(("ann", "", "here"))) == "1 member"
    tea.has_all_members = False
    assert shown.headline(tea) == "2 online"
