"""ASCII case mapping: A to Z and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.casemapping import equal, fold


@pytest.mark.parametrize(
    ("text", "folded"), [("Ann", "ann"), ("#TEA", "#tea"), ("[]\\~", "[]\\~"), ("ÉCLAIR", "Éclair"), ("", "")]
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_equal() -> None:
    assert equal("#Général", "#GénéRAL")
    assert not equal("[", "{")
    assert not equal("É", "é")
    assert not equal("\N{KELVIN SIGN}", "k")


@given(st.text())
def test_folding_keeps_length_and_is_final(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
