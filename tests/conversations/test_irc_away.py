"""AWAY and SETNAME: what one lets others know of oneself, and who is told."""

from tests.house import House


async def test_being_away_and_back(house: House) -> None:
    await house.irc("ann")
    await house.irc("bob", "away-notify")
    await house.ask("ann", "JOIN #tea")
    await house.ask("bob", "JOIN #tea")
    assert await house.ask("ann", "AWAY :gone for tea") == [
        "ann < :hubbub 306 ann :You have been marked as being away",
        "bob < :ann!ann@local AWAY :gone for tea",
    ]
    assert await house.ask("bob", "PRIVMSG ann :hello") == [
        "ann < :bob!bob@local PRIVMSG ann :hello",
        "bob < :hubbub 301 bob ann :gone for tea",
    ]
    assert await house.ask("ann", "AWAY") == [
        "ann < :hubbub 305 ann :You are no longer marked as being away",
        "bob < :ann!ann@local AWAY",
    ]


async def test_the_empty_string_is_being_here(house: House) -> None:
    """ "with no parameters, or with the empty string as the parameter, the user is no longer away" """
    await house.irc("ann")
    here = ["ann < :hubbub 305 ann :You are no longer marked as being away"]
    assert await house.ask("ann", "AWAY :") == here
    await house.ask("ann", "AWAY :gone")
    assert await house.ask("ann", "AWAY :") == here
    # What is nothing once it is cleaned is nothing.
    assert await house.ask("ann", "AWAY :\u202e") == here


async def test_a_new_real_name_is_shown_to_those_who_asked(house: House) -> None:
    """ "The `SETNAME` message MUST NOT be sent to clients which do not have the `setname` capability" """
    await house.irc("ann", "setname")
    await house.irc("bob", "setname")
    await house.irc("eve")
    for name in ("ann", "bob", "eve"):
        await house.ask(name, "JOIN #tea")
    assert await house.ask("ann", "SETNAME :Ann of the Teapot") == [
        "ann < :ann!ann@local SETNAME :Ann of the Teapot",
        "bob < :ann!ann@local SETNAME :Ann of the Teapot",
    ]
    assert await house.ask("eve", "SETNAME :Eve") == [
        "ann < :eve!eve@local SETNAME :Eve",
        "bob < :eve!eve@local SETNAME :Eve",
    ]


async def test_a_real_name_that_can_not_be(house: House) -> None:
    await house.irc("ann", "setname")
    for name in ("", "x" * 151, "\u202e"):
        assert await house.ask("ann", f"SETNAME :{name}") == [
            "ann < :hubbub FAIL SETNAME INVALID_REALNAME :A real name has 1 to 150 bytes. Choose another one."
        ]
    assert await house.ask("ann", "SETNAME") == ["ann < :hubbub 461 ann SETNAME :Not enough parameters"]
    user = house.node.state.user_named("ann")
    assert user and user.origin.realname == "Ann"
