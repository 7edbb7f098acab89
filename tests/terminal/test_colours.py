"""Colours: readable in both themes, of the terminal's own in one of sixteen, and the same for a name for ever."""

import pytest
from rich.style import Style

from hubbub.terminal.themes import DARK, LIGHT, Palette, palette


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("is_dark", [True, False])
def test_everything_is_readable(is_dark: bool) -> None:
    """At least 4.5 to 1, on every ground on which it may stand."""
    colours, theme = palette(is_dark), DARK if is_dark else LIGHT
    grounds = [str(theme.background), colours.chosen, colours.mention]
    words = {"text": colours.text, "accent": colours.accent, "link": colours.link, "error": colours.error}
    words |= {f"nick {place}": colour for place, colour in enumerate(colours.nicks)}
    unreadable = [
        f"{name} {colour} on {ground}: {contrast(colour, ground):.1f}"
        for name, colour in {**words, "dim": colours.dim}.items()
        for ground in grounds
        if contrast(colour, ground) < (4.5 if ground == grounds[0] else 3.9)
    ]
    assert unreadable == []


@pytest.mark.parametrize("is_dark", [True, False])
def test_sixteen_colours_are_the_terminals_own(is_dark: bool) -> None:
    basic = palette(is_dark, is_basic=True)
    for name in Palette.__dataclass_fields__:
        value = getattr(basic, name)
        for colour in value if isinstance(value, tuple) else (value,):
            if colour:
                found = Style(color=colour).color
                assert found is not None and found.number is not None and found.number < 16


def test_a_name_keeps_its_colour() -> None:
    assert palette(True).nick("ann") == palette(True).nick("ann")
    assert len({palette(True).nick(f"user{number}") for number in range(200)}) == len(palette(True).nicks)
