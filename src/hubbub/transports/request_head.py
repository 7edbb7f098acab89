"""The head of a request, as far as anybody here needs to know it (RFC 9112)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

HEAD_BYTES_MAX: Final = 16_384

_ENDS: Final = (b"\r\n\r\n", b"\n\n")
_LINE_END: Final = re.compile("\r?\n")


@dataclass(frozen=True, slots=True)
class RequestHead:
    """`path` without what follows a question mark; `headers` by their names in lower case, several joined by commas.

    `old` is HTTP/1.0.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    old: bool = False

    def words(self, header: str) -> list[str]:
        """A header's list, in lower case and without spaces around."""
        return [word.strip().lower() for word in self.headers.get(header, "").split(",") if word.strip()]


def split_head(data: bytes) -> tuple[bytes, bytes] | None:
    """The head and what came after it; None while it is not whole."""
    places = [(place, len(end)) for end in _ENDS if (place := data.find(end)) >= 0]
    if not places:
        return None
    place, length = min(places)
    return data[:place], data[place + length :]


def parse_head(head: bytes) -> RequestHead | None:
    """The request; None if it is none."""
    # RFC 9112, 2.2: what else Python takes for the end of a line ends none.
    first, *lines = _LINE_END.split(head.decode("latin-1"))
    words = first.split(" ")
    if len(words) != 3 or not words[0].isalpha() or not words[2].startswith("HTTP/1."):
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        key = name.lower()
        if not colon or not name or name != name.strip():
            return None
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return RequestHead(words[0].upper(), words[1].partition("?")[0], headers, words[2] == "HTTP/1.0")


def response(status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of an answer; `headers` say what `body` is, its length is added."""
    more = "" if status is HTTPStatus.SWITCHING_PROTOCOLS else f"Content-Length: {len(body)}\r\n"
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}{more}\r\n".encode("latin-1") + body
