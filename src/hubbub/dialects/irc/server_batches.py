"""Batches that the server sends: lines that belong together, between an opening and an end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .session import IrcSession


@contextmanager
def batch(talk: "IrcSession", *words: str, tags: Mapping[str, str] | None = None) -> Iterator[str]:
    """Put the lines sent meanwhile in a batch of this type and parameters; without the capability they go bare.

    `tags` are on its opening. Gives the batch's reference for lines that are written elsewhere; empty if there is none.
    """
    if not talk.caps.batch:
        yield ""
        return
    reference = f"b{next(talk.batches)}"
    talk.send("BATCH", f"+{reference}", *words, tags=tags)
    outer, talk.batch = talk.batch, reference
    yield reference
    talk.batch = outer
    talk.send("BATCH", f"-{reference}")
