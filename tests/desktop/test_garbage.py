"""What is left of windows is given up by the thread that made them."""

import threading
import weakref

from PySide6.QtCore import QObject

from hubbub.desktop.garbage import collected_here


class Ring(QObject):
    """Something that holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.next = self


def test_no_other_thread_takes_a_window_apart() -> None:
    ring = weakref.ref(Ring())
    busy = threading.Thread(target=lambda: [[] for _ in range(100_000)])
    busy.start()
    busy.join()
    assert ring() is not None
    with collected_here():
        pass
    assert ring() is None
