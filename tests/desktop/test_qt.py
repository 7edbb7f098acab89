"""Whether there is Qt, and whether what was locked is whole."""

import os
import sys

import pytest


def test_there_is_qt() -> None:
    try:
        from PySide6 import QtQuick  # noqa: F401
    except ImportError as error:
        reason = f"Qt can't be used, so the desktop is not tested: {error}"
        if os.environ.get("HUBBUB_REQUIRE_ALL") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def test_references_are_not_given_back_twice() -> None:
    """As PySide6 6.12.0 does it: where None and True are counted, a program ends after some thousand signals."""
    core = pytest.importorskip("PySide6.QtCore", reason="there is no Qt")
    timer = core.QTimer()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(1000):
        timer.objectNameChanged.emit("x")
        timer.parent()
        timer.property("none")
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert all(now > then - 100 for then, now in zip(before, after, strict=True))
