"""read-marker: up to where somebody has read, told to their other clients and to nobody else."""

from tests.server_harness import House, told

JOINED = "timestamp=2026-11-18T11:06:40.000Z"
TIME = "timestamp=2026-11-18T11:07:40.000Z"
EARLIER = "timestamp=2026-11-18T11:00:00.000Z"


async def _ann_twice(house: House) -> None:
    if house.node.state.account_named("ann") is None:
        await house.account("ann")
    for name in ("home", "work"):
        house.connect(name).type(
            "PASS :ann:correct horse\nCAP REQ :draft/read-marker\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await house.look()
    await house.irc("bob", "draft/read-marker")
    await house.ask("home", "JOIN #tea")
    await house.ask("bob", "JOIN #tea")
    house.wait(60)


async def test_joining_tells_it_before_the_names_end(house: House) -> None:
    """ "the server MUST send a `MARKREAD` command for that channel … before the `RPL_ENDOFNAMES` reply" """
    await house.irc("ann", "draft/read-marker")
    lines = told(await house.ask("ann", "JOIN #tea"), "ann")
    words = [line.split()[1] for line in lines]
    assert lines[words.index("MARKREAD")] == f":hubbub MARKREAD #tea {JOINED}"
    assert words.index("JOIN") < words.index("MARKREAD") < words.index("366")


async def test_setting_tells_all_the_clients_of_the_user_and_nobody_else(house: House) -> None:
    """ "the server SHOULD send a `MARKREAD` command for that target to all the clients of the user"; "MUST NOT be
    disclosed to other users".
    """
    await _ann_twice(house)
    lines = await house.ask("home", f"MARKREAD #tea {TIME}")
    assert lines == [f"home < :hubbub MARKREAD #tea {TIME}", f"work < :hubbub MARKREAD #tea {TIME}"]
    assert await house.ask("work", "MARKREAD #TEA") == [f"work < :hubbub MARKREAD #tea {TIME}"]
    assert await house.ask("bob", "MARKREAD #tea") == [f"bob < :hubbub MARKREAD #tea {JOINED}"]


async def test_it_only_ever_increases(house: House) -> None:
    """ "the server MUST reply with a `MARKREAD` command with the newer, previous value that was stored" """
    await _ann_twice(house)
    await house.ask("home", f"MARKREAD #tea {TIME}")
    assert await house.ask("home", f"MARKREAD #tea {EARLIER}") == [f"home < :hubbub MARKREAD #tea {TIME}"]
    assert await house.ask("home", f"MARKREAD #tea {TIME}") == [f"home < :hubbub MARKREAD #tea {TIME}"]
    # It can't be ahead of what was said.
    house.wait(60)
    assert await house.ask("work", "MARKREAD #tea timestamp=9999-12-31T23:59:59.999Z") == [
        "home < :hubbub MARKREAD #tea timestamp=2026-11-18T11:08:40.000Z",
        "work < :hubbub MARKREAD #tea timestamp=2026-11-18T11:08:40.000Z",
    ]


async def test_a_conversation(house: House) -> None:
    await _ann_twice(house)
    assert await house.ask("home", "MARKREAD bob") == ["home < :hubbub MARKREAD bob *"]
    assert f"work < :hubbub MARKREAD bob {TIME}" in await house.ask("home", f"MARKREAD BOB {TIME}")


async def test_it_outlives_a_restart(house: House) -> None:
    await _ann_twice(house)
    await house.ask("home", f"MARKREAD #tea {TIME}")
    await house.restart()
    await _ann_twice(house)
    assert await house.ask("work", "MARKREAD #tea") == [f"work < :hubbub MARKREAD #tea {TIME}"]


async def test_mistakes(house: House) -> None:
    """ "`NEED_MORE_PARAMS` error code MUST be returned", "`INVALID_PARAMS` error code SHOULD be returned" """
    await house.irc("ann", "draft/read-marker")
    await house.ask("ann", "JOIN #tea")
    assert await house.ask("ann", "MARKREAD") == [
        "ann < :hubbub FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters"
    ]
    for text in ("*", "now", "timestamp=", "timestamp=2026-13-01T00:00:00.000Z", "msgid=1"):
        (line,) = await house.ask("ann", f"MARKREAD #tea {text}")
        assert line.startswith(f"ann < :hubbub FAIL MARKREAD INVALID_PARAMS {text} :")
    for target in ("#nowhere", "nobody", "*"):
        (line,) = await house.ask("ann", f"MARKREAD {target} {TIME}")
        assert line.startswith(f"ann < :hubbub FAIL MARKREAD INVALID_PARAMS {target} :")
    await house.irc("old")
    assert await house.ask("old", "MARKREAD #tea") == ["old < :hubbub 421 old MARKREAD :Unknown command"]


async def test_a_target_that_there_is_not(house: House) -> None:
    """ "If there is no known last message read timestamp, the `timestamp` parameter is a literal `*`": a client may ask
    of a conversation whose other end has left; rooms that are none of its business are answered alike.
    """
    for name in ("ann", "bob"):
        await house.irc(name, "draft/read-marker")
    await house.ask("bob", "JOIN #tea\nMODE #tea +s")
    for target in ("nobody", "#nowhere", "#tea"):
        assert await house.ask("ann", f"MARKREAD {target}") == [f"ann < :hubbub MARKREAD {target} *"]
    (line,) = await house.ask("ann", "MARKREAD :two words")
    assert line.startswith("ann < :hubbub FAIL MARKREAD INVALID_PARAMS :")


async def test_a_room_in_which_nothing_was_read_is_read_up_to_when_one_joined(house: House) -> None:
    """So a client that is new here knows what was missed, and what was said before one was there is no news."""
    await _ann_twice(house)
    house.connect("new").type(
        "PASS :ann:correct horse\nCAP REQ :draft/read-marker\nNICK ann\nUSER a 0 * :A\nCAP END"
    )
    assert f"new < :hubbub MARKREAD #tea {JOINED}" in await house.look()
    assert await house.ask("bob", f"MARKREAD #tea {EARLIER}") == [f"bob < :hubbub MARKREAD #tea {JOINED}"]
