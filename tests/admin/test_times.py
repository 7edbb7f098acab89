"""Times as they are written."""

import pytest

from hubbub.admin.answers import Mistake
from hubbub.admin.times import DURATION_MS_MAX, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("10m", 600),
        ("2h", 7200),
        ("1d", 86_400),
        ("1y", 365 * 86_400),
        ("1h30m", 5400),
        ("1y1d1h1m1s", 366 * 86_400 + 3661),
        ("90m", 5400),
        ("100y", DURATION_MS_MAX // 1000),
    ],
)
def test_a_time(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds * 1000


@pytest.mark.parametrize(
    "text", ["", "m", "10", "10M", "5x", "-1s", "+1s", "1.5h", "30m1h", "1m1m", "0s", "100y1s", "1 h", "٣s"]
)
def test_no_time(text: str) -> None:
    assert isinstance(parse_duration(text), Mistake)
