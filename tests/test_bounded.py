"""A bounded dictionary never holds more than it may, and lets the oldest go."""

from hubbub.bounded import Bounded


def test_the_oldest_makes_way() -> None:
    kept: Bounded[str, int] = Bounded(2)
    for number, key in enumerate("abc"):
        kept[key] = number
    assert list(kept.items()) == [("b", 1), ("c", 2)]


def test_what_is_put_again_or_moved_to_the_end_is_the_newest() -> None:
    kept: Bounded[str, int] = Bounded(2)
    kept["a"] = kept["b"] = 0
    kept["a"] = 1
    kept["c"] = 2
    assert list(kept) == ["a", "c"]
    kept.move_to_end("a")
    kept["d"] = 3
    assert list(kept) == ["a", "d"]


def test_what_makes_way_is_told_once_and_what_is_removed_is_not() -> None:
    gone: list[int] = []
    kept: Bounded[str, int] = Bounded(2, gone.append)
    kept["a"], kept["b"] = 1, 2
    kept["a"] = 3
    assert gone == [1], "another value has taken its place"
    kept["c"] = 4
    assert gone == [1, 2], "another key has"
    kept.pop("a")
    assert gone == [1, 2] and list(kept.items()) == [("c", 4)]
