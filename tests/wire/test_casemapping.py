"""ASCII case mapping: A to Z and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.casemapping import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ann", "ann"),
        ("#TEA", "#tea"),
        ("[]\\~", "[]\\~"),
        ("ÉCLAIR", "Éclair"),
        ("\N{KELVIN SIGN}", "\N{KELVIN SIGN}"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_length_and_is_final(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
