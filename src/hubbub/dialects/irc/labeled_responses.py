"""Labeled responses: the whole answer to a line under the label that its sender gave it."""

from typing import TYPE_CHECKING

from hubbub.wire.message import escape_tag_value

if TYPE_CHECKING:
    from .session import IrcSession


def labelled(talk: "IrcSession", label: str, lines: list[bytes]) -> bytes:
    """labeled-response: one line carries the label, several go in a batch, none is acknowledged by ACK."""
    tag = f"label={escape_tag_value(label)}".encode()
    whole = [piece for data in lines for piece in data.splitlines(keepends=True)]
    server = talk.host.facts.name.encode()
    if not whole:
        return b"@%b :%b ACK\r\n" % (tag, server)
    if len(whole) == 1 or _is_one_batch(whole):
        return b"".join([_tagged(whole[0], tag), *whole[1:]])
    reference = f"label{next(talk.batches)}".encode()
    inside = b"batch=" + reference
    body = [piece if _is_in_batch(piece) else _tagged(piece, inside) for piece in whole]
    start = b"@%b :%b BATCH +%b labeled-response\r\n" % (tag, server, reference)
    return b"".join([start, *body, b":%b BATCH -%b\r\n" % (server, reference)])


def _tagged(data: bytes, tag: bytes) -> bytes:
    return b"@%b;%b" % (tag, data[1:]) if data.startswith(b"@") else b"@%b %b" % (tag, data)


def _is_in_batch(data: bytes) -> bool:
    return data.startswith(b"@batch=")


def _words(data: bytes) -> list[bytes]:
    """Verb and parameters of a line that the server wrote."""
    words = data.split()
    return words[sum(word[:1] in (b"@", b":") for word in words[:2]) :]


def _is_one_batch(lines: list[bytes]) -> bool:
    """Whether the answer is a batch from its first line to its last."""
    first, last = _words(lines[0]), _words(lines[-1])
    return first[0] == last[0] == b"BATCH" and first[1][:1] == b"+" and last[1] == b"-" + first[1][1:]
