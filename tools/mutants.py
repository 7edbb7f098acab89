"""Mutants: copies of a module in each of which one decision is turned around."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, Final

from msgspec import Struct

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


class Mutant(Struct, frozen=True):
    """A module with one change: `name` is `function: was → now`, and `lines` are those of what was changed."""

    name: str
    lines: range
    code: CodeType


class _Place(Struct, frozen=True):
    """A node within a function, what tells best where it is, and how another one is put there."""

    node: ast.AST
    shown: ast.AST
    function: str
    put: Callable[[ast.AST], None]


def turned(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _TURNED:
            yield ast.Compare(node.left, [_TURNED[type(operator)]()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for at in range(len(node.values)):
                others = [*node.values[:at], *node.values[at + 1 :]]
                yield ast.BoolOp(node.op, others) if len(others) > 1 else others[0]
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


def mutants(source: str, file: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its lines; only within functions, and not in annotations."""
    tree = ast.parse(source)
    names: Counter[str] = Counter()
    for place in _places(tree, tree, "", inside=False):
        for other in turned(place.node):
            was = _told(place, place.node)
            place.put(ast.copy_location(other, place.node))
            name = f"{place.function}: {was} → {_told(place, other)}"
            names[name] += 1
            code = compile(ast.fix_missing_locations(tree), file, "exec")
            place.put(place.node)
            again = f" ({names[name]})" if names[name] > 1 else ""
            yield Mutant(name + again, _lines(place.node), code)


def _places(parent: ast.AST, shown: ast.AST, function: str, inside: bool) -> Iterator[_Place]:
    """`shown` is the parent, or for a part of a slice what that is taken of."""
    for field, value in ast.iter_fields(parent):
        within = inside and field not in ("annotation", "returns")
        for at, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST):
                continue
            name = getattr(node, "name", "") if isinstance(node, _NAMED) else ""
            path = f"{function}.{name}".strip(".") if name else function
            is_body = field == "body" and isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef)
            if within or is_body:
                yield _Place(node, shown, path, _putting(parent, field, at if value is not node else None))
            around = shown if isinstance(node, ast.Slice) else node
            yield from _places(node, around, path, within or is_body)


_NAMED: Final = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _putting(parent: ast.AST, field: str, at: int | None) -> Callable[[ast.AST], None]:
    def put(node: ast.AST) -> None:
        if at is None:
            setattr(parent, field, node)
        else:
            getattr(parent, field)[at] = node

    return put


def _told(place: _Place, node: ast.AST) -> str:
    """A node as source, in one line; a constant with what is around it."""
    shown: Any = place.shown if isinstance(place.node, ast.Constant) else node
    return ast.unparse(ast.fix_missing_locations(shown)).splitlines()[0]


def _lines(node: ast.AST) -> range:
    part: Any = node.test if isinstance(node, ast.If) else node
    return range(part.lineno, part.end_lineno + 1)
