"""A disk that takes nothing, for this process: no file is written beyond its first byte."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def disk_takes_nothing(process: int = 0) -> Iterator[None]:
    """For a `process`, or this one; what is written fails with EFBIG, which SQLite takes for an error of the disk."""
    usual = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, usual)
