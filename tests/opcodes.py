"""What code costs, counted in the interpreter's opcodes: the same on every machine, however busy it is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import hubbub

OURS = str(Path(hubbub.__file__).parent)


class Count:
    """How many there were."""

    opcodes = 0


@contextmanager
def counting(folder: str = OURS) -> Iterator[Count]:
    """The opcodes of our own code that this thread executes meanwhile, or of another folder's; "" for all code."""
    count = Count()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "opcode":
            count.opcodes += 1
        elif not frame.f_code.co_filename.startswith(folder):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield count
    finally:
        sys.settrace(before)
