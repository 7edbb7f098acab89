"""Rate limits by key; a refusal says when to try again."""

from collections.abc import Hashable
from http import HTTPStatus
from typing import Final

from hubbub.node.expiring_table import Expiring
from hubbub.node.limits import Bucket
from hubbub.web.errors import Failure

KEYS_MAX: Final = 10_000


class Paces:
    """A bucket for each key; when there are too many, the one that would be full again first makes way."""

    def __init__(self) -> None:
        self._buckets: Expiring[Hashable, Bucket] = Expiring(KEYS_MAX)

    def keep(self, key: Hashable, fresh: Bucket | None, now: float, sentence: str) -> None:
        """One more for this key, which begins with a `fresh` bucket, or has no pace to keep. Raises Failure."""
        if fresh is None:
            return
        bucket = self._buckets.get(key, now) or fresh
        wait = bucket.take(now)
        self._buckets.put(key, bucket, bucket.full_at, now)
        if wait:
            seconds = int(wait) + 1
            raise Failure(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{sentence} Try again in {seconds} s.",
                {"Retry-After": str(seconds)},
            )
