"""The look of the terminal client, held by the pictures in the documentation."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.pictures import FOLDER, PICTURES, as_everywhere


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("TZ", "TERM", "COLORTERM"):
        monkeypatch.setenv(name, "")  # to be put back
    as_everywhere()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", PICTURES)
async def test_it_looks_as_in_the_documentation(tmp_path: Path, name: str) -> None:
    taken = await PICTURES[name](tmp_path)
    assert taken == (FOLDER / name).read_text("utf-8"), "look at it, then: python -m tools.pictures"
