"""All that the server can answer, collected from its own code: the page has a sentence for each of them."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hubbub.dialects.irc
from hubbub.dialects.irc.refusals import NUMERICS, stable_code
from hubbub.engine import refusals
from hubbub.engine.refusals import Refusal, SignInFailed
from hubbub.wire import numerics

VECTOR: Final = Path(__file__).parent / "vectors" / "answers.json"
DIALECT: Final = Path(hubbub.dialects.irc.__file__).parent
_CODE: Final = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)+")
_ALONE: Final = frozenset({"FORBIDDEN", "TIMEOUT"})
"""Codes of standard replies that are one word, as verbs are, too."""
_SUCCESSES: Final = frozenset({"VERIFICATION_REQUIRED"})
"""Words of other lines than standard replies."""


def nodes() -> Iterator[ast.AST]:
    for path in sorted(DIALECT.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text()))


def numbers() -> dict[str, str]:
    """Number → its customary text, of each that the dialect names."""
    names = {
        node.attr
        for node in nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("numerics", "n")
    }
    found = {getattr(numerics, name) for name in names if re.match(r"(RPL|ERR)_", name)}
    return {number: numerics.TEXT.get(number, "") for number in sorted(found)}


def codes() -> list[str]:
    """The codes of standard replies: those that are written out, and those of refusals that have no number."""
    found = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    written = {text for text in found if _CODE.fullmatch(text) or text in _ALONE} - _SUCCESSES
    built = [node for node in nodes() if isinstance(node, ast.JoinedStr) and _is_code(node)]
    assert [ast.unparse(node) for node in built] == ["f'{verb}_FORBIDDEN'"]
    forbidden = {f"{verb}_FORBIDDEN" for verb in ("EDIT", "REDACT")}
    return sorted(written | forbidden | {stable_code(kind) for kind in _kinds() if kind not in NUMERICS})


def _is_code(node: ast.JoinedStr) -> bool:
    texts = [
        part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return any(re.fullmatch(r"_?[A-Z]{2,}(_[A-Z0-9]+)*_?", text) and "_" in text for text in texts)


def _kinds() -> list[type[Refusal]]:
    return [kind for kind in vars(refusals).values() if isinstance(kind, type) and kind.__base__ is Refusal]


def test_the_vector_names_all_that_the_server_can_answer() -> None:
    """If this fails, write what is missing into the vector, and its sentence where the page's test then asks for it."""
    assert json.loads(VECTOR.read_text()) == {
        "numbers": numbers(),
        "codes": codes(),
        "wrong": str(SignInFailed()),
    }
