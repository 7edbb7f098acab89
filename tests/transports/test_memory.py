"""The connection without a network."""

import pytest

from hubbub.transports.base import Connection, Peer, WireProtocol
from tests.memory_connection import MemoryConnection


@pytest.fixture
def connection() -> MemoryConnection:
    return MemoryConnection(Peer("127.0.0.1", 1, False, WireProtocol.IRC, "main"))


def test_it_is_a_connection(connection: MemoryConnection) -> None:
    promised: Connection = connection
    assert promised.peer.kind is WireProtocol.IRC


def test_what_was_written_can_be_taken_once(connection: MemoryConnection) -> None:
    connection.write(b"one ")
    connection.write(b"two")
    assert (connection.queued_bytes, connection.take(), connection.take()) == (0, b"one two", b"")


def test_a_stalled_peer_takes_nothing_until_it_goes_on(connection: MemoryConnection) -> None:
    connection.stalled = True
    connection.write(b"one")
    assert (connection.take(), connection.queued_bytes) == (b"", 3)
    connection.stalled = False
    connection.write(b" two")
    assert (connection.queued_bytes, connection.take()) == (0, b"one two")


def test_closing_keeps_what_is_queued_and_aborting_does_not(connection: MemoryConnection) -> None:
    connection.write(b"last words")
    connection.close()
    connection.write(b"too late")
    assert (connection.closed, connection.aborted, connection.take()) == (True, False, b"last words")
    connection.abort()
    assert (connection.closed, connection.aborted) == (True, True)


def test_aborting_drops_what_is_queued(connection: MemoryConnection) -> None:
    connection.write(b"last words")
    connection.abort()
    assert connection.take() == b""


def test_it_knows_whether_it_is_read(connection: MemoryConnection) -> None:
    connection.pause_reading()
    assert not connection.reading
    connection.resume_reading()
    assert connection.reading
