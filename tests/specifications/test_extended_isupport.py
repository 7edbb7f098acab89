"""extended-isupport: what the server supports, told before one is in, and in a batch."""

import re

from tests.server_harness import House, told


async def test_isupport_before_coming_in_and_in_a_batch(house: House) -> None:
    """ "The server MUST group all `RPL_ISUPPORT` messages inside a `draft/isupport` batch when the
    `batch` and `draft/extended-isupport` capabilities are enabled."
    """
    house.connect("ann")
    assert await house.ask("ann", "ISUPPORT") == ["ann < :hubbub 451 * :You have not registered"]
    await house.ask("ann", "CAP REQ :batch draft/extended-isupport")
    lines = told(await house.ask("ann", "ISUPPORT"), "ann")
    assert lines[0] == ":hubbub BATCH +b1 draft/isupport" and lines[-1] == ":hubbub BATCH -b1"
    assert all(re.match(r"@batch=b1 :hubbub 005 \* ", line) for line in lines[1:-1])
    assert " NETWORK=Hubbub " in " ".join(lines)
    lines = told(await house.ask("ann", "NICK ann\nUSER a 0 * :A\nCAP END"), "ann")
    assert [line for line in lines if "BATCH +" in line] == [":hubbub BATCH +b2 draft/isupport"]


async def test_isupport_without_batches(house: House) -> None:
    house.connect("ann")
    await house.ask("ann", "CAP REQ draft/extended-isupport")
    lines = told(await house.ask("ann", "ISUPPORT"), "ann")
    assert lines and all(line.startswith(":hubbub 005 * ") for line in lines)
