"""The desktop's tests need Qt, which needs a few libraries of the system's."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

try:
    from PySide6 import QtQuick, QtWidgets  # noqa: F401
except ImportError:
    # `test_qt.py` says what is missing.
    collect_ignore = [
        path.name for path in Path(__file__).parent.glob("test_*.py") if path.name != "test_qt.py"
    ]
else:
    from hubbub.desktop.app import application
    from hubbub.desktop.garbage import collected_here

    @pytest.fixture(autouse=True)
    def _garbage_of_qt() -> Iterator[None]:
        """No later test's thread comes upon what is left of a window."""
        application()
        with collected_here():
            yield
