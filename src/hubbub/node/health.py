"""The health of a node: whether it stops or can't go on, what its webhooks suffer from, and its counters."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Health:
    """`is_broken` says that the data can't be gone on with: then nothing is shown any more, and the server stops."""

    is_stopping: bool = False
    is_broken: bool = False
    troubles: dict[int, str] = field(default_factory=dict)
    """Webhook → why it does not take what is posted to it."""
    counters: dict[str, int] = field(default_factory=lambda: {"users_max": 0, "messages": 0})
    """Counters since the start, for LUSERS and the metrics."""
