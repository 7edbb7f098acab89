"""Messages: the public vectors, the limits of the specifications, and what hostile peers send."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.message import (
    BODY_BYTES_MAX,
    CLIENT_TAG_DATA_BYTES_MAX,
    SERVER_TAG_DATA_BYTES_MAX,
    EmptyLine,
    LineTooLong,
    Malformed,
    Message,
    NotUtf8,
    TagsTooLong,
    WireError,
    escape_tag_value,
    joined,
    line,
    parse,
    room_bytes,
    unescape_tag_value,
)

from .vectors import load

NO_ENDS = st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"])
WORD = st.text(NO_ENDS.filter(lambda c: c != " "), min_size=1, max_size=12).filter(lambda w: w[0] != ":")
VERB = st.from_regex(r"[A-Z]{1,9}|[0-9]{3}", fullmatch=True)
KEY = st.from_regex(r"\+?(?:[a-z]{1,5}\.[a-z]{1,3}/)?[A-Za-z0-9-]{1,8}", fullmatch=True)
VALUE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
PARAMS = st.builds(
    lambda middle, last: (*middle, *last),
    st.lists(WORD, max_size=5),
    st.lists(st.text(NO_ENDS, max_size=20), max_size=1),
)


@pytest.mark.parametrize("vector", load("msg-split"), ids=lambda v: v["input"])
def test_splits_as_every_client_does(vector: dict[str, Any]) -> None:
    atoms = vector["atoms"]
    message = parse(vector["input"].encode())
    assert message.verb == atoms["verb"].upper()
    assert message.params == tuple(atoms.get("params", ()))
    assert message.source == atoms.get("source")
    assert message.tags == atoms.get("tags", {})


@pytest.mark.parametrize("vector", load("msg-join"), ids=lambda v: v["desc"])
def test_joins_as_every_client_does(vector: dict[str, Any]) -> None:
    atoms = vector["atoms"]
    message = Message(
        atoms["verb"], tuple(atoms.get("params", ())), atoms.get("source"), atoms.get("tags", {})
    )
    assert message.encode().decode() in [f"{match}\r\n" for match in vector["matches"]]


@given(VERB, PARAMS, st.none() | WORD, st.dictionaries(KEY, VALUE, max_size=4))
def test_what_is_written_is_read_again(
    verb: str, params: tuple[str, ...], source: str | None, tags: dict[str, str]
) -> None:
    message = Message(verb, params, source, tags)
    assert parse(message.encode().removesuffix(b"\r\n")) == message


@given(st.binary(max_size=80) | st.text(alphabet="@:; =\\a\t\0é\x7f", max_size=40).map(str.encode))
def test_any_bytes_are_a_message_or_a_wire_error(data: bytes) -> None:
    try:
        message = parse(data)
    except WireError:
        return
    assert parse(message.encode().removesuffix(b"\r\n")) == message


@given(VALUE)
def test_tag_values_come_back(value: str) -> None:
    escaped = escape_tag_value(value)
    assert unescape_tag_value(escaped) == value
    assert not set(escaped) & set("; \r\n")


@given(st.text(st.characters(exclude_characters="; \r\n\0", exclude_categories=["Cs"]), max_size=12))
def test_relaying_a_tag_never_makes_it_longer(raw: str) -> None:
    assert len(escape_tag_value(unescape_tag_value(raw)).encode()) <= len(raw.encode())


@pytest.mark.parametrize("data", [b"", b" ", b"    "])
def test_nothing_is_an_empty_line(data: bytes) -> None:
    with pytest.raises(EmptyLine):
        parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b":",
        b": PING",
        b":ann",
        b":ann ",
        b"@a=b",
        b"@a=b :ann",
        b":ann :hello",
        b"\xc3\x89CRIRE a",
        b"PI\x07NG",
        b"PING \0",
        b"PING a\rQUIT",
        b"PING a\nQUIT",
        b"@a=\0 PING",
        b" @a=b PING",
        b"\tPING",
        b":ann \tPING",
    ],
)
def test_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)


@pytest.mark.parametrize(
    ("data", "verb"),
    [
        (b"privmsg #tea :caf\xe9", "PRIVMSG"),
        (b":ann TOPIC #tea :\xff", "TOPIC"),
        (b"@a=b NOTICE ann :\xc3", "NOTICE"),
        (b"\xff\xfe", "*"),
        (b"@a=\xff", "*"),
        (b"@a=\xff AWAY", "AWAY"),
    ],
)
def test_what_is_not_utf8_names_its_command(data: bytes, verb: str) -> None:
    with pytest.raises(NotUtf8) as refused:
        parse(data)
    assert refused.value.verb == verb


def test_the_body_has_510_bytes_whatever_the_tags() -> None:
    full = b"PRIVMSG a :".ljust(BODY_BYTES_MAX, b"x")
    assert len(parse(full).param(1)) == 499
    assert parse(b"@a=b " + full).tags == {"a": "b"}
    for tags in (b"", b"@a=b "):
        with pytest.raises(LineTooLong):
            parse(tags + full + b"x")


@pytest.mark.parametrize("limit", [CLIENT_TAG_DATA_BYTES_MAX, SERVER_TAG_DATA_BYTES_MAX])
def test_the_tag_data_has_its_own_limit(limit: int) -> None:
    full = b"+a=".ljust(limit, b"x")
    assert len(parse(b"@%b PING" % full, tag_data_bytes_max=limit).tags["+a"]) == limit - 3
    with pytest.raises(TagsTooLong):
        parse(b"@%bx PING" % full, tag_data_bytes_max=limit)
    with pytest.raises(TagsTooLong):
        parse(b"@%bx" % full, tag_data_bytes_max=limit)


def test_the_limits_are_those_of_the_specification() -> None:
    assert (CLIENT_TAG_DATA_BYTES_MAX, SERVER_TAG_DATA_BYTES_MAX, BODY_BYTES_MAX) == (4094, 8189, 510)


def test_strange_tags_are_no_reason_to_refuse() -> None:
    assert parse(b"@;;=x;a.b/\xc3\xa9!=1;b=c=d; PING").tags == {"a.b/é!": "1", "b": "c=d"}
    assert parse(b"@ PING").tags == {}


def test_param_has_a_default() -> None:
    message = parse(b"TOPIC #tea :")
    assert [message.param(0), message.param(1, "x"), message.param(2), message.param(3, "x")] == [
        "#tea",
        "",
        "",
        "x",
    ]


def test_a_colon_stands_only_where_it_must() -> None:
    assert line("PRIVMSG", "#tea", "hi") == b"PRIVMSG #tea hi\r\n"
    assert line("PRIVMSG", "#tea", "h:i") == b"PRIVMSG #tea h:i\r\n"
    assert line("PRIVMSG", "#tea", ":-)") == b"PRIVMSG #tea ::-)\r\n"
    assert line("001", "ann", "Hello you", source="hub.example") == b":hub.example 001 ann :Hello you\r\n"


def test_tags_are_written_in_the_order_given() -> None:
    assert line("PING", tags={"time": "t", "+x": ""}) == b"@time=t;+x PING\r\n"


@pytest.mark.parametrize(
    ("parts", "source", "tags"),
    [
        (("",), None, {}),
        (("TWO WORDS",), None, {}),
        ((":PING",), None, {}),
        (("@PING",), None, {}),
        (("PRIVMSG", "two words", "x"), None, {}),
        (("PRIVMSG", "", "x"), None, {}),
        (("PRIVMSG", "", "#a", "x"), None, {}),
        (("PRIVMSG", "#a", "", "x"), None, {}),
        (("PRIVMSG", ":a", "x"), None, {}),
        (("PRIVMSG", "a", "b\rQUIT"), None, {}),
        (("PRIVMSG", "a", "b\nQUIT"), None, {}),
        (("PRIVMSG", "a", "b\0"), None, {}),
        (("PRIVMSG", "a\n", "b"), None, {}),
        (("PING\n",), None, {}),
        (("PING",), "", {}),
        (("PING",), "a b", {}),
        (("PING",), "a\r", {}),
        (("PING",), None, {"a b": "c"}),
        (("PING",), None, {"a;b": "c"}),
        (("PING",), None, {"a\n": "c"}),
        (("PING",), None, {"a": "c\0"}),
        (("PING", "\ud800"), None, {}),
    ],
)
def test_no_line_can_be_smuggled_into_a_line(
    parts: tuple[str, ...], source: str | None, tags: dict[str, str]
) -> None:
    with pytest.raises(ValueError):
        line(*parts, source=source, tags=tags)


@given(st.integers(0, 20), st.sampled_from(["x", "é", "€", "🫖"]))
def test_a_line_is_cut_after_a_whole_character(offset: int, character: str) -> None:
    written = line("PRIVMSG", "#tea", "y" * offset + character * 510, tags={"a": "b"})
    body = written.removeprefix(b"@a=b ")
    assert 512 - len(character.encode()) < len(body) <= 512
    assert body.endswith(character.encode() + b"\r\n")


@given(st.text("aé🫖 ", max_size=300))
def test_room_is_what_a_last_parameter_may_fill(start: str) -> None:
    room = room_bytes("353", "ann", "=", "#tea", source="hub.example")
    full = line("353", "ann", "=", "#tea", ":".ljust(room, "x"), source="hub.example")
    assert len(full) == 512
    text = start.encode()[:room].decode(errors="ignore")
    assert parse(line("353", "ann", "=", "#tea", text)[:-2]).param(3) == text


@given(
    st.lists(st.text("aé🫖", min_size=1, max_size=9), max_size=40), st.integers(-1, 40), st.sampled_from(" ,")
)
def test_words_are_joined_in_as_few_texts_as_it_takes(words: list[str], size: int, by: str) -> None:
    texts = list(joined(words, by, size))
    assert [word for text in texts for word in text.split(by)] == words
    assert all(len(text.encode()) <= size or by not in text for text in texts)
    for text, following in pairwise(texts):
        assert len(f"{text}{by}{following.split(by)[0]}".encode()) > size


def test_there_is_no_room_beside_too_much() -> None:
    assert room_bytes("PRIVMSG", "x" * 600) == 0
