"""All that the server can answer, collected from its own code: the page has a sentence for each of them."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hubbub
import hubbub.dialects.irc
from hubbub.config.sections import Accounts
from hubbub.dialects.irc.refusals import NUMERICS, stable_code
from hubbub.engine.refusals import Refusal
from hubbub.engine.signin import SignInFailed
from hubbub.wire import numerics
from tools.refusals import of_engine

VECTOR: Final = Path(__file__).parent / "vectors" / "answers.json"
DIALECT: Final = Path(hubbub.dialects.irc.__file__).parent
_CODE: Final = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)+")
_ALONE: Final = frozenset({"FORBIDDEN", "TIMEOUT"})
"""Codes of standard replies that are one word, as verbs are, too."""
_OTHERS: Final = frozenset({"VERIFICATION_REQUIRED", "PERSONAL_EVENTS"})
"""Words of other lines than standard replies, and the name of a table."""


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
    written = {text for text in found if _CODE.fullmatch(text) or text in _ALONE} - _OTHERS
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
    return list(of_engine().values())


# What the server says in sentences

_SENTENCE: Final = re.compile(r"[A-Z{].*\s.*([.!?]|\{reason\})", re.DOTALL)
_SPEAKING: Final = (
    "engine/*.py",
    "dialects/irc/*.py",
    "node/disk.py",
    "node/lock_notices.py",
    "node/node.py",
    "transports/admission.py",
    "transports/request_origin.py",
    "transports/stream_connection.py",
    "web/*.py",
)
"""The modules whose sentences reach a page."""
_SILENT: Final = frozenset(
    {
        "client_batches.py",
        "list.py",
        "metrics.py",
        "modes.py",
        "monitor.py",
        "openapi.py",
        "sasl.py",
        "server.py",
        "verbs.py",
    }
)
"""Of these, modules that answer only what the page never asks or can't write wrongly."""
_DESCRIPTIONS: Final = frozenset({"Operation", "Verb", "msgspec.Meta"})
_NOBODYS: Final = frozenset({"It was ahead.", "{sentence}: {told}."})
"""A line of the audit, and what is wrong with a program's JSON."""
FRAGMENTS: Final = (
    "until the ban is lifted",
    "until {moment} UTC",
    "administrator",
    "moderator",
    "suspended",
    "banned",
    "privately",
    "in the room {room_name}",
    "certificate",
    "key",
    "{number} GB",
    "{number} MB",
    "{number} kB",
    "{number} bytes",
    "you are not in it; join it first",
    "it is moderated; ask an operator for a voice",
    "it requires an account; log in, or ask an operator for a voice",
    "you are banned from it",
    "you are muted in it",
    "it accepts no CTCP except ACTION",
    "{words}, with no invisible characters",
    "1 to {realname_bytes} bytes",
)
"""What stands in the places of sentences and is the server's, not a person's."""


def sentences() -> list[str]:
    """All that the server says to people who use the page, with `{places}` for what differs."""
    package = Path(hubbub.__file__).parent
    modules = [
        path for pattern in _SPEAKING for path in sorted(package.glob(pattern)) if path.name not in _SILENT
    ]
    found = {text for path in modules for text in _texts_in(ast.parse(path.read_text()))}
    whole = {text for text in found if _SENTENCE.fullmatch(text)}
    engine = [ast.parse(path.read_text()) for path in sorted(package.glob("engine/*.py"))]
    refused = {text for module in engine for node in ast.walk(module) for text in _said_by(node)}
    spelled = {one for text in whole | refused for one in _spelled(text)}
    return sorted(spelled - _NOBODYS)


def _spelled(text: str) -> list[str]:
    """A sentence that begins with one of a few words is one for each of them."""
    words = ("Suspended", "Banned") if text.startswith("{word}") else ("{word}",)
    return [text.replace("{word}", word) for word in words]


def _said_by(node: ast.AST) -> Iterator[str]:
    """What a refusal says, which may end with what is to be typed."""
    if isinstance(node, ast.FunctionDef) and node.name == "__str__":
        yield from (text for text in _texts_in(node) if re.match(r"[A-Z{].* ", text))


def _texts_in(tree: ast.AST) -> Iterator[str]:
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return  # A docstring.
    if isinstance(tree, ast.Call) and (
        ast.unparse(tree.func) in _DESCRIPTIONS or ast.unparse(tree.func).startswith("log.")
    ):
        return
    if isinstance(tree, ast.JoinedStr | ast.Constant):
        yield from _templates(tree)
        return
    for child in ast.iter_child_nodes(tree):
        yield from _texts_in(child)


def _templates(node: ast.JoinedStr | ast.Constant) -> list[str]:
    """The text with its places named; a reason may be there or not."""
    texts, names = [""], list[str]()
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        if isinstance(part, ast.Constant):
            texts = [text + part.value for text in texts if isinstance(part.value, str)]
        elif _is_reason(part):
            texts = [text + end for text in texts for end in (".", ": {reason}")]
        else:
            names.append(_place(part, names))
            texts = [text + f"{{{names[-1]}}}" for text in texts]
    return texts


def _is_reason(part: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "because" for node in ast.walk(part))


def _place(part: ast.expr, taken: list[str]) -> str:
    inside = list(ast.walk(part))
    attributes = [node.attr for node in inside if isinstance(node, ast.Attribute)]
    name = [*attributes, *(node.id for node in inside if isinstance(node, ast.Name))][0].lower().strip("_")
    count = sum(re.fullmatch(rf"{name}\d*", one) is not None for one in taken)
    return name + (str(count + 1) if count else "")


def test_fragments_are_the_servers() -> None:
    """What the page translates inside a sentence stands in the server's code."""
    package = Path(hubbub.__file__).parent / "engine"
    code = " ".join(path.read_text() for path in package.glob("*.py"))
    for fragment in FRAGMENTS:
        assert max(re.split(r"\{\w+\}", fragment), key=len).strip(" ,") in code, fragment


def test_the_vector_names_all_that_the_server_can_answer() -> None:
    """If this fails, write what is missing into the vector, and its sentence where the page's test then asks for it."""
    assert json.loads(VECTOR.read_text()) == {
        "numbers": numbers(),
        "codes": codes(),
        "wrong": str(SignInFailed()),
        "sentences": sentences(),
        "fragments": [*FRAGMENTS, Accounts().name_rule],
    }
