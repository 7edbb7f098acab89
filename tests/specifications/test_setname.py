"""setname: another real name."""

from tests.server_harness import ServerHarness


async def test_a_new_real_name_is_shown_to_those_who_asked(harness: ServerHarness) -> None:
    """ "they MUST send the server-to-client version of the `SETNAME` message to all clients in common channels, as well
    as to the client from which it originated"; it "MUST NOT be sent to clients which do not have the `setname`
    capability".
    """
    await harness.irc("ann", "setname")
    await harness.irc("bob", "setname")
    await harness.irc("eve")
    for name in ("ann", "bob", "eve"):
        await harness.ask(name, "JOIN #tea")
    assert await harness.ask("ann", "SETNAME :Ann of the Teapot") == [
        "ann < :ann!ann@local SETNAME :Ann of the Teapot",
        "bob < :ann!ann@local SETNAME :Ann of the Teapot",
    ]


async def test_without_the_capability_it_works_silently(harness: ServerHarness) -> None:
    """ "Servers advertising the `setname` capability MUST support usage of the command even while the capability is not
    negotiated", and "SHOULD handle it silently".
    """
    await harness.irc("bob", "setname")
    await harness.irc("eve")
    for name in ("bob", "eve"):
        await harness.ask(name, "JOIN #tea")
    assert await harness.ask("eve", "SETNAME :Eve") == ["bob < :eve!eve@local SETNAME :Eve"]


async def test_a_real_name_that_can_not_be(harness: ServerHarness) -> None:
    """ "If the server rejects the realname as a result of a validation failure, it MUST send a `FAIL` message with the
    `INVALID_REALNAME` code."
    """
    await harness.irc("ann", "setname")
    for name in ("", "x" * 151, "\u202e"):
        assert await harness.ask("ann", f"SETNAME :{name}") == [
            "ann < :hubbub FAIL SETNAME INVALID_REALNAME :A real name has 1 to 150 bytes. Choose another one."
        ]
    assert await harness.ask("ann", "SETNAME") == ["ann < :hubbub 461 ann SETNAME :Not enough parameters"]
    user = harness.node.state.user_named("ann")
    assert user and user.origin.realname == "Ann"


async def test_the_limit_is_told(harness: ServerHarness) -> None:
    """ "When enabled, servers MUST provide a `NAMELEN` token in `RPL_ISUPPORT`" """
    harness.connect("ann").type("NICK ann\nUSER ann 0 * :Ann")
    assert " NAMELEN=150 " in " ".join(await harness.look())
