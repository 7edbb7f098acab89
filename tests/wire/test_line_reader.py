"""Lines from a stream, however it is chopped and however hostile."""

from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.line_reader import ENDLESS, ENDLESS_BYTES, Line, LineReader, Overlong
from tests.opcodes import counting

LIMIT = 10
OVERLONG = Overlong(b"0123456789")


def lines_of(*chunks: bytes) -> list[Line]:
    reader = LineReader(LIMIT)
    return [line for chunk in chunks for line in reader.feed(chunk)]


def test_every_end_ends_a_line() -> None:
    assert lines_of(b"a\r\nb\nc\rd\n\re\r\r\n") == [b"a", b"b", b"c", b"d", b"e"]


def test_empty_lines_are_skipped() -> None:
    assert lines_of(b"\r\n\r\n\n\r") == []


def test_an_unfinished_line_waits() -> None:
    reader = LineReader(LIMIT)
    assert (reader.feed(b"PI"), reader.pending) == ([], 2)
    assert (reader.feed(b"NG"), reader.pending) == ([], 4)
    assert (reader.feed(b"\r"), reader.pending) == ([b"PING"], 0)
    assert (reader.feed(b"\nx"), reader.pending) == ([], 1)


def test_a_line_of_the_limit_passes() -> None:
    assert lines_of(b"0123456789\r\n") == [b"0123456789"]
    assert lines_of(b"01234", b"56789", b"\n") == [b"0123456789"]


def test_a_longer_line_is_dropped_to_its_end() -> None:
    assert lines_of(b"a\n0123456789x\nb\n") == [b"a", OVERLONG, b"b"]
    assert lines_of(b"0123456789", b"x", b"yy", b"y" * 50, b"y\nb", b"\n") == [OVERLONG, b"b"]


def test_an_overlong_line_is_told_before_its_end() -> None:
    reader = LineReader(LIMIT)
    assert reader.feed(b"x" * 11) == [Overlong(b"x" * 10)]
    assert reader.pending == 0
    assert reader.feed(b"x" * 1000) == []


def test_many_overlong_lines_are_told_each() -> None:
    lines = lines_of(b"x" * 11 + b"\n" + b"y" * 12 + b"\n")
    assert lines == [Overlong(b"x" * 10), Overlong(b"y" * 10)]


def test_a_line_without_end_is_told_once_more() -> None:
    reader = LineReader(LIMIT)
    assert reader.feed(b"0123456789" + b"x" * (ENDLESS_BYTES - 1)) == [OVERLONG]
    assert (reader.feed(b"x"), reader.feed(b"x" * ENDLESS_BYTES)) == ([ENDLESS], [])
    assert reader.feed(b"\nb\n" + b"y" * (LIMIT + ENDLESS_BYTES)) == [b"b", Overlong(b"y" * 10), ENDLESS]


@given(st.lists(st.text("abc\r\n", max_size=30).map(str.encode) | st.binary(max_size=30), max_size=8))
def test_chopping_changes_nothing(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    expected = lines_of(whole)
    assert lines_of(*chunks) == expected
    assert lines_of(*(bytes([byte]) for byte in whole)) == expected


@given(st.lists(st.text("ab\n", max_size=40).map(str.encode), max_size=8))
def test_never_holds_more_than_the_limit(chunks: list[bytes]) -> None:
    reader = LineReader(LIMIT)
    for chunk in chunks:
        for line in reader.feed(chunk):
            assert not isinstance(line, bytes) or 0 < len(line) <= LIMIT
        assert reader.pending <= LIMIT


def test_a_byte_at_a_time_is_not_searched_again() -> None:
    # With a search or copy of all that is held at each byte, this takes minutes.
    reader = LineReader(1_000_000)
    for _ in range(400_000):
        reader.feed(b"x")
    assert reader.feed(b"\n") == [b"x" * 400_000]


def test_empty_lines_take_no_steps() -> None:
    """They cost a peer none of its pace, so anybody could send them without an end."""
    with counting() as count:
        assert LineReader(LIMIT).feed(b"a" + b"\n" * 10_000 + b"b" + b"\r\n" * 10_000) == [b"a", b"b"]
    assert count.opcodes < 1_000
