"""The head of a request, as far as anybody here needs to know it (RFC 9112)."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import h11

HEAD_BYTES_MAX: Final = 16_384

_TOO_LONG: Final = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


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


class HeadRefused(Exception):
    """The bytes are not a request's head; `status` is 400, 431 for one too long, 501 for an unknown transfer coding."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class HeadReader:
    """Reads the first request's head from the bytes as they come; what follows it is left alone."""

    def __init__(self) -> None:
        # Loaded when the first browser comes: a server starts sooner than that.
        import h11

        self._reader = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES_MAX)
        self._bytes = 0
        self._beyond = b""
        """What came beyond the longest head: it would be read as one first, and refused then."""

    def feed(self, data: bytes) -> RequestHead | None:
        """The request once its head is whole. Raises HeadRefused; nothing is fed afterwards."""
        import h11

        left = HEAD_BYTES_MAX + 1 - self._bytes
        self._bytes += min(len(data), left)
        self._beyond = data[left:]
        try:
            self._reader.receive_data(data[:left])
            found = self._reader.next_event()
        except h11.RemoteProtocolError as error:
            raise HeadRefused(HTTPStatus(error.error_status_hint)) from None
        if not isinstance(found, h11.Request):
            return None
        if self._bytes - len(self._reader.trailing_data[0]) > HEAD_BYTES_MAX:
            raise HeadRefused(_TOO_LONG)
        if not found.http_version.startswith(b"1."):
            raise HeadRefused(HTTPStatus.BAD_REQUEST)
        return _request(found)

    @property
    def rest(self) -> bytes:
        """What has come after the head."""
        data: bytes = self._reader.trailing_data[0]
        return data + self._beyond


def _request(found: "h11.Request") -> RequestHead:
    headers: dict[str, str] = {}
    for raw_name, raw_value in found.headers:
        name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    path = found.target.decode("ascii").partition("?")[0]
    return RequestHead(found.method.decode("ascii").upper(), path, headers, found.http_version == b"1.0")


def response(status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of an answer; `headers` say what `body` is, its length is added."""
    more = "" if status is HTTPStatus.SWITCHING_PROTOCOLS else f"Content-Length: {len(body)}\r\n"
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}{more}\r\n".encode("latin-1") + body
