"""The page of the administrator's commands, written from their tree."""

from typing import Final

from hubbub.engine.state import Role

from .command_tree import COMMANDS

HEAD: Final = """# The administrator's commands

Written by `make docs` from the tree of commands in `src/hubbub/admin`: change the tree, not this page.

The same commands work at the server's own terminal, from another terminal (`hubbub admin ban bob Advertising`) and,
for administrators and moderators, inside the chat. `help` lists those that you may use, `help kick` says how to write
one. After a mistake or a refusal nothing has changed, and `hubbub admin` ends with a status other than 0.

## Syntax

 * `<…>` must be given, `[…]` may be left out. Commands are written in small or capital letters.
 * A reason, a text or a setting is the rest of the line, as it stands; quotes in it are part of it.
 * Several rooms are written with commas between them, without spaces. A `#` before a room's name makes no difference.
 * A time is a number with `s`, `m`, `h`, `d` or `y` (365 days): `30s`, `10m`, `2h`, `1d`, `1y`; or several of them,
   the largest first: `1h30m`. It is at least `1s` and at most `100y`.
 * A word in double quotes is never part of a command: `kick "ip" 10m Shouting` suspends the user who is called ip.
   Inside the quotes `\\"` is a quote and `\\\\` a backslash. Elsewhere a quote is a letter like any other.
 * `accept pending ann all` accepts all that ann asks for; a room that is called all is written `#all`.
 * Times are shown in UTC. Moderators are not shown secret rooms.
"""

_TITLES: Final = {Role.MODERATOR: "Moderators and administrators", Role.ADMIN: "Administrators only"}


def commands_page() -> str:
    return "\n".join([HEAD, *(_section(role, title) for role, title in _TITLES.items())])


def _section(role: Role, title: str) -> str:
    """The commands for which this role is needed, a row each."""
    lines = [f"## {title}", "", "| command | what it does | example |", "| --- | --- | --- |"]
    lines += [
        f"| `{command.usage}` | {command.help} | `{command.example}` |"
        for command in COMMANDS
        if command.role is role
    ]
    return "\n".join([*lines, ""])
