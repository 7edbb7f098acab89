"""The desktop's settings: its look, its sounds, and what it remembers."""

from dataclasses import dataclass
from pathlib import Path

from hubbub.connection.preferences import Remembered, choice


@dataclass(frozen=True, slots=True)
class Settings:
    """Each is set with /set NAME VALUE, or in the window's menu."""

    theme: str = choice("system", "light", "dark")
    notify: bool = choice(True, False)
    """notifications of what is said to its user"""
    clock: int = choice(24, 12)
    comings: str = choice("none", "spoke", "all")
    """whose coming and going is told in rooms: nobody's, of those who have spoken lately, everybody's"""
    newrooms: str = choice("ask", "make")
    """whether one is asked before a room is made that is not there"""
    rooms: bool = choice(True, False)
    """the list of rooms"""
    members: bool = choice(True, False)
    tray: bool = choice(True, False)
    """an icon beside the clock; with it a closed window goes on being told of messages"""


class Memory(Remembered[Settings]):
    """The desktop's preferences; servers and names are shared with the terminal client."""

    def __init__(self, folder: Path | None, has_keyring: bool = True) -> None:
        super().__init__(folder, Settings, "desktop.json", has_keyring)
