"""The source of a message: `nick!user@host`, or the name of a server."""

import re
from typing import Final

HOST_NAME_BYTES_MAX: Final = 253

_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.IGNORECASE | re.ASCII)


def split_source(source: str) -> tuple[str, str, str]:
    """Nickname, user and host, each empty where it is missing."""
    rest, _, host = source.partition("@")
    nick, _, user = rest.partition("!")
    return nick, user, host


def is_host_name(text: str) -> bool:
    """Whether a server may call itself so: labels of letters, digits and hyphens, and a dot.

    Without the dot, clients could not tell a server's name from a nickname.
    """
    return len(text) <= HOST_NAME_BYTES_MAX and _HOST_NAME.fullmatch(text) is not None
