"""The signatures of protocols: the first bytes by which one port tells them apart."""

import enum
import re
from typing import Final

LOOK_BYTES: Final = 8192
"""The bytes of a beginning that are examined; a longer first line with tags matches no protocol."""


class Opening(enum.Enum):
    """The protocol that a peer's first bytes show."""

    TLS = "tls"
    SSH = "ssh"
    HTTP = "http"
    IRC = "irc"
    OTHER = "other"
    UNDECIDED = "undecided"


_TLS_HANDSHAKE: Final = b"\x16"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")
_VERBS: Final = ("CAP", "NICK", "USER", "PASS", "PING", "AUTHENTICATE", "WEBIRC", "STARTTLS", "QUIT")

_HTTP: Final = tuple(f"{method} {target}".encode() for method in _METHODS for target in "/*")
_REQUEST_LINE: Final = re.compile(rb"[^\s]+ [^\s]+ HTTP/[0-9.]+\r?\n", re.IGNORECASE)
"""Any method at all, where the whole line has come at once."""
_IRC: Final = tuple(f"{verb}{end}".encode() for verb in _VERBS for end in " \r\n")
_TAGS_AND_SOURCE: Final = re.compile(rb"(?:@[^ \r\n]+ +)?(?::[^ \r\n]+ +)?")


def recognise(beginning: bytes) -> Opening:
    """Say what speaks; UNDECIDED while more bytes could still make it something known."""
    if beginning.startswith(_TLS_HANDSHAKE):
        return Opening.TLS
    look = _recognise_prefixed if beginning.startswith((b"@", b":")) else _recognise_word
    opening = look(beginning)
    return Opening.OTHER if opening is Opening.UNDECIDED and len(beginning) >= LOOK_BYTES else opening


def _recognise_word(beginning: bytes) -> Opening:
    line = beginning.upper()
    if beginning.startswith(b"SSH-"):
        return Opening.SSH
    if beginning.startswith(_HTTP) or _REQUEST_LINE.match(beginning):
        return Opening.HTTP
    if line.startswith(_IRC):
        return Opening.IRC
    could_be = any(wanted.startswith(beginning) for wanted in (b"SSH-", *_HTTP))
    could_be = could_be or any(wanted.startswith(line) for wanted in _IRC)
    return Opening.UNDECIDED if could_be else Opening.OTHER


def _recognise_prefixed(beginning: bytes) -> Opening:
    """Look behind an IRC line's tags and source; in netcat a line may begin with `@name` as well."""
    prefix = _TAGS_AND_SOURCE.match(beginning)
    rest = beginning[prefix.end() :] if prefix else beginning
    if rest.startswith((b"@", b":")):
        return Opening.OTHER if re.search(rb"[ \r\n]", rest) else Opening.UNDECIDED
    opening = _recognise_word(rest)
    return opening if opening in (Opening.IRC, Opening.UNDECIDED) else Opening.OTHER
