"""A setting's declaration: one field of a section, with everything that its documentation says."""

import functools
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

MASK: Final = "********"
VARIABLE_PREFIX: Final = "HUBBUB_"
FILE_CHARACTERS_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class About:
    """The documentation of a setting beyond its type and bounds."""

    restart: bool
    """Whether a change waits for the next start; otherwise reading the settings again is enough."""
    secret: bool
    off: bool
    """Whether 0, or the word "off", switches this limit off."""
    lines: bool
    """Whether the text may have more than one line."""
    flag: str
    """The option of the command line that sets it, if there is one."""
    allowed: str
    """The allowed values in words, where type and bounds do not describe them fully."""
    check: Callable[[str], bool] | None
    """Whether a text, or one entry of a list of texts, is allowed."""
    owner: bool
    """Whether it concerns the machine: only the data folder's owner can change it, not over chat or HTTP."""
    is_file: bool
    """Whether it names a file of the machine, which the server reads."""


def setting(
    text: str,
    *,
    least: int | None = None,
    most: int | None = None,
    restart: bool = False,
    secret: bool = False,
    off: bool = False,
    lines: bool = False,
    flag: str = "",
    allowed: str = "",
    check: Callable[[str], bool] | None = None,
    owner: bool = False,
) -> msgspec.Meta:
    """Describe a field of a section; `text` is one sentence, and `most` of a text or list is its length."""
    about = About(restart, secret, off, lines, flag, allowed, check, owner, is_file=False)
    return msgspec.Meta(description=text, ge=0 if off else least, le=most, extra={"about": about})


def text_setting(
    text: str,
    *,
    least: int | None = None,
    most: int = 300,
    restart: bool = False,
    secret: bool = False,
    lines: bool = False,
    flag: str = "",
    allowed: str = "",
    check: Callable[[str], bool] | None = None,
    owner: bool = False,
) -> msgspec.Meta:
    """Describe a field that is a text or a list of texts; `least` and `most` are its length."""
    about = About(restart, secret, False, lines, flag, allowed, check, owner, is_file=False)
    return msgspec.Meta(description=text, min_length=least, max_length=most, extra={"about": about})


def file_setting(text: str, *, restart: bool = False, flag: str = "") -> msgspec.Meta:
    """Describe a field that names a file: `Loaded.file` finds no other, and it is the machine's owner's."""
    about = About(restart, False, False, False, flag, "", None, owner=True, is_file=True)
    return msgspec.Meta(description=text, max_length=FILE_CHARACTERS_MAX, extra={"about": about})


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings that belong together; it never shows its secrets."""

    def __repr__(self) -> str:
        values = (
            f"{one.name}={MASK if one.about.secret else repr(getattr(self, one.name))}"
            for one in declared(type(self))
        )
        return f"{type(self).__name__}({', '.join(values)})"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a section, as it was declared."""

    name: str
    hint: Any
    """Its type with its bounds, for msgspec."""
    kind: Any
    """Its type alone."""
    meta: msgspec.Meta
    default: Any
    """The default value; `msgspec.NODEFAULT` for a setting that must be given."""

    @property
    def about(self) -> About:
        about: About = (self.meta.extra or {})["about"]
        return about

    @property
    def text(self) -> str:
        return self.meta.description or ""

    @property
    def is_list(self) -> bool:
        return typing.get_origin(self.kind) is tuple

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of which one is chosen; none if it is not such a setting."""
        return typing.get_args(self.kind) if typing.get_origin(self.kind) is typing.Literal else ()


@functools.cache
def declared(section: type[Section]) -> tuple[Setting, ...]:
    """List a section's settings in the order of their declaration."""
    hints: Mapping[str, Any] = typing.get_type_hints(section, include_extras=True)
    defaults = {field.name: field.default for field in msgspec.structs.fields(section)}
    return tuple(
        Setting(name, hint, typing.get_args(hint)[0], hint.__metadata__[0], defaults[name])
        for name, hint in hints.items()
    )


def variable(section: str, name: str) -> str:
    """Name the environment variable of a setting."""
    return f"{VARIABLE_PREFIX}{section}_{name}".upper()
