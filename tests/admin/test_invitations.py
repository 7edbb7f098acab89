"""Invitations: made as a link, listed, taken back."""

from hubbub.engine.state import Role
from hubbub.engine.tokens import digest_of
from tests.admin.admin_harness import AdminHarness


async def test_made_listed_taken_back() -> None:
    harness = AdminHarness()
    made = await harness.says("add invitation 30 7d class 4b")
    link = made[0].rpartition(" ")[2]
    assert link.startswith("https://chat.example/#/invitation/")
    code = link.rpartition("/")[2]
    assert [one.digest for one in harness.state.invitations.values()] == [digest_of(code)]
    listed = await harness.says("invitations")
    assert "class 4b" in listed[-1] and "30" in listed[-1] and code not in " ".join(listed)
    assert await harness.says("delete invitation 1") == ["The invitation for class 4b is deleted."]
    assert await harness.says("invitations") == ["There are no invitations."]
    assert await harness.refuses("delete invitation 1") == [
        "This invitation is no longer valid. Ask the person who sent it for another one."
    ]


async def test_mistakes_change_nothing() -> None:
    harness = AdminHarness()
    for line in ("add invitation", "add invitation 0 7d", "add invitation 5 soon", "add invitation -1 1d"):
        assert (await harness.refuses(line))[0].endswith("Write: add invitation <uses> <time> [note]")
    assert not harness.state.invitations


async def test_only_administrators() -> None:
    harness = AdminHarness()
    harness.role = Role.MODERATOR
    assert "administrator" in (await harness.refuses("add invitation 1 1d"))[0]
