"""What code costs, counted in the interpreter's opcodes: the same on every machine, however busy it is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import hubbub

OURS = str(Path(hubbub.__file__).parent)


class Count:
    """How many there were."""

    opcodes = 0


@cache
def _marks(code: CodeType) -> frozenset[int]:
    """The opcodes that `tools/reached.py` has put there: they stand from column 1 to column 1."""
    places = enumerate(code.co_positions())
    return frozenset(2 * at for at, (_, _, first, last) in places if first == last == 1)


@contextmanager
def counting(folder: str = OURS) -> Iterator[Count]:
    """The opcodes of our own code that this thread executes meanwhile, or of another folder's; "" for all code."""
    count = Count()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "opcode":
            count.opcodes += frame.f_lasti not in _marks(frame.f_code)
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
