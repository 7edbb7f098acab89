"""The rules for names of rooms and people on any server, and the reasons why a nickname can't be had."""

from typing import Final

from hubbub.text import clean

TAKEN: Final = "Username already taken. Please choose another one."


def is_name(text: str) -> bool:
    """Whether it can name a room or a person on the wire: one word."""
    return bool(text) and text[0] != ":" and not any(letter in text for letter in " ,\0\r\n")


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
