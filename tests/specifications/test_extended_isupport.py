"""extended-isupport: what the server supports, told before one is in, and in a batch."""

import re

from tests.server_harness import ServerHarness, told


async def test_isupport_before_coming_in_and_in_a_batch(harness: ServerHarness) -> None:
    """ "The server MUST group all `RPL_ISUPPORT` messages inside a `draft/isupport` batch when the
    `batch` and `draft/extended-isupport` capabilities are enabled."
    """
    harness.connect("ann")
    assert await harness.ask("ann", "ISUPPORT") == ["ann < :hubbub 451 * :You have not registered"]
    await harness.ask("ann", "CAP REQ :batch draft/extended-isupport")
    lines = told(await harness.ask("ann", "ISUPPORT"), "ann")
    assert lines[0] == ":hubbub BATCH +b1 draft/isupport" and lines[-1] == ":hubbub BATCH -b1"
    assert all(re.match(r"@batch=b1 :hubbub 005 \* ", line) for line in lines[1:-1])
    assert " NETWORK=Hubbub " in " ".join(lines)
    lines = told(await harness.ask("ann", "NICK ann\nUSER a 0 * :A\nCAP END"), "ann")
    assert [line for line in lines if "BATCH +" in line] == [":hubbub BATCH +b2 draft/isupport"]


async def test_isupport_without_batches(harness: ServerHarness) -> None:
    harness.connect("ann")
    await harness.ask("ann", "CAP REQ draft/extended-isupport")
    lines = told(await harness.ask("ann", "ISUPPORT"), "ann")
    assert lines and all(line.startswith(":hubbub 005 * ") for line in lines)
