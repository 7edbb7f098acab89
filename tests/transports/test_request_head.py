"""The head of a request, as the entrance reads it."""

from http import HTTPStatus

import h11
import pytest

from hubbub.transports.request_head import HEAD_BYTES_MAX, HeadReader, HeadRefused, RequestHead

WHOLE = b"GET /irc?x HTTP/1.1\r\nHost: a\r\nOrigin: b\r\nOrigin: c\r\n\r\n"


def _head(data: bytes) -> RequestHead | None:
    return HeadReader().feed(data)


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\r"])
def test_only_an_end_of_line_ends_a_line(end: str) -> None:
    """RFC 9112, 2.2: what follows anything else is part of the same header, as aiohttp and proxies read it."""
    head = f"GET /irc HTTP/1.1\r\nHost: a\r\nX-A: a{end}Origin: http://evil.test\r\n\r\n".encode("latin-1")
    try:
        request = _head(head)
    except HeadRefused:
        return
    assert request is not None and "origin" not in request.headers


def test_both_ends_of_lines() -> None:
    request = _head(b"GET /irc?x HTTP/1.0\r\nHost: a\nOrigin: b\r\nOrigin: c\n\n")
    assert request is not None and request.old and request.path == "/irc"
    assert request.headers == {"host": "a", "origin": "b, c"}


def test_it_comes_in_pieces_and_what_follows_is_left_alone() -> None:
    reader = HeadReader()
    for at in range(len(WHOLE) - 1):
        assert reader.feed(WHOLE[at : at + 1]) is None
    assert reader.feed(WHOLE[-1:] + WHOLE) == RequestHead("GET", "/irc", {"host": "a", "origin": "b, c"})
    assert reader.rest == WHOLE, "a second request is somebody else's"


@pytest.mark.parametrize("is_whole", [True, False])
def test_one_that_is_too_long_is_refused_whether_it_is_whole_or_not(is_whole: bool) -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * HEAD_BYTES_MAX
    with pytest.raises(HeadRefused) as refused:
        _head(head + b"\r\n\r\n" if is_whole else head)
    assert refused.value.status is HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


@pytest.mark.parametrize(
    "head",
    [
        b"no request\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
    ],
)
def test_what_is_no_head_is_refused(head: bytes) -> None:
    with pytest.raises(HeadRefused) as refused:
        _head(head)
    assert refused.value.status is HTTPStatus.BAD_REQUEST


def test_another_transfer_coding_is_told_apart() -> None:
    """RFC 9112, 6.1: "A server that receives a request message with a transfer coding it does not understand SHOULD
    respond with 501"."""
    with pytest.raises(HeadRefused) as refused:
        _head(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")
    assert refused.value.status is HTTPStatus.NOT_IMPLEMENTED


def test_no_more_is_read_than_the_longest_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole read of short headers would take a quarter of a second, to be refused at its end."""
    given: list[int] = []
    real = h11.Connection.receive_data

    def counted(connection: h11.Connection, data: bytes) -> None:
        given.append(len(data))
        real(connection, data)

    monkeypatch.setattr(h11.Connection, "receive_data", counted)
    reader = HeadReader()
    with pytest.raises(HeadRefused) as refused:
        reader.feed(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a:\r\n" * 60_000 + b"\r\n")
    assert refused.value.status is HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    assert sum(given) <= HEAD_BYTES_MAX + 1


def test_what_follows_may_be_longer_than_any_head() -> None:
    reader, body = HeadReader(), b"x" * 3 * HEAD_BYTES_MAX
    assert reader.feed(WHOLE[:10]) is None
    assert reader.feed(WHOLE[10:] + body) is not None
    assert reader.rest == body
