"""The header Content-Type, read in steps that grow as it does.

aiohttp reads it by Python's `email`, which takes a second for eight kilobytes of semicolons, on the event loop.
"""

import re
from typing import Final

UNKNOWN: Final = "application/octet-stream"

_CHARSET: Final = re.compile(r""";\s*+charset\s*+=\s*+["']?([\w.:-]{1,40})""", re.IGNORECASE | re.ASCII)


def media_type(header: str | None) -> str:
    """In lower case and without parameters.

    >>> media_type("Text/HTML; charset=utf-8"), media_type(None)
    ('text/html', 'application/octet-stream')
    """
    return (header or "").partition(";")[0].strip().lower() or UNKNOWN


def charset(header: str | None) -> str | None:
    """The encoding that it names, as it is written.

    >>> charset('text/html; charset="KOI8-R"'), charset("text/html")
    ('KOI8-R', None)
    """
    found = _CHARSET.search(header or "")
    return found[1] if found else None
