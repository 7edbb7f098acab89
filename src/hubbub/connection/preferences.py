"""A face's preferences between runs: servers and names, settings, and texts that were not sent."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import msgspec

from hubbub.client.chat_model import Outgoing
from hubbub.client.client import Client
from hubbub.client.typed_line import is_secret
from hubbub.connection.json_files import read, write
from hubbub.connection.known_servers import KnownServers

PLACES_MAX: Final = 20
_SERVICE: Final = "hubbub"


@dataclass(frozen=True, slots=True)
class Place:
    """A server where one has been, as whom; `is_guest` if without an account."""

    address: str
    name: str
    is_guest: bool = False


S = TypeVar("S", bound=Any)
C = TypeVar("C")


def choice(first: C, *others: C) -> C:
    """A setting in a frozen dataclass of settings: what it may be, its value at first before the others."""
    # One asks for on or off, whichever it is at first.
    may = (True, False) if isinstance(first, bool) else (first, *others)
    found: C = field(default=first, metadata={"choices": may})
    return found


def choices(settings: Any) -> Mapping[str, Sequence[object]]:
    """Setting → what it may be, of a dataclass of settings or its type."""
    return {one.name: one.metadata["choices"] for one in fields(settings)}


def spoken(value: object) -> str:
    """A value as one writes it."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as the server stored it last."""

    base: str
    saved: str
    own: bool


@dataclass(slots=True)
class Kept:
    """One account's state on a server: drafts by conversation, the outbox, the conversation last open."""

    drafts: dict[str, str] = field(default_factory=dict)
    drafted: dict[str, "Drafted"] = field(default_factory=dict)
    outbox: list[Outgoing] = field(default_factory=list)
    here: str = ""


class Remembered(Generic[S]):
    """Everything that is kept, in one folder; passwords only in the system's keyring, where there is one.

    Faces share the folder, and each has a file of its own for its settings.
    """

    def __init__(
        self, folder: Path | None, settings: type[S], file: str = "settings.json", has_keyring: bool = True
    ) -> None:
        """Without a folder everything is forgotten at the end."""
        self.folder = folder
        self.known = KnownServers(folder / "servers.json" if folder else None)
        self._has_keyring = has_keyring
        self._file_of_settings = file
        found = self._read(file)
        self.settings: S = settings(
            **{name: found[name] for name, may in choices(settings).items() if found.get(name) in may}
        )

    # Settings

    def set(self, name: str, text: str) -> str:
        """Change a setting by what was typed; ValueError where it is none, or may not be that."""
        may = choices(self.settings)
        if name not in may:
            raise ValueError(f"There is no setting {name}. The settings are: {', '.join(may)}.")
        values = {spoken(value): value for value in may[name]}
        if text not in values:
            raise ValueError(f"Write: /set {name} {' or '.join(values)}")
        change: Any = {name: values[text]}
        self.settings = replace(self.settings, **change)
        self._write(self._file_of_settings, asdict(self.settings))
        return f"{name} is {text}."

    def settings_in_words(self) -> list[str]:
        """A row for each setting: its value, and what it may be."""
        return [
            f"  {name:8} {spoken(getattr(self.settings, name)):6} ({', '.join(map(spoken, may))})"
            for name, may in choices(self.settings).items()
        ]

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        """A disk that is full or may not be written is no reason to stop talking."""
        if self.folder is not None:
            with contextlib.suppress(OSError):
                write(self.folder / name, content)

    def _read(self, name: str) -> dict[str, Any]:
        return read(self.folder / name) if self.folder else {}

    # Places

    def places(self) -> list[Place]:
        """The servers visited, latest first."""
        found = self._read("places.json").get("places", [])
        with contextlib.suppress(msgspec.ValidationError):
            return msgspec.convert(found, list[Place])
        return []

    def been_at(self, place: Place, password: str = "") -> bool:
        """Remember a place; whether the password is kept too."""
        others = [one for one in self.places() if (one.address, one.name) != (place.address, place.name)]
        self._write("places.json", {"places": [asdict(one) for one in [place, *others][:PLACES_MAX]]})
        return bool(password) and self._keep_password(place, password)

    def forget(self, place: Place) -> None:
        """Take a place and its password out."""
        others = [one for one in self.places() if one != place]
        self._write("places.json", {"places": [asdict(one) for one in others]})
        if self._has_keyring:
            import keyring

            with contextlib.suppress(Exception):
                keyring.delete_password(_SERVICE, f"{place.name}@{place.address}")

    def password(self, place: Place) -> str:
        """The password that is kept for a place; empty if none."""
        if not self._has_keyring or place.is_guest:
            return ""
        import keyring

        # Keyrings are many, and each fails in its own way.
        with contextlib.suppress(Exception):
            return keyring.get_password(_SERVICE, f"{place.name}@{place.address}") or ""
        return ""

    def _keep_password(self, place: Place, password: str) -> bool:
        if not self._has_keyring:
            return False
        import keyring
        from keyring.backends.fail import Keyring as NoKeyring

        with contextlib.suppress(Exception):
            if (
                isinstance(keyring.get_keyring(), NoKeyring)
                or "plain" in type(keyring.get_keyring()).__name__.lower()
            ):
                return False
            keyring.set_password(_SERVICE, f"{place.name}@{place.address}", password)
            return True
        return False

    # What was typed

    def _file(self, place: Place) -> str:
        name = re.sub(r"[^A-Za-z0-9._-]", "_", f"{place.name.casefold()}@{place.address.casefold()}")
        return f"typed-{name[:120]}.json"

    def load(self, place: Place) -> Kept:
        with contextlib.suppress(msgspec.ValidationError):
            return msgspec.convert(self._read(self._file(place)), Kept)
        return Kept()

    def keep(self, place: Place, client: Client, here: str) -> None:
        """Keep what its user has typed: nothing of it may be lost, and no password kept."""
        open_ = client.conversations.values()
        drafts = {one.name: one.draft for one in open_ if one.draft and not is_secret(one.draft)}
        outbox = [_plain(asdict(entry)) for entry in client.saved()]
        drafted = {
            one.name: asdict(Drafted(known.base, known.saved, known.own))
            for one in open_
            if (known := one.drafting).base and (known.text or known.saved)
        }
        kept = {"drafts": drafts, "drafted": drafted, "outbox": outbox, "here": here}
        self._write(self._file(place), kept)


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in fields.items()}
