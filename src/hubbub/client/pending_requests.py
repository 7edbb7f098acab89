"""Questions to the server and which lines answer them: by labels, or where there are none, by a PING behind each."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubbub.client.chat_model import Conversation
from hubbub.wire.message import Message as Line
from hubbub.wire.message import line as write

if TYPE_CHECKING:
    from hubbub.client.client import Client

_BARRIER: Final = "hubbub-"


@dataclass(slots=True, eq=False)
class PendingRequest:
    """Something that was asked; `then` is called once everything that answers it has come.

    `code` and `error` tell why it was refused. A `quiet` request's refusal is no event: `then` deals with it.
    """

    command: str
    conversation: Conversation | None = None
    then: Callable[["PendingRequest"], None] | None = None
    quiet: bool = False
    code: str = ""
    error: str = ""
    asked_ms: int = 0

    @property
    def is_refused(self) -> bool:
        return bool(self.code)

    def refuse(self, code: str, error: str) -> None:
        """The first refusal counts."""
        if not self.code:
            self.code, self.error = code, error


class Requests:
    """The requests of this connection that are not answered yet."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._count = 0
        self._labelled: dict[str, PendingRequest] = {}
        self._in_turn: deque[tuple[str, PendingRequest]] = deque()
        self._current: PendingRequest | None = None

    @property
    def current(self) -> PendingRequest | None:
        """Whose answer is being read."""
        if self._current is None and self._in_turn:
            return self._in_turn[0][1]
        return self._current

    def ask(self, request: PendingRequest, *lines: Line) -> None:
        """Send the lines of one question; the first of them carries the label."""
        self._count += 1
        request.asked_ms = self._client.now_ms
        name = f"{_BARRIER}{self._count}"
        first, *others = lines
        if self._client.server.has("labeled-response"):
            self._labelled[name] = request
            first = Line(first.verb, first.params, None, {"label": name, **first.tags})
            self._client.write(first.encode(), *(line.encode() for line in others))
        else:
            self._in_turn.append((name, request))
            self._client.write(*(line.encode() for line in lines), write("PING", name))

    def labelled(self, label: str) -> PendingRequest | None:
        """The request of this label, whose answer is about to be read."""
        self._current = self._labelled.pop(label, None)
        return self._current

    def answered(self) -> None:
        """The answer of the current labelled request is complete."""
        request, self._current = self._current, None
        if request and request.then:
            request.then(request)

    def pong(self, text: str) -> bool:
        """A PING of ours came back: what was asked before it is answered. Whether it was one."""
        if not text.startswith(_BARRIER):
            return False
        while self._in_turn:
            name, request = self._in_turn.popleft()
            if request.then:
                request.then(request)
            if name == text:
                break
        return True

    def waiting(self) -> list[PendingRequest]:
        return [*self._labelled.values(), *(request for _, request in self._in_turn)]

    def drop(self, request: PendingRequest) -> None:
        """Wait for it no longer; nothing is called."""
        self._labelled = {name: other for name, other in self._labelled.items() if other is not request}
        self._in_turn = deque((name, other) for name, other in self._in_turn if other is not request)

    def clear(self) -> None:
        self._labelled.clear()
        self._in_turn.clear()
        self._current = None
