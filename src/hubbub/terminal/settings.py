"""The terminal client's settings: its look and its bell."""

from dataclasses import dataclass
from pathlib import Path

from hubbub.connection.preferences import Remembered, choice


@dataclass(frozen=True, slots=True)
class Settings:
    """Each is set with /set NAME VALUE."""

    theme: str = choice("auto", "dark", "light")
    """auto is: as the terminal's background is"""
    bell: bool = choice(False, True)
    """ring the bell when one is mentioned"""
    notify: bool = choice(True, False)
    """desktop notifications, where the terminal can show them"""
    clock: int = choice(24, 12)
    comings: str = choice("none", "spoke", "all")
    """whose coming and going is told in rooms: nobody's, of those who have spoken lately, everybody's"""
    newrooms: str = choice("ask", "make")
    """whether one is asked before a room is made that is not there"""
    rooms: str = choice("auto", "on", "off")
    """the list of rooms; auto is: where there is room for it"""
    members: str = choice("auto", "on", "off")


class Memory(Remembered[Settings]):
    """The terminal client's preferences."""

    def __init__(self, folder: Path | None, has_keyring: bool = True) -> None:
        super().__init__(folder, Settings, "settings.json", has_keyring)
