"""Every statement of the storage names the columns that it reads or writes: a column more changes none of them."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from hubbub import storage

FOLDER: Final = Path(storage.__file__).parent
PUBLISHED: Final = frozenset({"schema.py"})
"""Steps that led to the tables never change any more, whatever they say."""

_ALL_COLUMNS: Final = re.compile(r"\bSELECT\s+(?:DISTINCT\s+)?(?:[\w{}]+\.)?\*|,\s*(?:[\w{}]+\.)?\*\s+FROM\b")
_NO_COLUMNS: Final = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?|REPLACE)\s+INTO\s+[^\s(]+\s+(?:VALUES|SELECT|DEFAULT)\b"
)


def texts(module: str) -> list[str]:
    """The texts of a module, with `{}` for what is put into them."""
    found = []
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.JoinedStr):
            found.append(
                "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def unnamed(module: str) -> list[str]:
    return [text for text in texts(module) if _ALL_COLUMNS.search(text) or _NO_COLUMNS.search(text)]


def test_every_statement_names_its_columns() -> None:
    modules = [path for path in sorted(FOLDER.rglob("*.py")) if path.name not in PUBLISHED]
    statements = [text for path in modules for text in texts(path.read_text("utf-8")) if "SELECT" in text]
    assert len(statements) > 50
    assert {path.name: found for path in modules if (found := unnamed(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "statement",
    [
        '"SELECT * FROM room"',
        '"SELECT DISTINCT room.* FROM room"',
        'f"SELECT id, {table}.* FROM {table}"',
        '"INSERT INTO room VALUES (?, ?)"',
        '"INSERT OR REPLACE INTO room VALUES (?, ?)"',
        'f"INSERT INTO {table} SELECT id FROM room"',
        'f"INSERT INTO {name}_{end} VALUES ({places})"',
    ],
)
def test_a_statement_without_columns_is_noticed(statement: str) -> None:
    assert len(unnamed(statement)) >= 1


@pytest.mark.parametrize(
    "statement",
    [
        '"SELECT count(*) FROM room"',
        '"SELECT 2 * id FROM room"',
        '"INSERT INTO room (id) SELECT id FROM old"',
    ],
)
def test_a_statement_with_its_columns_is_let_be(statement: str) -> None:
    assert unnamed(statement) == []
