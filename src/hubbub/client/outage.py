"""A connection that is gone: since when, why, and when it is tried again, as one sentence for every face's banner."""

from hubbub.client import events
from hubbub.client.event_text import clock


class Outage:
    """The banner while there is no connection; it takes every event, and gives its text each second."""

    def __init__(self) -> None:
        self._end()

    def _end(self) -> None:
        self._since_ms = 0
        self._again_ms: int | None = None
        self._reason = ""
        self._is_trying = False

    @property
    def is_over(self) -> bool:
        """One is connected, or has not been yet."""
        return not self._since_ms

    @property
    def is_counting(self) -> bool:
        """The words are others in a second."""
        return self._again_ms is not None and not self._is_trying

    @property
    def can_retry(self) -> bool:
        """Whether it helps to try now."""
        return self._again_ms is not None

    def heard(self, event: events.Event, now_ms: int) -> None:
        if isinstance(event, events.Welcomed):
            self._end()
        elif isinstance(event, events.Connecting):
            self._is_trying = True
        elif isinstance(event, events.Disconnected):
            self._since_ms = self._since_ms or now_ms
            self._reason, self._is_trying = event.reason, False
            again = event.retry_seconds
            self._again_ms = None if again is None else now_ms + round(again * 1000)

    def words(self, now_ms: int, is_24h: bool = True) -> str:
        """Empty while there is nothing to tell."""
        if self.is_over:
            return ""
        if self._again_ms is None:
            return self._reason
        seconds = max(-(-(self._again_ms - now_ms) // 1000), 0)
        again = "Reconnecting now." if self._is_trying or not seconds else f"Reconnecting in {seconds} s."
        since = f"Offline since {clock(self._since_ms, is_24h)}."
        return f"{since} {again} {self._reason} Messages are sent once reconnected."
