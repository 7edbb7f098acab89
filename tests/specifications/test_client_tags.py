"""reply, react, typing and channel-context: tags of clients that the server carries, and those that it remembers."""

import re

import pytest

from tests.server_harness import ServerHarness, told

CAPS = "message-tags echo-message batch server-time draft/chathistory"


async def _people(harness: ServerHarness) -> None:
    for name, caps in (("ann", CAPS), ("bob", CAPS), ("old", "")):
        await harness.irc(name, caps)
        await harness.ask(name, "JOIN #tea")


async def _said(harness: ServerHarness, name: str, text: str) -> str:
    found = re.search(r"msgid=(\w+)", told(await harness.ask(name, text), name)[0])
    assert found
    return found[1]


async def test_a_reply_says_to_what(harness: ServerHarness) -> None:
    """reply: "`+reply=<msgid>`", also later in the history."""
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :question?")
    harness.now_ms += 1
    lines = await harness.ask("bob", f"@+reply={number} PRIVMSG #tea :answer.")
    assert f";+reply={number} :bob!" in told(lines, "ann")[0] and told(lines, "old") == [
        ":bob!bob@local PRIVMSG #tea :answer."
    ]
    history = told(await harness.ask("ann", "CHATHISTORY LATEST #tea * 1"), "ann")
    assert f";+reply={number} :bob!" in history[1]


async def test_reactions_go_to_everybody_and_into_the_history(harness: ServerHarness) -> None:
    """react: "this tag MUST be used in conjunction with the `+reply` client tag"; they are kept, and given with what
    they belong to, to those who enable `draft/event-playback`.
    """
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :cake!")
    await _said(harness, "ann", "PRIVMSG #tea :more cake!")
    lines = await harness.ask("bob", f"@+draft/react=👍;+reply={number} TAGMSG #tea")
    assert told(lines, "ann")[0].endswith(f";+draft/react=👍;+reply={number} :bob!bob@local TAGMSG #tea")
    await harness.irc("kim", f"{CAPS} draft/event-playback")
    await harness.ask("kim", "JOIN #tea")
    lines = told(await harness.ask("kim", f"CHATHISTORY AROUND #tea msgid={number} 1"), "kim")
    assert lines[1].endswith("PRIVMSG #tea :cake!")
    assert f"+draft/react=👍;+reply={number}" in lines[2] and "draft/chathistory-context" in lines[2]
    # Without it there are messages alone.
    lines = told(await harness.ask("ann", "CHATHISTORY LATEST #tea * 10"), "ann")
    assert len(lines) == 4 and "react" not in " ".join(lines)


async def test_a_reaction_is_taken_back(harness: ServerHarness) -> None:
    """react: "`+draft/unreact`" removes it."""
    await _people(harness)
    number = await _said(harness, "ann", "PRIVMSG #tea :cake!")
    for tag in ("react=👍", "react=🎂", "unreact=👍"):
        await harness.ask("bob", f"@+draft/{tag};+reply={number} TAGMSG #tea")
    await harness.irc("kim", f"{CAPS} draft/event-playback")
    await harness.ask("kim", "JOIN #tea")
    lines = " ".join(told(await harness.ask("kim", f"CHATHISTORY AROUND #tea msgid={number} 1"), "kim"))
    assert "🎂" in lines and "👍" not in lines


async def test_reactions_outlive_a_restart(harness: ServerHarness) -> None:
    await harness.account("ann")
    come = f"PASS :ann:correct horse\nCAP REQ :{CAPS} draft/event-playback\nNICK ann\nUSER a 0 * :A\nCAP END"
    harness.connect("ann").type(come)
    await harness.look()
    number = await _said(harness, "ann", "PRIVMSG #Général :cake!")
    await harness.ask("ann", f"@+draft/react=👍;+reply={number} TAGMSG #Général")
    await harness.restart()
    harness.connect("ann").type(come)
    assert "👍" in " ".join(await harness.ask("ann", f"CHATHISTORY AROUND #Général msgid={number} 1"))


@pytest.mark.parametrize("state", ["active", "paused", "done"])
async def test_typing_is_passed_on_and_not_kept(harness: ServerHarness, state: str) -> None:
    """typing: "`+typing=active`", "`paused`" and "`done`" are notifications, and nothing to read later."""
    await _people(harness)
    for target in ("#tea", "bob"):
        lines = await harness.ask("ann", f"@+typing={state} TAGMSG {target}")
        assert told(lines, "bob")[0].endswith(f";+typing={state} :ann!ann@local TAGMSG {target}")
        assert told(lines, "old") == []
    await harness.irc("kim", f"{CAPS} draft/event-playback")
    await harness.ask("kim", "JOIN #tea")
    assert "typing" not in " ".join(await harness.ask("kim", "CHATHISTORY LATEST #tea * 10"))


async def test_a_private_message_with_its_channel(harness: ServerHarness) -> None:
    """channel-context: "This tag MUST be attached to PRIVMSG and NOTICE messages to users only" and is relayed as it
    is.
    """
    await _people(harness)
    for verb in ("PRIVMSG", "NOTICE"):
        lines = told(await harness.ask("ann", f"@+draft/channel-context=#tea {verb} bob :psst"), "bob")
        assert lines[0].endswith(f";+draft/channel-context=#tea :ann!ann@local {verb} bob :psst")
