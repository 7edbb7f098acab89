"""Mode changes: which letters take an argument."""

import pytest

from hubbub.wire.mode_changes import MissingArgument, ModeChange, UnfitArgument, classification, parse_changes

TAKES = classification("be,k,l,imnst", "ov")
SET_O = ModeChange(True, "o", "ann")
SET_V = ModeChange(True, "v", "bob")


def test_classification() -> None:
    lists = dict.fromkeys("be", "A")
    flags = dict.fromkeys("imnst", "D")
    members = dict.fromkeys("ov", "P")
    expected = {**lists, **flags, **members, "k": "B", "l": "C"}
    assert expected == TAKES


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("", []),
        ("+", []),
        ("+-+", []),
        ("m", [ModeChange(True, "m")]),
        ("+i-t", [ModeChange(True, "i"), ModeChange(False, "t")]),
        ("+ov-v ann bob cat", [SET_O, SET_V, ModeChange(False, "v", "cat")]),
        ("b", [ModeChange(True, "b")]),
        ("+b-b", [ModeChange(True, "b"), ModeChange(False, "b")]),
        ("+be *!*@x", [ModeChange(True, "b", "*!*@x"), ModeChange(True, "e")]),
        ("+l-l 5 6", [ModeChange(True, "l", "5"), ModeChange(False, "l")]),
        ("+k-k key other", [ModeChange(True, "k", "key"), ModeChange(False, "k", "other")]),
        ("-k", [ModeChange(False, "k")]),
        ("+Zm ann", [ModeChange(True, "Z"), ModeChange(True, "m")]),
    ],
)  # fmt: skip
def test_parse(text: str, changes: list[ModeChange]) -> None:
    modestring, *params = text.split(" ")
    assert parse_changes(modestring, params, TAKES) == changes


@pytest.mark.parametrize(
    ("modestring", "params", "letter"),
    [
        ("+o", [], "o"),
        ("-v", [], "v"),
        ("+mk", [], "k"),
        ("+l", [], "l"),
        ("+k", [""], "k"),
        ("+ov", ["a"], "v"),
    ],
)
def test_missing_arguments(modestring: str, params: list[str], letter: str) -> None:
    with pytest.raises(MissingArgument) as refused:
        parse_changes(modestring, params, TAKES)
    assert refused.value.letter == letter


@pytest.mark.parametrize("argument", ["a b", ":a", " "])
def test_arguments_that_could_not_be_shown(argument: str) -> None:
    with pytest.raises(UnfitArgument) as refused:
        parse_changes("+b", [argument], TAKES)
    assert refused.value.letter == "b"
