"""A damaged page of the database is a sentence to whoever asks for what is on it, at every door; others go on."""

from hubbub.admin.interpreter import run
from hubbub.engine.refusals import DataUnreadable
from hubbub.node.admin_context import ConsoleContext
from tests.damaged_database import damage
from tests.server_harness import ServerHarness

SENTENCE = str(DataUnreadable())
FROM, TO = "timestamp=2026-01-01T00:00:00.000Z", "timestamp=2027-01-01T00:00:00.000Z"


async def test_whoever_asks_for_it_is_told(harness: ServerHarness) -> None:
    caps = "draft/chathistory batch message-tags soju.im/search labeled-response"
    await harness.irc("ann", caps)
    await harness.ask("ann", "JOIN #Général")
    await harness.netcat("bob")
    await harness.ask("bob", "kept words")
    damage(harness)
    for line, failure in (
        ("CHATHISTORY LATEST #Général * 10", "CHATHISTORY MESSAGE_ERROR LATEST #Général"),
        (f"CHATHISTORY TARGETS {FROM} {TO} 10", f"CHATHISTORY MESSAGE_ERROR TARGETS {FROM}"),
        ("SEARCH text=kept", "SEARCH INTERNAL_ERROR"),
    ):
        assert await harness.ask("ann", f"@label=1 {line}") == [
            f"ann < @label=1 :hubbub FAIL {failure} :{SENTENCE}"
        ]
    for line in ("/history", "/search kept"):
        assert await harness.ask("bob", line) == [f"bob < {SENTENCE}"]
    assert "bob <   ann" in await harness.ask("bob", "?list")


async def test_an_administrator_is_told(harness: ServerHarness) -> None:
    await harness.account("ann", role="admin")
    await harness.netcat("ann", "login ann correct horse")
    await harness.ask("ann", "kept words")
    damage(harness)
    assert await harness.ask("ann", "/admin messages 1h") == [f"ann < {SENTENCE}"]
    for line in ("messages 1h", "audit"):
        result = await run(ConsoleContext(harness.node), line)
        assert not result.ok and result.lines == (SENTENCE,)


async def test_a_log_that_is_gone_is_told(harness: ServerHarness) -> None:
    result = await run(ConsoleContext(harness.node), "log 10")
    assert not result.ok and result.lines == (SENTENCE,)
