"""RFC 9112's requests are no lines of a chat: any page could make its visitor's browser send them, and lines behind."""

import pytest

from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness

BEHIND = "Host: x\n\nNICK eve\nUSER eve 0 * :Eve\nJOIN #tea\nPRIVMSG #tea :hello"


@pytest.mark.parametrize("kind", [WireProtocol.IRC, WireProtocol.NETCAT])
@pytest.mark.parametrize(
    "request_line",
    [
        "POST / HTTP/1.1",
        "GET /",
        "OPTIONS * HTTP/1.1",
        "CONNECT chat.test:12345 HTTP/1.1",
        "post / http/1.1",
        "PROPFIND /a b HTTP/1.0",
        "NICK / HTTP/1.1",
        "PRI * HTTP/2.0",
        "PUT /%0d%0aNICK HTTP/1.1",
    ],
)
async def test_a_request_ends_the_session(
    harness: ServerHarness, kind: WireProtocol, request_line: str
) -> None:
    person = harness.connect("eve", kind)
    await harness.look()
    person.type(f"\n{request_line}\n{BEHIND}")
    await harness.look()
    assert person.connection.closed
    assert not harness.node.state.users and not harness.node.state.sessions


async def test_also_where_something_else_was_said_before(harness: ServerHarness) -> None:
    irc, netcat = harness.connect("ann"), harness.connect("bob", WireProtocol.NETCAT)
    irc.type(f"CAP LS 302\nNICK ann\nPOST / HTTP/1.1\n{BEHIND}")
    netcat.type(f"no name at all\nPOST / HTTP/1.1\n{BEHIND}")
    await harness.look()
    assert irc.connection.closed and netcat.connection.closed and not harness.node.state.users


async def test_people_may_speak_of_it(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    await harness.look()
    assert await harness.ask("ann", "GET / HTTP/1.1") == ["bob < ann: GET / HTTP/1.1"]
    irc = await harness.irc("eve")
    irc.type("PRIVMSG ann :POST / HTTP/1.1\nGET / HTTP/1.1")
    assert [line for line in await harness.look() if line.startswith("ann")] == [
        "ann < eve (private): POST / HTTP/1.1"
    ]
    assert not irc.connection.closed
