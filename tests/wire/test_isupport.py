"""ISUPPORT: 13 tokens a line, escaped values, and clients reading them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.isupport import TOKENS_BYTES_MAX, parse, tokens


def test_tokens_of_each_form() -> None:
    values = {"EXCEPTS": None, "CHANTYPES": "#", "TOPICLEN": "", "NETWORK": r"Tea = \o/ house"}
    assert tokens(values) == [
        ["EXCEPTS", "CHANTYPES=#", "TOPICLEN=", r"NETWORK=Tea\x20\x3D\x20\x5Co/\x20house"]
    ]
    assert parse(tokens(values)[0]) == values


def test_thirteen_a_line() -> None:
    assert [len(line) for line in tokens({f"T{i}": None for i in range(30)})] == [13, 13, 4]
    assert tokens({}) == []


def test_lines_end_where_their_bytes_do() -> None:
    half = "x" * (TOKENS_BYTES_MAX // 2 - 3)
    assert [len(line) for line in tokens(dict.fromkeys("ABCD", half))] == [2, 2]
    assert [len(line) for line in tokens(dict.fromkeys("ABCD", half + "x"))] == [1, 1, 1, 1]


def test_a_token_that_fits_no_line_is_refused() -> None:
    with pytest.raises(ValueError, match="NETWORK"):
        tokens({"NETWORK": "x" * TOKENS_BYTES_MAX})


@given(
    st.dictionaries(
        st.text("ABCDEF", min_size=1, max_size=9), st.none() | st.text(max_size=60).filter(str.isprintable)
    )
)
def test_lines_fit_and_are_read_back(values: dict[str, str | None]) -> None:
    lines = tokens(values)
    assert all(len(" ".join(line).encode()) < TOKENS_BYTES_MAX for line in lines)
    assert all(" " not in token for line in lines for token in line)
    assert parse(token for line in lines for token in line) == values


def test_clients_read_what_is_taken_back() -> None:
    assert parse(["-EXCEPTS", r"A=\x2", r"B=\xzz"]) == {"-EXCEPTS": None, "A": r"\x2", "B": r"\xzz"}
