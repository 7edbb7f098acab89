"""Bodies of requests: of a size, in a form and at a pace that they may have."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import HttpVersion11, web

from hubbub.web.content_type import media_type
from hubbub.web.errors import Failure

BODY_BYTES_MAX: Final = 1 << 20
"""The longest body of a request that is no file."""
BODY_SECONDS: Final = 30
"""The time that such a body may take to arrive."""
PROBLEM_CHARACTERS_MAX: Final = 300

_PLAIN_CODINGS: Final = ("", "identity")


def check_form(request: web.Request) -> None:
    """Raises Failure for a body in a form that is taken nowhere.

    Nothing that is compressed is ever expanded: what comes is what was sent, byte for byte, and its limits hold.
    """
    if request.headers.get("Content-Encoding", "").strip().lower() not in _PLAIN_CODINGS:
        # RFC 7694, 3: what would be taken instead.
        raise Failure(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "This server does not accept compressed bodies. Send the body without Content-Encoding.",
            {"Accept-Encoding": "identity"},
        )
    if request.headers.get("Transfer-Encoding", "chunked").strip().lower() != "chunked":
        raise Failure(
            HTTPStatus.NOT_IMPLEMENTED, "The only transfer coding that this server accepts is chunked."
        )
    if kind_of(request).startswith("multipart/"):
        raise Failure(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send the content as the whole body, not as a form.",
        )


def kind_of(request: web.Request) -> str:
    """The media type that a request says its body has."""
    return media_type(request.headers.get("Content-Type"))


async def wait_to_invite(request: web.Request) -> None:
    """Replaces aiohttp's answer to `Expect`: a body is invited only once a handler wants it."""


async def invite(request: web.Request) -> None:
    """Tell a sender that waits (`Expect: 100-continue`) to go on; readers of a body call this first."""
    expects = request.headers.get("Expect", "").lower() == "100-continue"
    if expects and request.version >= HttpVersion11 and not request.content.is_eof():
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # So that aiohttp does not take the answer for begun.
        request.writer.output_size = 0


async def whole(request: web.Request) -> bytes:
    """The body of a request that is no file; a Failure where it is too long, or does not come."""
    if (request.content_length or 0) > BODY_BYTES_MAX:
        raise Failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large.")
    await invite(request)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise Failure(HTTPStatus.REQUEST_TIMEOUT, "The request was incomplete. Send it again.") from None


async def asked(request: web.Request, kind: type[msgspec.Struct]) -> Any:
    """The request's JSON as a value; a Failure names what is wrong with it."""
    if kind_of(request) != "application/json":
        raise Failure(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON with the content type application/json.")
    return decoded(await whole(request), kind)


def decoded(
    text: bytes, kind: type[msgspec.Struct], sentence: str = "The body does not have the expected form"
) -> Any:
    """JSON as a value; `sentence` begins what is said of JSON that has another form."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as problem:
        # JSON has one kind of number: 288.0 is an integer (JSON Schema, 6.1.1), which only the lenient reading takes.
        if "got `float`" in str(problem):
            with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                return msgspec.json.decode(text, type=kind, strict=False)
        raise misfit(problem, sentence) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Failure(HTTPStatus.BAD_REQUEST, "The body is not valid JSON.") from None
    except RecursionError:
        raise Failure(HTTPStatus.BAD_REQUEST, "The JSON is nested too deeply.") from None


def misfit(
    problem: msgspec.ValidationError, sentence: str = "The body does not have the expected form"
) -> Failure:
    """The error of a value, quoting only the beginning of a long name in it."""
    told = str(problem)[:PROBLEM_CHARACTERS_MAX]
    return Failure(HTTPStatus.UNPROCESSABLE_ENTITY, f"{sentence}: {told}.")
