"""The desktop's window: how soon it is there, what it takes while nothing happens, and how it scrolls."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

MESSAGES: Final = 100_000
STEPS: Final = 300
"""Turns of the wheel, of 120 points each."""

_EMPTY: Final = """
import json, sys, time
from hubbub.desktop.app import application
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtCore import QTimer
app = application()
engine = QQmlApplicationEngine()
engine.loadData(b"import QtQuick; Window { width: 1120; height: 740; visible: true; Text { text: 'Hubbub' } }")
def tell():
    memory = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
    print(json.dumps({"ready": ready[0], "kib": int(memory.split()[1])}))
    app.quit()
ready = []
def seen():
    ready.append(time.time())
    engine.rootObjects()[0].frameSwapped.disconnect(seen)
    QTimer.singleShot(500, tell)
engine.rootObjects()[0].frameSwapped.connect(seen)
app.exec()
"""


async def _measure() -> None:
    """In a process of its own: print what was measured, as JSON."""
    import tempfile
    import time

    from PySide6.QtCore import QObject

    from hubbub.client.chat_model import Kind, Message
    from hubbub.connection.address import Address
    from hubbub.connection.chat_session import Wish
    from hubbub.desktop.app import Windows
    from hubbub.desktop.settings import Memory

    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        windows = Windows(Path(folder), Memory(Path(folder), has_keyring=False))
        windows.open_chat()
        window = windows.window("Main")
        assert window is not None
        frames: list[float] = []
        window.frameSwapped.connect(lambda: frames.append(time.perf_counter()))

        async def drawn() -> None:
            seen = len(frames)
            window.update()
            while len(frames) == seen:
                await asyncio.sleep(0.001)

        await drawn()
        found["first"] = time.time()
        await asyncio.sleep(1)
        found["door"] = _resident_kib()
        # Nobody answers there, and nobody has to: the conversation is looked at as it is.
        windows.desk.visit(Wish(Address("localhost", 1), "ann"))
        chat = windows.desk.values["chat"]
        windows.desk.put(is_in=True, is_busy=False)
        here = chat.client.open("#tea")
        chat.show(here)
        await drawn()
        await asyncio.sleep(1)
        found["chat"] = _resident_kib()
        spent = time.process_time()
        await asyncio.sleep(5)
        found["idle"] = (time.process_time() - spent) / 5
        now = int(time.time() * 1000)
        here.timeline.merge(
            [
                Message(
                    Kind.SAID,
                    f"user{at % 7}",
                    f"message {at}: " + "lorem **ipsum** dolor sit amet " * (1 + at % 9),
                    now - (MESSAGES - at) * 900,
                    id=f"{at:08}",
                    is_own=at % 7 == 0,
                )
                for at in range(MESSAGES)
            ]
        )
        here.timeline.is_whole = True
        spent = time.process_time()
        chat.messages.sync()
        await drawn()
        found["shown"] = time.process_time() - spent
        found["full"] = _resident_kib()
        view = window.findChild(QObject, "messages")
        assert view is not None
        frames.clear()
        spent = time.process_time()
        for _ in range(STEPS):
            view.setProperty("contentY", view.property("contentY") - 120)
            await drawn()
        found["scroll"] = (time.process_time() - spent) / STEPS
        times = sorted(later - earlier for earlier, later in pairwise(frames))
        found["median"], found["slowest"] = times[len(times) // 2], times[len(times) * 99 // 100]
        spent = time.process_time()
        for at in range(100):
            here.timeline.append(Message(Kind.SAID, "zoe", f"new {at}", now + at, id=f"z{at:08}"))
            chat.messages.sync()
            await drawn()
        found["append"] = (time.process_time() - spent) / 100
        await windows.end()
    print(json.dumps(found))


def _resident_kib() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def _run(*words: str) -> tuple[float, dict[str, float]]:
    """When a program was started, and what it has printed."""
    import time

    environment = {**os.environ}
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    began = time.time()
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return began, found


def desktop() -> Sequence[tuple[str, str, str]]:
    """What is measured, the window's figure, and that of a window with nothing but a word in it."""
    starts = [_run("-m", "bench.desktop") for _ in range(3)]
    began, own = min(starts, key=lambda one: one[1]["first"] - one[0])
    bases = [_run("-c", _EMPTY) for _ in range(3)]
    base_began, base = min(bases, key=lambda one: one[1]["ready"] - one[0])
    return [
        (
            "from the command to the first picture",
            f"{own['first'] - began:.2f} s",
            f"{base['ready'] - base_began:.2f} s",
        ),
        ("memory, before the door", f"{own['door'] / 1024:.0f} MiB", f"{base['kib'] / 1024:.0f} MiB"),
        ("memory, in a conversation", f"{own['chat'] / 1024:.0f} MiB", "–"),
        ("processor while nothing happens", f"{own['idle']:.2%}", "–"),
        (f"a room of {MESSAGES:,} messages is shown", f"{own['shown'] * 1000:.0f} ms", "–"),
        ("memory then", f"{own['full'] / 1024:.0f} MiB", "–"),
        ("a turn of the wheel, processor time", f"{own['scroll'] * 1000:.1f} ms", "–"),
        ("  from picture to picture, median", f"{own['median'] * 1000:.1f} ms", "–"),
        ("  99 of 100 are faster than", f"{own['slowest'] * 1000:.1f} ms", "–"),
        ("a message more, until it is seen", f"{own['append'] * 1000:.1f} ms", "–"),
    ]


if __name__ == "__main__":
    import qasync  # type: ignore[import-untyped]

    from hubbub.desktop.app import application

    loop = qasync.QEventLoop(application())
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_measure())
