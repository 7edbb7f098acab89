"""The sources of settings: the file in the data folder, the environment, the command line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from hubbub.invocation import typed

from .declaration import VARIABLE_PREFIX, Section, declared, variable
from .sections import ALL_SECTIONS, REPEATED, SECTIONS
from .values import kind, tame

FILE_NAME: Final = "hubbub.toml"
DATA_VARIABLE: Final = "HUBBUB_DATA"
DEFAULT_DATA: Final = "hubbub-data"
BUILT_IN: Final = "built in"
_FILE_BYTES_MAX: Final = 262_144
_ORCHESTRATORS: Final = re.compile(r"HUBBUB_(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_\d+_.*)")
"""Variables that container platforms set for a service called hubbub; they are not settings."""


class SettingsError(Exception):
    """The settings cannot be used; `sentences` say all that is wrong, and what to do."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Given:
    """One source's value of one setting; `words` marks text that has to be converted to another type."""

    section: str
    name: str
    value: object = field(repr=False)
    place: str
    words: bool = False

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"


def data_folder(environment: Mapping[str, str], given: str | None = None) -> Path:
    """Choose the data folder: the one that the command line gives, else HUBBUB_DATA, else `data`."""
    return Path(given or environment.get(DATA_VARIABLE) or DEFAULT_DATA)


def read_text(path: Path, bytes_max: int) -> str:
    """Read a small text file; raises SettingsError, or FileNotFoundError."""
    try:
        with path.open("rb") as file:
            content = file.read(bytes_max + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have that name"
        raise SettingsError([f"{tame(str(path), 200)} cannot be read: {reason}."]) from None
    if len(content) > bytes_max:
        raise SettingsError([f"{path} is larger than {bytes_max} bytes. Make it shorter."])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError([f"{path} is not UTF-8 text at line {line}. Save it as UTF-8."]) from None


def read_file(path: Path) -> dict[str, Any]:
    """Read the settings' file, as far as TOML goes; raises SettingsError. No file is as good as an empty one."""
    try:
        text = read_text(path, _FILE_BYTES_MAX)
    except FileNotFoundError:
        return {}
    try:
        return tomllib.loads(f"{text}\n")  # So that a mistake at the end has a line.
    except RecursionError:
        problem = "it is nested too deeply"
    except ValueError as error:
        problem = _toml_problem(str(error), text)
    raise SettingsError([f"{path} cannot be read as TOML: {problem}."])


def _toml_problem(reason: str, text: str) -> str:
    """The position and kind of a syntax error, without any of the file's text, which could be a secret."""
    found = re.search(r"^(.*) \(at (line (\d+), column \d+|end of document)\)", reason, re.DOTALL)
    if not found:
        return "a number in it is too long"
    what, place, number = found.groups()
    plain = re.fullmatch(r"[A-Za-z ,/]+", what)
    problem = f"{what[0].lower()}{what[1:]} at {place}" if plain else f"something is wrong at {place}"
    line = text.split("\n")[int(number) - 1] if number else ""
    if re.search(r"=\s*[A-Za-z]", line):
        return f'{problem}; write words in quotation marks, such as "yes"'
    return problem


def from_file(content: Mapping[str, Any], place: str, problems: list[str]) -> Iterator[Given]:
    """Yield what the file says of the sections that there are once."""
    for section, values in content.items():
        if section not in ALL_SECTIONS:
            problems.append(_no_section(section, values, place))
        elif section in SECTIONS and not isinstance(values, dict):
            problems.append(f"{section} in {place} is {kind(values)}. Make it a section: [{section}].")
        elif section in SECTIONS:
            for name, value in values.items():
                if is_known(section, name, place, problems):
                    yield Given(section, name, value, place)


def _no_section(name: str, values: object, place: str) -> str:
    homes = _sections_with(name)
    if homes and not isinstance(values, dict):
        return f"{name} in {place} is outside any section. Move it to [{homes[0]}]."
    return unknown(f"section [{tame(name)}]", name, list(ALL_SECTIONS), place, "[{}]")


def _sections_with(name: str) -> list[str]:
    return [section for section, kind_of in SECTIONS.items() if name in _names(kind_of)]


def _names(section: type[Section]) -> list[str]:
    return [one.name for one in declared(section)]


def from_environment(environment: Mapping[str, str], problems: list[str]) -> Iterator[Given]:
    """Yield what the variables HUBBUB_<SECTION>_<NAME> say.

    One that is not ours is complained of only where it looks like one of ours.
    """
    variables = {
        variable(section, one.name): (section, one.name)
        for section, kind_of in SECTIONS.items()
        for one in declared(kind_of)
    }
    for key, value in environment.items():
        if key in variables:
            yield Given(*variables[key], value, key, words=True)
        elif key.startswith(VARIABLE_PREFIX) and key != DATA_VARIABLE and not _ORCHESTRATORS.fullmatch(key):
            _judge_variable(key, list(variables), problems)


def _judge_variable(key: str, known: list[str], problems: list[str]) -> None:
    section = key.removeprefix(VARIABLE_PREFIX).partition("_")[0].lower()
    if section in REPEATED:
        problems.append(
            f"{tame(key)} has no effect: {section} can be set only in {FILE_NAME}. Move it there."
        )
    elif section in SECTIONS or get_close_matches(key, known, 1, 0.85):
        problems.append(unknown(f"variable {tame(key)}", key, known, "the environment"))


def from_flags(flags: Mapping[str, object], problems: list[str]) -> Iterator[Given]:
    """Yield what the command line says, as `section.name`; None means that it says nothing."""
    for key, value in flags.items():
        section, _, name = key.partition(".")
        if value is not None and is_known(section, name, "the command line", problems):
            flag = next(one.about.flag for one in declared(SECTIONS[section]) if one.name == name)
            yield Given(section, name, value, flag or "the command line", words=True)


def is_known(section: str, name: str, place: str, problems: list[str], title: str = "") -> bool:
    """Whether a section has a setting of this name; if not, a sentence says so."""
    names = _names(ALL_SECTIONS[section]) if section in ALL_SECTIONS else []
    if name in names:
        return True
    title = title or section
    what = f"setting {title}.{tame(name)}"
    if homes := _sections_with(name):
        problems.append(f"There is no {what}, but {place} has it. Move it to [{homes[0]}].")
    else:
        problems.append(unknown(what, name, names, place, f"{title}.{{}}"))
    return False


def unknown(what: str, key: str, known: list[str], place: str, form: str = "{}") -> str:
    """The sentence for a name that means nothing; `form` is how the one is written that was perhaps meant."""
    nearest = get_close_matches(key[:100], known, 1)
    if nearest:
        hint = f"Did you mean {form.format(nearest[0])}?"
    elif 0 < len(known) <= 12:
        hint = f"There are {', '.join(map(form.format, known[:-1]))} and {form.format(known[-1])}."
    else:
        hint = f"`{typed('config --example')}` lists all settings."
    return f"There is no {what}, but {place} has it. {hint}"
