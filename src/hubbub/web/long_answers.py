"""Long answers: how many bytes of them are made ready or wait for their readers, and how they are sent.

An answer holds its bytes from before the storage is read until the reader has taken it, so that no number of readers
who take nothing makes the server keep more than the limits here.
"""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from hubbub.addresses import count_key
from hubbub.web.auth import Caller, asker_of
from hubbub.web.errors import NODE, Failure, peer_of

LITTLE_BYTES: Final = 1 << 16
"""An answer up to this length is written at once and not counted."""
AN_ASKER_BYTES_MAX: Final = 1 << 23
"""Of one account, or of the guests of one address."""
AN_ADDRESS_BYTES_MAX: Final = 1 << 25
ALL_BYTES_MAX: Final = 1 << 27
PIECE_BYTES: Final = 1 << 15
GRACE_SECONDS: Final = 60
SLOWEST_BYTES_A_SECOND: Final = 2_000
"""A reader who takes less than this in the long run is disconnected."""
RETRY_SECONDS: Final = 10


@dataclass(slots=True)
class Holding:
    """The bytes that the answer to one request holds, counted for its asker and its address."""

    answers: "LongAnswers"
    asker: str
    address: str
    size: int = 0

    def resize(self, size: int, is_exempt: bool) -> None:
        """Raises Failure if there is no room for so much; then nothing has changed."""
        self.answers.check(self, size - self.size, is_exempt)
        self.answers.count(self, size - self.size)
        self.size = size

    def release(self) -> None:
        self.answers.count(self, -self.size)
        self.size = 0


class LongAnswers:
    """Counts what all answers hold."""

    def __init__(self) -> None:
        self.total = 0
        self._askers: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()

    def check(self, holding: Holding, more: int, is_exempt: bool) -> None:
        """Raises Failure if so many bytes more are too many."""
        if more <= 0:
            return
        address = 0 if is_exempt else self._addresses[holding.address]
        if self._askers[holding.asker] + more > AN_ASKER_BYTES_MAX or address + more > AN_ADDRESS_BYTES_MAX:
            raise _too_much(HTTPStatus.TOO_MANY_REQUESTS, "Read the pending answers first.")
        if self.total + more > ALL_BYTES_MAX:
            raise _too_much(
                HTTPStatus.SERVICE_UNAVAILABLE, "The server is sending too many long answers to others."
            )

    def count(self, holding: Holding, more: int) -> None:
        self.total += more
        for counter, key in ((self._askers, holding.asker), (self._addresses, holding.address)):
            counter[key] += more
            if not counter[key]:
                del counter[key]


def _too_much(status: HTTPStatus, sentence: str) -> Failure:
    told = f"{sentence} Try again in {RETRY_SECONDS} s."
    return Failure(status, told, {"Retry-After": str(RETRY_SECONDS)})


LONG_ANSWERS: Final = web.AppKey("long answers", LongAnswers)
_HOLDING: Final = web.RequestKey("holding", Holding)


def hold(request: web.Request, who: Caller, size: int) -> None:
    """Let the answer to a request hold so many bytes, and no more those that it held. Raises Failure."""
    holding = request.get(_HOLDING)
    if holding is None:
        address = count_key(peer_of(request).address)
        holding = Holding(request.app[LONG_ANSWERS], asker_of(request, who), address)
        request[_HOLDING] = holding
    holding.resize(
        size if size > LITTLE_BYTES else 0, request.app[NODE].limits.exempt.holds(peer_of(request).address)
    )


def release(request: web.BaseRequest) -> None:
    """The answer was sent, or never will be."""
    holding = request.get(_HOLDING)
    if holding is not None:
        holding.release()


class Pieces(Payload):
    """A body that is written piece by piece, each when the reader has taken nearly all before it."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self._body = body
        self._size = len(body)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._body.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for at in range(0, len(self._body), PIECE_BYTES):
            await writer.write(self._body[at : at + PIECE_BYTES])
            await writer.drain()


def in_pieces(response: web.StreamResponse) -> None:
    """Have a long body written piece by piece."""
    if isinstance(response, web.Response) and not response.prepared:
        body = response.body
        if isinstance(body, bytes) and len(body) > LITTLE_BYTES:
            response.body = Pieces(body)


def seconds_for(response: web.StreamResponse) -> float | None:
    """The time that a peer may take to read a long answer; others have the limits of their connections."""
    body = response.body if isinstance(response, web.Response) else None
    return GRACE_SECONDS + (body.size or 0) / SLOWEST_BYTES_A_SECOND if isinstance(body, Pieces) else None
