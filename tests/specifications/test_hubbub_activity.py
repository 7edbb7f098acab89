"""hubbub/activity: whom a message mentions, as the server decides it once for all clients."""

import re

import pytest

from hubbub.engine.mentions import MENTIONS_MAX
from hubbub.engine.messages import MessageSaid
from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags echo-message hubbub/activity"
HISTORY = f"{CAPS} server-time draft/chathistory hubbub/edit draft/message-redaction draft/multiline"


async def _come(harness: ServerHarness, name: str, account: str, caps: str = HISTORY) -> None:
    harness.connect(name).type(
        f"CAP REQ :{caps}\nPASS :{account}:correct horse\nNICK {account}\nUSER x 0 * x\nCAP END"
    )
    await harness.look()


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """ann and bob in #tea with accounts, cat as a guest; eve's account has never been in it, dan's is not connected."""
    for account in ("ann", "bob", "eve", "dan"):
        await harness.account(account)
    for account in ("ann", "bob", "eve", "dan"):
        await _come(harness, account, account)
    await harness.irc("cat", CAPS)
    for name in ("ann", "bob", "cat", "dan"):
        await harness.ask(name, "JOIN #tea")
    await harness.ask("dan", "QUIT")
    return harness


def _mentions(line: str) -> list[str]:
    found = re.match(r"@(?:\S*;)?hubbub/mentions=([^; ]*)", line)
    return found[1].split(",") if found else []


async def _said(harness: ServerHarness, text: str, name: str = "ann", to: str = "#tea") -> list[str]:
    """Whom a message mentions, as its author is told."""
    lines = told(await harness.ask(name, f"PRIVMSG {to} :{text}"), name)
    return _mentions(lines[0])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bob, is it ready?", ["bob"]),
        ("BOB and (Cat) and dan's cup", ["bob", "cat", "dan"]),
        ("cat before bob, and cat again", ["cat", "bob"]),
        ("@bob", ["bob"]),
        ("ask @eve!", ["eve"]),
        ("ask eve", []),
        ("write to tea@eve.example", []),
        ("bobby sells bob_tea", []),
        ("ann likes tea, says @ann", []),
        ("@nobody @tea", []),
        ("\x01ACTION waves at bob\x01", ["bob"]),
    ],
)
async def test_whom_a_text_mentions(tea: ServerHarness, text: str, names: list[str]) -> None:
    """ "an account … whose name follows an `@`"; "a member … whose … name stands in the text as a whole word" """
    assert await _said(tea, text) == names


async def test_everybody_is_told_the_same_now_and_later(tea: ServerHarness) -> None:
    """ "live, in batches of history": and who does not know of it is shown what they always were."""
    await tea.irc("old", "message-tags")
    await tea.ask("old", "JOIN #tea")
    seen = await tea.ask("ann", "PRIVMSG #tea :bob and @eve")
    assert _mentions(told(seen, "bob")[0]) == _mentions(told(seen, "cat")[0]) == ["bob", "eve"]
    assert re.fullmatch(
        r"@account=ann;msgid=\w+ :ann!\S+ PRIVMSG #tea :bob and @eve|@msgid=\w+ .*", told(seen, "old")[0]
    )
    assert "mentions" not in told(seen, "old")[0]
    await tea.restart()
    await _come(tea, "bob", "bob")
    page = told(await tea.ask("bob", "CHATHISTORY LATEST #tea * 10"), "bob")
    assert [_mentions(line) for line in page if "PRIVMSG" in line] == [["bob", "eve"]]


async def test_the_name_is_the_accounts(tea: ServerHarness) -> None:
    """ "A `<name>` is the name of an account as it was registered" """
    await tea.ask("bob", "NICK robert")
    assert await _said(tea, "robert and bob") == ["bob"]
    await tea.ask("cat", "NICK Kitty")
    assert await _said(tea, "kitty") == ["Kitty"]


async def test_names_with_other_characters_inside(tea: ServerHarness) -> None:
    tea.change("accounts", name_pattern=r"^[a-z][a-z.-]{0,18}[a-z]$")
    await tea.irc("jean-luc", CAPS)
    await tea.ask("jean-luc", "JOIN #tea")
    assert await _said(tea, "jean-luc, bob-like") == ["bob", "jean-luc"]
    assert await _said(tea, "hello @jean-luc.") == ["jean-luc"]


async def test_a_private_message_mentions_nobody(tea: ServerHarness) -> None:
    assert await _said(tea, "bob and @eve", to="bob") == []


async def test_only_so_many(tea: ServerHarness) -> None:
    """ "A message mentions at most 50 people, the first ones in its text." """
    names = [f"g_{number}" for number in range(10, 11 + MENTIONS_MAX)]
    for name in names:
        await tea.irc(name)
    assert await _said(tea, " ".join(f"@{name}" for name in reversed(names))) == names[:0:-1]


async def test_an_edit_mentions_whom_its_text_does(tea: ServerHarness) -> None:
    """ "On an edit the tag contains all names that the new text mentions" """
    (line,) = told(await tea.ask("ann", "PRIVMSG #tea :bob"), "ann")
    found = re.search(r"msgid=(\w+)", line)
    assert found
    seen = told(await tea.ask("ann", f"EDIT #tea {found[1]} :cat and @bob"), "bob")
    assert _mentions(seen[0]) == ["cat", "bob"]
    page = told(await tea.ask("bob", "CHATHISTORY LATEST #tea * 10"), "bob")
    assert [_mentions(line) for line in page if "PRIVMSG" in line] == [["cat", "bob"]]
    await tea.ask("ann", f"EDIT #tea {found[1]} :nobody")
    page = told(await tea.ask("bob", "CHATHISTORY LATEST #tea * 10"), "bob")
    assert [_mentions(line) for line in page if "PRIVMSG" in line] == [[]]


async def test_a_deleted_message_mentions_nobody(tea: ServerHarness) -> None:
    (line,) = told(await tea.ask("ann", "PRIVMSG #tea :bob"), "ann")
    found = re.search(r"msgid=(\w+)", line)
    assert found
    await tea.ask("ann", f"REDACT #tea {found[1]}")
    page = told(await tea.ask("bob", "CHATHISTORY LATEST #tea * 10"), "bob")
    assert [_mentions(line) for line in page if "(deleted)" in line] == [[]]


async def test_of_several_lines_the_first_has_it(tea: ServerHarness) -> None:
    """ "the tag is on the first line, or on the opening of the batch" """
    lines = "BATCH +1 draft/multiline #tea\n@batch=1 PRIVMSG #tea :one\n@batch=1 PRIVMSG #tea :bob\nBATCH -1"
    seen = await tea.ask("ann", lines)
    opening, *rest = told(seen, "bob")
    assert _mentions(opening) == ["bob"] and not any(map(_mentions, rest))
    first, second = told(seen, "cat")
    assert (_mentions(first), _mentions(second)) == (["bob"], [])


async def test_a_line_for_a_rank_concerns_those_alone(tea: ServerHarness) -> None:
    heard: list[MessageSaid] = []
    tea.node.listening.append(lambda event: heard.append(event) if isinstance(event, MessageSaid) else None)
    state = tea.node.state
    await tea.ask("ann", "PRIVMSG @#tea :bob")
    await tea.ask("ann", "MODE #tea +o bob")
    await tea.ask("ann", "PRIVMSG @#tea :bob and @eve")
    assert [event.concerned for event in heard] == [(), (state.account_names["bob"],)]
