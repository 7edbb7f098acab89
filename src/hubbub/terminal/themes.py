"""The terminal client's two themes."""

from dataclasses import dataclass
from typing import Final

from textual.theme import Theme

from hubbub.client.colours import ON_DARK, ON_LIGHT, colour_of

DARK: Final = Theme(
    name="hubbub-dark",
    primary="#7cb7ff",
    secondary="#9ece6a",
    accent="#ffb86b",
    foreground="#d9dde5",
    background="#14171d",
    surface="#191d25",
    panel="#222833",
    success="#8fd18a",
    warning="#f2c46d",
    error="#ff8585",
    dark=True,
    variables={"block-cursor-text-style": "none", "footer-key-foreground": "#7cb7ff"},
)
LIGHT: Final = Theme(
    name="hubbub-light",
    primary="#0b5cad",
    secondary="#3d7a10",
    accent="#a34b00",
    foreground="#1d2330",
    background="#fbfbfa",
    surface="#f1f2f4",
    panel="#e3e6ea",
    success="#236b1f",
    warning="#7d5700",
    error="#b3211c",
    dark=False,
    variables={"block-cursor-text-style": "none", "footer-key-foreground": "#0b5cad"},
)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours in which messages are drawn; each has at least the contrast 4.5 to 1 with the ground.

    A ground that is empty is not drawn.
    """

    text: str
    dim: str
    accent: str
    link: str
    error: str
    good: str
    chosen: str
    """The ground of the selected message."""
    mention: str
    """The ground of a message that mentions its reader."""
    code: str
    """The ground of code."""

    nicks: tuple[str, ...] = ()

    def nick(self, folded: str) -> str:
        """The colour of a nickname, the same for ever."""
        return colour_of(folded, self.nicks)


_DARK: Final = Palette(
    *("#d9dde5", "#8b95a5", "#ffb86b", "#7cb7ff", "#ff8585", "#8fd18a", "#2a3140", "#33291c", "#232936"),
    nicks=ON_DARK,
)
_LIGHT: Final = Palette(
    *("#1d2330", "#5d6674", "#a34b00", "#0b5cad", "#b3211c", "#236b1f", "#dbe4f0", "#fdf0dc", "#ebedf0"),
    nicks=ON_LIGHT,
)
# A terminal of sixteen colours knows these by name, and its user has chosen how they look.
_DARK_BASIC: Final = Palette(
    *("bright_white", "white", "bright_yellow", "bright_cyan", "bright_red", "bright_green", "blue", "", ""),
    nicks=(
        "bright_cyan",
        "bright_green",
        "bright_magenta",
        "bright_yellow",
        "bright_red",
        "cyan",
        "green",
        "yellow",
    ),
)
_LIGHT_BASIC: Final = Palette(
    *("black", "bright_black", "magenta", "blue", "red", "green", "cyan", "", ""),
    nicks=("blue", "green", "magenta", "red", "cyan"),
)


def palette(is_dark: bool, is_basic: bool = False) -> Palette:
    """For a theme, and a terminal that may have sixteen colours only."""
    if is_basic:
        return _DARK_BASIC if is_dark else _LIGHT_BASIC
    return _DARK if is_dark else _LIGHT
