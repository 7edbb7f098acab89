"""Passwords prepared: the tables are RFC 3454's, and what the page computes is the same."""

import json
import stringprep
import unicodedata
from pathlib import Path

import pytest

from hubbub.wire.saslprep import is_sendable, prepare

VECTORS = Path(__file__).parents[1] / "client" / "vectors" / "passwords.json"
PROHIBITED = (
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


@pytest.mark.parametrize(("typed", "prepared"), json.loads(VECTORS.read_text()))
def test_what_is_typed_becomes_what_is_compared(typed: str, prepared: str) -> None:
    assert prepare(typed) == prepared
    assert prepare(prepared) == prepared


def test_every_character_is_where_the_tables_have_it() -> None:
    for character in map(chr, range(0x110000)):
        is_dropped, is_space = stringprep.in_table_b1(character), stringprep.in_table_c12(character)
        assert (prepare(f"a{character}b") == "ab") == is_dropped, ascii(character)
        if is_space and not is_dropped:
            assert prepare(f"a{character}b") == "a b", ascii(character)
        if unicodedata.normalize("NFKC", character) != character:
            continue  # RFC 4013 prohibits in what comes of it.
        if any(table(character) for table in PROHIBITED) and not is_dropped:
            # What is prohibited stops the mapping of everything beside it.
            assert not is_sendable(prepare(f"{character}x"))
            assert "\uff50" in prepare(f"\uff50{character}")


@pytest.mark.parametrize(
    "password", [" ann", "ann ", "\u3000ann", "a\tb", "a\0b", "\x07", "\ufffd", "\u202eabc"]
)
def test_what_some_program_drops_is_told_from_the_rest(password: str) -> None:
    assert not is_sendable(prepare(password))
    assert is_sendable(prepare("two  spaces within, e\u0301 and \U0001f389"))
