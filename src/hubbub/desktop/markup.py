"""A message's text as the rich text that Qt draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final

from hubbub.client.custom_emoji import pieces
from hubbub.client.formatting import Look, mentions, spans

LINE_PERCENT: Final = 122
"""The line height, in percent."""
EMOJI_PIXELS: Final = 20
"""The height of a custom emoji in its line, in pixels."""
LINK_CHARACTERS_MAX: Final = 2_000
"""A longer address can't be opened."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours, as `#rrggbb`, that a text needs beside its own."""

    link: str
    code: str
    """The ground of code."""


_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def _nobody(name: str) -> None:
    return None


def rich(
    text: str, ink: Ink, emoji: Mapping[str, str] = _NONE, known: Callable[[str], object] = _nobody
) -> str:
    """HTML with nothing in it that the text says itself; `emoji` has the addresses of pictures on this computer.

    An `@name` of somebody who is `known` stands out.
    """
    words, was_block = "", False
    for span in spans(text):
        if span.look.block:
            words = words.removesuffix("<br>") + _block(span.text, ink)
        else:
            part = span.text.removeprefix("\n") if was_block else span.text
            words += _with_names(part, span.look, ink, emoji, known)
        was_block = span.look.block
    return f'<div style="line-height:{LINE_PERCENT}%">{words}</div>'


def _block(text: str, ink: Ink) -> str:
    """Code on a ground of its own, each of its spaces where it was written."""
    code = escape(text.removesuffix("\n").replace("\t", "    "))
    style = "margin:0;font-family:monospace;white-space:pre-wrap"
    return f'<table cellpadding="8" bgcolor="{ink.code}"><tr><td><pre style="{style}">{code}</pre></td></tr></table>'


def _with_names(
    text: str, look: Look, ink: Ink, emoji: Mapping[str, str], known: Callable[[str], object]
) -> str:
    if look.code or look.link:
        return _span(text, look, ink, emoji)
    return "".join(
        f'<span style="font-weight:600;color:{ink.link}">{escape(piece)}</span>'
        if is_name
        else _span(piece, look, ink, emoji)
        for piece, is_name in mentions(text, known)
    )


def _span(text: str, look: Look, ink: Ink, emoji: Mapping[str, str]) -> str:
    known = _NONE if look.code or look.link else emoji
    words = "".join(
        _picture(one.text, known[one.name]) if one.name else _spaced(escape(one.text)).replace("\n", "<br>")
        for one in pieces(text, known)
    )
    style = _style(look, ink)
    if style:
        words = f'<span style="{style}">{words}</span>'
    if look.link and len(look.link) <= LINK_CHARACTERS_MAX:
        words = f'<a href="{escape(look.link)}" style="color:{ink.link}">{words}</a>'
    return words


def _picture(text: str, address: str) -> str:
    return f'<img src="{escape(address)}" height="{EMOJI_PIXELS}" alt="{escape(text)}" style="vertical-align:middle">'


def _style(look: Look, ink: Ink) -> str:
    colour, ground = look.colour, look.ground or (ink.code if look.code else "")
    if look.reverse:
        colour, ground = ground or "#ffffff", colour or "#444444"
    lines = [name for name, on in (("underline", look.underline), ("line-through", look.strike)) if on]
    parts = (
        ("font-weight:700", look.bold),
        ("font-style:italic", look.italic),
        ("font-family:monospace", look.code),
        (f"text-decoration:{' '.join(lines)}", lines),
        (f"color:{colour}", colour),
        (f"background-color:{ground}", ground),
    )
    return ";".join(part for part, is_so in parts if is_so)


def _spaced(text: str) -> str:
    """Spaces are kept as they are written."""
    return text.replace("\t", "    ").replace("  ", " &nbsp;").replace("\n ", "\n&nbsp;")
