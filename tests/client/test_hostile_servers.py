"""Whatever a server says, the client stays whole: no exception, no growth without a bound."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.client.batches import HELD_LINES_MAX, Batch, Batches
from hubbub.client.client import Client
from hubbub.client.identity import Identity
from hubbub.client.names import harmless
from hubbub.client.timeline import Timeline
from hubbub.client.verb_table import VERBS
from hubbub.wire.message import Message as Line
from hubbub.wire.message import parse
from tests.opcodes import counting

WORDS = (
    *(
        "#tea",
        "ann",
        "bob",
        "*",
        "",
        ":",
        "a b",
        "@+",
        "+o",
        "-o",
        "+bklov",
        "302",
        "LS",
        "ACK",
        "NEW",
        "DEL",
        "NAK",
    ),
    *(
        "+b1",
        "-b1",
        "+b2",
        "-b2",
        "chathistory",
        "draft/multiline",
        "hubbub/edit",
        "labeled-response",
        "m1",
        "m2",
    ),
    *(
        "timestamp=2026-11-20T11:40:11.590Z",
        "timestamp=x",
        "SUCCESS",
        "\x01ACTION x\x01",
        "\x01",
        "701",
        "é\u202e",
    ),
    *("FAIL", "REDACT", "PREFIX=(ov)@+", "CHANMODES=b,k,l,imn", "CASEMAPPING=ascii", "CHANTYPES=", "x" * 300),
)
TAGS = (
    *(
        "time=2026-11-20T11:40:11.590Z",
        "time=never",
        "msgid=m1",
        "msgid=m2",
        "batch=b1",
        "batch=b2",
        "label=hubbub-1",
    ),
    *(
        "label=hubbub-2",
        "+draft/react=x",
        "+reply=m1",
        "+draft/unreact=x",
        "+typing=active",
        "+typing=",
        "account=ann",
    ),
    *("draft/multiline-concat", "hubbub/edited=x", "bot", "=", ";"),
)


def line(chance: random.Random) -> bytes:
    verbs = [*VERBS, "BATCH", "NONSENSE", "999"]
    tags = chance.sample(TAGS, chance.randrange(4))
    source = chance.choice(("", ":srv ", ":ann!a@h ", ":bob!b@h ", ":* ", ":!@ "))
    words = [chance.choice(WORDS) for _ in range(chance.randrange(7))]
    body = f"{source}{chance.choice(verbs)} {' '.join(words)}"
    return f"{'@' + ';'.join(tags) + ' ' if tags else ''}{body}\r\n".encode()


@pytest.mark.parametrize("seed", range(20))
def test_random_lines(seed: int) -> None:
    chance = random.Random(seed)
    client = Client(Identity("ann", rooms=("#tea",)), lambda: f"{chance.getrandbits(64):016x}")
    now = 1_795_000_000_000
    for _ in range(5):
        client.opened(now, is_secure=True, is_private=True)
        if chance.random() < 0.8:
            caps = "batch labeled-response message-tags server-time draft/chathistory echo-message draft/multiline"
            greeting = (
                f":srv CAP * LS :{caps}\r\n:srv CAP * ACK :{caps}\r\n:srv 001 ann :x\r\n:srv 422 ann :x\r\n"
            )
            client.received(f"{greeting}:ann!a@h JOIN #tea\r\n".encode(), now)
        for _ in range(300):
            now += chance.choice((0, 10, 5_000))
            client.received(line(chance), now)
            client.tick(now)
            if chance.random() < 0.1:
                client.say(client.open(chance.choice(("#tea", "bob"))), "something")
            client.take_output()
            for event in client.take_events():
                repr(event)
        for conversation in client.conversations.values():
            places = [message.place_ms for message in conversation.timeline.messages]
            assert places == sorted(places)
            ids = [message.id for message in conversation.timeline.messages if message.id]
            assert len(ids) == len(set(ids))
        client.closed(now)


@given(st.lists(st.binary(max_size=80), max_size=30))
def test_bytes_that_are_no_lines(pieces: list[bytes]) -> None:
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1, is_secure=True, is_private=True)
    for piece in pieces:
        client.received(piece, 2)


def test_names_are_seen_and_texts_are_cleaned() -> None:
    vectors = json.loads((Path(__file__).parent / "vectors/names.json").read_text("utf-8"))
    for one in vectors:
        line = harmless(parse(one["line"].encode()))
        shown = {"source": line.source or "", "params": list(line.params), "tags": dict(line.tags)}
        assert shown == {"source": one["source"], "params": one["params"], "tags": one["tags"]}


@pytest.mark.parametrize("code", ["\x1b]52;c;eA==\x07", "\x9b31m", "\x7f", "\u202e", "\u2066", "\x85"])
def test_no_name_drives_a_terminal(code: str) -> None:
    """Other servers let rooms, and some let people, be called anything."""
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1, is_secure=True, is_private=True)
    lines = (
        ":srv 001 ann :Hi",
        f":srv 005 ann NETWORK={code}net ICON=\\x1B[31m :are supported by this server",
        ":srv 422 ann :x",
        f":ann!a@h JOIN #t{code}ea",
        f"@account=b{code}ob :b{code}ob!b{code}@h{code} JOIN #t{code}ea",
        f":b{code}ob!b@h PRIVMSG #t{code}ea :hi",
        f":b{code}ob!b@h NICK e{code}ve",
        f":e{code}ve!b@h MODE #t{code}ea +o e{code}ve",
        f":e{code}ve!b@h PRIVMSG ann :psst",
        f":srv 353 ann = #t{code}ea :@d{code}an",
        f":e{code}ve!b@h KICK #t{code}ea d{code}an :x",
    )
    for line in lines:
        client.received(f"{line}\r\n".encode(), 2)
    found = [repr(event) for event in client.take_events()]
    found += [
        repr(client.conversations),
        repr(client.server.support),
        repr(list(client.people._known.values())),
    ]
    assert "psst" in "".join(found) and "#t" in "".join(found)
    assert not [text for text in found if re.search(r"\\x(?:1b|07|7f|85|9b)|\\u20(?:2e|66)", text)]
    assert client.find("#tea") is None and client.people.find("bob") is None, "it is not the name of another"


def test_a_line_without_an_end_is_not_kept() -> None:
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1, is_secure=True, is_private=True)
    for _ in range(100):
        client.received(b"x" * 10_000, 2)
    assert client._reader.pending <= 65_536
    client.received(b"\r\n:srv 001 ann :Hi\r\n:srv 422 ann :x\r\n", 3)
    assert client.is_here


def test_batches_are_bounded() -> None:
    batches = Batches()
    batches.take(Line("BATCH", ("+b", "chathistory", "#tea")))
    for _ in range(HELD_LINES_MAX):
        assert batches.take(Line("PRIVMSG", ("#tea", "x"), "a!b@c", {"batch": "b"})) is None
    assert batches.take(Line("BATCH", ("-b",))) is None, "it was dropped"
    assert batches.take(Line("PRIVMSG", ("#tea", "x"))) is not None


def test_nested_batches_come_whole() -> None:
    batches = Batches()
    for opening in (("+outer", "labeled-response"), ("+inner", "draft/multiline", "#tea")):
        tags = {"batch": "outer"} if opening[0] == "+inner" else {}
        assert batches.take(Line("BATCH", opening, None, tags)) is None
    assert batches.take(Line("PRIVMSG", ("#tea", "one"), None, {"batch": "inner"})) is None
    assert batches.take(Line("BATCH", ("-inner",), None, {"batch": "outer"})) is None
    whole = batches.take(Line("BATCH", ("-outer",)))
    assert whole is not None and not isinstance(whole, Line)
    (inner,) = whole.items
    assert not isinstance(inner, Line) and [item.param(1) for item in inner.lines()] == ["one"]


class Mark:
    """A message, as far as a timeline cares."""

    def __init__(self, number: int) -> None:
        self.id = f"{number:05}"
        self.time_ms = number // 3
        self.place_ms = 0
        self.follows_gap = False


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 12)), max_size=12))
def test_pages_in_any_order_make_one_order(pages: list[tuple[int, int]]) -> None:
    """However pages overlap and follow each other: each message once, in its order, and a gap wherever one is."""
    timeline: Timeline[Mark] = Timeline()
    known: set[int] = set()
    for start, length in pages:
        numbers = range(start, start + length)
        timeline.merge([Mark(number) for number in numbers])
        known.update(numbers)
    assert [int(mark.id) for mark in timeline.messages] == sorted(known)
    for before, after in zip(timeline.messages, timeline.messages[1:], strict=False):
        if int(after.id) != int(before.id) + 1:
            assert after.follows_gap, f"something is missing before {after.id}, and nobody is told"


def _nested(depth: int) -> int:
    """What it costs to take in batches within each other, and the end of the outermost."""
    batches = Batches()
    lines = [Line("BATCH", ("+b0", "x"))]
    lines += [Line("BATCH", (f"+b{n}", "x"), None, {"batch": f"b{n - 1}"}) for n in range(1, depth)]
    with counting() as count:
        for line in (*lines, Line("BATCH", ("-b0",))):
            batches.take(line)
    return count.opcodes


def _aside(many: int) -> int:
    """What it costs to end as many batches as are left open beside them."""
    batches = Batches()
    for n in range(many):
        batches.take(Line("BATCH", (f"+b{n}", "x")))
    with counting() as count:
        for _ in range(many):
            batches.take(Line("BATCH", ("+c", "x")))
            assert batches.take(Line("BATCH", ("-c",)))
    return count.opcodes


@pytest.mark.parametrize("cost", [_nested, _aside])
def test_batches_cost_as_much_as_they_are_long(cost: Callable[[int], int]) -> None:
    """A few thousand within each other kept a client busy for minutes."""
    assert cost(800) < 5 * cost(200)


def test_openings_count_as_lines_do() -> None:
    """One batch that never ends, and others in it that are empty."""
    batches = Batches()
    batches.take(Line("BATCH", ("+b", "x")))
    for _ in range(HELD_LINES_MAX):
        batches.take(Line("BATCH", ("+c", "x"), None, {"batch": "b"}))
        batches.take(Line("BATCH", ("-c",)))
    assert batches.take(Line("BATCH", ("-b",))) is None, "it was dropped"


def test_what_is_left_open_in_a_batch_goes_with_the_outermost() -> None:
    batches = Batches()
    for reference, around in (("a", ""), ("b", "a"), ("c", "b")):
        batches.take(Line("BATCH", (f"+{reference}", "x"), None, {"batch": around} if around else {}))
    assert batches.take(Line("BATCH", ("-b",))) is None
    assert batches.take(Line("BATCH", ("-a",))) is not None
    assert batches.take(Line("BATCH", ("+c", "y"))) is None
    again = batches.take(Line("BATCH", ("-c",)))
    assert isinstance(again, Batch) and again.type == "y"


@pytest.mark.parametrize("told", ["²", "9" * 5_000, "-1", "٣", ""])
def test_numbers_that_are_none(told: str) -> None:
    client = Client(Identity("ann"), lambda: "x")
    client.opened(1, is_secure=True, is_private=True)
    client.server.enabled.add("draft/multiline")
    client.server.offered["draft/multiline"] = f"max-bytes={told},max-lines={told}"
    assert client.server.multiline == (4096, 100)
    client.received(f":srv 322 ann #tea {told or ':'} :x\r\n".encode(), 2)
    assert client.listed[-1].members == 0
