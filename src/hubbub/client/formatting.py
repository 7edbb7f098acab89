"""Formatted text as spans: the codes of IRC, the everyday part of Markdown, and links."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from hubbub.text import clean_lines


@dataclass(frozen=True, slots=True)
class Look:
    """The style of a span; colours are `#rrggbb`, empty for the face's own."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    block: bool = False
    """Code that stands by itself, each of its spaces where it was written."""
    reverse: bool = False
    colour: str = ""
    ground: str = ""
    link: str = ""


PLAIN: Final = Look()


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    look: Look = PLAIN


_COLOURS: Final = (
    "ffffff00000000007f009300ff00007f00009c009cfc7f00ffff0000fc0000939300ffff0000fcff00ff7f7f7fd2d2d2"
    "47000047210047470032470000470000472c0047470027470000472e004747004747002a"
    "740000743a007474005174000074000074490074740040740000744b0074740074740045"
    "b50000b56300b5b5007db50000b50000b57100b5b50063b50000b57500b5b500b5b5006b"
    "ff0000ff8c00ffff00b2ff0000ff0000ffa000ffff008cff0000ffa500ffff00ffff0098"
    "ff5959ffb459ffff71cfff606fff6f65ffc96dffff59b4ff5959ffc459ffff66ffff59bc"
    "ff9c9cffd39cffff9ce2ff9c9cff9c9cffdb9cffff9cd3ff9c9cffdc9cffff9cffff94d3"
    "0000001313132828283636364d4d4d6565658181819f9f9fbcbcbce2e2e2ffffff"
)
"""modern-irc, formatting: "Colors", 0 to 98, six digits each."""

_CODE: Final = re.compile(
    r"\x03(?:(?P<fore>\d{1,2})(?:,(?P<back>\d{1,2}))?)?"
    r"|\x04(?:(?P<hexfore>[0-9A-Fa-f]{6})(?:,(?P<hexback>[0-9A-Fa-f]{6}))?)?"
    r"|(?P<toggle>[\x02\x1d\x1f\x1e\x11\x16])|(?P<reset>\x0f)"
)
_TOGGLES: Final = {
    "\x02": "bold",
    "\x1d": "italic",
    "\x1f": "underline",
    "\x1e": "strike",
    "\x11": "code",
    "\x16": "reverse",
}

_IN_LINK: Final = r"[^\s<>\"()\x00-\x1f]"
_IN_PARENTHESES: Final = r"\([^\s<>\"()\x00-\x1f]*\)"
LINK: Final = re.compile(
    rf"(?:https?|ircs?|hubbub)://(?:{_IN_LINK}|{_IN_PARENTHESES})*"
    rf"(?:{_IN_PARENTHESES}|[^\s<>\"()\x00-\x1f.,;:!?'*_~`\]}}])"
)
"""A link; full stops and the like behind it are not part of it, nor a parenthesis around it."""
EMOJI: Final = re.compile(r"(?<![A-Za-z0-9]):([a-z0-9_+-]{2,32}):(?![A-Za-z0-9])")
"""How a custom emoji is written. Neither a letter nor a digit stands around it: 10:30:20 is a time."""
_OPENER: Final = re.compile(
    r"(?P<block>```)|(?P<code>`)"
    r"|(?<![\w*])(?:(?P<bold>\*\*)(?=\S)|(?P<italic>\*)(?=[^\s*]))"
    r"|(?<![\w_])(?P<low>_)(?=[^\s_])"
    r"|(?<![\w~])(?P<strike>~~)(?=\S)"
)
_FAR: Final = {
    "block": re.compile(r"(?:[A-Za-z0-9_+-]*\n)?(.+?)```", re.DOTALL),
    "bold": re.compile(r"(\S[^\n]*?\S)\*\*(?![\w*])"),
    "strike": re.compile(r"(\S[^\n]*?\S)~~(?![\w~])"),
}
"""Marks whose end may be anywhere: in the text, or in the line."""
_NEAR: Final = {
    "code": re.compile(r"([^`\n]+)`"),
    "bold": re.compile(r"(\S)\*\*(?![\w*])"),
    "italic": re.compile(r"([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"),
    "low": re.compile(r"([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"),
    "strike": re.compile(r"(\S)~~(?![\w~])"),
}
"""The same, where it ends at the next mark or nowhere."""
_MARKS: Final = {
    "block": "code",
    "code": "code",
    "bold": "bold",
    "italic": "italic",
    "low": "italic",
    "strike": "strike",
}
DEPTH_MAX: Final = 4


def spans(text: str) -> list[Span]:
    """The text in spans of one look each, without the codes and marks that gave them theirs."""
    found: list[Span] = []
    for span in _coded(text):
        found += _marked(span, 0)
    return found


def plain(text: str) -> str:
    """The text as it reads, without any looks."""
    return "".join(span.text for span in spans(text))


def uncoded(text: str) -> str:
    """The text as it was written: without the codes of IRC, but with the marks, which mean the same elsewhere."""
    return "".join(span.text for span in _coded(text))


