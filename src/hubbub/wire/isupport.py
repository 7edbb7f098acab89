"""ISUPPORT (005): what the server says it can do, as tokens of one line or several."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

TOKENS_A_LINE_MAX: Final = 13
"""modern-irc, RPL_ISUPPORT: "As the maximum number of message parameters to any reply is 15, the
maximum number of `RPL_ISUPPORT` tokens that can be advertised is 13." """
TOKENS_BYTES_MAX: Final = 320
"""The space for tokens in 512 bytes beside a long server name, a long nickname and the closing text."""

_ESCAPES: Final = str.maketrans({"\\": r"\x5C", " ": r"\x20", "=": r"\x3D"})
_ESCAPED: Final = re.compile(r"\\x([0-9A-Fa-f]{2})")


def tokens(values: Mapping[str, str | None]) -> list[list[str]]:
    """The tokens of each line, in the order given; None is a token without a value.

    A line has at most `TOKENS_A_LINE_MAX` tokens and `TOKENS_BYTES_MAX` bytes, spaces counted;
    ValueError where a single token is longer.
    """
    lines: list[list[str]] = []
    room = 0
    for name, value in values.items():
        token = name if value is None else f"{name}={value.translate(_ESCAPES)}"
        size = len(token.encode()) + 1
        if size > TOKENS_BYTES_MAX:
            raise ValueError(f"the ISUPPORT token {name} is too long for one line")
        if not lines or len(lines[-1]) == TOKENS_A_LINE_MAX or size > room:
            lines.append([])
            room = TOKENS_BYTES_MAX
        lines[-1].append(token)
        room -= size
    return lines


def parse(words: Iterable[str]) -> dict[str, str | None]:
    """Tokens by name, None for one without `=`; a name that begins with `-` is removed."""
    values: dict[str, str | None] = {}
    for word in words:
        name, equals, value = word.partition("=")
        values[name] = _ESCAPED.sub(_unescape, value) if equals else None
    return values


def _unescape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
