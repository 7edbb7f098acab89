"""A settings' file to start from: everything is in it, explained, and commented out."""

import textwrap
from collections.abc import Mapping

import msgspec

from .declaration import Section, Setting, declared
from .sections import SECTIONS, Gateway, Listener, Operator
from .values import allowed, written

_HEAD = """# The settings of a Hubbub server. Save this as hubbub.toml in the data folder, and remove the # before
# what you want to change; each line shows the default.
#
# The environment (HUBBUB_SERVER_PORT=6667) overrides this file, and the command line overrides both. A change
# applies when the settings are reloaded; where it says so, it requires a restart.
"""
_COLUMNS = 110


def example() -> str:
    """Write the file; uncommented, it says what holds anyway."""
    parts = [_HEAD]
    parts += (_section(f"[{name}]", kind_of) for name, kind_of in SECTIONS.items())
    parts.append(_sample("[[listeners]]", Listener, {"name": "irc", "port": 6667, "kind": "irc"}))
    parts.append(_sample("[operators.ann]", Operator, {"password": "$argon2id$…", "role": "admin"}))
    webchat = {"password": "$argon2id$…", "networks": ("192.0.2.7",)}
    parts.append(_sample("[gateways.webchat]", Gateway, webchat))
    return "\n".join(parts)


def _section(head: str, section: type[Section]) -> str:
    lines = [_comment(section.__doc__ or ""), head, ""]
    for one in declared(section):
        lines += [_explained(one), f"#{one.name} = {written(one.default)}", ""]
    return "\n".join(lines)


def _sample(head: str, section: type[Section], values: Mapping[str, object]) -> str:
    """Show what there is none of by itself; twice commented, since uncommenting it would change something."""
    lines = [_comment(section.__doc__ or ""), f"##{head}"]
    for one in declared(section):
        default = "" if one.default is msgspec.NODEFAULT else one.default
        lines += [_explained(one), f"##{one.name} = {written(values.get(one.name, default))}"]
    return "\n".join([*lines, ""])


def _explained(setting: Setting) -> str:
    restart = " Requires a restart." if setting.about.restart else ""
    owner = " Can't be changed over chat." if setting.about.owner else ""
    return _comment(f"{setting.text} Allowed: {allowed(setting)}.{restart}{owner}")


def _comment(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), _COLUMNS, initial_indent="# ", subsequent_indent="# ")
