"""The emoji that have names, and those that are used most."""

from typing import Final

from rich._emoji_codes import EMOJI as _ALL

EMOJI: Final[dict[str, str]] = {
    name: picture for name, picture in _ALL.items() if name.isascii() and " " not in name
}
"""Name → emoji."""

USUAL: Final = ("👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀", "✅", "🔥", "👎", "💯")
"""The emoji offered before a search."""
