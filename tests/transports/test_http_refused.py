"""A port that serves no HTTP takes no request for anything else, whenever and however it comes."""

import asyncio
import ssl
from collections.abc import Callable

import pytest
import trustme

from hubbub.transports.admission import AdmissionLimits
from hubbub.transports.base import WireProtocol
from tests.transports.listener_harness import LONG, call, open_listener

GREETING = b"Who are you?\n"
BODY = b"Host: chat.test\r\nContent-Length: 11\r\n\r\nNICK eve\r\n\n"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Callable[[], ssl.SSLContext]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    context.set_alpn_protocols(["irc", "http/1.1"])
    return lambda: context


@pytest.fixture
def client(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]


@pytest.mark.parametrize(
    "kinds", [(WireProtocol.IRC,), (WireProtocol.NETCAT,), (WireProtocol.NETCAT, WireProtocol.IRC)], ids=str
)
@pytest.mark.parametrize("is_secure", [False, True], ids=["clear", "tls"])
@pytest.mark.parametrize("how", ["at once", "byte by byte", "greeted"])
async def test_a_request_is_turned_away(
    kinds: tuple[WireProtocol, ...],
    is_secure: bool,
    how: str,
    server: Callable[[], ssl.SSLContext],
    client: ssl.SSLContext,
) -> None:
    limits = AdmissionLimits(silence_seconds=0.0 if how == "greeted" else LONG)
    async with (
        open_listener(
            kinds=kinds,
            tls="only" if is_secure else "never",
            context=server,
            limits=limits,
            greeting=GREETING,
        ) as harness,
        call(harness, client if is_secure else None) as caller,
    ):
        if how == "greeted":
            await caller.hears(GREETING)
        words = b"POST / HTTP/1.1\r\n" + BODY
        for piece in (
            [words[place : place + 1] for place in range(len(words))] if how == "byte by byte" else [words]
        ):
            caller.say(piece)
            await asyncio.sleep(0)
        answer = await caller.hears_the_end()
        assert b"HTTP/1.1 421 " in answer and b"No pages are served at this port." in answer
        assert [receiver.heard for receiver in harness.receivers if receiver.heard] == []


@pytest.mark.parametrize("kind", [WireProtocol.IRC, WireProtocol.NETCAT])
@pytest.mark.parametrize("method", [*METHODS, "PROPFIND", "get", "NICK", "x-y"])
async def test_whatever_the_method_is(kind: WireProtocol, method: str) -> None:
    async with open_listener(kinds=(kind,)) as harness, call(harness) as caller:
        caller.say(f"{method} / HTTP/1.1\r\n".encode() + BODY)
        assert b"HTTP/1.1 421 " in await caller.hears_the_end()
        assert [receiver.heard for receiver in harness.receivers if receiver.heard] == []


@pytest.mark.parametrize("tls", ["auto", "only"])
async def test_a_browsers_handshake_is_enough(
    tls: str, server: Callable[[], ssl.SSLContext], client: ssl.SSLContext
) -> None:
    client.set_alpn_protocols(["h2", "http/1.1"])
    async with (
        open_listener(kinds=(WireProtocol.IRC,), tls=tls, context=server) as harness,  # type: ignore[arg-type]
        call(harness, client) as caller,
    ):
        caller.say(b"NICK eve\r\n")
        assert b"HTTP/1.1 421 " in await caller.hears_the_end()
        assert harness.receivers == []


@pytest.mark.parametrize("kinds", [(WireProtocol.IRC,), (WireProtocol.NETCAT,)], ids=str)
async def test_who_speaks_what_is_served_is_served(
    kinds: tuple[WireProtocol, ...], server: Callable[[], ssl.SSLContext], client: ssl.SSLContext
) -> None:
    async with (
        open_listener(kinds=kinds, tls="only", context=server, greeting=GREETING) as harness,
        call(harness, client) as caller,
    ):
        await caller.hears(GREETING)
        caller.say(b"NICK ann\r\n")
        receiver = await harness.receiver()
        await harness.hears(receiver, b"NICK ann\r\n")
        receiver.connection.write(b"Hello.\n")
        await caller.hears(b"Hello.\n")
        assert (receiver.kind, len(harness.receivers)) == (kinds[0], 1)
