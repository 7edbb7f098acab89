"""`python -m tools.emoji_names`: write the table of the names that emoji have already.

The page takes GitHub's names from emojibase, which building it installs; the other clients take those of Rich.
"""

import json
import re
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hubbub.client.emoji import EMOJI

ROOT: Final = Path(__file__).parents[1]
TABLE: Final = ROOT / "src" / "hubbub" / "engine" / "emoji_names.py"
OF_THE_PAGE: Final = ROOT / "webclient/node_modules/emojibase-data/en/shortcodes/github.json"
WIDTH: Final = 100

_NAME: Final = re.compile("[a-z0-9_+-]{2,32}")


def main() -> None:
    TABLE.write_text(source(names()))


def names() -> list[str]:
    """Those that a custom emoji could have, too."""
    of_the_page = json.loads(OF_THE_PAGE.read_text("utf-8")).values()
    found = {*EMOJI, *(name for one in of_the_page for name in ([one] if isinstance(one, str) else one))}
    return sorted(name for name in found if _NAME.fullmatch(name))


def source(found: Iterable[str]) -> str:
    lines = textwrap.wrap(" ".join(found), WIDTH, break_on_hyphens=False)
    return "\n".join(
        [
            '"""The names that emoji have without anybody\'s doing.',
            "",
            "Written by `python -m tools.emoji_names`.",
            '"""',
            "",
            "from typing import Final",
            "",
            '_NAMES: Final = """',
            *lines,
            '"""',
            "BUILT_IN: Final = frozenset(_NAMES.split())",
            "",
        ]
    )


if __name__ == "__main__":
    main()
