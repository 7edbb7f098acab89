"""The page of all settings, written from their declarations."""

import msgspec

from hubbub.config.declaration import Section, Setting, declared
from hubbub.config.loading import all_settings
from hubbub.config.sections import LISTENERS, NAMED, SECTIONS, Listener
from hubbub.config.sources import DEFAULT_DATA
from hubbub.config.values import allowed, written

HEAD = f"""# Settings

Written by `make docs` from `src/hubbub/config/sections.py`: change a setting there, not on this page.

Every setting has a default. Values come from these places, and later ones win:

 1. the defaults, which this page shows;
 2. `hubbub.toml` in the data folder (`hubbub config --example` prints one to start from);
 3. the environment: `HUBBUB_SERVER_PORT=6667` is `port` in `[server]`; a list is written with commas between;
 4. the command line, where a setting has an option.

The data folder is `{DEFAULT_DATA}`, unless `HUBBUB_DATA` or `--data` names another one. `hubbub config` prints all
settings in use and the origin of each. With an unknown name or a value that is not allowed, the server does not start
and prints a sentence for each; a running server keeps its previous settings.

“Reload”: a change takes effect when the settings are reloaded. “Restart”: it takes effect at the next start. “Owner”:
the setting concerns the machine, and no administrator can change it over chat or HTTP
([roles and permissions](../run/administrators.md)).
"""


def page() -> str:
    """Write the page."""
    parts = [HEAD]
    parts += (_section(f"[{name}]", name, kind) for name, kind in SECTIONS.items())
    parts.append(_section(f"[[{LISTENERS}]]", "", Listener))
    parts += (_section(f"[{section}.NAME]", "", kind) for section, kind in NAMED.items())
    return "\n".join(parts)


def owners_settings() -> str:
    """The settings that nobody can change over chat or HTTP."""
    rows = [f"| `{section}.{one.name}` | {one.text} |" for section, one in all_settings() if one.about.owner]
    return "\n".join(["| setting | meaning |", "| --- | --- |", *rows])


def _section(title: str, name: str, section: type[Section]) -> str:
    lines = [f"## {title}", "", section.__doc__ or "", ""]
    if not name:
        lines += ["There may be several; they stand in the file only.", ""]
    lines += ["| setting | meaning | allowed | built in | a change |", "| --- | --- | --- | --- | --- |"]
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
