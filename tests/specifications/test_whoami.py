"""whoami: a client learns its own user name and host on coming in, and whenever they change."""

import pytest

from tests.server_harness import ServerHarness, told


@pytest.mark.parametrize(
    ("caps", "is_told"), [("chghost draft/whoami", True), ("draft/whoami", False), ("chghost", False)]
)
async def test_the_greeting_tells_it(harness: ServerHarness, caps: str, is_told: bool) -> None:
    """ "If a client has enabled `draft/whoami` and `chghost` … the server MUST send a `SETNAME` line as part of the
    registration burst, between the final `005 RPL_ISUPPORT` and the beginning of the `LUSERS` numerics …, with the
    client's prefix as its source and the client's realname as its only parameter."
    """
    harness.connect("ann")
    lines = told(
        await harness.ask("ann", f"CAP REQ :{caps}\nNICK ann\nUSER a 0 * :Ann of Tea\nCAP END"), "ann"
    )
    start = next(place for place, line in enumerate(lines) if line.startswith(":hubbub 251 "))
    assert (lines[start - 1] == ":ann!a@local SETNAME :Ann of Tea") is is_told
    assert lines[start - 1 - is_told].startswith(":hubbub 005 ")
    assert [line for line in lines if "SETNAME" in line] == [lines[start - 1]] * is_told


async def test_changes_are_told(harness: ServerHarness) -> None:
    """ "The server MUST send `CHGHOST` lines to the client about changes to the client's own prefix" """
    await harness.account("ann")
    harness.connect("home").type("PASS :ann:correct horse\nNICK ann\nUSER home 0 * :A")
    await harness.look()
    await harness.irc("guest", "chghost draft/whoami")
    lines = told(await harness.ask("guest", "NS IDENTIFY ann correct horse"), "guest")
    assert ":ann!guest@local CHGHOST home local" in lines
