"""What the client knows from earlier runs: servers and names, settings, and what was typed and not sent."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final

import msgspec

from hubbub.client.client import Client
from hubbub.client.model import Outgoing
from hubbub.client.speech import is_secret
from hubbub.connection.folder import read, write
from hubbub.connection.known import KnownServers

PLACES_MAX: Final = 20
_SERVICE: Final = "hubbub"


@dataclass(frozen=True, slots=True)
class Place:
    """A server where one has been, as whom; `is_guest` if without an account."""

    address: str
    name: str
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How the client looks and rings; each is set with /set NAME VALUE."""

    theme: str = "dark"
    """dark or light"""
    bell: bool = False
    """ring the bell when one is mentioned"""
    notify: bool = True
    """desktop notifications, where the terminal can show them"""
    clock: int = 24
    """24 or 12 hours"""
    rooms: str = "auto"
    """the list of rooms: on, off, or auto"""
    members: str = "auto"
    """the list of members: on, off, or auto"""


CHOICES: Final[Mapping[str, Sequence[object]]] = {
    "theme": ("dark", "light"),
    "bell": (True, False),
    "notify": (True, False),
    "clock": (24, 12),
    "rooms": ("auto", "on", "off"),
    "members": ("auto", "on", "off"),
}
"""Setting → what it may be."""


def spoken(value: object) -> str:
    """A value as one writes it."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


@dataclass(slots=True)
class Kept:
    """What is kept of one's place on a server: drafts by conversation, what is still to be sent, where one was."""

    drafts: dict[str, str] = field(default_factory=dict)
    outbox: list[Outgoing] = field(default_factory=list)
    here: str = ""


class Remembered:
    """Everything that is kept, in one folder; passwords only in the system's keyring, where there is one."""

    def __init__(self, folder: Path | None, has_keyring: bool = True) -> None:
        """Without a folder everything is forgotten at the end."""
        self.folder = folder
        self.known = KnownServers(folder / "servers.json" if folder else None)
        self._has_keyring = has_keyring
        self.settings = self._settings()

    # Settings

    def _settings(self) -> Settings:
        found = self._read("settings.json")
        fits = {name: found[name] for name, choices in CHOICES.items() if found.get(name) in choices}
        return Settings(**fits)

    def set(self, name: str, text: str) -> str:
        """Change a setting by what was typed; ValueError where it is none, or may not be that."""
        if name not in CHOICES:
            raise ValueError(f"There is no setting {name}. There are: {', '.join(CHOICES)}.")
        values = {spoken(choice): choice for choice in CHOICES[name]}
        if text not in values:
            raise ValueError(f"Write: /set {name} {' or '.join(values)}")
        change: Any = {name: values[text]}
        self.settings = replace(self.settings, **change)
        self._write("settings.json", asdict(self.settings))
        return f"{name} is {text}."

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        """A disk that is full or may not be written is no reason to stop talking."""
        if self.folder is not None:
            with contextlib.suppress(OSError):
                write(self.folder / name, content)

    def _read(self, name: str) -> dict[str, Any]:
        return read(self.folder / name) if self.folder else {}

    # Places

    def places(self) -> list[Place]:
        """Where one has been, the latest first."""
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
        self._write(self._file(place), {"drafts": drafts, "outbox": outbox, "here": here})


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, Enum) else value for name, value in fields.items()}
