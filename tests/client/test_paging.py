"""Pages of history at servers that know messages by their time alone: nothing of a millisecond is left out."""

from itertools import count

import pytest

from hubbub.client.client import Client
from hubbub.client.identity import Identity
from hubbub.wire.message import parse
from hubbub.wire.times import format_time, parse_time

START_MS = 1_795_000_000_000
LIMIT = 3


class History:
    """A server's memory of one room; it gives no more than the limit, and excludes the times that are named."""

    def __init__(self, times: list[int], has_ids: bool) -> None:
        self.said = [(START_MS + time, str(number)) for number, time in enumerate(times)]
        self.has_ids = has_ids
        self.references = count(1)
        self.questions = 0

    def answer(self, line: str) -> list[str]:
        self.questions += 1
        message = parse(line.encode())
        subcommand, target, *selectors, _ = message.params
        assert all(selector == "*" or selector.startswith("timestamp=") for selector in selectors)
        times = [parse_time(selector.removeprefix("timestamp=")) or 0 for selector in selectors]
        if subcommand == "LATEST":
            found = [one for one in self.said if one[0] > times[0]][-LIMIT:]
        elif subcommand == "BEFORE":
            found = [one for one in self.said if one[0] < times[0]][-LIMIT:]
        else:
            found = [one for one in self.said if times[1] < one[0] < times[0]][-LIMIT:]
        label = f"@label={message.tags['label']} " if message.tags.get("label") else ""
        batch = f"h{next(self.references)}"
        return [
            f"{label}:srv BATCH +{batch} chathistory {target}",
            *(f"@batch={batch};{self.said_as(one)}" for one in found),
            f":srv BATCH -{batch}",
        ]

    def said_as(self, one: tuple[int, str]) -> str:
        time, text = one
        known = f"msgid=id-{text:0>3};" if self.has_ids else ""
        return f"{known}time={format_time(time)} :bob!b@h PRIVMSG #tea :{text}"


class PagingHarness:
    """A client in #tea, with a server that answers CHATHISTORY."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.client = Client(Identity("ann"), lambda: "nonce")

    def come(self) -> None:
        self.client.opened(START_MS, is_secure=True, is_private=True)
        self.hear(":srv CAP * LS :batch labeled-response server-time message-tags draft/chathistory")
        self.hear(":srv CAP * ACK :batch labeled-response server-time message-tags draft/chathistory")
        self.hear(
            ":srv 001 ann :Hi",
            f":srv 005 ann CHATHISTORY={LIMIT} MSGREFTYPES=timestamp :x",
            ":srv 422 ann :x",
        )
        self.hear(":ann!a@h JOIN #tea", ":srv 366 ann #tea :End")

    def hear(self, *lines: str) -> None:
        self.client.received("".join(f"{line}\r\n" for line in lines).encode(), START_MS)
        for data in self.client.take_output():
            line = data.decode().rstrip()
            if "CHATHISTORY" in line and "#tea" in line:
                self.hear(*self.history.answer(line))

    def look(self) -> None:
        """Let what is wanted be asked for, and answered."""
        self.hear("PING :x")

    def texts(self) -> list[str]:
        conversation = self.client.find("#tea")
        assert conversation
        return [message.text for message in conversation.timeline.messages if message.is_talk]


@pytest.mark.parametrize("has_ids", [True, False])
@pytest.mark.parametrize("shift", range(4))
def test_paging_back_to_the_beginning(shift: int, has_ids: bool) -> None:
    times = [*range(shift), *(second for second in range(10, 20) for _ in range(2)), 30]
    harness = PagingHarness(History(times, has_ids))
    harness.come()
    conversation = harness.client.find("#tea")
    assert conversation
    while harness.client.history.older(conversation):
        harness.look()
        assert harness.history.questions < 100
    assert harness.texts() == [text for _, text in harness.history.said]


@pytest.mark.parametrize("has_ids", [True, False])
def test_what_shares_a_millisecond_with_the_last_that_was_seen(has_ids: bool) -> None:
    harness = PagingHarness(History([1, 2], has_ids))
    harness.come()
    harness.client.closed(START_MS)
    harness.history.said += [(START_MS + 2, "2b"), *((START_MS + time, str(time)) for time in range(3, 13))]
    harness.come()
    harness.look()
    assert harness.texts() == [text for _, text in harness.history.said]
