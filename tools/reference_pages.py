"""The reference that is read off the code: events, the IRC protocol, netcat's words, the tables."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from msgspec.structs import fields

from hubbub.client.commands import ALL
from hubbub.desktop.keys import KEYS as DESKTOP_KEYS
from hubbub.dialects import irc
from hubbub.dialects.irc.greeting import isupport_of
from hubbub.dialects.irc.verb import MODERN
from hubbub.dialects.irc.verbs import VERBS
from hubbub.dialects.netcat.commands import SHORT_WORDS, WORDS
from hubbub.dialects.session_api import ServerInfo
from hubbub.engine.engine import COMMAND_RULES, EVENT_RULES
from hubbub.engine.event import Event
from hubbub.engine.messages import MessageSaid
from hubbub.engine.state import Role, Rules
from hubbub.storage.schema import MIGRATIONS
from hubbub.storage.writers import WRITERS
from hubbub.terminal.keys import KEYS
from hubbub.wire import numerics
from hubbub.wire.capabilities import CAPABILITIES
from tools.refusals import of_engine
from tools.specifications import BATCHES, NUMERICS, SPECIFICATIONS, TAGS, TOKENS

_EXAMPLE = Path(__file__).parent.parent / "examples" / "answer.py"
_WRITTEN = "Written by `make docs` from the tables in the code."


def events_page() -> str:
    """Every event with its fields, whether it is stored and its audience; then every command and refusal."""
    kept = {*WRITERS, MessageSaid}
    lines = ["# Events, commands and refusals", "", _WRITTEN, "", "## Events", ""]
    lines += ["| event | fields | stored | audience |", "| --- | --- | --- | --- |"]
    for kind, effect in EVENT_RULES.items():
        shown = (
            "nobody"
            if effect.audience is None
            else "computed before the change"
            if effect.before
            else "computed after the change"
        )
        lines.append(f"| `{kind.__name__}` | {_fields(kind)} | {'yes' if kind in kept else 'no'} | {shown} |")
    lines += ["", "## Commands", "", "| command | fields | rule |", "| --- | --- | --- |"]
    for command, rule in COMMAND_RULES.items():
        module = rule.__module__.rpartition(".")[2]
        lines.append(f"| `{command.__name__}` | {_fields(command)} | `{module}.{rule.__name__}` |")
    lines += [
        "",
        "## Refusals",
        "",
        "The code of a refusal is stable; FAIL on IRC writes it `LIKE_THIS`.",
        "",
    ]
    lines += ["| subject | refusals |", "| --- | --- |"]
    for module, kinds in groupby(of_engine().values(), key=lambda kind: kind.__module__):
        codes = ", ".join(f"`{kind.__name__}`" for kind in kinds)
        lines.append(f"| `{module.rpartition('.')[2]}` | {codes} |")
    return "\n".join(lines) + "\n"


def _fields(kind: type) -> str:
    own = [field.name for field in fields(kind) if field.name != "id" or not issubclass(kind, Event)]
    return ", ".join(f"`{name}`" for name in own) or "nothing"


def protocol_page() -> str:
    """Every part of the IRC protocol, with its specification."""
    parts = [
        _protocol_specifications(),
        _protocol_commands(),
        _protocol_numerics(),
        _protocol_capabilities(),
        _protocol_tokens(),
        _protocol_tags(),
    ]
    head = [
        "# The IRC protocol of Hubbub",
        "",
        f"{_WRITTEN} The specifications are those of modern-irc",
    ]
    head += ["(https://modern.ircdocs.horse) and IRCv3 (https://ircv3.net), drafts included.", ""]
    return "\n".join([*head, *(line for part in parts for line in [*part, ""])])


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    head = [f"## {title}", "", f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    return head + [f"| {' | '.join(map(_cell, row))} |" for row in rows]


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _protocol_specifications() -> list[str]:
    rows = (
        (name, one.about, ", ".join(f"[{Path(test).stem}](../../tests/{test})" for test in one.tests))
        for name, one in SPECIFICATIONS.items()
    )
    return _table("Specifications", ("specification", "subject", "tests"), rows)


def _protocol_commands() -> list[str]:
    rows = (
        (
            _code(name),
            verb.specification,
            _code(next((line for line in VERBS[name].help if line), "")),
            str(verb.params),
            "yes" if verb.before else "no",
        )
        for name, verb in sorted(VERBS.items())
    )
    columns = ("command", "specification", "syntax", "minimum parameters", "before registration")
    return _table("Commands", columns, rows)


def numerics_in_use() -> list[str]:
    """The names of all numerics that a client may be sent, by their numbers."""
    folder = Path(irc.__file__).parent
    names = {name for path in folder.rglob("*.py") for name in _NUMERIC.findall(path.read_text("utf-8"))}
    return sorted(names | {"RPL_KNOCK"}, key=lambda name: str(getattr(numerics, name)))


_NUMERIC = re.compile(r"\bn(?:umerics)?\.((?:RPL|ERR)_[A-Z0-9_]+)")


def _protocol_numerics() -> list[str]:
    rows = (
        (
            getattr(numerics, name),
            _code(name),
            NUMERICS.get(name, MODERN),
            numerics.TEXT.get(getattr(numerics, name), ""),
        )
        for name in numerics_in_use()
    )
    return _table("Numerics", ("number", "name", "specification", "fixed text"), rows)


def _protocol_capabilities() -> list[str]:
    rows = (
        (_code(one.name), one.specification, ", ".join(map(_code, one.depends)))
        for one in CAPABILITIES.values()
    )
    return _table("Capabilities", ("capability", "specification", "requires"), rows)


def tokens_in_use() -> dict[str, str | None]:
    """All tokens of RPL_ISUPPORT, also those that only some settings lead to."""
    return isupport_of(
        Rules(guests=False),
        ServerInfo(
            icon="https://example.org/icon.svg",
            files="https://example.org/files",
            vapid="(the server's public key)",
        ),
        "#Général",
    )


def _protocol_tokens() -> list[str]:
    rows = (
        (_code(token), TOKENS.get(token, MODERN), _code(value or ""))
        for token, value in tokens_in_use().items()
    )
    title = "Tokens of RPL_ISUPPORT, with default settings"
    return _table(title, ("token", "specification", "value"), rows)


def _protocol_tags() -> list[str]:
    tags = ((_code(tag), specification, about) for tag, (specification, about) in TAGS.items())
    batches = ((_code(kind), specification, about) for kind, (specification, about) in BATCHES.items())
    columns = ("specification", "meaning")
    return [*_table("Tags", ("tag", *columns), tags), "", *_table("Batches", ("type", *columns), batches)]


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
_ADDED = re.compile(
    r"ALTER TABLE (?P<table>\w+) ADD (?P<name>[a-z_0-9]+) (?P<type>[A-Z]+)[^;]*;(?: +-- (?P<about>.*))?"
)
_COLUMN = re.compile(
    r"^ {8}(?P<name>[a-z_0-9]+) (?P<type>[A-Z]+)(?P<rest>[^-\n]*)(?:-- (?P<about>.*))?$", re.MULTILINE
)


def _added(table: str) -> list[re.Match[str]]:
    """The columns that a table got later."""
    return [found for found in _ADDED.finditer("".join(MIGRATIONS)) if found["table"] == table]


_ABOUT: Final = {
    "admitted": "accounts that can join a room whatever its access",
    "request": "requests to join that are still open",
    "sanction": "suspensions and bans",
    "happening": "the other events of a room's history: joins, departures, changes",
    "marker": "read markers: the time up to which an account has read a conversation",
    "metadata": "data that users publish about themselves and about rooms",
    "secret": "the server's own secret, from which it derives values that must not be guessed",
    "token": "tokens and certificates that sign in to an account",
    "nonce": "names by which clients send a message only once; of the last 30 days",
    "file": "uploaded files; the bytes are beside the database, by their digest",
    "posting": "the messages that name a file",
    "report": "open reports of messages; a closed report is deleted",
    "webhook": "programs that post into a room, or receive its messages",
    "push": "browsers that receive push notifications",
    "level": "notification levels, where they differ from the usual one",
    "fresh": "the latest messages, on their way into `message` and `search`",
    "known_address": "addresses from which the owners of accounts have signed in",
    "emoji": "custom emoji; `:name:` in a message shows the picture",
    "draft": "unsent messages, for the other clients of the same account",
}
"""Table → its subject, in newer words than the comment in its migration, which never changes."""
_MEANINGS: Final = {
    ("progress", "last"): "the id of the last event that was written; a message has its own",
    ("account", "seen"): "the id up to which its user has seen everything",
    ("room", "kept"): "0: it is deleted some time after its last member has left",
    ("room", "key"): "the key that is required to join",
    ("admitted", "modes"): "the modes that the account gets back on joining",
    ("mask", "letter"): "b bans, e exceptions, I invitation exceptions",
    ("sanction", "until"): "milliseconds since the epoch; none: until it is lifted",
    ("message", "person"): "the author: an account's id, or a guest's number",
    ("message", "cut"): "1: it was too long and was cut",
    ("message", "bot"): "1: the author is a bot",
    ("file", "person"): "the uploader: an account's id, or a guest's number",
    ("file", "posted"): "1: a message names it; 2: no message names it any more",
    ("report", "person"): "the reporter: an account's id, or a guest's number",
    ("report", "text"): "the text of the message at that time",
    ("webhook", "url"): "out: the address to which it is posted",
    ("webhook", "secret"): "out: the secret that signs it",
    ("webhook", "delivered"): "out: the id up to which everything was delivered",
    ("push", "endpoint"): "the address at their push service",
    ("known_address", "at"): "the day of its last use; milliseconds since 1970",
    ("draft", "since"): "the version with which this line of drafts began",
}


def _meaning(table: str, column: re.Match[str]) -> str:
    return _MEANINGS.get((table, column["name"])) or column["about"] or ""


def storage_page() -> str:
    """The tables of the database, with the meaning of each column."""
    lines = ["# Database tables", "", f"{_WRITTEN} The schema's version is {len(MIGRATIONS)}.", ""]
    for found in _TABLE.finditer("".join(MIGRATIONS)):
        about = _ABOUT.get(found["name"]) or (found["about"] or "").replace("--", "").strip()
        lines += [f"## {found['name']}", ""] + ([f"{about[:1].upper()}{about[1:]}.", ""] if about else [])
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in [*_COLUMN.finditer(found["body"]), *_added(found["name"])]:
            lines.append(
                f"| `{column['name']}` | {column['type'].lower()} | {_cell(_meaning(found['name'], column))} |"
            )
        lines.append("")
    return "\n".join(lines)


def terminal_words() -> str:
    """The rows of the words of our own clients."""
    rows = [f"| `{_cell(word.usage)}` | {word.help} |" for word in ALL]
    return "\n".join(["| word | does |", "| --- | --- |", *rows])


def terminal_keys() -> str:
    """The keys of the terminal client, by where they hold."""
    return _tables(KEYS)


def desktop_keys() -> str:
    """The keys of the chat window, by what they are for."""
    return _tables(DESKTOP_KEYS)


def _tables(parts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    tables = (
        [f"| {title} | does |", "| --- | --- |", *(f"| {key} | {what} |" for key, what in rows)]
        for title, rows in ((f"{title[0].lower()}{title[1:]}", rows) for title, rows in parts)
    )
    return "\n\n".join("\n".join(table) for table in tables)


def bot_example() -> str:
    """The example, as it is."""
    return f"```python\n{_EXAMPLE.read_text('utf-8')}```"
