"""Capabilities: one object for one set, lists that fit their lines, requests read from left to right."""

import gc
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.capabilities import CAPABILITIES, Capabilities, listing, requested

FLAGS = {
    "message-tags": "tags",
    "server-time": "time",
    "batch": "batch",
    "labeled-response": "labels",
    "echo-message": "echo",
    "account-tag": "account_tag",
    "account-notify": "account_notify",
    "extended-join": "extended_join",
    "away-notify": "away_notify",
    "chghost": "chghost",
    "setname": "setname",
    "invite-notify": "invite_notify",
    "multi-prefix": "multi_prefix",
    "userhost-in-names": "userhost_in_names",
    "cap-notify": "cap_notify",
    "standard-replies": "standard_replies",
    "sasl": "sasl",
    "draft/chathistory": "chathistory",
    "draft/event-playback": "event_playback",
}


def test_the_same_set_is_the_same_object() -> None:
    first = Capabilities.of(["batch", "sasl"])
    assert Capabilities.of(("sasl", "batch", "batch")) is first
    assert Capabilities.of(["batch"]) is not first
    assert Capabilities.of(()) is Capabilities.none
    assert first.changed(removing=["sasl", "batch"]) is Capabilities.none
    assert Capabilities.none.changed(["batch"]).changed(["sasl"]) is first


@pytest.mark.parametrize(("name", "flag"), FLAGS.items())
def test_each_flag_tells_of_its_capability(name: str, flag: str) -> None:
    alone = Capabilities.of([name])
    assert [other for other in FLAGS.values() if getattr(alone, other)] == [flag]
    assert alone.has(name)
    assert name in alone
    assert not Capabilities.none.has(name)
    assert not getattr(Capabilities.none, flag)


def test_the_order_is_that_of_the_table() -> None:
    assert list(Capabilities.of(reversed(list(CAPABILITIES)))) == list(CAPABILITIES)
    assert len(Capabilities.of(CAPABILITIES)) == len(CAPABILITIES)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="draft/nonsense"):
        Capabilities.of(["batch", "draft/nonsense"])


def test_sets_that_nobody_has_are_not_kept() -> None:
    gc.collect()
    before = len(Capabilities._known)
    for names in itertools.combinations(CAPABILITIES, 3):
        Capabilities.of(names)
    gc.collect()
    assert len(Capabilities._known) == before


def test_the_table_depends_on_itself_only() -> None:
    assert [name for name, found in CAPABILITIES.items() if name != found.name] == []
    needed = {name for capability in CAPABILITIES.values() for name in capability.depends}
    assert needed <= CAPABILITIES.keys()
    assert [name for name, found in CAPABILITIES.items() if not found.is_requestable] == ["sts"]


def test_listing() -> None:
    assert listing({}, 10) == [""]
    assert listing({"batch": None, "sasl": "PLAIN", "x": ""}, 40) == ["batch sasl=PLAIN x="]
    assert listing({"aaaa": None, "bbbb": "1", "c": None}, 9) == ["aaaa", "bbbb=1 c"]
    assert listing({"aaaa": None, "bbbb": None}, 9) == ["aaaa bbbb"]
    with pytest.raises(ValueError, match="sts"):
        listing({"sts": "x" * 20}, 23)


@given(st.dictionaries(st.text("abc/-", min_size=1, max_size=9), st.none() | st.text("xé=,", max_size=9)))
def test_listed_lines_fit_and_lose_nothing(values: dict[str, str | None]) -> None:
    lines = listing(values, 40)
    assert all(len(line.encode()) <= 40 for line in lines)
    tokens = [name if value is None else f"{name}={value}" for name, value in values.items()]
    assert " ".join(lines).split() == tokens


@pytest.mark.parametrize(
    ("text", "adding", "removing"),
    [
        ("", [], []),
        ("  ", [], []),
        ("batch sasl", ["batch", "sasl"], []),
        (" batch  -sasl ", ["batch"], ["sasl"]),
        ("batch -batch", [], ["batch"]),
        ("-batch batch", ["batch"], []),
        ("batch batch -sasl -sasl", ["batch"], ["sasl"]),
        ("-", [], [""]),
        ("--batch", [], ["-batch"]),
        ("sasl=PLAIN", ["sasl=PLAIN"], []),
    ],
)
def test_requests(text: str, adding: list[str], removing: list[str]) -> None:
    assert requested(text) == (adding, removing)
