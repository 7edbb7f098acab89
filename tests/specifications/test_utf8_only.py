"""utf8-only: nothing but UTF-8, from anybody to anybody."""

import pytest

from tests.server_harness import ServerHarness


async def test_the_token(harness: ServerHarness) -> None:
    harness.connect("ann").type("NICK ann\nUSER ann 0 * :Ann")
    assert " UTF8ONLY " in " ".join(await harness.look())


@pytest.mark.parametrize("verb", ["PRIVMSG #tea", "NOTICE #tea", "TOPIC #tea", "SETNAME", "QUIT", "AWAY"])
async def test_what_is_not_utf8_is_refused(harness: ServerHarness, verb: str) -> None:
    """ "Servers publishing this token MUST NOT relay content … containing non-UTF-8 data to clients."; the answer is
    `FAIL <command> INVALID_UTF8`.
    """
    await harness.irc("ann")
    await harness.irc("bob")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    receiver = harness.people["ann"].receiver
    assert receiver is not None
    receiver.received(verb.encode() + b" :\xe9\xff\r\n")
    lines = await harness.look()
    assert len(lines) == 1 and lines[0].startswith(f"ann < :hubbub FAIL {verb.split()[0]} INVALID_UTF8 :")


async def test_also_before_one_is_in(harness: ServerHarness) -> None:
    ann = harness.connect("ann")
    assert ann.receiver is not None
    ann.receiver.received(b"USER u s e :\xff\r\n")
    assert (await harness.look())[0].startswith("ann < :hubbub FAIL USER INVALID_UTF8 :")
