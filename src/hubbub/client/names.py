"""What can name a room or a person, as far as any server is concerned."""


def is_name(text: str) -> bool:
    """Whether it can name a room or a person on the wire: one word."""
    return bool(text) and text[0] != ":" and not any(letter in text for letter in " ,\0\r\n")
