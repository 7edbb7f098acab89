"""AWAY: what one lets others know of oneself, and who is told."""

from tests.server_harness import ServerHarness


async def test_being_away_and_back(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob", "away-notify")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("bob", "JOIN #tea")
    assert await harness.ask("ann", "AWAY :gone for tea") == [
        "ann < :hubbub 306 ann :You have been marked as being away",
        "bob < :ann!ann@local AWAY :gone for tea",
    ]
    assert await harness.ask("bob", "PRIVMSG ann :hello") == [
        "ann < :bob!bob@local PRIVMSG ann :hello",
        "bob < :hubbub 301 bob ann :gone for tea",
    ]
    assert await harness.ask("ann", "AWAY") == [
        "ann < :hubbub 305 ann :You are no longer marked as being away",
        "bob < :ann!ann@local AWAY",
    ]


async def test_the_empty_string_is_being_here(harness: ServerHarness) -> None:
    """ "with no parameters, or with the empty string as the parameter, the user is no longer away" """
    await harness.irc("ann")
    here = ["ann < :hubbub 305 ann :You are no longer marked as being away"]
    assert await harness.ask("ann", "AWAY :") == here
    await harness.ask("ann", "AWAY :gone")
    assert await harness.ask("ann", "AWAY :") == here
    # What is nothing once it is cleaned is nothing.
    assert await harness.ask("ann", "AWAY :\u202e") == here
