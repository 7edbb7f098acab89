"""Words of a line, of which those with spaces in them stand in double quotes: passwords, as people type them."""

import re
from typing import Final

_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\S)|(\S+)')
_ESCAPED: Final = re.compile(r"\\(.)")


def words_of(text: str) -> list[str]:
    """The words without their quotes; within those, `\\"` is a quote and `\\\\` a backslash."""
    return [found[2] or _ESCAPED.sub(r"\1", found[1]) for found in _WORD.finditer(text)]
