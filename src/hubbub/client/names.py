"""The rules for names of rooms and people on any server, and the reasons why a nickname can't be had."""

from typing import Final

from hubbub.text import bare, clean, visible
from hubbub.wire.message import Message as Line

_TEXT_FROM: Final = {
    **dict.fromkeys(("QUIT", "AWAY", "SETNAME", "ERROR", "WALLOPS"), 0),
    **dict.fromkeys(("PRIVMSG", "NOTICE", "TOPIC", "PART", "372"), 1),
    **dict.fromkeys(("KICK", "JOIN", "REDACT", "EDIT", "RENAME", "301", "332"), 2),
    **dict.fromkeys(("DRAFT", "METADATA", "322"), 3),
    "761": 4,
    "311": 5,
    "352": 7,
    "354": 8,
}
"""The parameter from which on a line has text; all others are names, or may be."""

TAKEN: Final = "Username already taken. Please choose another one."


def is_name(text: str) -> bool:
    """Whether it can name a room or a person on the wire: one word."""
    return bool(text) and text[0] != ":" and not any(letter in text for letter in " ,\0\r\n")


def harmless(line: Line) -> Line:
    """A server's line without what drives a terminal, hides, or reorders what is read.

    Other servers let people and rooms be called anything. A name has a visible mark for it: without it, it could be
    the name of another.
    """
    text_from = _TEXT_FROM.get(line.verb, len(line.params))
    params = (*map(visible, line.params[:text_from]), *map(bare, line.params[text_from:]))
    tags = {key: (visible if key == "account" else bare)(value) for key, value in line.tags.items()}
    return Line(line.verb, params, None if line.source is None else visible(line.source), tags)


def why_refused(code: str, text: str) -> str:
    """Why a nickname can't be had, in whole sentences that say what to do; `text` is what the server says with 43x."""
    text = clean(text).strip()
    if text.endswith("."):
        return text
    if code == "433":
        return TAKEN
    return (
        f"{text.rstrip('!?')}. Choose another name."
        if text
        else "This name is not available. Choose another one."
    )
