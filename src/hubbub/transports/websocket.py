"""WebSocket (RFC 6455): lines in messages, over a connection on which a browser has asked for it."""

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed

from hubbub.transports.base import Connection, Form, LineReceiver, Peer, WireProtocol
from hubbub.transports.request_head import RequestHead, response

PATH: Final = "/irc"
MESSAGE_BYTES_MAX: Final = 16_384
"""websocket: "Servers SHOULD impose limits on the maximum size of messages they will accept". Any IRC line fits."""

COME_BY_WEBSOCKET: Final = (HTTPStatus.UPGRADE_REQUIRED, "This address serves WebSocket connections.")
PIECE_BYTES: Final = 4_096
"""The bytes whose frames are found at once: a read may bring forty thousand frames, before anybody has paused it."""
FRAMED_ONCE_BYTES_MAX: Final = 8_192
"""What is said to many is framed once for all of them. What is longer is a page that one has asked for: to keep 512 of
those would take gigabytes.
"""

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BINARY: Final = "binary.ircv3.net"
_OPCODES: Final = {_BINARY: Opcode.BINARY, "text.ircv3.net": Opcode.TEXT}
_FIN: Final = 0x80
_OPCODE: Final = 0x0F
_FIRST_CONTROL: Final = 8
_MASKED: Final = 0x80
_LENGTH: Final = 0x7F
_EXTENDED_BYTES: Final = {126: 2, 127: 8}


def is_upgrade(request: RequestHead) -> bool:
    return request.path == PATH and "websocket" in request.words("upgrade")


