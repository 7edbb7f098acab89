"""Python's garbage is looked for in the thread of the windows alone.

Qt's objects may be given up only by the thread that made them. Left to itself, Python takes cycles apart in whichever
thread happens to allocate: one that sends a file or waits for a program could end a window's object, and the program
with it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final

from PySide6.QtCore import Qt, QTimer

_EVERY_MS: Final = 5_000
_WHOLE_EVERY: Final = 12
"""Among so many looks at what is young, one at everything."""


@contextmanager
def collected_here() -> Iterator[None]:
    """While it lasts, by the calling thread, which must have Qt's loop; and once more when it ends."""
    looks = count(1)

    def look() -> None:
        if gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1 if next(looks) % _WHOLE_EVERY else 2)

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
    timer.timeout.connect(look)
    gc.disable()
    timer.start(_EVERY_MS)
    try:
        yield
    finally:
        timer.stop()
        gc.collect()
        gc.enable()
