"""The reference that is read off the code: events, the IRC protocol, netcat's words, the tables."""

import inspect
import re
from dataclasses import fields

from hubbub.dialects.host import Facts
from hubbub.dialects.irc.events import EVENTS
from hubbub.dialects.irc.greeting import isupport_of
from hubbub.dialects.irc.help import HELP
from hubbub.dialects.irc.verbs import VERBS
from hubbub.dialects.netcat.words import SHORT_WORDS, WORDS
from hubbub.engine import refusals
from hubbub.engine.engine import EFFECTS, RULES
from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid, PrivateSaid
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Role, Rules
from hubbub.storage.rows import WRITERS
from hubbub.storage.schema import MIGRATIONS
from hubbub.wire.capabilities import CAPABILITIES

_WRITTEN = "Written by `make docs` from the tables in the code."


def events_page() -> str:
    """Every event: what it says, what it holds, whether it lasts; then every command and refusal."""
    kept = {*WRITERS, MessageSaid, PrivateSaid}
    lines = ["# Events, commands and refusals", "", _WRITTEN, "", "## Events", ""]
    lines += ["| event | holds | lasts | is shown |", "| --- | --- | --- | --- |"]
    for kind, effect in EFFECTS.items():
        shown = (
            "to nobody" if effect.sees is None else "before it holds" if effect.before else "after it holds"
        )
        lines.append(f"| `{kind.__name__}` | {_fields(kind)} | {'yes' if kind in kept else 'no'} | {shown} |")
    lines += ["", "## Commands", "", "| command | holds | is answered by |", "| --- | --- | --- |"]
    for command, rule in RULES.items():
        module = rule.__module__.rpartition(".")[2]
        lines.append(f"| `{command.__name__}` | {_fields(command)} | `{module}.{rule.__name__}` |")
    lines += ["", "## Refusals", "", "The code is stable; IRC's FAIL writes it `LIKE_THIS`.", ""]
    lines += [f"* `{name}`" for name, kind in vars(refusals).items() if _is_refusal(kind)]
    return "\n".join(lines) + "\n"


def _fields(kind: type) -> str:
    own = [field.name for field in fields(kind) if field.name != "id" or not issubclass(kind, Event)]
    return ", ".join(f"`{name}`" for name in own) or "nothing"


def _is_refusal(kind: object) -> bool:
    return inspect.isclass(kind) and issubclass(kind, Refusal) and kind is not Refusal


def protocol_page() -> str:
    """What an IRC client may meet: verbs, capabilities, tokens."""
    lines = ["# The IRC protocol as it is spoken here", "", _WRITTEN, "", "## Commands", ""]
    lines += ["| command | parameters at least | before coming in | does |", "| --- | --- | --- | --- |"]
    for name, verb in VERBS.items():
        first = next((line for line in HELP.get(name, ()) if line), "")
        lines.append(f"| `{name}` | {verb.params} | {'yes' if verb.before else 'no'} | `{_cell(first)}` |")
    lines += ["", "## Capabilities", "", "| capability | IRCv3 specification |", "| --- | --- |"]
    lines += [f"| `{one.name}` | {one.specification} |" for one in CAPABILITIES.values()]
    lines += ["", "## RPL_ISUPPORT", "", "With the settings as they are by default.", ""]
    lines += ["| token | value |", "| --- | --- |"]
    for token, value in isupport_of(Rules(), Facts()).items():
        lines.append(f"| `{token}` | {f'`{_cell(value)}`' if value else ''} |")
    lines += ["", "## Events that are shown", ""]
    lines += [f"* `{kind.__name__}`" for kind in EVENTS]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def netcat_words() -> str:
    """The rows of netcat's words."""
    rows = {}
    for word in (*SHORT_WORDS.values(), *WORDS.values()):
        who = "" if word.role is Role.MEMBER else f" (For {word.role.word}s.)"
        rows[word.usage] = f"| `{_cell(word.usage)}` | {word.help}{who} |"
    return "\n".join(rows.values())


_TABLE = re.compile(r"CREATE TABLE (?P<name>\w+) \((?P<about> +--[^\n]*)?(?P<body>.*?)\n    \)", re.DOTALL)
_COLUMN = re.compile(
    r"^ {8}(?P<name>[a-z_0-9]+) (?P<type>[A-Z]+)(?P<rest>[^-\n]*)(?:-- (?P<about>.*))?$", re.MULTILINE
)


def storage_page() -> str:
    """The tables of the database, with what each column is."""
    lines = ["# The tables", "", f"{_WRITTEN} The schema's version is {len(MIGRATIONS)}.", ""]
    for found in _TABLE.finditer("".join(MIGRATIONS)):
        about = (found["about"] or "").replace("--", "").strip()
        lines += [f"## {found['name']}", ""] + ([f"{about[:1].upper()}{about[1:]}.", ""] if about else [])
        lines += ["| column | type | is |", "| --- | --- | --- |"]
        for column in _COLUMN.finditer(found["body"]):
            lines.append(
                f"| `{column['name']}` | {column['type'].lower()} | {_cell(column['about'] or '')} |"
            )
        lines.append("")
    return "\n".join(lines)
