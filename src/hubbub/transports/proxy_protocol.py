"""The PROXY protocol, versions 1 and 2: the header in which a proxy names its client."""

import socket
import struct
from dataclasses import dataclass
from typing import Final

from hubbub.addresses import one_form, parse_address

HEADER_BYTES_MAX: Final = 4096
"""The longest header that is read; those of known proxies have a few hundred bytes."""

_SIGNATURE_1: Final = b"PROXY "
_LINE_BYTES_MAX: Final = 107
_SIGNATURE_2: Final = b"\r\n\r\n\x00\r\nQUIT\n"
_FIXED_BYTES: Final = 16
_LOCAL, _PROXY = 0x20, 0x21
_ADDRESSES: Final = {
    0x11: (socket.AF_INET, "!4s4sHH", 12),
    0x21: (socket.AF_INET6, "!16s16sHH", 36),
}
"""By family and protocol (TCP over IPv4 and IPv6): two addresses, two ports."""

_TLS: Final = 0x20
_CLIENT_TLS: Final = 0x01


class NoProxyHeader(ValueError):
    """The bytes are not a PROXY protocol header."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header's length and the client's address; none for the proxy itself, as in its health checks."""

    length: int
    address: str = ""
    port: int = 0
    secure: bool = False


def read_header(beginning: bytes) -> Header | None:
    """The header at the beginning, None while it is not whole; raises NoProxyHeader."""
    if beginning.startswith(_SIGNATURE_2[: len(beginning)]):
        return _read_2(beginning)
    if beginning.startswith(_SIGNATURE_1[: len(beginning)]):
        return _read_1(beginning)
    raise NoProxyHeader


def _read_1(beginning: bytes) -> Header | None:
    """`PROXY TCP4 <from> <to> <port> <port>`, or `PROXY UNKNOWN`."""
    line, end, _ = beginning.partition(b"\r\n")
    if not end:
        if len(beginning) >= _LINE_BYTES_MAX:
            raise NoProxyHeader
        return None
    length = len(line) + len(end)
    words = line.decode("latin-1").split(" ")
    if length > _LINE_BYTES_MAX:
        raise NoProxyHeader
    if words[1] == "UNKNOWN":
        return Header(length)
    is_6 = {"TCP4": False, "TCP6": True}.get(words[1])
    try:
        source, _ = parse_address(words[2]), parse_address(words[3])
        port, _ = (_port(word) for word in words[4:])
    except (ValueError, IndexError):
        raise NoProxyHeader from None
    if is_6 is None or any((":" in word) is not is_6 for word in words[2:4]):
        raise NoProxyHeader
    return Header(length, str(source), port)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 0xFFFF):
        raise NoProxyHeader
    return int(text)


def _read_2(beginning: bytes) -> Header | None:
    if len(beginning) < _FIXED_BYTES:
        return None
    command, family, more = struct.unpack_from("!BBH", beginning, len(_SIGNATURE_2))
    length = _FIXED_BYTES + more
    if command not in (_LOCAL, _PROXY) or length > HEADER_BYTES_MAX:
        raise NoProxyHeader
    if len(beginning) < length:
        return None
    if command == _LOCAL or family not in _ADDRESSES:
        return Header(length)
    kind, layout, size = _ADDRESSES[family]
    if more < size:
        raise NoProxyHeader
    source, _, port, _ = struct.unpack_from(layout, beginning, _FIXED_BYTES)
    secure = _is_secure(beginning[_FIXED_BYTES + size : length])
    return Header(length, one_form(socket.inet_ntop(kind, source)), port, secure)


def _is_secure(fields: bytes) -> bool:
    """Whether one of the fields (type, length, value) says that the client came to the proxy over TLS."""
    while len(fields) >= 3:
        kind, size = struct.unpack_from("!BH", fields)
        value, fields = fields[3 : 3 + size], fields[3 + size :]
        if kind == _TLS and value[:1] and value[0] & _CLIENT_TLS:
            return True
    return False
