"""read-marker: up to where somebody has read, told to their other clients and to nobody else."""

from tests.server_harness import ServerHarness, told

JOINED = "timestamp=2026-11-18T11:06:40.000Z"
TIME = "timestamp=2026-11-18T11:07:40.000Z"
EARLIER = "timestamp=2026-11-18T11:00:00.000Z"


async def _ann_twice(harness: ServerHarness) -> None:
    if harness.node.state.account_named("ann") is None:
        await harness.account("ann")
    for name in ("home", "work"):
        harness.connect(name).type(
            "PASS :ann:correct horse\nCAP REQ :draft/read-marker\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await harness.look()
    await harness.irc("bob", "draft/read-marker")
    await harness.ask("home", "JOIN #tea")
    await harness.ask("bob", "JOIN #tea")
    harness.wait(60)


async def test_joining_tells_it_before_the_names_end(harness: ServerHarness) -> None:
    """ "the server MUST send a `MARKREAD` command for that channel … before the `RPL_ENDOFNAMES` reply" """
    await harness.irc("ann", "draft/read-marker")
    lines = told(await harness.ask("ann", "JOIN #tea"), "ann")
    words = [line.split()[1] for line in lines]
    assert lines[words.index("MARKREAD")] == f":hubbub MARKREAD #tea {JOINED}"
    assert words.index("JOIN") < words.index("MARKREAD") < words.index("366")


async def test_setting_tells_all_the_clients_of_the_user_and_nobody_else(harness: ServerHarness) -> None:
    """ "the server SHOULD send a `MARKREAD` command for that target to all the clients of the user"; "MUST NOT be
    disclosed to other users".
    """
    await _ann_twice(harness)
    lines = await harness.ask("home", f"MARKREAD #tea {TIME}")
    assert lines == [f"home < :hubbub MARKREAD #tea {TIME}", f"work < :hubbub MARKREAD #tea {TIME}"]
    assert await harness.ask("work", "MARKREAD #TEA") == [f"work < :hubbub MARKREAD #tea {TIME}"]
    assert await harness.ask("bob", "MARKREAD #tea") == [f"bob < :hubbub MARKREAD #tea {JOINED}"]


async def test_it_only_ever_increases(harness: ServerHarness) -> None:
    """ "the server MUST reply with a `MARKREAD` command with the newer, previous value that was stored" """
    await _ann_twice(harness)
    await harness.ask("home", f"MARKREAD #tea {TIME}")
    assert await harness.ask("home", f"MARKREAD #tea {EARLIER}") == [f"home < :hubbub MARKREAD #tea {TIME}"]
    assert await harness.ask("home", f"MARKREAD #tea {TIME}") == [f"home < :hubbub MARKREAD #tea {TIME}"]
    # It can't be ahead of what was said.
    harness.wait(60)
    assert await harness.ask("work", "MARKREAD #tea timestamp=9999-12-31T23:59:59.999Z") == [
        "home < :hubbub MARKREAD #tea timestamp=2026-11-18T11:08:40.000Z",
        "work < :hubbub MARKREAD #tea timestamp=2026-11-18T11:08:40.000Z",
    ]


async def test_a_conversation(harness: ServerHarness) -> None:
    await _ann_twice(harness)
    assert await harness.ask("home", "MARKREAD bob") == ["home < :hubbub MARKREAD bob *"]
    assert f"work < :hubbub MARKREAD bob {TIME}" in await harness.ask("home", f"MARKREAD BOB {TIME}")


async def test_it_outlives_a_restart(harness: ServerHarness) -> None:
    await _ann_twice(harness)
    await harness.ask("home", f"MARKREAD #tea {TIME}")
    await harness.restart()
    await _ann_twice(harness)
    assert await harness.ask("work", "MARKREAD #tea") == [f"work < :hubbub MARKREAD #tea {TIME}"]


async def test_mistakes(harness: ServerHarness) -> None:
    """ "`NEED_MORE_PARAMS` error code MUST be returned", "`INVALID_PARAMS` error code SHOULD be returned" """
    await harness.irc("ann", "draft/read-marker")
    await harness.ask("ann", "JOIN #tea")
    assert await harness.ask("ann", "MARKREAD") == [
        "ann < :hubbub FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters"
    ]
    for text in ("*", "now", "timestamp=", "timestamp=2026-13-01T00:00:00.000Z", "msgid=1"):
        (line,) = await harness.ask("ann", f"MARKREAD #tea {text}")
        assert line.startswith(f"ann < :hubbub FAIL MARKREAD INVALID_PARAMS {text} :")
    for target in ("#nowhere", "nobody", "*"):
        (line,) = await harness.ask("ann", f"MARKREAD {target} {TIME}")
        assert line.startswith(f"ann < :hubbub FAIL MARKREAD INVALID_PARAMS {target} :")
    await harness.irc("old")
    assert await harness.ask("old", "MARKREAD #tea") == ["old < :hubbub 421 old MARKREAD :Unknown command"]


async def test_a_target_that_there_is_not(harness: ServerHarness) -> None:
    """ "If there is no known last message read timestamp, the `timestamp` parameter is a literal `*`": a client may ask
    of a conversation whose other end has left; rooms that are none of its business are answered alike.
    """
    for name in ("ann", "bob"):
        await harness.irc(name, "draft/read-marker")
    await harness.ask("bob", "JOIN #tea\nMODE #tea +s")
    for target in ("nobody", "#nowhere", "#tea"):
        assert await harness.ask("ann", f"MARKREAD {target}") == [f"ann < :hubbub MARKREAD {target} *"]
    (line,) = await harness.ask("ann", "MARKREAD :two words")
    assert line.startswith("ann < :hubbub FAIL MARKREAD INVALID_PARAMS :")


async def test_a_room_in_which_nothing_was_read_is_read_up_to_when_one_joined(harness: ServerHarness) -> None:
    """So a client that is new here knows what was missed, and what was said before one was there is no news."""
    await _ann_twice(harness)
    harness.connect("new").type(
        "PASS :ann:correct horse\nCAP REQ :draft/read-marker\nNICK ann\nUSER a 0 * :A\nCAP END"
    )
    assert f"new < :hubbub MARKREAD #tea {JOINED}" in await harness.look()
    assert await harness.ask("bob", f"MARKREAD #tea {EARLIER}") == [f"bob < :hubbub MARKREAD #tea {JOINED}"]
