"""Masks: the public vectors, a slow and simple matcher as judge, and hostile patterns."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.engine.masks import matches, normalise
from tests.opcodes import counting
from tests.wire.vectors import load


@pytest.mark.parametrize("vector", load("mask-match"), ids=lambda v: v["mask"])
def test_matches_as_every_server_does(vector: dict[str, Any]) -> None:
    assert [subject for subject in vector["matches"] if not matches(vector["mask"], subject)] == []
    assert [subject for subject in vector["fails"] if matches(vector["mask"], subject)] == []


def simply_matches(mask: str, subject: str) -> bool:
    if not mask:
        return not subject
    if mask[0] == "*":
        return any(simply_matches(mask[1:], subject[i:]) for i in range(len(subject) + 1))
    return bool(subject) and mask[0] in ("?", subject[0]) and simply_matches(mask[1:], subject[1:])


@given(st.text("ab.*?", max_size=7), st.text("ab.\n", max_size=8))
def test_agrees_with_the_simplest_matcher(mask: str, subject: str) -> None:
    assert matches(mask, subject) == simply_matches(mask, subject)


@pytest.mark.parametrize("mask", ["*a?" * 60, "*a" * 90, "?" * 190, r"\*a" * 60])
def test_a_new_mask_is_read_fast(mask: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody brings new ones, more than are kept: to compile an expression of a long one takes some 10 ms."""
    monkeypatch.setattr(re, "compile", None)
    for number in range(3):
        assert not matches(f"{mask}{number}", "ann!ann@user.hubbub")
    with counting() as count:
        matches(f"{mask}x", "ann!ann@user.hubbub")
    assert count.opcodes < 60 * len(mask) + 2_000


def test_case_is_ascii_case() -> None:
    assert matches("ANN!*@Host", "ann!x@hOST")
    assert not matches("É*", "é!x@y")


def test_a_backslash_takes_the_meaning_away() -> None:
    assert matches(r"a\*b", "a*b")
    assert not matches(r"a\*b", "axb")
    assert matches(r"a\?*", "a?!x@y")
    assert not matches(r"a\?", "ab")
    assert matches("a\\b", "a\\b")
    assert matches("a\\", "a\\")


@pytest.mark.parametrize(
    ("mask", "subject"),
    [
        ("*a" * 250 + "b", "a" * 500),
        ("*a?" * 150 + "b", "a" * 500),
        ("*" * 500 + "b", "a" * 500),
        ("*" + "?" * 250 + "b", "a" * 500),
        ("*aaaaaaaaaaaaaaaaaaaaaaaaab*" * 15, "a" * 500),
    ],
    ids=["stars", "mixed", "only stars", "any", "nearly"],
)
def test_hostile_masks_cost_little(mask: str, subject: str) -> None:
    # A matcher that tries every way would not come back.
    assert not matches(mask, subject)


@pytest.mark.parametrize(
    ("mask", "whole"),
    [
        ("bob", "bob!*@*"),
        ("b?b*", "b?b*!*@*"),
        ("*", "*!*@*"),
        ("", "*!*@*"),
        ("bob!u", "bob!u@*"),
        ("bob!u@", "bob!u@*"),
        ("bob!", "bob!*@*"),
        ("!u@h", "*!u@h"),
        ("u@h", "*!u@h"),
        ("@h", "*!*@h"),
        ("*.example", "*!*@*.example"),
        ("192.0.2.7", "*!*@192.0.2.7"),
        ("2001:db8::*", "*!*@2001:db8::*"),
        ("bob!u@h", "bob!u@h"),
    ],
)
def test_normalise(mask: str, whole: str) -> None:
    assert normalise(mask) == whole
    assert normalise(whole) == whole
