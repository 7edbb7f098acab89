"""The settings brought together: the built-in ones, then the file, the environment and the command line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from .checks import is_plain_name
from .declaration import Section, Setting, declared
from .sections import LISTENERS, NAMED, REPEATED, SECTIONS, Listener, Settings
from .sources import (
    BUILT_IN,
    FILE_NAME,
    Given,
    SettingsError,
    from_environment,
    from_file,
    from_flags,
    is_known,
    read_file,
    read_text,
)
from .values import NotAllowed, accept, allowed, harmless, kind, shown, tame

_MOTD_BYTES_MAX: Final = 65_536


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, where each comes from (`section.name` → place), and the message of the day they lead to."""

    data: Path
    settings: Settings
    sources: Mapping[str, str]
    motd: tuple[str, ...] = ()

    def file(self, key: str) -> Path:
        """Find the file that a setting (`section.name`) names; a relative path begins at the data folder.

        Raises KeyError for one that is not declared as a file's: whoever administers the chat could change it.
        """
        declared_as_file = {
            f"{section}.{one.name}": section for section, one in all_settings() if one.about.is_file
        }
        named: str = getattr(getattr(self.settings, declared_as_file[key]), key.partition(".")[2])
        return self.data / named


@dataclass(frozen=True, slots=True)
class Reloaded:
    """Settings read again: what changed, and what waits for the next start and is what it was until then."""

    loaded: Loaded
    changed: tuple[str, ...]
    waiting: tuple[str, ...]


def load(data: Path, environment: Mapping[str, str], flags: Mapping[str, object]) -> Loaded:
    """Read the settings from everywhere, the later place winning; raises SettingsError with all that is wrong.

    `flags` are what the command line says, as `section.name` → value, None where it says nothing.
    """
    problems: list[str] = []
    file = data / FILE_NAME
    content = _read(file, problems)
    given = [
        *from_file(content, str(file), problems),
        *from_environment(environment, problems),
        *from_flags(flags, problems),
    ]
    sources = {f"{section}.{one.name}": BUILT_IN for section, one in all_settings()}
    values = _values(given, sources, problems)
    listeners = _listeners(content.get(LISTENERS, []), str(file), problems)
    named: dict[str, Any] = {
        section: _named(section, content.get(section, {}), str(file), problems) for section in NAMED
    }
    sections: dict[str, Any] = {section: kind_of(**values[section]) for section, kind_of in SECTIONS.items()}
    settings = Settings(**sections, **named, listeners=listeners)
    sources |= dict.fromkeys(REPEATED, BUILT_IN)
    sources |= {section: str(file) for section in REPEATED if section in content}
    loaded = Loaded(data, settings, sources)
    problems += _contradictions(settings)
    motd = _motd(loaded, problems)
    if problems:
        raise SettingsError(problems)
    return Loaded(data, settings, sources, motd)


def all_settings() -> Iterator[tuple[str, Setting]]:
    """Every setting of the sections that there are once, with its section's name."""
    return ((section, one) for section, kind_of in SECTIONS.items() for one in declared(kind_of))


