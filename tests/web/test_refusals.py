"""Every sentence with which the website refuses something is read by a test, here or in another file."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from msgspec import Struct

import hubbub.web
from tests.server_harness import ServerHarness
from tests.web.http_client import HttpClient, answer_on

TESTS: Final = Path(__file__).parent.parent
WEBSITE: Final = Path(hubbub.web.__file__).parent
REFUSING: Final = frozenset({"Failure", "keep"})
"""What is called with a sentence to refuse something."""


class Asked(Struct, frozen=True):
    """A request of ann's, signed in with her password, that is refused."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


JSON: Final = {"Content_Type": "application/json"}
SAYING: Final = "/api/v1/people/ann/messages"
CONVERSATIONS: Final[dict[str, Asked]] = {
    "Send JSON with the content type application/json.": Asked("POST", SAYING, 415, {}, b"x"),
    "The body is not valid JSON.": Asked("POST", SAYING, 400, JSON, b"x"),
    "The body does not have the expected form: Expected `object`, got `array`.": Asked(
        "POST", SAYING, 422, JSON, b"[]"
    ),
    "The only transfer coding that this server accepts is chunked.": Asked(
        "DELETE", "/api/v1/tokens/x", 501, {"Transfer_Encoding": "gzip, chunked"}
    ),
    "The request is too large.": Asked("POST", SAYING, 413, JSON, b" " * 2_000_000),
    "Write each parameter only once.": Asked("GET", f"{SAYING}?limit=1&limit=2", 422),
    "Request a path on this server, not a full URL.": Asked("GET", "http://chat.test/api/v1/me", 400),
    "This requires a chat session and its ticket.": Asked("POST", "/api/v1/files/cookie", 403),
    "This file does not exist, or you may not see it.": Asked("GET", f"/files/{'x' * 24}", 404),
    "There is no such picture.": Asked("GET", f"/files/preview/{'0' * 32}.webp", 404),
    "Not found.": Asked("GET", "/api/v1/nothing", 404),
    "This method is not allowed here.": Asked("DELETE", SAYING, 405),
}


@pytest.mark.parametrize("sentence", CONVERSATIONS)
async def test_it_is_met(harness: ServerHarness, client: HttpClient, sentence: str) -> None:
    await harness.account("ann")
    client.sign("ann", "correct horse")
    asked = CONVERSATIONS[sentence]
    answer = await client.ask(asked.method, asked.path, asked.body, None, **asked.headers)
    assert (answer.status, answer.error) == (asked.status, sentence)


async def test_a_websocket_that_comes_behind_another_request(client: HttpClient) -> None:
    upgrade = f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n"
    behind = f"GET /irc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n{upgrade}Content-Length: 1\r\n\r\nx"
    await client.website.ready()
    person = client.connect()
    assert person.receiver is not None
    person.receiver.received(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await answer_on(person)).status == 200
    person.receiver.received(behind.encode())
    answer = await answer_on(person)
    assert (answer.status, answer.error) == (400, "A WebSocket request has no body.")


def _sentences() -> Iterator[str]:
    """The sentences in the website's code that refuse something, each up to where a value is put in."""
    for path in sorted(WEBSITE.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _refused_in(function)


def _refused_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _called(node) in REFUSING:
            for argument in node.args:
                yield from _beginnings(argument)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "sentence":
            yield from _beginnings(node.value)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def _beginnings(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text) if " " in text:
            yield text
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_beginnings(body), *_beginnings(orelse))


def _read() -> str:
    """All that tests compare with, one text after the other."""
    texts = []
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def test_the_list_is_whole() -> None:
    """A sentence that is missing here takes a test that meets it, and reads it from its beginning."""
    sentences, read = set(_sentences()), _read()
    assert len(sentences) > 30
    assert sorted(sentence for sentence in sentences if sentence not in read) == []
