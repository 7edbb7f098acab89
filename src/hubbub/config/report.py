"""The settings in use, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from .declaration import MASK, Section, Setting, declared
from .loading import Loaded
from .sections import NAMED, SECTIONS
from .values import written


def describe(loaded: Loaded) -> str:
    """List every setting with its value and where it comes from; secrets are masked."""
    rows = report(loaded)
    width = max(len(key) for key, _, _ in rows)
    return "\n".join(f"{key:{width}}  {value}  ({place})" for key, value, place in rows)


def report(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Every setting, its value, and where that comes from; secrets are masked."""
    rows: list[tuple[str, str, str]] = []
    for name in SECTIONS:
        section: Section = getattr(loaded.settings, name)
        rows += _rows(name, section, loaded)
    for number, listener in enumerate(loaded.settings.listeners, start=1):
        rows += _rows(f"listeners[{number}]", listener, loaded)
    for kind in NAMED:
        for name, one in getattr(loaded.settings, kind).items():
            rows += _rows(f"{kind}.{name}", one, loaded)
    return rows


@dataclass(frozen=True, slots=True)
class Explained:
    """A setting as people are shown it who may change it."""

    key: str
    value: str
    place: str
    """The source of the value."""
    help: str
    choices: Sequence[str]
    """The allowed words of a setting that takes one of a few."""
    restart: bool
    """Whether a change waits for the next start."""


def explained(loaded: Loaded) -> list[Explained]:
    """Every setting that stands alone, with what it means; secrets are masked."""
    found: list[Explained] = []
    for name, kind in SECTIONS.items():
        section = getattr(loaded.settings, name)
        rows = _rows(name, section, loaded)
        for one, (key, value, place) in zip(declared(kind), rows, strict=True):
            given = getattr(section, one.name)
            choices = ("true", "false") if one.kind is bool else one.choices
            # A text is shown as one would type it, not as it stands in the file.
            words = given if isinstance(given, str) and value != MASK else value
            found.append(Explained(key, words, place, one.text, choices, one.about.restart))
    return found


def _rows(title: str, section: Section, loaded: Loaded) -> list[tuple[str, str, str]]:
    whole = title.partition("[")[0].partition(".")[0]
    return [
        (
            f"{title}.{one.name}",
            _masked(one, getattr(section, one.name)),
            loaded.sources.get(f"{title}.{one.name}") or loaded.sources[whole],
        )
        for one in declared(type(section))
    ]


def _masked(setting: Setting, value: object) -> str:
    if setting.about.secret and value:
        return MASK
    return "off" if setting.about.off and value == 0 else written(value)
