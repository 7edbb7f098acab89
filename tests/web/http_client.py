"""An HTTP client of the website, over connections in memory, and the answers that it gets."""

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import Any

from hubbub.transports.base import WireProtocol
from hubbub.web.app_loader import LazyWebsite
from tests.server_harness import Person, ServerHarness


@dataclass
class Answer:
    """`headers` by their names in lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The sentence that says what was wrong."""
        return str(self.json["error"])


class HttpClient:
    """A client at one address: it opens a connection for each request."""

    def __init__(self, harness: ServerHarness, website: LazyWebsite, address: str, secure: bool) -> None:
        self.harness = harness
        self.website = website
        self.address = address
        self.secure = secure
        self.headers: dict[str, str] = {}
        """Sent with everything."""

    def sign(self, name: str, password: str) -> None:
        pair = base64.b64encode(f"{name}:{password}".encode()).decode()
        self.headers["Authorization"] = f"Basic {pair}"

    def bear(self, secret: str) -> None:
        self.headers["Authorization"] = f"Bearer {secret}"

    def connect(self) -> Person:
        person = self.harness.connect(
            f"web-{id(object())}", WireProtocol.HTTP, self.address, secure=self.secure
        )
        # The server sends it HTTP, which the harness cannot read as lines.
        del self.harness.people[person.name]
        return person

    async def ask(
        self, method: str, path: str, body: bytes = b"", as_json: Any = None, **headers: str
    ) -> Answer:
        """One request on a connection of its own; `headers` with `_` for `-`."""
        if as_json is not None:
            body = json.dumps(as_json).encode()
            headers["Content_Type"] = "application/json"
        sent = {"Host": "chat.test", "Connection": "close", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body or method in ("POST", "PUT", "PATCH"):
            sent.setdefault("Content-Length", str(len(body)))
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        return await self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, b"", None, **headers)

    async def post(self, path: str, as_json: Any = None, body: bytes = b"", **headers: str) -> Answer:
        return await self.ask("POST", path, body, as_json, **headers)

    async def raw(self, data: bytes) -> Answer:
        await self.website.ready()
        person = self.connect()
        assert person.receiver is not None
        person.receiver.received(data)
        return await answer_on(person, data[:4] == b"HEAD")


async def answer_on(person: Person, is_head: bool = False) -> Answer:
    """Wait until the answer is whole."""
    data = b""
    while True:
        data += person.connection.take()
        head, end, body = data.partition(b"\r\n\r\n")
        if end:
            first, *lines = head.decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (row.partition(":") for row in lines)
            }
            if is_head or len(body) >= int(headers.get("content-length", 0)):
                return Answer(int(first.split(" ")[1]), headers, body)
        if person.connection.closed and not person.connection.queued_bytes and not data:
            raise ConnectionError("the server has hung up")
        await asyncio.sleep(0)
