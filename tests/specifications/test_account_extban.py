"""account-extban: masks that name accounts."""

from tests.server_harness import House, told


async def _on(house: House, name: str) -> None:
    await house.account(name)
    house.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :{name.title()}")
    await house.look()


async def test_isupport_tells_how_accounts_are_banned(house: House) -> None:
    """ "Servers publishing the `ACCOUNTEXTBAN` token MUST also publish the `EXTBAN` token." """
    house.connect("ann").type("NICK ann\nUSER a 0 * :Ann")
    text = " ".join(await house.look())
    assert " ACCOUNTEXTBAN=account,a " in text and " EXTBAN=~,am " in text


async def test_an_account_is_banned_whatever_its_nickname(house: House) -> None:
    """ "Servers MUST support matching exact account names." """
    await _on(house, "bob")
    await house.irc("ann")
    await house.ask("ann", "JOIN #tea")
    for mask, shown in (("~account:BOB", "~account:BOB"), ("~a:bob", "~account:bob")):
        assert told(await house.ask("ann", f"MODE #tea +b {mask}"), "ann") == [
            f":ann!ann@local MODE #tea +b {shown}"
        ]
        assert ":hubbub 474 bob #tea :Cannot join channel (+b)" in told(
            await house.ask("bob", "JOIN #tea"), "bob"
        )
        await house.ask("ann", f"MODE #tea -b {mask}")
    assert told(await house.ask("bob", "JOIN #tea"), "bob")[0] == ":bob!bob@local JOIN #tea"


async def test_a_guest_of_the_same_name_is_not_banned(house: House) -> None:
    await house.irc("ann")
    await house.irc("bob")
    await house.ask("ann", "JOIN #tea\nMODE #tea +b ~account:bob")
    assert told(await house.ask("bob", "JOIN #tea"), "bob")[0] == ":bob!bob@local JOIN #tea"


async def test_the_muted_may_be_there_and_not_speak(house: House) -> None:
    await house.irc("ann")
    await house.irc("bob")
    await house.ask("ann", "JOIN #tea\nMODE #tea +b ~m:bob!*@*")
    assert told(await house.ask("bob", "JOIN #tea"), "bob")[0] == ":bob!bob@local JOIN #tea"
    assert told(await house.ask("bob", "PRIVMSG #tea :hi"), "bob")[0].startswith(":hubbub 404 bob #tea :")
    await house.ask("ann", "MODE #tea +v bob")
    assert told(await house.ask("bob", "PRIVMSG #tea :hi"), "ann") == [":bob!bob@local PRIVMSG #tea :hi"]
