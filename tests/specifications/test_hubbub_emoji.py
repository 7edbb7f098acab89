"""hubbub/emoji: which emoji the place has of its own, and what becomes of them."""

from hubbub.engine.custom_emoji import AddEmoji, DeleteEmoji, RenameEmoji
from hubbub.engine.files import StoreFile
from tests.server_harness import ServerHarness, told

CAPS = "hubbub/emoji"


def add(harness: ServerHarness, account: int, *names: str) -> None:
    for name in names:
        file = name.ljust(24, "x")
        harness.node.ask(StoreFile(account, file, "0" * 64, "x.webp", "image/webp", 9))
        harness.node.ask(AddEmoji(name, file), account=account)


async def _ann(harness: ServerHarness) -> int:
    await harness.account("ann")
    account = harness.node.state.account_named("ann")
    assert account
    return account.id


async def test_everybody_who_has_the_capability_is_told(harness: ServerHarness) -> None:
    ann = await _ann(harness)
    await harness.irc("bob", CAPS)
    await harness.irc("old")
    add(harness, ann, "party")
    harness.node.ask(RenameEmoji("party", "feast"), account=ann)
    harness.node.ask(DeleteEmoji("feast"), account=ann)
    seen = await harness.look()
    assert told(seen, "bob") == [
        f":hubbub EMOJI ADD party {'party'.ljust(24, 'x')}",
        ":hubbub EMOJI RENAME party feast",
        ":hubbub EMOJI DELETE feast",
    ]
    assert told(seen, "old") == []


async def test_the_list_comes_in_lines_of_which_all_but_the_last_are_marked(harness: ServerHarness) -> None:
    ann = await _ann(harness)
    await harness.irc("bob", CAPS)
    assert told(await harness.ask("bob", "EMOJI"), "bob") == [":hubbub EMOJI LIST :"]
    names = [f"emoji{number}" for number in range(30)]
    add(harness, ann, *names)
    await harness.look()
    *first, last = told(await harness.ask("bob", "EMOJI"), "bob")
    assert first and all(line.startswith(":hubbub EMOJI LIST * :") for line in first)
    assert last.startswith(":hubbub EMOJI LIST :")
    words = [word for line in (*first, last) for word in line.rpartition(" :")[2].split(" ")]
    assert words == [f"{name}={name.ljust(24, 'x')}" for name in names]


async def test_without_the_capability_there_is_no_such_command(harness: ServerHarness) -> None:
    await harness.irc("bob")
    assert " 421 bob EMOJI " in told(await harness.ask("bob", "EMOJI"), "bob")[0]


async def test_it_lasts(harness: ServerHarness) -> None:
    add(harness, await _ann(harness), "party")
    await harness.look()
    await harness.restart()
    await harness.irc("bob", CAPS)
    [line] = told(await harness.ask("bob", "EMOJI"), "bob")
    assert line == f":hubbub EMOJI LIST party={'party'.ljust(24, 'x')}"
