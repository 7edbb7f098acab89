"""reply, react, typing and channel-context: tags of clients that the server carries, and those that it remembers."""

import re

import pytest

from tests.server_harness import House, told

CAPS = "message-tags echo-message batch server-time draft/chathistory"


async def _people(house: House) -> None:
    for name, caps in (("ann", CAPS), ("bob", CAPS), ("old", "")):
        await house.irc(name, caps)
        await house.ask(name, "JOIN #tea")


async def _said(house: House, name: str, text: str) -> str:
    found = re.search(r"msgid=(\w+)", told(await house.ask(name, text), name)[0])
    assert found
    return found[1]


async def test_a_reply_says_to_what(house: House) -> None:
    """reply: "`+reply=<msgid>`", also later in the history."""
    await _people(house)
    number = await _said(house, "ann", "PRIVMSG #tea :question?")
    house.now_ms += 1
    lines = await house.ask("bob", f"@+reply={number} PRIVMSG #tea :answer.")
    assert f";+reply={number} :bob!" in told(lines, "ann")[0] and told(lines, "old") == [
        ":bob!bob@local PRIVMSG #tea :answer."
    ]
    history = told(await house.ask("ann", "CHATHISTORY LATEST #tea * 1"), "ann")
    assert f";+reply={number} :bob!" in history[1]


async def test_reactions_go_to_everybody_and_into_the_history(house: House) -> None:
    """react: "this tag MUST be used in conjunction with the `+reply` client tag"; they are kept, and given with what
    they belong to, to those who enable `draft/event-playback`.
    """
    await _people(house)
    number = await _said(house, "ann", "PRIVMSG #tea :cake!")
    await _said(house, "ann", "PRIVMSG #tea :more cake!")
    lines = await house.ask("bob", f"@+draft/react=👍;+reply={number} TAGMSG #tea")
    assert told(lines, "ann")[0].endswith(f";+draft/react=👍;+reply={number} :bob!bob@local TAGMSG #tea")
    await house.irc("kim", f"{CAPS} draft/event-playback")
    await house.ask("kim", "JOIN #tea")
    lines = told(await house.ask("kim", f"CHATHISTORY AROUND #tea msgid={number} 1"), "kim")
    assert lines[1].endswith("PRIVMSG #tea :cake!")
    assert f"+draft/react=👍;+reply={number}" in lines[2] and "draft/chathistory-context" in lines[2]
    # Without it there are messages alone.
    lines = told(await house.ask("ann", "CHATHISTORY LATEST #tea * 10"), "ann")
    assert len(lines) == 4 and "react" not in " ".join(lines)


async def test_a_reaction_is_taken_back(house: House) -> None:
    """react: "`+draft/unreact`" removes it."""
    await _people(house)
    number = await _said(house, "ann", "PRIVMSG #tea :cake!")
    for tag in ("react=👍", "react=🎂", "unreact=👍"):
        await house.ask("bob", f"@+draft/{tag};+reply={number} TAGMSG #tea")
    await house.irc("kim", f"{CAPS} draft/event-playback")
    await house.ask("kim", "JOIN #tea")
    lines = " ".join(told(await house.ask("kim", f"CHATHISTORY AROUND #tea msgid={number} 1"), "kim"))
    assert "🎂" in lines and "👍" not in lines


async def test_reactions_outlive_a_restart(house: House) -> None:
    await house.account("ann")
    come = f"PASS :ann:correct horse\nCAP REQ :{CAPS} draft/event-playback\nNICK ann\nUSER a 0 * :A\nCAP END"
    house.connect("ann").type(come)
    await house.look()
    number = await _said(house, "ann", "PRIVMSG #Général :cake!")
    await house.ask("ann", f"@+draft/react=👍;+reply={number} TAGMSG #Général")
    await house.restart()
    house.connect("ann").type(come)
    assert "👍" in " ".join(await house.ask("ann", f"CHATHISTORY AROUND #Général msgid={number} 1"))


@pytest.mark.parametrize("state", ["active", "paused", "done"])
async def test_typing_is_passed_on_and_not_kept(house: House, state: str) -> None:
    """typing: "`+typing=active`", "`paused`" and "`done`" are notifications, and nothing to read later."""
    await _people(house)
    for target in ("#tea", "bob"):
        lines = await house.ask("ann", f"@+typing={state} TAGMSG {target}")
        assert told(lines, "bob")[0].endswith(f";+typing={state} :ann!ann@local TAGMSG {target}")
        assert told(lines, "old") == []
    await house.irc("kim", f"{CAPS} draft/event-playback")
    await house.ask("kim", "JOIN #tea")
    assert "typing" not in " ".join(await house.ask("kim", "CHATHISTORY LATEST #tea * 10"))


async def test_a_private_message_with_its_channel(house: House) -> None:
    """channel-context: "This tag MUST be attached to PRIVMSG and NOTICE messages to users only" and is relayed as it
    is.
    """
    await _people(house)
    for verb in ("PRIVMSG", "NOTICE"):
        lines = told(await house.ask("ann", f"@+draft/channel-context=#tea {verb} bob :psst"), "bob")
        assert lines[0].endswith(f";+draft/channel-context=#tea :ann!ann@local {verb} bob :psst")
