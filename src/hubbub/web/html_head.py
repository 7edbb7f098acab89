"""The head of a stranger's page: title, description and picture, read once from its beginning."""

import codecs
import html
import re
from encodings.aliases import aliases
from functools import cache
from typing import Final

TAGS_MAX: Final = 2_000
"""The most tags, comments and scripts that are parsed."""
ATTRIBUTES_MAX: Final = 20
TEXT_CHARACTERS_MAX: Final = 2_000
"""Of one text before its entities are read; nothing longer is shown."""

_BYTE_CODECS: Final = frozenset(
    {
        *("latin_1", "mac_roman", "mac_cyrillic", "koi8_r", "koi8_u"),
        *(f"cp{number}" for number in (866, 874, *range(1250, 1259))),
        *(f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    }
)
"""Those with a letter for each byte."""
_CODECS: Final = _BYTE_CODECS | {
    *("ascii", "utf_8", "utf_16_be", "utf_16_le"),
    *("gbk", "gb2312", "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis", "euc_kr"),
}
"""The Encoding Standard's, section 4.2. Python knows others, of which some take for ever (punycode) or are no texts."""

# Nothing here goes back over what it has read: the quantifiers are possessive.
_OPENING: Final = re.compile(r"<(!--|(?:meta|title|script|style|textarea)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"""[\s/]*+([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']*+)))?+"""
)
_ENDS: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("title", "script", "style", "textarea")
}


def decode(page: bytes, charset: str | None) -> str:
    """The text in the encoding that the page's server names, in UTF-8 where no website may use such a one."""
    label = (charset or "utf-8").strip().lower().replace("-", "_")
    codec = aliases.get(label, label)
    if codec in _BYTE_CODECS:
        return codecs.charmap_decode(page, "strict", _letters(codec))[0]
    return page.decode(codec if codec in _CODECS else "utf_8", "replace")


@cache
def _letters(codec: str) -> str:
    """The letter of each byte; to put one in for each byte that has none takes Python a quarter of a second a page."""
    return bytes(range(256)).decode(codec, "replace")


def read_head(page: str) -> dict[str, str]:
    """The `title`, and what stands in the page's `meta` by their property or name; the first of each."""
    said: dict[str, str] = {}
    at = 0
    for _ in range(TAGS_MAX):
        found = _OPENING.search(page, at)
        if found is None:
            break
        name, at = found[1].lower(), found.end()
        if name == "!--":
            at = page.find("-->", at)
        elif name == "meta":
            at = _read_meta(page, at, said)
        else:
            at = _read_text(page, at, name, said)
        if at < 0:  # It never ends, and so is the rest of the page.
            break
    return said


def _read_meta(page: str, at: int, said: dict[str, str]) -> int:
    """Keep what one `meta` says; the place behind it."""
    given: dict[str, str] = {}
    for _ in range(ATTRIBUTES_MAX):
        found = _ATTRIBUTE.match(page, at)
        if found is None:
            break
        at = found.end()
        value = found[2] or found[3] or found[4] or ""
        given.setdefault(found[1][:100].lower(), value[:TEXT_CHARACTERS_MAX])
    name = given.get("property") or given.get("name")
    if name:
        said.setdefault(name[:100].lower(), html.unescape(given.get("content", "")))
    return at


def _read_text(page: str, at: int, name: str, said: dict[str, str]) -> int:
    """Keep a title, leave out what is no text of the page; the place behind it, -1 if it has no end."""
    begin = page.find(">", at) + 1
    end = _ENDS[name].search(page, begin) if begin else None
    if name == "title" and begin and name not in said:
        said[name] = html.unescape(page[begin : end.start() if end else None][:TEXT_CHARACTERS_MAX])
    return end.end() if end else -1
