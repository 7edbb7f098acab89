"""The desktop's tests need Qt, which needs a few libraries of the system's."""

import os
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

try:
    from PySide6 import QtQuick, QtWidgets  # noqa: F401
except ImportError:
    # `test_qt.py` says what is missing.
    collect_ignore = [
        path.name for path in Path(__file__).parent.glob("test_*.py") if path.name != "test_qt.py"
    ]
