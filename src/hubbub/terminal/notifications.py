"""Telling its user that something came, outside of the screen: by the terminal's notifications and its bell."""

from hubbub.client.formatting import plain

_TEXT_MAX = 120


def notification(title: str, text: str) -> str:
    """The sequences that make a terminal show a desktop notification: OSC 777 and OSC 9; others ignore them.

    Nothing in it can end the sequence: control characters are gone.
    """
    safe_title, safe_text = _safe(title), _safe(text)
    return f"\x1b]777;notify;{safe_title};{safe_text}\x1b\\\x1b]9;{safe_title}: {safe_text}\x1b\\"


def _safe(text: str) -> str:
    flat = " ".join(plain(text).split())[:_TEXT_MAX]
    return "".join(letter for letter in flat if letter.isprintable()).replace(";", ",")
