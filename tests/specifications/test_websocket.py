"""websocket: IRC in a browser's own messages, on the port that everything comes to, at /irc."""

import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import FrameProtocol, Opcode

from hubbub.node.session import LiveSession
from hubbub.transports.base import WireProtocol
from hubbub.transports.websocket import FRAMED_ONCE_BYTES_MAX, MESSAGE_BYTES_MAX, PIECE_BYTES, framed
from tests.server_harness import Person, ServerHarness

TEXT, BINARY = "text.ircv3.net", "binary.ircv3.net"


class Browser:
    """The other end of a WebSocket, as a browser has it."""

    def __init__(self, harness: ServerHarness, name: str = "web", address: str = "127.0.0.1") -> None:
        self.harness = harness
        self.person: Person = harness.connect(name, WireProtocol.HTTP, address)
        # The server sends it frames, which the harness cannot read as lines.
        del harness.people[name]
        self.end = WSConnection(ConnectionType.CLIENT)

    async def open(
        self, *protocols: str, path: str = "/irc", origin: str = "", host: str = "chat.test:12345"
    ) -> Event:
        headers = [(b"Origin", origin.encode())] if origin else []
        self._send(self.end.send(Request(host, path, subprotocols=list(protocols), extra_headers=headers)))
        return (await self.events())[0]

    def _send(self, data: bytes) -> None:
        assert self.person.receiver is not None
        self.person.receiver.received(data)

    async def send(self, *events: Event) -> list[Event]:
        self._send(b"".join(self.end.send(event) for event in events))
        return await self.events()

    async def raw(self, data: bytes) -> list[Event]:
        self._send(data)
        return await self.events()

    async def events(self) -> list[Event]:
        await self.harness.settle()
        data = self.person.connection.take()
        if data:
            self.end.receive_data(data)
        return list(self.end.events())

    async def come_in(self, name: str = "web") -> None:
        """Past the greeting."""
        lines = [f"NICK {name}", f"USER {name} 0 * :{name}"]
        await self.send(*(TextMessage(data=line) for line in lines))


def texts(events: list[Event]) -> list[str]:
    return [event.data for event in events if isinstance(event, TextMessage)]


def _bytes(event: Event) -> bytes:
    assert isinstance(event, TextMessage | BytesMessage)
    return event.data.encode() if isinstance(event, TextMessage) else bytes(event.data)


@pytest.fixture
async def browser(harness: ServerHarness) -> AsyncIterator[Browser]:
    yield Browser(harness)


@pytest.mark.parametrize("protocol", [TEXT, BINARY])
async def test_both_subprotocols(browser: Browser, protocol: str) -> None:
    """ "Servers implementing this specification MUST support both subprotocols in standard configurations."

    "each message MUST consist of a single IRC line", without trailing `\\r` or `\\n`.
    """
    accepted = await browser.open(protocol)
    assert isinstance(accepted, AcceptConnection) and accepted.subprotocol == protocol
    kind = TextMessage if protocol == TEXT else BytesMessage
    lines = ("NICK web", "USER w 0 * :Web")
    if protocol == TEXT:
        events = await browser.send(*(TextMessage(data=line) for line in lines))
    else:
        events = await browser.send(*(BytesMessage(data=line.encode()) for line in lines))
    assert len(events) > 10 and all(isinstance(event, kind) and event.message_finished for event in events)
    data = [_bytes(event) for event in events]
    assert data[0] == b":hubbub 001 web :Welcome to the Hubbub Network, web"
    assert not [line for line in data if b"\r" in line or b"\n" in line]


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [([TEXT, BINARY], TEXT), ([BINARY, TEXT], BINARY), (["soap", TEXT], TEXT), (["soap"], None), ([], None)],
)
async def test_the_clients_order_of_preference(
    browser: Browser, asked: list[str], chosen: str | None
) -> None:
    """ "The server MUST accept any subprotocol it supports, respecting the client's order of preference. If no
    subprotocol can be agreed on, the server MAY continue connection establishment without sending the" header.
    """
    accepted = await browser.open(*asked)
    assert isinstance(accepted, AcceptConnection) and accepted.subprotocol == chosen
    await browser.come_in()
    assert browser.harness.node.state.user_named("web")


