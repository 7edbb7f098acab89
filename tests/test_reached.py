"""The figure of `make test`: which blocks of functions are entered, in whatever process."""

import os
import subprocess
import sys
from pathlib import Path

from tools.reached import SOURCE, prepare, probed
from tools.reached_hook import FOLDER, MARKS, NAME

ROOT = Path(__file__).parent.parent
SHOP = """
def sell(cups):
    'What it costs.'
    if cups < 1:
        raise ValueError("none")
    for cup in range(cups):
        if cup == 12:
            return 10
    return cups
"""


def test_a_block_is_marked_where_it_is_entered() -> None:
    tree, blocks = probed(SHOP)
    marks = bytearray(len(blocks))
    shop: dict[str, object] = {NAME: marks}
    exec(compile(tree, "shop", "exec"), shop)
    assert bytes(marks) == bytes(len(blocks)), "to define a function enters none of its blocks"
    sell = shop["sell"]
    assert callable(sell) and sell.__doc__ == "What it costs."
    assert sell(3) == 3
    entered = {lines.start for lines, mark in zip(blocks, marks, strict=True) if mark}
    assert entered == {4, 6, 7, 9}
    assert sell(13) == 10
    entered = {lines.start for lines, mark in zip(blocks, marks, strict=True) if mark}
    assert entered == {4, 6, 7, 8, 9}


def test_a_process_that_is_killed_is_counted(tmp_path: Path) -> None:
    assert prepare(tmp_path, ROOT / SOURCE / "text.py") == 0, "a folder is asked for"
    total = prepare(tmp_path, ROOT / SOURCE / "wire")
    program = (
        "import tools.reached_hook, os; from hubbub.wire.saslprep import prepare; prepare('x'); os.abort()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, FOLDER: str(tmp_path)}
    )
    assert done.returncode != 0
    assert 0 < (tmp_path / MARKS).read_bytes().count(1) < total


def test_a_module_that_is_run_as_a_program_is_counted(tmp_path: Path) -> None:
    """`python -m` asks for a module's code, and runs it without importing it."""
    folder = tmp_path / "marks"
    folder.mkdir()
    prepare(folder, ROOT / SOURCE / "web")
    program = (
        "import tools.reached_hook, runpy, sys; sys.argv[1:] = ['shrink'];"
        "runpy.run_module('hubbub.web.picture_worker', run_name='__main__', alter_sys=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, FOLDER: str(folder)}, input=b""
    )
    assert done.returncode == 0
    assert (folder / MARKS).read_bytes().count(1) == 1, "it answers, and is asked nothing"
