"""chghost: another user name or host, as when a session goes over to its account's user."""

from tests.server_harness import ServerHarness, told


async def _ann_twice(harness: ServerHarness, caps: str) -> list[str]:
    """Ann is here; a guest with another user name signs in to her account and becomes one more session of hers."""
    await harness.account("ann")
    harness.connect("home").type("PASS :ann:correct horse\nNICK ann\nUSER home 0 * :A")
    await harness.look()
    await harness.irc("guest", caps)
    return told(await harness.ask("guest", "NS IDENTIFY ann correct horse"), "guest")


async def test_ones_own_name_is_told(harness: ServerHarness) -> None:
    """ "Servers SHOULD also send the `CHGHOST` message to the client whose own username or host changed, if that client
    also supports the `chghost` capability."
    """
    lines = await _ann_twice(harness, "chghost")
    start = lines.index(":guest!guest@local NICK ann")
    assert lines[start + 1] == ":ann!guest@local CHGHOST home local"


async def test_not_to_who_has_not_asked(harness: ServerHarness) -> None:
    assert "CHGHOST" not in " ".join(await _ann_twice(harness, ""))


async def test_not_where_nothing_changes(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.irc("ann2", "chghost")
    assert "CHGHOST" not in " ".join(await harness.ask("ann2", "NS IDENTIFY ann correct horse"))
