"""userhost-in-names: user name and host of everybody in the list of names."""

from tests.server_harness import ServerHarness, told


async def test_names_with_user_and_host(harness: ServerHarness) -> None:
    """ "each nickname in `RPL_NAMREPLY` … is replaced by `nick!user@host`", with its prefix before it."""
    await harness.irc("ann", "userhost-in-names")
    await harness.irc("old")
    lines = told(await harness.ask("ann", "JOIN #tea"), "ann")
    assert ":hubbub 353 ann = #tea @ann!ann@local" in lines
    await harness.ask("old", "JOIN #tea")
    assert ":hubbub 353 ann = #tea :@ann!ann@local old!old@local" in told(
        await harness.ask("ann", "NAMES #tea"), "ann"
    )
    assert ":hubbub 353 old = #tea :@ann old" in told(await harness.ask("old", "NAMES #tea"), "old")
