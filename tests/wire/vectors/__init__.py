"""The vectors of irc-parser-tests: what all IRC software agrees on."""

from pathlib import Path
from typing import Any

import yaml


def load(name: str) -> list[dict[str, Any]]:
    """The tests of one file; none would mean that nothing is tested."""
    tests: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text("utf-8"))[
        "tests"
    ]
    if not tests:
        raise AssertionError(f"{name}.yaml holds no tests")
    return tests
