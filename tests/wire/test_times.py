"""Times on the wire and in milliseconds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.times import MILLISECONDS_MAX, format_time, parse_time


@given(st.integers(0, MILLISECONDS_MAX))
def test_there_and_back(milliseconds: int) -> None:
    text = format_time(milliseconds)
    assert len(text) == 24
    assert parse_time(text) == milliseconds


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_agrees_with_the_calendar(time: datetime) -> None:
    milliseconds = int(time.replace(microsecond=0).timestamp()) * 1000 + time.microsecond // 1000
    assert (
        format_time(milliseconds) == time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"
    )


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("2026-11-20T11:40:11.590Z", 1_795_174_811_590),
        ("2026-11-20T11:40:11Z", 1_795_174_811_000),
        ("2026-11-20T11:40:11.5Z", 1_795_174_811_500),
        ("2026-11-20T11:40:11.590999999Z", 1_795_174_811_590),
        ("2012-06-30T23:59:60.419Z", 1_341_100_800_419),
        ("9999-12-31T23:59:59.999Z", MILLISECONDS_MAX),
    ],
)
def test_times(text: str, milliseconds: int) -> None:
    assert parse_time(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-20",
        "2026-11-20T11:40:11.590",
        "2026-11-20T11:40:11.590+01:00",
        "2026-11-20T11:40:11.590Z\n",
        "2026-13-20T11:40:11.590Z",
        "2026-02-30T11:40:11.590Z",
        "2026-11-20T24:00:00.000Z",
        "2026-11-20T11:60:00.000Z",
        "2026-11-20T11:40:61.000Z",
        "2026-11-20T11:40:11.Z",
        "2026-11-20T11:40:11.0000000000Z",
        "0000-01-01T00:00:00.000Z",
        "1969-12-31T23:59:59.999Z",
        "9999-12-31T23:59:60.000Z",
        "２026-11-20T11:40:11.590Z",
        "-026-11-20T11:40:11.590Z",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize("milliseconds", [-1, MILLISECONDS_MAX + 1])
def test_times_beyond_the_wire(milliseconds: int) -> None:
    with pytest.raises(ValueError, match="1970"):
        format_time(milliseconds)
