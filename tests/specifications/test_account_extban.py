"""account-extban: masks that name accounts."""

from tests.server_harness import ServerHarness, told


async def _on(harness: ServerHarness, name: str) -> None:
    await harness.account(name)
    harness.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await harness.look()


async def test_isupport_tells_how_accounts_are_banned(harness: ServerHarness) -> None:
    """ "Servers publishing the `ACCOUNTEXTBAN` token MUST also publish the `EXTBAN` token." """
    harness.connect("ann").type("NICK ann\nUSER a 0 * :Ann")
    text = " ".join(await harness.look())
    assert " ACCOUNTEXTBAN=account,a " in text and " EXTBAN=~,am " in text


async def test_an_account_is_banned_whatever_its_nickname(harness: ServerHarness) -> None:
    """ "Servers MUST support matching exact account names." """
    await _on(harness, "bob")
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    for mask, shown in (("~account:BOB", "~account:BOB"), ("~a:bob", "~account:bob")):
        assert told(await harness.ask("ann", f"MODE #tea +b {mask}"), "ann") == [
            f":ann!ann@local MODE #tea +b {shown}"
        ]
        assert ":hubbub 474 bob #tea :Cannot join channel (+b)" in told(
            await harness.ask("bob", "JOIN #tea"), "bob"
        )
        await harness.ask("ann", f"MODE #tea -b {mask}")
    assert told(await harness.ask("bob", "JOIN #tea"), "bob")[0] == ":bob!bob@local JOIN #tea"


async def test_a_guest_of_the_same_name_is_not_banned(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea\nMODE #tea +b ~account:bob")
    assert told(await harness.ask("bob", "JOIN #tea"), "bob")[0] == ":bob!bob@local JOIN #tea"


async def test_the_muted_may_be_there_and_not_speak(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    await harness.ask("ann", "JOIN #tea\nMODE #tea +b ~m:bob!*@*")
    assert told(await harness.ask("bob", "JOIN #tea"), "bob")[0] == ":bob!bob@local JOIN #tea"
    assert told(await harness.ask("bob", "PRIVMSG #tea :hi"), "bob")[0].startswith(":hubbub 404 bob #tea :")
    await harness.ask("ann", "MODE #tea +v bob")
    assert told(await harness.ask("bob", "PRIVMSG #tea :hi"), "ann") == [":bob!bob@local PRIVMSG #tea :hi"]
