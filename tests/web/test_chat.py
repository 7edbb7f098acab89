"""The website needs of the chat what its Protocol says, and nothing that it doesn't."""

import ast
from collections.abc import Iterator
from pathlib import Path

import hubbub.web
from hubbub.node.engine_access import EngineAccess
from hubbub.web.chat import Chat

FOLDER = Path(hubbub.web.__file__).parent
MEMBERS = {name for kind in (Chat, EngineAccess) for name in vars(kind) if not name.startswith("_")}


def _asked_of_the_node(source: str) -> Iterator[str]:
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, ast.Attribute):
            held = ast.unparse(one.value)
            if held.rpartition(".")[2] in ("node", "_node") or held.endswith("[NODE]"):
                yield one.attr


def test_each_member_is_needed_and_there_are_few() -> None:
    asked = {name for path in FOLDER.glob("*.py") for name in _asked_of_the_node(path.read_text("utf-8"))}
    assert asked == MEMBERS
    assert len(MEMBERS) <= 16
