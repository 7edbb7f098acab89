"""The colours of nicknames: the same person has the same one in every face, for ever."""

import zlib
from collections.abc import Sequence
from typing import Final

ON_DARK: Final = (
    *("#7cb7ff", "#ff9e9e", "#9ece6a", "#e5b567", "#c8a2ff", "#5fd3c6", "#ff9bd2", "#b8c46a"),
    *("#8fa8ff", "#ffab70", "#74d58c", "#d6a0e8"),
)
ON_LIGHT: Final = (
    *("#0b5cad", "#a8201a", "#3d7a10", "#85550a", "#6b3fc0", "#00706a", "#a3246f", "#5d6b00"),
    *("#3046b8", "#9c4a00", "#0d7a3a", "#85309b"),
)
"""Each has at least the contrast 4.5 to 1 with a ground that is nearly black, or nearly white."""


def colour_of(folded: str, colours: Sequence[str]) -> str:
    """The colour of a folded nickname, of these."""
    return colours[zlib.crc32(folded.encode()) % len(colours)]
