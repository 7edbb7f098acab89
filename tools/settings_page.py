"""The page of all settings, written from where they are declared."""

import msgspec

from hubbub.config.declaration import Section, Setting, declared
from hubbub.config.loading import all_settings
from hubbub.config.sections import LISTENERS, NAMED, SECTIONS, Listener
from hubbub.config.sources import DEFAULT_DATA
from hubbub.config.values import allowed, written

HEAD = f"""# Settings

Written by `make docs` from `src/hubbub/config/sections.py`: change a setting there, not on this page.

Nothing needs to be set. What is set comes from, the later winning:

 1. what is built in, which this page shows;
 2. `hubbub.toml` in the data folder (`hubbub config --example` prints one to start from);
 3. the environment: `HUBBUB_SERVER_PORT=6667` is `port` in `[server]`; a list is written with commas between;
 4. the command line, where a setting has an option.

The data folder itself is `{DEFAULT_DATA}`, or what `HUBBUB_DATA` or `--data` says. `hubbub config` prints all settings
in use and where each comes from. A name that there is not, or a value that is not allowed, stops the start with a
sentence for each; while the server runs, it keeps what it had.

“Reload” says that a change holds as soon as the settings are read again; “restart”, that it waits for the next start.
“Owner” says that it concerns the machine: no administrator changes it over chat or HTTP
([who may do what](../run/administrators.md)).
"""


def page() -> str:
    """Write the page."""
    parts = [HEAD]
    parts += (_section(f"[{name}]", name, kind) for name, kind in SECTIONS.items())
    parts.append(_section(f"[[{LISTENERS}]]", "", Listener))
    parts += (_section(f"[{section}.NAME]", "", kind) for section, kind in NAMED.items())
    return "\n".join(parts)


def owners_settings() -> str:
    """Those that nobody changes over chat or HTTP."""
    rows = [f"| `{section}.{one.name}` | {one.text} |" for section, one in all_settings() if one.about.owner]
    return "\n".join(["| setting | what it is |", "| --- | --- |", *rows])


def _section(title: str, name: str, section: type[Section]) -> str:
    lines = [f"## {title}", "", section.__doc__ or "", ""]
    if not name:
        lines += ["There may be several; they stand in the file only.", ""]
    lines += ["| setting | what it is | allowed | built in | a change |", "| --- | --- | --- | --- | --- |"]
    lines += [_row(one) for one in declared(section)]
    return "\n".join([*lines, ""])


def _row(setting: Setting) -> str:
    default = "must be set" if setting.default is msgspec.NODEFAULT else f"`{written(setting.default)}`"
    flag = f" On the command line: `{setting.about.flag}`." if setting.about.flag else ""
    cells = (
        f"`{setting.name}`",
        setting.text + flag,
        allowed(setting),
        default,
        ("restart" if setting.about.restart else "reload") + (", owner" if setting.about.owner else ""),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
