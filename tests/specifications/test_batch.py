"""batch: lines that belong together, between an opening and an end."""

import re

from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags server-time labeled-response draft/chathistory draft/multiline echo-message"


async def test_openings_ends_and_what_is_between(harness: ServerHarness) -> None:
    """ "The batched events MUST use `batch` message tag referring to the batch's reference tag. Messages before start
    and after end of a batch … MUST NOT refer to that batch. For every started batch, server MUST end that batch.
    Reference tag MUST contain only ASCII letters, numbers, and/or hyphen".
    """
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea")
    for text in ("zero", "one", "two"):
        harness.now_ms += 1
        await harness.ask("ann", f"PRIVMSG #tea :{text}")
    lines = told(await harness.ask("ann", "CHATHISTORY LATEST #tea * 2"), "ann")
    start = re.fullmatch(r":hubbub BATCH \+([A-Za-z0-9-]+) chathistory #tea", lines[0])
    assert start and lines[-1] == f":hubbub BATCH -{start[1]}"
    assert len(lines) == 4 and all(line.startswith(f"@batch={start[1]};") for line in lines[1:-1])


async def test_batches_within_batches(harness: ServerHarness) -> None:
    """ "Start and end messages of one batch MAY refer to another batch. If they do, they both MUST have batch tag, and
    they MUST refer to the same batch."
    """
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea")
    text = "BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :one\n@batch=1 PRIVMSG #tea :two\nBATCH -1"
    await harness.ask("ann", text)
    lines = told(await harness.ask("ann", "@label=x CHATHISTORY LATEST #tea * 10"), "ann")
    outer = re.search(r"BATCH \+(\w+) chathistory", lines[0])
    assert outer and lines[0].startswith("@label=x;draft/chathistory-end :hubbub BATCH ")
    inner = re.search(r"BATCH \+(\w+) draft/multiline", lines[1])
    assert inner and lines[1].startswith(f"@batch={outer[1]};")
    assert [line.startswith(f"@batch={inner[1]} ") for line in lines[2:4]] == [True, True]
    assert lines[4] == f"@batch={outer[1]} :hubbub BATCH -{inner[1]}"
    assert lines[5] == f":hubbub BATCH -{outer[1]}"


async def test_an_empty_batch(harness: ServerHarness) -> None:
    """ "An empty batch is allowed" """
    await harness.irc("ann", CAPS)
    await harness.ask("ann", "JOIN #tea")
    start, end = told(await harness.ask("ann", "CHATHISTORY LATEST #tea * 10"), "ann")
    assert "BATCH +" in start and "BATCH -" in end


async def test_not_for_those_who_have_not_asked(harness: ServerHarness) -> None:
    await harness.account("ann")
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    await harness.ask("ann", "QUIT")
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #Général\nPRIVMSG ann :missed")
    harness.connect("again").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    lines = told(await harness.look(), "again")
    assert any("missed" in line for line in lines) and "BATCH" not in " ".join(lines)
