"""The tree as a whole: every row is right, help is made from it, and no line breaks it."""

import inspect
from itertools import pairwise

import pytest

from hubbub.admin.command import Command
from hubbub.admin.command_tree import COMMANDS, Call, understand
from hubbub.admin.reference import commands_page
from hubbub.engine.state import Role
from tests.admin.admin_harness import AdminHarness

REQUIRED = """
help [command] | messages <time> | users | rooms | add room <room1,room2,...> | pending rooms [username]
| accept pending <username> <room1,room2,...> | kick <username> <timeout> <reason>
| kick ip <ip> <timeout> <reason> | unkick <username> | unkick ip <ip> | ban <username> <reason>
| ban ip <ip> <reason> | unban <username> | unban ip <ip> | kill <username> <reason> | shutdown
"""


@pytest.mark.parametrize("usage", [each.strip() for each in REQUIRED.replace("\n", " ").split("|")])
def test_the_commands_that_must_be_there(usage: str) -> None:
    assert usage in [command.usage for command in COMMANDS]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_row_is_right(command: Command) -> None:
    call = understand(command.example, Role.ADMIN)
    assert isinstance(call, Call)
    assert call.command is command
    inspect.signature(command.run).bind(object(), *(object() for _ in command.parameters))
    inspect.signature(command.run).bind(object(), *(object() for each in command.parameters if each.required))
    assert command.help.endswith(".")
    assert all(later <= earlier for earlier, later in pairwise(each.required for each in command.parameters))
    assert not any(each.kind.rest for each in command.parameters[:-1])


def test_no_name_is_there_twice() -> None:
    assert len({command.words for command in COMMANDS}) == len(COMMANDS)


async def test_help_lists_what_the_role_may_use() -> None:
    harness = AdminHarness()
    assert len(await harness.says("help")) == len(COMMANDS) + 1
    harness.act_as("mona", Role.MODERATOR)
    lines = "\n".join(await harness.says("help"))
    assert "kick ip <ip> <timeout> <reason>" in lines
    assert "shutdown" not in lines
    assert await harness.refuses("help shutdown") == [
        "There is no command shutdown. To list all commands, write: help"
    ]


async def test_help_for_one_command() -> None:
    assert await AdminHarness().says("help KICK") == [
        "kick <username> <timeout> <reason>",
        "    Suspend somebody for a time.",
        "    Example: kick bob 10m Shouting",
        "kick ip <ip> <timeout> <reason>",
        "    Suspend an address, or a network such as 192.0.2.0/24, for a time.",
        "    Example: kick ip 192.0.2.7 1d Flooding",
    ]
    assert len(await AdminHarness().says("help kick  ip")) == 3


async def test_a_member_is_told_nothing_of_it() -> None:
    harness = AdminHarness()
    harness.act_as("ann", Role.MEMBER)
    for line in ("help", "users", "nonsense", ""):
        assert await harness.refuses(line) == ["Only a moderator can do this."]
    assert harness.completes("") == []


async def test_an_unknown_command() -> None:
    harness = AdminHarness()
    assert await harness.refuses("xyzzy") == ["There is no command xyzzy. To list all commands, write: help"]
    assert await harness.refuses("romos") == [
        "There is no command romos. To list all commands, write: help Did you mean rooms?"
    ]
    assert (await harness.refuses("set"))[0].startswith("set is not a command. Write one of: set role <user")


@pytest.mark.parametrize("line", ["", "   ", "\t\n"])
async def test_an_empty_line_is_answered_with_nothing(line: str) -> None:
    assert await AdminHarness().says(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "word " * 10_000,
        "x" * 1_000_000,
        "kick " + "x" * 8000 + " 10m r",
        "kick " + '"' * 5000,
        '"',
        '"\\',
        "\\",
        "\x1b[2Jkick",
        "ban \x00 r",
        "ban bob\x07 r",
        "ban \ud800 r",
        "add room \ud800",
        "kick ip ::1%\x1b[2J 10m r",
        "kick ip 1.2.3.4/99999999999 10m r",
        "kick a " + "9" * 7000 + "s r",
        "kick a -5m r",
        "kick a 1m1h r",
        "kick a ١m r",
        "audit " + "9" * 5000,
        "add room " + "," * 8000,
        "set room a " + "x " * 4000,
        "help \x1b[31m" + "y" * 5000,
        "pending rooms \u202eadmin",
    ],
    ids=lambda line: ascii(line[:20]),
)
async def test_a_hostile_line_changes_nothing_and_is_answered_safely(line: str) -> None:
    harness = AdminHarness()
    harness.completes(line)
    (sentence,) = await harness.refuses(line)
    assert sentence.isprintable()
    assert len(sentence) < 400


async def test_a_reason_is_cleaned() -> None:
    harness = AdminHarness()
    harness.account("bob")
    assert (await harness.says("ban bob \x1b[2Jgo\u202e"))[0].endswith("is lifted: [2Jgo")


def test_the_page_has_every_command() -> None:
    page = commands_page()
    assert all(f"| `{command.usage}` | {command.help} |" in page for command in COMMANDS)