def links(text: str) -> list[str]:
    """The addresses in it that can be opened."""
    return LINK.findall(plain(text))


def _coded(text: str) -> list[Span]:
    """modern-irc, formatting: each code holds until it comes again, or everything is reset."""
    found: list[Span] = []
    look, start = PLAIN, 0
    for code in _CODE.finditer(text):
        if code.start() > start:
            found.append(Span(clean_lines(text[start : code.start()]), look))
        look, start = _after(look, code), code.end()
    if start < len(text):
        found.append(Span(clean_lines(text[start:]), look))
    return found


def _after(look: Look, code: re.Match[str]) -> Look:
    if code["reset"]:
        return PLAIN
    if toggle := code["toggle"]:
        name = _TOGGLES[toggle]
        return _turned(look, name, not getattr(look, name))
    if code["hexfore"] or code["fore"]:
        fore = f"#{code['hexfore'].lower()}" if code["hexfore"] else colour(int(code["fore"]))
        back = f"#{code['hexback'].lower()}" if code["hexback"] else look.ground
        back = colour(int(code["back"])) if code["back"] else back
        return replace(look, colour=fore, ground=back)
    return replace(look, colour="", ground="")


def _turned(look: Look, name: str, on: bool) -> Look:
    changes: Any = {name: on}
    return replace(look, **changes)


def colour(number: int) -> str:
    """The colour of a number from 0 to 98; empty for any other, such as 99, which is the face's own."""
    return f"#{_COLOURS[6 * number : 6 * number + 6]}" if 6 * number < len(_COLOURS) else ""


def _marked(span: Span, depth: int) -> list[Span]:
    """Markdown's everyday part within a span, and links; what is code is left as it is."""
    found: list[Span] = []
    start = 0
    marks = _marks(span.text) if depth < DEPTH_MAX and not span.look.code else iter(())
    ends = [(link.start(), link.end()) for link in LINK.finditer(span.text)] if "://" in span.text else []
    for begin, kind, marked in marks:
        at = bisect_right(ends, (begin, len(span.text))) - 1
        if at >= 0 and begin < ends[at][1]:
            continue  # it is part of an address
        found += _linked(Span(span.text[start:begin], span.look))
        look = replace(_turned(span.look, _MARKS[kind], True), block=kind == "block")
        found += _marked(Span(marked[1], look), depth + 1)
        start = marked.end()
    return [*found, *_linked(Span(span.text[start:], span.look))]


def _marks(text: str) -> Iterator[tuple[int, str, re.Match[str]]]:
    """The start of each mark, its kind, and the range that it marks.

    In steps that grow as the text does: where the end of one was looked for in vain up to some place, none that begins
    later has an end before that place either, and it is not looked for again.
    """
    in_vain: dict[str, int] = {}
    names = _emoji_with_marks(text)
    opener = _OPENER.search(text)
    while opener:
        kind, at = opener.lastgroup or "", opener.end()
        marked = None
        if kind in _FAR and at >= in_vain.get(kind, 0):
            marked = _FAR[kind].match(text, at)
            if not marked:
                in_vain[kind] = len(text) if kind == "block" else _line_end(text, at)
        if not marked and kind in _NEAR:
            marked = _NEAR[kind].match(text, at)
        if marked and names and (_is_within(names, opener.start()) or _is_within(names, marked.end() - 1)):
            marked = None
        if marked:
            yield opener.start(), kind, marked
        opener = _OPENER.search(text, marked.end() if marked else opener.start() + 1)


def _emoji_with_marks(text: str) -> list[tuple[int, int]]:
    """Where emoji stand whose names have a mark in them, as `:_cat_:` has: it is no mark there."""
    return [emoji.span() for emoji in EMOJI.finditer(text) if "_" in emoji[1]] if "_" in text else []


def _is_within(places: list[tuple[int, int]], at: int) -> bool:
    before = bisect_right(places, (at, at)) - 1
    return before >= 0 and at < places[before][1]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _linked(span: Span) -> list[Span]:
    if not span.text:
        return []
    if span.look.code or "://" not in span.text:
        return [span]
    found: list[Span] = []
    start = 0
    for link in LINK.finditer(span.text):
        if link.start() > start:
            found.append(Span(span.text[start : link.start()], span.look))
        found.append(Span(link[0], replace(span.look, link=link[0], underline=True)))
        start = link.end()
    if start < len(span.text):
        found.append(Span(span.text[start:], span.look))
    return found


_MENTION: Final = re.compile(r"(?<![\w@/.])@([\w\-\[\]\\`^{}|]+)")


def mentions(text: str, known: Callable[[str], object]) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, each with a flag: whether it is an `@name` of a `known` person."""
    start = 0
    for found in _MENTION.finditer(text) if "@" in text else ():
        if known(found[1]):
            if found.start() > start:
                yield text[start : found.start()], False
            yield found[0], True
            start = found.end()
    if start < len(text):
        yield text[start:], False