def _read(file: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return read_file(file)
    except SettingsError as error:
        problems += error.sentences
        return {}


def _values(
    given: Iterable[Given], sources: dict[str, str], problems: list[str]
) -> dict[str, dict[str, Any]]:
    """The values of each section; a wrong value is an error even where a later source overrides it."""
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    known = {f"{section}.{one.name}": one for section, one in all_settings()}
    for one in given:
        try:
            values[one.section][one.name] = accept(known[one.key], one.value, one.words)
        except NotAllowed:
            subject = f"{one.key} {'from' if one.words else 'in'} {one.place}"
            problems.append(wrong(known[one.key], subject, one.value))
        else:
            sources[one.key] = one.place
    return values


def wrong(setting: Setting, subject: str, given: object) -> str:
    """The sentence for a value that is not allowed."""
    return f"{subject} is {shown(setting, given)}. Use {allowed(setting)}."


def _listeners(content: object, place: str, problems: list[str]) -> tuple[Listener, ...]:
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        problems.append(
            f"{LISTENERS} in {place} is {kind(content)}. Write [[{LISTENERS}]] before each of them."
        )
        return ()
    found = []
    for number, entry in enumerate(content, start=1):
        values = _table(LISTENERS, f"{LISTENERS}[{number}]", entry, place, problems)
        if values is not None:
            found.append(Listener(**values))
    names = [listener.name for listener in found]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        problems.append(f"Several listeners in {place} are called {name}. Give each its own name.")
    return tuple(found)


def _named(section: str, content: object, place: str, problems: list[str]) -> dict[str, Any]:
    if not isinstance(content, dict) or not all(isinstance(entry, dict) for entry in content.values()):
        problems.append(
            f"{section} in {place} contains something other than {section}. Write [{section}.NAME] before "
            "the settings of each."
        )
        return {}
    found = {}
    for name, entry in content.items():
        if not is_plain_name(name):
            problems.append(
                f"The {section[:-1]} {tame(name)} in {place} has a name that is not valid. Use 1 to 40 "
                "letters, digits, dots, hyphens or underscores."
            )
        values = _table(section, f"{section}.{tame(name)}", entry, place, problems)
        if values is not None:
            found[name] = NAMED[section](**values)
    return found


def _table(
    section: str, title: str, entry: Mapping[str, object], place: str, problems: list[str]
) -> dict[str, Any] | None:
    """The values of one listener or operator; None if it cannot be made of them."""
    before = len(problems)
    known = {one.name: one for one in declared(REPEATED[section])}
    values = {}
    for name, given in entry.items():
        if not is_known(section, name, place, problems, title):
            continue
        try:
            values[name] = accept(known[name], given)
        except NotAllowed:
            problems.append(wrong(known[name], f"{title}.{name} in {place}", given))
    for name, setting in known.items():
        if setting.default is msgspec.NODEFAULT and name not in entry:
            problems.append(f"{title}.{name} is missing in {place}. Use {allowed(setting)}.")
    return values if len(problems) == before else None


def _contradictions(settings: Settings) -> Iterator[str]:
    tls, server = settings.tls, settings.server
    if bool(tls.certificate) != bool(tls.key):
        one, other = ("tls.certificate", "tls.key") if tls.certificate else ("tls.key", "tls.certificate")
        yield f"{one} is set, but {other} is not. Set both, or neither to let the server create a certificate."
    if server.motd and server.motd_file:
        yield "server.motd and server.motd_file are both set. Keep one of them."


def _motd(loaded: Loaded, problems: list[str]) -> tuple[str, ...]:
    """The lines of the message of the day, without what could drive a terminal."""
    server = loaded.settings.server
    text, path = server.motd, loaded.file("server.motd_file")
    if server.motd_file:
        try:
            text = read_text(path, _MOTD_BYTES_MAX)
        except FileNotFoundError:
            problems.append(
                f"server.motd_file names {path}, which does not exist. Create that file, or leave the setting empty."
            )
        except SettingsError as error:
            problems += error.sentences
    return tuple(harmless(line.expandtabs(4)) for line in text.rstrip().split("\n")) if text.strip() else ()


def reload(old: Loaded, environment: Mapping[str, str], flags: Mapping[str, object]) -> Reloaded:
    """Read the settings again. Raises SettingsError, and keeps the old settings then.

    Settings that need a restart keep their old value and are reported at each reload until then.
    """
    new = load(old.data, environment, flags)
    changed: list[str] = []
    waiting: list[str] = []
    parts: dict[str, Any] = {LISTENERS: old.settings.listeners}
    for section in SECTIONS:
        before: Section = getattr(old.settings, section)
        after: Section = getattr(new.settings, section)
        differing = [
            one for one in declared(type(after)) if getattr(before, one.name) != getattr(after, one.name)
        ]
        changed += (f"{section}.{one.name}" for one in differing if not one.about.restart)
        held = [one.name for one in differing if one.about.restart]
        waiting += (f"{section}.{name}" for name in held)
        parts[section] = msgspec.structs.replace(after, **{name: getattr(before, name) for name in held})
    for section in NAMED:
        parts[section] = getattr(new.settings, section)
        if parts[section] != getattr(old.settings, section):
            changed.append(section)
    if new.settings.listeners != old.settings.listeners:
        waiting.append(LISTENERS)
    if new.motd != old.motd and not {"server.motd", "server.motd_file"} & set(changed):
        changed.append("server.motd_file")
    sources = {**new.sources, **{key: old.sources[key] for key in waiting}}
    return Reloaded(Loaded(old.data, Settings(**parts), sources, new.motd), tuple(changed), tuple(waiting))
