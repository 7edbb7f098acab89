"""Sources and names of servers, by the public vectors."""

from typing import Any

import pytest

from hubbub.wire.source import is_host_name, split_source

from .vectors import load


@pytest.mark.parametrize("vector", load("userhost-split"), ids=lambda v: v["source"])
def test_splits_sources(vector: dict[str, Any]) -> None:
    atoms = vector["atoms"]
    expected = (atoms.get("nick", ""), atoms.get("user", ""), atoms.get("host", ""))
    assert split_source(vector["source"]) == expected


@pytest.mark.parametrize("vector", load("validate-hostname"), ids=lambda v: v["host"] or "empty")
def test_names_of_hosts(vector: dict[str, Any]) -> None:
    assert is_host_name(vector["host"]) is vector["valid"]


@pytest.mark.parametrize(
    "text",
    [
        "a.b ",
        "a.b\n",
        "a..b",
        ".a.b",
        "a.b.",
        "a-.b",
        "é.example",
        "k\N{KELVIN SIGN}.example",
        f"{'x' * 64}.b",
        "a." * 126 + "bc",
        "a/b.c",
    ],
)
def test_hostile_names_of_hosts(text: str) -> None:
    assert not is_host_name(text)


def test_the_longest_name_of_a_host() -> None:
    assert is_host_name("a." * 126 + "b")
    assert is_host_name(f"{'x' * 63}.b")
