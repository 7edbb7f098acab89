"""Who may import whom: the table of the folders, and the check of one source against it."""

import ast
from collections.abc import Iterator

SERVER = frozenset({"engine", "wire", "dialects", "transports", "storage", "admin", "node"})

MAY_IMPORT: dict[str, frozenset[str]] = {
    "engine": frozenset(),
    "wire": frozenset(),
    "dialects": frozenset({"engine", "wire"}),
    "transports": frozenset(),
    "storage": frozenset({"engine"}),
    "admin": frozenset({"engine"}),
    "config": frozenset({"engine"}),
    "node": SERVER | {"config"},
    "web": SERVER | {"config"},
    "addresses": frozenset(),
    "bounded": frozenset(),
    "durable": frozenset(),
    "internet": frozenset(),
    "invocation": frozenset(),
    "socket_handover": frozenset(),
    "spelling": frozenset(),
    "text": frozenset(),
    "sockets": frozenset(),
    "client": frozenset({"wire"}),
    "connection": frozenset({"client", "wire"}),
    "terminal": frozenset({"client", "connection"}),
    "desktop": frozenset({"client", "connection"}),
    "ssh": frozenset({"client", "connection", "terminal"}),
}
"""Folder (or module) directly under the package → the others it may import; itself goes without saying."""

COMPOSITION = frozenset({"cli", "__main__"})
"""These may import everything; only `__main__` imports `cli`."""

SHARED = frozenset(
    {
        "addresses",
        "bounded",
        "durable",
        "internet",
        "invocation",
        "socket_handover",
        "spelling",
        "text",
        "sockets",
    }
)
"""Any folder may import these; they import nothing of ours."""

HIDDEN: dict[str, dict[str, str]] = {
    "web": {"hubbub.node.node": "hubbub.web.chat.Chat", "hubbub.node.server": "hubbub.web.chat.Chat"}
}
"""Folder → modules that it may not import though it may others beside them, and the Protocol that it takes instead."""

FRONT_DOORS: dict[str, frozenset[str]] = {"client/__init__.py": frozenset({"connection"})}
"""What a folder gives to other people's programs, gathered: only when it is asked for, so that it stays pure."""

PURE = frozenset(
    {"engine", "wire", "dialects", "client", "spelling", "text", "addresses", "bounded", "internet"}
)

IMPURE_MODULES = frozenset(
    {"asyncio", "concurrent", "logging", "multiprocessing", "os", "random", "secrets", "select", "selectors"}
    | {"signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "uuid", "uvloop"}
)
"""A clock, chance, a disk, a wire or a thread: what the pure folders are given as input instead."""


def offences(path: str, source: str) -> Iterator[str]:
    """Say, a sentence each, what the module at `path` (relative to the package) must not import."""
    folder = path.removesuffix(".py").split("/")[0]
    for name in sorted(imported(path, source)):
        top, _, rest = name.partition(".")
        part = rest.split(".")[0]
        if folder in PURE and top in IMPURE_MODULES:
            yield f"{path} is pure and imports {top}"
        elif top == "hubbub" and part == "cli" and folder != "__main__":
            yield f"{path} imports hubbub.cli, which nothing but __main__ may"
        elif instead := _hidden(folder, name):
            yield f"{path} imports {name}, and {folder} takes {instead} instead"
        elif part in FRONT_DOORS.get(path, ()):
            continue
        elif top == "hubbub" and part and part != folder and not may_import(folder, part):
            yield f"{path} imports {name}, and {folder} may not import {part}"


def _hidden(folder: str, name: str) -> str:
    """What `folder` takes in the place of a module; empty where it may import it."""
    hidden = HIDDEN.get(folder, {})
    return next((instead for module, instead in hidden.items() if f"{name}.".startswith(f"{module}.")), "")


def may_import(folder: str, part: str) -> bool:
    """Whether the table lets `folder` import `part`; a folder not in it may import nothing of ours."""
    known = MAY_IMPORT.get(folder, frozenset())
    return folder in COMPOSITION or part.startswith("__") or part in known | SHARED


def imported(path: str, source: str) -> set[str]:
    """Full names of all that a module imports, wherever in it the import stands."""
    package = ["hubbub", *path.split("/")[:-1]]
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module or "").split(".")]).rstrip(".")
            names.update(f"{origin}.{alias.name}" for alias in node.names)
    return names
