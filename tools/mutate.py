"""Mutation: each decision of a module is turned around in turn, and some test has to notice.

`python -m tools.mutate src/hubbub/engine/policy.py tests/conversations tests/engine` runs the tests once to learn which
of them come by which lines, and then for each mutant those that come by its line, in a process of its own. What is
printed at the end are the mutants that nobody has noticed. A line with `# mutation: why` is let be.
"""

import ast
import copy
import importlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Final

import pytest

LET_BE: Final = "# mutation:"
SECONDS_MAX: Final = 60
"""After so long a mutant counts as noticed: it runs in circles."""

_TURNED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def turned(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _TURNED:
            yield ast.Compare(node.left, [_TURNED[type(operator)]()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            if len(node.values) > 1:
                yield from (
                    ast.BoolOp(node.op, [*node.values[:at], *node.values[at + 1 :]])
                    for at in range(len(node.values))
                )
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.If():
            yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as number):
            yield ast.Constant(number + 1)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))


class _Replacing(ast.NodeTransformer):
    """Puts another node in the place of the one with a number, in the order of walking."""

    def __init__(self, number: int, by: ast.AST) -> None:
        self.number, self.by, self.seen = number, by, -1

    def visit(self, node: ast.AST) -> Any:
        self.seen += 1
        if self.seen == self.number:
            return ast.copy_location(self.by, node)
        return self.generic_visit(node)


class _Counting(ast.NodeVisitor):
    """All nodes, in the same order."""

    def __init__(self) -> None:
        self.nodes: list[ast.AST] = []

    def visit(self, node: ast.AST) -> None:
        self.nodes.append(node)
        self.generic_visit(node)


def mutants(source: str) -> Iterator[tuple[int, str, str, ast.Module]]:
    """Line, what stood there, what stands there now, and the module; only within functions, and not in annotations."""
    tree, lines = ast.parse(source), source.splitlines()
    counting = _Counting()
    counting.visit(tree)
    inside: set[int] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside |= {id(node) for part in function.body for node in ast.walk(part)}
    for number, node in enumerate(counting.nodes):
        line = getattr(node, "lineno", 0)
        if id(node) not in inside or LET_BE in lines[line - 1]:
            continue
        for other in turned(node):
            changed = _Replacing(number, copy.deepcopy(other)).visit(copy.deepcopy(tree))
            yield line, ast.unparse(node), ast.unparse(other), ast.fix_missing_locations(changed)


class Lines:
    """Which lines of a file each test comes by, and how long it takes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.by_test: dict[str, set[int]] = {}
        self.seconds: dict[str, float] = {}
        self._seen: set[int] = set()

    def _trace(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != self.file:
            return None
        self._seen.add(frame.f_lineno)
        return self._trace

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._seen, began = set(), time.monotonic()
        sys.settrace(self._trace)
        yield
        sys.settrace(None)
        if self._seen:
            self.by_test[item.nodeid] = self._seen
            self.seconds[item.nodeid] = time.monotonic() - began


def patch(module: ModuleType, changed: ast.Module, file: str) -> None:
    """Let the module's functions do what the changed source says, wherever they are known by now."""
    codes: dict[str, CodeType] = {}

    def gather(code: CodeType) -> None:
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                codes[constant.co_qualname] = constant
                gather(constant)

    gather(compile(changed, file, "exec"))
    owners: list[Any] = [module, *(one for one in vars(module).values() if isinstance(one, type))]
    for owner in owners:
        for value in list(vars(owner).values()):
            function = getattr(value, "fget", value)
            if isinstance(function, FunctionType) and function.__code__.co_filename == file:
                function.__code__ = codes[function.__qualname__]


def is_noticed(module: ModuleType, changed: ast.Module, file: str, tests: list[str]) -> bool:
    """Whether one of the tests fails; in a process of its own."""
    if not (child := os.fork()):
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        try:
            patch(module, changed, file)
        except Exception:
            os._exit(0)  # A mutant that can't be made is no proof of anything: it is told.
        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests])))
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return True


def main(path: str, *tests: str) -> int:
    file = str(Path(path).resolve())
    name = ".".join(Path(path).with_suffix("").parts[1:])
    lines = Lines(file)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    if status := pytest.main([*options, *tests], [lines]):
        return int(status)
    module, survivors = importlib.import_module(name), 0
    made = list(mutants(Path(file).read_text("utf-8")))
    for line, was, now, changed in made:
        near = [test for test, seen in lines.by_test.items() if line in seen]
        near.sort(key=lambda test: lines.seconds[test])
        if not near or not is_noticed(module, changed, file, near):
            survivors += 1
            print(f"{path}:{line}: {was}  →  {now}  ({len(near)} tests come by)", flush=True)
    print(f"{path}: {len(made)} mutants, {survivors} that nobody has noticed.")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
