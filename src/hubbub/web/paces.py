"""How fast each of many may ask for something; who comes too fast is told when to come again."""

from http import HTTPStatus
from typing import Final

from hubbub.node.limits import Bucket
from hubbub.web.answers import Failure

KEYS_MAX: Final = 10_000


class Paces:
    """A bucket for each key; when there are too many, the one that came first makes way."""

    def __init__(self) -> None:
        self._buckets: dict[object, Bucket] = {}

    def keep(self, key: object, fresh: Bucket | None, now: float, sentence: str) -> None:
        """One more for this key, which begins with a `fresh` bucket, or has no pace to keep. Raises Failure."""
        if fresh is None:
            return
        if key not in self._buckets and len(self._buckets) >= KEYS_MAX:
            del self._buckets[next(iter(self._buckets))]
        if wait := self._buckets.setdefault(key, fresh).take(now):
            seconds = int(wait) + 1
            raise Failure(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{sentence} Try again in {seconds} s.",
                {"Retry-After": str(seconds)},
            )
