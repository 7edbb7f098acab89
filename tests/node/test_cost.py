"""What a message costs, counted and not timed: a change that makes it dearer is noticed before anybody waits for it.

Counted are the interpreter's opcodes in our own code, which are the same on every machine. Where one of these fails for
a good reason, the limit may be raised, with the reason; `make bench` says what it means in µs.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from hubbub.engine.event import Origin
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.storage import open_storage
from hubbub.transports.admission import Admission, AdmissionLimits
from hubbub.transports.base import Peer, Receiver, WireProtocol
from hubbub.transports.stream_connection import StreamConnection
from tests.opcodes import counting
from tests.server_harness import ServerHarness

FEW, MANY = 20, 220
MESSAGES = 20
TRIES = 3
"""On a busy machine a thread that comes late is asked for once more: the cheapest time counts."""

MESSAGE_LIMIT = 2_060
"""Opcodes for one message, however many are shown it: from the bytes that come to the batch that is on its way.

Some hundred and fifty of them ask the tables what its kind is, and to whom it goes; some eighty look for names in it.
"""
RECIPIENT_LIMIT = 52
"""Opcodes for each of those who are shown one message alone: to the transport.

Some eight of them look whether the write alone is a long one, which TLS would hide, and four whether the peer takes
nothing.
"""
FURTHER_LIMIT = 1
"""Opcodes for each who is shown a further message of the same batch: a crowd's pieces are put together once."""
ROW_LIMIT = 290
"""Opcodes of the writer thread for each message that it writes among many."""


class Sink:
    """A transport that takes everything, and counts how often it is given something."""

    def __init__(self) -> None:
        self.writes = 0

    def write(self, data: bytes) -> None:
        self.writes += 1

    def get_write_buffer_size(self) -> int:
        return 0

    def can_write_eof(self) -> bool:
        return False

    def write_eof(self) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


async def counted(act: Callable[[], Awaitable[object]]) -> int:
    with counting() as count:
        await act()
    return count.opcodes


async def room(harness: ServerHarness, people: int) -> tuple[Receiver, list[Sink]]:
    """So many in a room; gives the one who will speak, and everybody's transports."""
    sinks, receivers = [], []
    for number in range(people):
        sink = Sink()
        peer = Peer("127.0.0.1", 40_000 + number, False, WireProtocol.IRC, "main")
        connection = StreamConnection(peer, sink, Admission(AdmissionLimits()))
        receiver = harness.node.entrance.accept(connection)
        assert receiver
        receiver.received(b"NICK nick%d\r\nUSER u 0 * :u\r\nJOIN #tea\r\n" % number)
        sinks.append(sink)
        receivers.append(receiver)
    await harness.settle()
    return receivers[0], sinks


async def said(harness: ServerHarness, speaker: Receiver, lines: int) -> int:
    """The opcodes of so many messages in one batch."""
    line = b"PRIVMSG #tea :what somebody says to everybody in a room, of a usual length\r\n"

    async def say() -> None:
        speaker.received(line * lines)
        await harness.node.gate.settled()

    await say()  # The first one also finds out who is there.
    return min([await counted(say) for _ in range(TRIES)])


async def test_what_a_message_costs(tmp_path: Path) -> None:
    costs: dict[tuple[int, int], int] = {}
    for people in (FEW, MANY):
        data = tmp_path / str(people)
        data.mkdir()
        async with ServerHarness(data, {"limits.lines_a_second": 0}) as harness:
            speaker, sinks = await room(harness, people)
            before = [sink.writes for sink in sinks]
            for lines in (1, MESSAGES):
                costs[people, lines] = await said(harness, speaker, lines)
            written = [sink.writes - earlier for sink, earlier in zip(sinks, before, strict=True)]
            # Whoever hears a batch is written to once, however much is in it.
            assert written == [0, *[2 * (1 + TRIES)] * (people - 1)]
    recipient = (costs[MANY, 1] - costs[FEW, 1]) / (MANY - FEW)
    further = (costs[MANY, MESSAGES] - costs[FEW, MESSAGES] - (costs[MANY, 1] - costs[FEW, 1])) / (
        (MANY - FEW) * (MESSAGES - 1)
    )
    message = (costs[FEW, MESSAGES] - costs[FEW, 1]) / (MESSAGES - 1) - further * (FEW - 1)
    print(f"opcodes: {message:.0f} a message, {recipient:.1f} a recipient, {further:.1f} a further one")
    assert message < MESSAGE_LIMIT
    assert recipient < RECIPIENT_LIMIT
    assert further < FURTHER_LIMIT


async def test_what_a_row_costs(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "hubbub.db")
    by = Origin(7, "ann", "ann", "host")

    def messages(first: int, count: int) -> list[MessageSaid]:
        return [
            MessageSaid(first + at, by, ToRoom(5, "tea"), f"what somebody says {at}") for at in range(count)
        ]

    async def commit(first: int, count: int) -> int:
        async def act() -> None:
            storage.commit(messages(first, count))

        return await counted(act)

    await commit(1, 512)
    few, many = await commit(1_000, 256), await commit(2_000, 1_280)
    storage.close()
    row = (many - few) / 1_024
    print(f"opcodes: {row:.0f} a row")
    assert row < ROW_LIMIT
