"""standard-replies: failures in one form, with a code that stays the same."""

import re

import pytest

from tests.server_harness import ServerHarness, told

FORM = re.compile(r"(?:@\S+ )?:hubbub FAIL (\S+) ([A-Z_]+)(?: [^ :]\S*)* :(.+)")


@pytest.mark.parametrize("caps", ["standard-replies message-tags", "message-tags"])
async def test_their_form(harness: ServerHarness, caps: str) -> None:
    """ "`FAIL <command> <code> [<context>...] <description>`": the command, a code, a sentence."""
    await harness.irc(
        "ann", f"{caps} batch server-time draft/chathistory draft/message-redaction draft/metadata-2"
    )
    for command, code in (
        ("SETNAME :", "INVALID_REALNAME"),
        ("CHATHISTORY LATEST #nowhere * 1", "INVALID_TARGET"),
        ("REDACT #nowhere x", "INVALID_TARGET"),
        ("METADATA * DANCE", "SUBCOMMAND_INVALID"),
        ("REGISTER * * :short", "WEAK_PASSWORD"),
        ("MONITOR X", "INVALID_PARAMS"),
    ):
        (line,) = told(await harness.ask("ann", command), "ann")
        found = FORM.fullmatch(line)
        assert found and found[1] == command.split()[0] and found[2] == code, line
        assert found[3].endswith((".", "retrieved")) or " " in found[3]


async def test_no_numeric_is_replaced(harness: ServerHarness) -> None:
    """ "Servers which support this capability SHOULD NOT replace standardised error numerics with standard replies" """
    await harness.irc("ann", "standard-replies")
    for command, code in (
        ("JOIN", "461"),
        ("NICK ", "431"),
        ("PRIVMSG nobody :x", "401"),
        ("TOPIC #no :x", "403"),
    ):
        (line,) = told(await harness.ask("ann", command), "ann")
        assert line.startswith(f":hubbub {code} ")


async def test_a_label_comes_with_them(harness: ServerHarness) -> None:
    """ "This message SHOULD also be given a label, if one was provided by the client" """
    await harness.irc("ann", "labeled-response batch message-tags")
    (line,) = told(await harness.ask("ann", "@label=x SETNAME :"), "ann")
    assert line.startswith("@label=x :hubbub FAIL SETNAME INVALID_REALNAME ")
