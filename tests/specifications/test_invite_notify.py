"""invite-notify: who invites whom, told to those who look after the room."""

from tests.server_harness import ServerHarness, told


async def test_operators_hear_of_it(harness: ServerHarness) -> None:
    """ "`:inviter!user@host INVITE target #channel`" goes to members who could have invited, and know it."""
    for name, caps in (
        ("ann", "invite-notify"),
        ("bob", ""),
        ("eve", "invite-notify"),
        ("old", ""),
        ("kim", ""),
    ):
        await harness.irc(name, caps)
    for name in ("ann", "bob", "eve", "old"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("ann", "MODE #tea +oo bob old")
    lines = await harness.ask("bob", "INVITE kim #tea")
    assert told(lines, "ann") == [":bob!bob@local INVITE kim #tea"]
    assert told(lines, "kim") == [":bob!bob@local INVITE kim #tea"]
    assert told(lines, "eve") == told(lines, "old") == []
    assert told(lines, "bob") == [":hubbub 341 bob kim #tea"]
