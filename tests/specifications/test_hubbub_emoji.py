"""hubbub/emoji: which emoji the place has of its own, and what becomes of them."""

from hubbub.engine.custom_emoji import AddEmoji, DeleteEmoji, RenameEmoji
from hubbub.engine.files import StoreFile
from tests.server_harness import House, told

CAPS = "hubbub/emoji"


def add(house: House, account: int, *names: str) -> None:
    for name in names:
        file = name.ljust(24, "x")
        house.node.ask(StoreFile(account, file, "0" * 64, "x.webp", "image/webp", 9))
        house.node.ask(AddEmoji(name, file), account=account)


async def _ann(house: House) -> int:
    await house.account("ann")
    account = house.node.state.account_named("ann")
    assert account
    return account.id


async def test_everybody_who_has_the_capability_is_told(house: House) -> None:
    ann = await _ann(house)
    await house.irc("bob", CAPS)
    await house.irc("old")
    add(house, ann, "party")
    house.node.ask(RenameEmoji("party", "feast"), account=ann)
    house.node.ask(DeleteEmoji("feast"), account=ann)
    seen = await house.look()
    assert told(seen, "bob") == [
        f":hubbub EMOJI ADD party {'party'.ljust(24, 'x')}",
        ":hubbub EMOJI RENAME party feast",
        ":hubbub EMOJI DELETE feast",
    ]
    assert told(seen, "old") == []


async def test_the_list_comes_in_lines_of_which_all_but_the_last_are_marked(house: House) -> None:
    ann = await _ann(house)
    await house.irc("bob", CAPS)
    assert told(await house.ask("bob", "EMOJI"), "bob") == [":hubbub EMOJI LIST :"]
    names = [f"emoji{number}" for number in range(30)]
    add(house, ann, *names)
    await house.look()
    *first, last = told(await house.ask("bob", "EMOJI"), "bob")
    assert first and all(line.startswith(":hubbub EMOJI LIST * :") for line in first)
    assert last.startswith(":hubbub EMOJI LIST :")
    words = [word for line in (*first, last) for word in line.rpartition(" :")[2].split(" ")]
    assert words == [f"{name}={name.ljust(24, 'x')}" for name in names]


async def test_without_the_capability_there_is_no_such_command(house: House) -> None:
    await house.irc("bob")
    assert " 421 bob EMOJI " in told(await house.ask("bob", "EMOJI"), "bob")[0]


async def test_it_lasts(house: House) -> None:
    add(house, await _ann(house), "party")
    await house.look()
    await house.restart()
    await house.irc("bob", CAPS)
    [line] = told(await house.ask("bob", "EMOJI"), "bob")
    assert line == f":hubbub EMOJI LIST party={'party'.ljust(24, 'x')}"
