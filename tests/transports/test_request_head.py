"""The head of a request, as the door reads it."""

import pytest

from hubbub.transports.request_head import parse_head


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\r"])
def test_only_an_end_of_line_ends_a_line(end: str) -> None:
    """RFC 9112, 2.2: what follows anything else is part of the same header, as aiohttp and proxies read it."""
    request = parse_head(f"GET /irc HTTP/1.1\r\nX-A: a{end}Origin: http://evil.test".encode("latin-1"))
    assert request is None or "origin" not in request.headers


def test_both_ends_of_lines() -> None:
    request = parse_head(b"GET /irc?x HTTP/1.0\r\nHost: a\nOrigin: b\r\nOrigin: c")
    assert request is not None and request.old and request.path == "/irc"
    assert request.headers == {"host": "a", "origin": "b, c"}