def refusal(request: RequestHead) -> tuple[HTTPStatus, str] | None:
    """Why a request for WebSocket can't be granted: the status, and a sentence."""
    if request.method != "GET" or "upgrade" not in request.words("connection"):
        return HTTPStatus.BAD_REQUEST, "This is not a WebSocket request."
    if request.headers.get("sec-websocket-version") != "13":
        return HTTPStatus.UPGRADE_REQUIRED, "Use version 13 of WebSocket."
    try:
        key = base64.b64decode(request.headers.get("sec-websocket-key", ""), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 16:
        return HTTPStatus.BAD_REQUEST, "The request's key must have 16 bytes."
    return None


class Announced:
    """Follows the heads of frames (RFC 6455, 5.2): how long a message will be is known before any of it has come."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._head = b""
        self._payload_left = 0
        self._message_bytes = 0

    def passed_at(self, data: bytes) -> int | None:
        """Behind which of these bytes a frame is announced that makes its message too long; None for nowhere."""
        at = 0
        while at < len(data):
            if self._payload_left:
                step = min(self._payload_left, len(data) - at)
                self._payload_left -= step
                at += step
                continue
            self._head += data[at : at + 1]
            at += 1
            if len(self._head) == _head_bytes(self._head) and self._begins_too_long():
                return at
        return None

    def _begins_too_long(self) -> bool:
        """A frame's head is whole: note what it announces."""
        head, self._head = self._head, b""
        length, extended = head[1] & _LENGTH, head[2 : 2 + _EXTENDED_BYTES.get(head[1] & _LENGTH, 0)]
        self._payload_left = int.from_bytes(extended, "big") if extended else length
        opcode = head[0] & _OPCODE
        if opcode < _FIRST_CONTROL:
            self._message_bytes = self._payload_left + (0 if opcode else self._message_bytes)
        return self._message_bytes > self._most


def _head_bytes(head: bytes) -> int:
    """The length of a frame's head from its beginning; more than is there while that is not known."""
    if len(head) < 2:
        return 2
    mask_bytes = 4 if head[1] & _MASKED else 0
    return 2 + _EXTENDED_BYTES.get(head[1] & _LENGTH, 0) + mask_bytes


class WebSocket:
    """A connection whose messages are lines; to what carries it, it is the receiver."""

    def __init__(self, below: Connection, request: RequestHead) -> None:
        """`request` has been found good by `refusal`."""
        self.peer: Peer = replace(below.peer, kind=WireProtocol.WEBSOCKET)
        self._below = below
        self._frames = FrameProtocol(client=False, extensions=[])
        self._receiver: LineReceiver | None = None
        self._unread = b""
        """The bytes whose frames are found when those before them are handled."""
        self._message = b""
        self._announced = Announced(MESSAGE_BYTES_MAX)
        self._is_too_long = False
        """Whether what follows what is there belongs to a message that is too long; nothing of it is taken."""
        self._ping: bytes | None = None
        """The last ping's payload, until its pong arrives."""
        self._closing = False
        self._paused = False
        self._is_full = False
        """While the peer does not take what it is sent."""
        # "The server MUST accept any subprotocol it supports, respecting the client's order of preference."
        wanted = [word for word in request.words("sec-websocket-protocol") if word in _OPCODES]
        self._opcode = _OPCODES[wanted[0]] if wanted else Opcode.TEXT
        below.write(_accepted(request.headers["sec-websocket-key"], wanted[0] if wanted else ""))

    def serve(self, accept: Callable[[Connection], LineReceiver]) -> None:
        self._receiver = accept(self)

    # What is sent

    @property
    def queued_bytes(self) -> int:
        return self._below.queued_bytes

    @property
    def form(self) -> Form:
        return _FORMS[self._opcode]

    def write(self, data: bytes) -> None:
        self.send(self.form((data,)))

    def send(self, data: bytes) -> int:
        return 0 if self._closing else self._below.send(data)

    def close(self) -> None:
        self._end(CloseReason.NORMAL_CLOSURE)

    def abort(self) -> None:
        self._closing = True
        self._below.abort()

    def settled(self) -> None:
        self._below.settled()

    def renewed(self) -> None:
        self._below.renewed()

    def pause_reading(self) -> None:
        """Stop parsing too: frames that have arrived wait."""
        self._paused = True
        self._below.pause_reading()

    def resume_reading(self) -> None:
        if self._paused and not self._closing:
            asyncio.get_running_loop().call_soon(self._go_on)
        self._paused = False
        self._below.resume_reading()

    def watch(self, flow: Callable[[bool], None], least_bytes: int = 0) -> None:
        """Stop parsing while the peer takes nothing, whatever the receiver wants."""

        def watched(takes: bool) -> None:
            if takes and self._is_full and not self._closing:
                asyncio.get_running_loop().call_soon(self._go_on)
            self._is_full = not takes
            flow(takes)

        self._below.watch(watched, least_bytes)

    def half_open(self, ended: Callable[[], None] | None) -> None:
        self._below.half_open(ended)

    def _end(self, code: int, reason: str = "") -> None:
        if not self._closing:
            self._closing = True
            self._below.write(bytes(self._frames.close(code, reason)))
            self._below.close()

    # What comes

    def received(self, data: bytes) -> None:
        if not self._is_too_long:
            self._unread += data
            self._go_on()

    def _go_on(self) -> None:
        try:
            while not (self._closing or self._paused or self._is_full) and (frame := self._next()):
                self._take(frame)
        except ParseFailed as error:
            self._fail(error.code, str(error))
        if self._is_too_long and not (self._closing or self._paused or self._is_full):
            self._refuse_length()
        self._answer_ping()

    def _next(self) -> Frame | None:
        """The next frame, or as much of it as has come."""
        while (frame := next(self._frames.received_frames(), None)) is None and self._unread:
            piece, self._unread = self._unread[:PIECE_BYTES], self._unread[PIECE_BYTES:]
            end = self._announced.passed_at(piece)
            if end is not None:
                self._is_too_long, self._unread = True, b""
            self._frames.receive_bytes(piece[:end])
        return frame

    def _refuse_length(self) -> None:
        """RFC 6455, 7.4.1: 1009, "a message that is too big for it to process"."""
        self._fail(CloseReason.MESSAGE_TOO_BIG, f"A message may have at most {MESSAGE_BYTES_MAX} bytes.")

    def _answer_ping(self) -> None:
        """RFC 6455, 5.5.3: of several pings, an endpoint may answer "only the most recently processed" one."""
        ping, self._ping = self._ping, None
        if ping is not None and not self._closing:
            self._below.write(bytes(self._frames.pong(ping)))

    def lost(self, error: str | None) -> None:
        self._closing = True
        receiver, self._receiver = self._receiver, None
        if receiver:
            receiver.lost(error)

    def _fail(self, code: int, reason: str) -> None:
        self._end(code, reason)
        self.lost(reason)

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self._end(CloseReason.NORMAL_CLOSURE)
            self.lost(None)
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._take_part(frame)
        else:
            if frame.opcode is Opcode.PING:
                self._ping = _bytes(frame)
            self._take_no_line()

    def _take_part(self, frame: Frame) -> None:
        """A part may be a whole frame or as much of it as has come, which costs nothing: it ends with what came."""
        self._message += _bytes(frame)
        line = b""
        if frame.message_finished:
            # One with nothing but the ends of lines holds none.
            line, self._message = self._message.strip(b"\r\n"), b""
        if line and self._receiver:
            self._receiver.received(line + b"\r\n")
        elif frame.frame_finished:
            self._take_no_line()

    def _take_no_line(self) -> None:
        if self._receiver:
            self._receiver.framed()


def _bytes(frame: Frame) -> bytes:
    payload = frame.payload
    return payload.encode() if isinstance(payload, str) else bytes(payload)  # type: ignore[arg-type]


def framed(lines: bytes, opcode: Opcode) -> bytes:
    """Whole lines, each as a message. A server's frames are not masked: all peers receive the same bytes."""
    return (_framed_once if len(lines) <= FRAMED_ONCE_BYTES_MAX else _framed)(lines, opcode)


def _framed(lines: bytes, opcode: Opcode) -> bytes:
    """ "each message MUST consist of a single IRC line", "MUST NOT include trailing `\\r` or `\\n`"."""
    frames = bytearray()
    for line in lines.splitlines():
        frames.append(_FIN | opcode)
        if len(line) <= 125:
            frames.append(len(line))
        elif len(line) <= 0xFFFF:
            frames.append(126)
            frames += len(line).to_bytes(2, "big")
        else:
            frames.append(127)
            frames += len(line).to_bytes(8, "big")
        frames += line
    return bytes(frames)


_framed_once = lru_cache(maxsize=512)(_framed)


def _form(opcode: Opcode) -> Form:
    return lambda pieces: b"".join([framed(piece, opcode) for piece in pieces])


_FORMS: Final = {opcode: _form(opcode) for opcode in _OPCODES.values()}


def _accepted(key: str, protocol: str) -> bytes:
    """RFC 6455, 4.2.2: the answer that proves that the request was understood."""
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()).decode()
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept}
    if protocol:
        headers["Sec-WebSocket-Protocol"] = protocol
    return response(HTTPStatus.SWITCHING_PROTOCOLS, headers)