async def test_a_conversation_with_other_clients(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    await browser.harness.irc("ann")
    await browser.harness.ask("ann", "JOIN #tea")
    await browser.send(TextMessage(data="JOIN #tea"))
    await browser.harness.ask("ann", "PRIVMSG #tea :hello ☕")
    assert texts(await browser.events()) == [":ann!ann@local PRIVMSG #tea :hello ☕"]
    await browser.send(TextMessage(data="PRIVMSG #tea :héllo"))
    assert await browser.harness.look() == ["ann < :web!web@local PRIVMSG #tea :héllo"]


async def test_a_message_in_pieces_and_byte_by_byte(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    parts = [TextMessage(data="PING ", message_finished=False), TextMessage(data="x")]
    assert texts(await browser.send(*parts)) == [":hubbub PONG hubbub x"]
    for byte in browser.end.send(TextMessage(data="PING y")):
        events = await browser.raw(bytes([byte]))
    assert texts(events) == [":hubbub PONG hubbub y"]


async def test_a_longest_line_fits(browser: Browser) -> None:
    """ "Maximum message size is reduced by two bytes accordingly"; limits "SHOULD reflect the increased total line
    lengths allowed by the message-tags specification".
    """
    await browser.open(TEXT)
    await browser.come_in()
    tags = "@+a=" + "x" * 4089
    line = f"{tags} PING {'y' * 505}"
    assert texts(await browser.send(TextMessage(data=line))) == [f":hubbub PONG hubbub {'y' * 505}"[:510]]
    (answer,) = texts(await browser.send(TextMessage(data=f"PING {'y' * 600}")))
    assert answer.split()[1] == "417"


async def test_a_ping_of_websocket(browser: Browser) -> None:
    await browser.open(TEXT)
    (answer,) = await browser.send(Ping(payload=b"still there?"))
    assert isinstance(answer, Pong) and bytes(answer.payload) == b"still there?"


async def test_leaving(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    (answer,) = await browser.send(CloseConnection(code=1000, reason="bye"))
    assert isinstance(answer, CloseConnection) and answer.code == 1000
    assert browser.person.connection.closed
    assert browser.harness.node.state.user_named("web") is None


async def test_quit_closes_in_order(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    *_, error, close = await browser.send(TextMessage(data="QUIT :bye"))
    assert isinstance(error, TextMessage) and error.data.startswith("ERROR :Closing link:")
    assert isinstance(close, CloseConnection) and close.code == 1000


async def test_hanging_up(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    browser.person.hang_up("Connection reset by peer")
    await browser.harness.settle()
    assert browser.harness.node.state.user_named("web") is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x05hello", 1002),  # not masked
        (b"\x83\x80\0\0\0\0", 1002),  # a code that there is not
        (b"\xc1\x80\0\0\0\0", 1002),  # a bit that nothing defines
        (b"\x80\x80\0\0\0\0", 1002),  # the end of nothing
        (b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126, 1002),  # a ping that is too long
        (b"\x81\x81\0\0\0\0\xff", 1007),  # not UTF-8
        # What is announced is enough: nobody waits for 1 TiB, for one byte too many, or for the rest of a message.
        (b"\x82\xff" + (1 << 40).to_bytes(8, "big") + b"\0\0\0\0", 1009),
        (b"\x82\xff" + ((1 << 63) - 1).to_bytes(8, "big") + b"\0\0\0\0", 1009),
        (b"\x81\xfe" + (MESSAGE_BYTES_MAX + 1).to_bytes(2, "big") + b"\0\0\0\0", 1009),
        (b"\x01\x81\0\0\0\0x\x80\xfe" + MESSAGE_BYTES_MAX.to_bytes(2, "big") + b"\0\0\0\0", 1009),
    ],
)
async def test_what_is_no_websocket_ends_it_and_says_why(browser: Browser, data: bytes, code: int) -> None:
    """RFC 6455, 7.4.1: 1002 for a protocol error, 1007 for text that is none, 1009 for what is too big."""
    await browser.open(TEXT)
    await browser.come_in()
    *_, close = await browser.raw(data)
    assert isinstance(close, CloseConnection) and close.code == code
    assert browser.harness.node.state.user_named("web") is None


@pytest.mark.parametrize(
    "frame",
    [
        b"\x89\x80\0\0\0\0",  # a ping
        b"\x8a\x80\0\0\0\0",  # an answer to none
        b"\x81\x80\0\0\0\0",  # a message without anything in it
        b"\x81\x83\0\0\0\0\n\r\n",  # one with the ends of lines alone
    ],
    ids=["ping", "pong", "empty", "ends"],
)
async def test_frames_without_a_line_count_as_lines(tmp_path: Path, frame: bytes) -> None:
    settings = {"limits.lines_a_second": 500, "limits.burst_lines": 20, "limits.flood_seconds": 60}
    async with ServerHarness(tmp_path, settings) as harness:
        browser = Browser(harness)
        await browser.open(TEXT)
        await browser.come_in()
        harness.wait(1)
        assert texts(await browser.raw(frame * 20)) == [] and browser.person.connection.reading
        await browser.raw(frame * 1_000)
        assert not browser.person.connection.reading
        harness.now_ms += 61_000
        while not browser.person.connection.closed:
            await browser.raw(frame * 1_000)
        assert harness.node.state.user_named("web") is None


async def test_a_message_of_endless_parts_counts_as_lines(tmp_path: Path) -> None:
    settings = {"limits.lines_a_second": 500, "limits.burst_lines": 20}
    async with ServerHarness(tmp_path, settings) as harness:
        browser = Browser(harness)
        await browser.open(TEXT)
        first, further, ping = b"\x01\x80\0\0\0\0", b"\0\x80\0\0\0\0", b"\x89\x80\0\0\0\0"
        await browser.raw(first + (further + ping) * 9)
        assert browser.person.connection.reading
        assert await browser.raw(further * 1_000) == []
        assert not browser.person.connection.reading


async def test_frames_that_wait_are_handled_in_their_turn(tmp_path: Path) -> None:
    settings = {"limits.lines_a_second": 500, "limits.burst_lines": 20}
    async with ServerHarness(tmp_path, settings) as harness:
        browser = Browser(harness)
        await browser.open(TEXT)
        await browser.come_in()
        harness.wait(1)
        frames = b"".join(browser.end.send(TextMessage(data=f"PING {number}")) for number in range(50))
        assert len(texts(await browser.raw(frames))) == 20
        heard = 20
        while heard < 50:
            harness.now_ms += 10
            heard += len(texts(await browser.events()))
        assert browser.person.connection.reading


async def test_frames_that_wait_are_not_taken_apart(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To put each behind those that wait already would take longer with each."""
    received, calls = LiveSession.received, 0

    def counted(session: LiveSession, data: bytes) -> None:
        nonlocal calls
        calls += 1
        received(session, data)

    monkeypatch.setattr(LiveSession, "received", counted)
    await browser.open(TEXT)
    browser._send(b"\x81\x82\0\0\0\0ab" * 32_000)
    assert not browser.person.connection.reading
    assert calls <= browser.harness.node.settings.limits.burst_lines + 1


async def test_of_one_long_read_no_more_is_looked_at_than_may_be_handled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's forty thousand frames would hold everybody up for a third of a second."""
    looked_at: list[int] = []
    real = FrameProtocol.receive_bytes

    def counted(frames: FrameProtocol, data: bytes) -> None:
        if not frames.client:
            looked_at.append(len(data))
        real(frames, data)

    monkeypatch.setattr(FrameProtocol, "receive_bytes", counted)
    async with ServerHarness(tmp_path, {"limits.lines_a_second": 1, "limits.burst_lines": 5}) as harness:
        browser = Browser(harness)
        await browser.open()
        await browser.raw(b"\x89\x80aaaa" * 40_000)
        assert 0 < sum(looked_at) <= PIECE_BYTES


async def test_of_many_pings_the_last_is_answered(browser: Browser) -> None:
    """RFC 6455, 5.5.3: it "MAY elect to send a Pong frame for only the most recently processed Ping frame"."""
    await browser.open(TEXT)
    answers = await browser.send(*(Ping(payload=b"%d" % number) for number in range(20)))
    assert [bytes(answer.payload) for answer in answers if isinstance(answer, Pong)] == [b"19"]


async def test_nothing_is_heard_behind_a_close(browser: Browser) -> None:
    await browser.open(TEXT)
    close = b"\x88\x80\0\0\0\0"
    (answer,) = await browser.raw(close * 1_000)
    assert isinstance(answer, CloseConnection) and browser.person.connection.closed


async def test_what_came_before_a_frame_that_is_too_long_counts(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    bob = await browser.harness.irc("bob")
    line = browser.end.send(TextMessage(data="PRIVMSG bob :here"))
    head = b"\x82\xff" + (1 << 40).to_bytes(8, "big") + b"\0\0\0\0"
    (close,) = await browser.raw(line + head + line)
    assert isinstance(close, CloseConnection) and close.code == 1009
    assert [line for line in bob.seen() if "here" in line] == [":web!web@local PRIVMSG bob :here"]


@pytest.mark.parametrize("size", [0, 1, 125, 126, MESSAGE_BYTES_MAX - 20])
async def test_heads_of_frames_are_followed_however_they_are_cut(browser: Browser, size: int) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    data = browser.end.send(TextMessage(data="PING :" + "x" * size)) + browser.end.send(Ping(payload=b"p"))
    found: list[Event] = []
    for start in range(0, 2 * len(data), 7):
        found += await browser.raw((data + data)[start : start + 7]) if size < 200 else []
    if size >= 200:
        found = await browser.raw(data + data)
    assert not any(isinstance(event, CloseConnection) for event in found)
    assert sum(isinstance(event, TextMessage) for event in found) == 2


async def test_fragments_without_an_end_are_not_kept(browser: Browser) -> None:
    await browser.open(TEXT)
    piece = TextMessage(data="x" * 10_000, message_finished=False)
    assert await browser.send(piece) == []
    (close,) = await browser.send(piece)
    assert isinstance(close, CloseConnection) and close.code == 1009


async def test_several_lines_in_one_message(browser: Browser) -> None:
    await browser.open(TEXT)
    await browser.come_in()
    assert texts(await browser.send(TextMessage(data="PING a\r\nPING b\r\n"))) == [
        ":hubbub PONG hubbub a",
        ":hubbub PONG hubbub b",
    ]


# Who may come


async def test_other_paths_are_no_chat(browser: Browser) -> None:
    refused = await browser.open(TEXT, path="/elsewhere")
    assert isinstance(refused, RejectConnection) and refused.status_code == 404


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("", "chat.test", 101),
        ("http://chat.test", "chat.test", 101),
        ("http://chat.test:80", "chat.test", 101),
        ("http://CHAT.test:12345", "chat.test:12345", 101),
        ("http://[::1]:12345", "[0:0::1]:12345", 101),
        ("https://chat.test", "chat.test", 403),
        ("http://chat.test", "chat.test:12345", 403),
        ("http://chat.test:8080", "chat.test:12345", 403),
        ("https://evil.test", "chat.test", 403),
        ("https://chat.test.evil.test", "chat.test", 403),
        ("null", "chat.test", 403),
        ("http://chat.test, http://evil.test", "chat.test", 403),
        ("http://evil.test", "evil.test", 421),
        ("https://", "", 400),
    ],
)
async def test_pages_of_other_sites_may_not(browser: Browser, origin: str, host: str, status: int) -> None:
    """RFC 6455, 10.2: a server that is for pages of its own site should check the origin."""
    answer = await browser.open(TEXT, origin=origin, host=host)
    if status == 101:
        assert isinstance(answer, AcceptConnection)
    else:
        assert isinstance(answer, RejectConnection) and answer.status_code == status


@pytest.mark.parametrize("setting", [["HTTPS://chat.example.org:443"], ["*"]])
async def test_but_for_those_in_the_settings(tmp_path: Path, setting: list[str]) -> None:
    async with ServerHarness(tmp_path, {"server.web_origins": setting}) as harness:
        answer = await Browser(harness).open(TEXT, origin="https://CHAT.example.org")
        assert isinstance(answer, AcceptConnection)
        answer = await Browser(harness).open(TEXT, origin="https://other.example.org")
        assert isinstance(answer, AcceptConnection) is (setting == ["*"])
        answer = await Browser(harness).open(TEXT, origin="null")
        assert isinstance(answer, RejectConnection)


HEAD = "GET /irc HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
VERSION = "Sec-WebSocket-Version: 13\r\n"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (HEAD + KEY + VERSION, 101),
        (HEAD + KEY, 426),
        (HEAD + VERSION, 400),
        (HEAD + VERSION + "Sec-WebSocket-Key: !!!!\r\n", 400),
        (HEAD + VERSION + "Sec-WebSocket-Key: dGhl\r\n", 400),
        (HEAD.replace("GET", "POST") + KEY + VERSION, 400),
        (HEAD.replace("Connection: keep-alive, Upgrade\r\n", "") + KEY + VERSION, 400),
        (HEAD.replace("Upgrade: websocket", "Upgrade: h2c") + KEY + VERSION, 426),
        ("GET /irc HTTP/1.1\r\nHost: x\r\n", 426),
        ("GET /irc\r\n", 400),
        ("GET /irc HTTP/1.1\r\n: x\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n", 404),
    ],
)
async def test_requests(harness: ServerHarness, head: str, status: int) -> None:
    person = harness.connect("web", WireProtocol.HTTP)
    assert person.receiver is not None
    for byte in f"{head}\r\n".encode():
        person.receiver.received(bytes([byte]))
    answer = person.connection.take().decode()
    assert answer.startswith(f"HTTP/1.1 {status} "), answer
    assert person.connection.closed is (status != 101)
    if status == 101:
        # RFC 6455, 1.3 has the example.
        assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    if status == 426:
        assert "Upgrade: websocket\r\n" in answer


async def test_a_head_that_is_too_long_is_refused_also_in_one_piece(harness: ServerHarness) -> None:
    person = harness.connect("web", WireProtocol.HTTP)
    assert person.receiver is not None
    more = "".join(f"x-{number}: {'y' * 1000}\r\n" for number in range(20))
    person.receiver.received(f"{HEAD}{KEY}{VERSION}{more}\r\n".encode())
    assert person.connection.take().startswith(b"HTTP/1.1 431 ") and person.connection.closed


async def test_what_comes_right_behind_the_request_counts(harness: ServerHarness) -> None:
    person = harness.connect("web", WireProtocol.HTTP)
    assert person.receiver is not None
    frame = b"\x81\x86\0\0\0\0PING x"
    person.receiver.received(f"{HEAD}{KEY}{VERSION}\r\n".encode() + frame)
    await harness.settle()
    assert person.connection.take().endswith(b"PONG hubbub x")


def test_the_same_line_is_the_same_bytes_for_everybody() -> None:
    """RFC 6455, 5.1: "A server MUST NOT mask any frames that it sends"; its lengths in 7, 16 and 64 bits."""
    lines = b"short\r\n" + b"x" * 126 + b"\r\n" + b"y" * 70_000 + b"\r\n"
    data = framed(lines, Opcode.TEXT)
    assert data.startswith(b"\x81\x05short\x81\x7e\x00\x7exx")
    assert b"\x81\x7f\0\0\0\0\0\x01\x11\x70yy" in data
    short = b"short\r\n"
    assert framed(short, Opcode.TEXT) is framed(bytes(short), Opcode.TEXT)


def test_long_pages_are_not_kept() -> None:
    """Whoever asks for one page after the other would fill the memory with them."""
    page = b"x" * (FRAMED_ONCE_BYTES_MAX // 2 - 2) + b"\r\n"
    tracemalloc.start()
    try:
        for number in range(50):
            framed(page * 3 + b"%d\r\n" % number, Opcode.TEXT)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 3 * len(page)


async def test_frames_of_who_takes_nothing_wait_as_they_came(browser: Browser) -> None:
    """Also where the pace alone would let them on: each would be put into a line before all others."""
    await browser.open(TEXT)
    await browser.come_in()
    session = next(iter(browser.harness.node.live.values()))
    ping, burst = TextMessage(data="PING x"), browser.harness.node.settings.limits.burst_lines
    pings = b"".join(browser.end.send(ping) for _ in range(burst))
    browser.harness.wait(60)
    browser._send(pings + b"".join(browser.end.send(Pong()) for _ in range(1_000)))
    browser.person.connection.stalled = True
    browser.harness.wait(1)
    session._resume()
    await browser.harness.settle()
    assert len(session._lines) <= 1
    browser.person.connection.stalled = False
    browser.harness.wait(60)
    session._resume()
    await browser.harness.settle()
    assert len(texts(await browser.events())) == burst
    assert len(session._lines) <= 1 and not session.is_over
