"""Lines that can't be read: what is answered to them has their label, and no message is said in part."""

from tests.server_harness import House, told

CAPS = "batch message-tags labeled-response echo-message draft/multiline"


async def raw(house: House, name: str, *lines: bytes) -> list[str]:
    await house.look()
    receiver = house.people[name].receiver
    assert receiver is not None
    receiver.received(b"".join(line + b"\r\n" for line in lines))
    return told(await house.look(), name)


async def test_not_utf_8(house: House) -> None:
    await house.irc("ann", CAPS)
    (line,) = await raw(house, "ann", b"@label=7 PRIVMSG ann :\xff")
    assert line.startswith("@label=7 :hubbub FAIL PRIVMSG INVALID_UTF8 :")


async def test_too_long(house: House) -> None:
    await house.irc("ann", CAPS)
    long = b"x" * 600
    assert await raw(house, "ann", b"@label=7 PRIVMSG ann :" + long) == [
        "@label=7 :hubbub 417 ann :Input line was too long"
    ]
    assert await raw(house, "ann", b"@label=8;+x=" + b"y" * 4_090 + b" PRIVMSG ann :" + long) == [
        "@label=8 :hubbub 417 ann :Input line was too long"
    ]


async def test_of_a_message_of_several_lines_the_rest_is_not_said(house: House) -> None:
    """The answer has the label of the batch's opening, which is what was to be answered."""
    await house.irc("ann", CAPS)
    for bad, answer in (
        (b"\xff", "FAIL PRIVMSG INVALID_UTF8"),
        (b"x" * 600, "417 ann"),
        (b"x" * 5_000, "417 ann"),
    ):
        lines = await raw(
            house,
            "ann",
            b"@label=7 BATCH +b draft/multiline ann",
            b"@batch=b PRIVMSG ann :one",
            b"@batch=b PRIVMSG ann :" + bad,
            b"@batch=b PRIVMSG ann :three",
            b"BATCH -b",
        )
        assert len(lines) == 1 and lines[0].startswith(f"@label=7 :hubbub {answer}"), lines
