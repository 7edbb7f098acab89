"""Which blocks of the programs' functions the tests enter: a figure that costs the tests little, on any Python.

`python -m tools.reached -m pytest` runs Python with these arguments and prints it. A block is a run of statements with
no branch in it. At the beginning of each the program is given a statement that marks it in a file, which all
processes share: the servers, gateways and clients that tests start are counted, even those that are killed.
`make coverage` says more, line by line, and takes twice the processor's time: before Python 3.12 whoever is told of
lines slows down every step.
"""

import ast
import hashlib
import json
import marshal
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType
from typing import Final

from . import reached_hook
from .reached_hook import FOLDER, INDEX, MARKS, NAME

SOURCE: Final = Path("src/hubbub")


def probed(source: str) -> tuple[ast.Module, list[range]]:
    """A module that marks the blocks of its functions, and the lines of each, in the order of their numbers."""
    tree = ast.parse(source)
    lines: list[range] = []
    for node in list(ast.walk(tree)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for block in list(_lists(node)):
            last = block[-1].end_lineno or 0
            for at in _beginnings(block):
                first = block[at].lineno
                block.insert(at, _mark(len(lines), block[at]))
                lines.append(range(first, last + 1))
                last = first - 1
    return ast.fix_missing_locations(tree), lines


def _lists(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements in a function, those of functions within it left out; the inner ones first."""
    for _, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST) and not isinstance(
                one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
            ):
                yield from _lists(one)
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def _beginnings(block: list[ast.stmt]) -> list[int]:
    """Where blocks begin in a list of statements, from the last to the first: at its top and behind each branch."""
    first = 1 if ast.get_docstring(ast.Module(block, [])) is not None else 0
    return [
        at for at in reversed(range(first, len(block))) if at == first or isinstance(block[at - 1], _BRANCHES)
    ]


_BRANCHES: Final = (
    ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.Match | ast.With | ast.AsyncWith
)


def _mark(number: int, before: ast.stmt) -> ast.stmt:
    (mark,) = ast.parse(f"{NAME}[{number}] = 1").body
    for node in ast.walk(mark):
        ast.copy_location(node, before)
        # By these columns tests that count opcodes pass over the mark.
        if isinstance(node, ast.expr | ast.stmt):
            node.end_lineno, node.col_offset, node.end_col_offset = before.lineno, 1, 1
    return mark


def _begin(tree: ast.Module, first: int, count: int) -> None:
    """Have a module take its part of all marks: behind its docstring and what it takes from the future."""
    taken = f"{NAME} = getattr(__import__('builtins'), {NAME!r})[{first}:{first + count}]"
    at = 1 if ast.get_docstring(tree) is not None else 0
    while (
        at < len(tree.body)
        and isinstance(one := tree.body[at], ast.ImportFrom)
        and one.module == "__future__"
    ):
        at += 1
    tree.body[at:at] = ast.parse(taken).body
    ast.fix_missing_locations(tree)


def prepare(folder: Path, source: Path = SOURCE) -> int:
    """Write the programs as they mark themselves, and the file of the marks; how many blocks there are."""
    index: dict[str, str] = {}
    total = 0
    for path in sorted(source.rglob("*.py")):
        text = path.read_bytes()
        tree, blocks = probed(text.decode())
        file = str(path.resolve())
        _begin(tree, total, len(blocks))
        code: CodeType = compile(tree, file, "exec", dont_inherit=True)
        (folder / f"{len(index)}").write_bytes(marshal.dumps(code))
        index[file] = hashlib.sha256(text).hexdigest()
        total += len(blocks)
    (folder / MARKS).write_bytes(bytes(total))
    (folder / INDEX).write_text(json.dumps(index))
    return total


def install() -> None:
    """Let every Python of this environment mark what it does where FOLDER is set, as `coverage` does it."""
    place, hook = Path(sysconfig.get_path("purelib")), Path(reached_hook.__file__)
    shutil.copyfile(hook, place / hook.name)
    (place / "reached_hook.pth").write_text(f"import {hook.stem}\n")


def main(*arguments: str) -> int:
    with TemporaryDirectory() as name:
        total = prepare(Path(name))
        install()
        status = subprocess.run([sys.executable, *arguments], env={**os.environ, FOLDER: name}).returncode
        marks = (Path(name) / MARKS).read_bytes().count(1)
    print(
        f"The tests enter {marks} of {total} blocks of the programs' functions: {100 * marks / total:.1f} %."
    )
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
