"""Lines that can't be read: what is answered to them has their label, and no message is said in part."""

from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags labeled-response echo-message draft/multiline"


async def raw(harness: ServerHarness, name: str, *lines: bytes) -> list[str]:
    await harness.look()
    receiver = harness.people[name].receiver
    assert receiver is not None
    receiver.received(b"".join(line + b"\r\n" for line in lines))
    return told(await harness.look(), name)


async def test_not_utf_8(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    (line,) = await raw(harness, "ann", b"@label=7 PRIVMSG ann :\xff")
    assert line.startswith("@label=7 :hubbub FAIL PRIVMSG INVALID_UTF8 :")


async def test_too_long(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    long = b"x" * 600
    assert await raw(harness, "ann", b"@label=7 PRIVMSG ann :" + long) == [
        "@label=7 :hubbub 417 ann :Input line was too long"
    ]
    assert await raw(harness, "ann", b"@label=8;+x=" + b"y" * 4_090 + b" PRIVMSG ann :" + long) == [
        "@label=8 :hubbub 417 ann :Input line was too long"
    ]


async def test_of_a_message_of_several_lines_the_rest_is_not_said(harness: ServerHarness) -> None:
    """The answer has the label of the batch's opening, which is what was to be answered."""
    await harness.irc("ann", CAPS)
    for bad, answer in (
        (b"\xff", "FAIL PRIVMSG INVALID_UTF8"),
        (b"x" * 600, "417 ann"),
        (b"x" * 5_000, "417 ann"),
    ):
        lines = await raw(
            harness,
            "ann",
            b"@label=7 BATCH +b draft/multiline ann",
            b"@batch=b PRIVMSG ann :one",
            b"@batch=b PRIVMSG ann :" + bad,
            b"@batch=b PRIVMSG ann :three",
            b"BATCH -b",
        )
        assert len(lines) == 1 and lines[0].startswith(f"@label=7 :hubbub {answer}"), lines
