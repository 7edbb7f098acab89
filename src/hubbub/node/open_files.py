"""The limit of open files, and the number of connections that fit beside the files that the server needs."""

import resource
from typing import Final

WANTED: Final = 65_536
RESERVE_MAX: Final = 256
"""Kept for the storage, the console, the page, files that are read and sent, and requests to other machines."""
CONNECTIONS_UNLIMITED: Final = 1 << 30


def raise_limit() -> int:
    """Raise the soft limit, which is the usual 1,024 of old, as far as is of use; what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS_UNLIMITED
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if wanted > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # A system may have a lower limit than it tells of.
            return soft
    return max(soft, wanted)


def fitting(connections: int, files: int) -> int:
    """As many of the wanted connections (0: however many) as leave the reserve free.

    >>> fitting(10_000, 65_536), fitting(10_000, 1024), fitting(0, 128)
    (10000, 768, 96)
    """
    return min(connections or CONNECTIONS_UNLIMITED, files - min(RESERVE_MAX, files // 4))
