"""The writer of the generated documentation: `python -m tools.docs` brings every page up to date.

To generate something more, add a row to PAGES (a whole page) or to BLOCKS (a part of a page that is otherwise
written by hand, between the two markers that `markers` shows).
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from hubbub.admin.reference import commands_page
from tools.api_types import api_types
from tools.layers import COMPOSITION, MAY_IMPORT, PURE, SHARED
from tools.reference_pages import (
    bot_example,
    desktop_keys,
    events_page,
    netcat_words,
    protocol_page,
    storage_page,
    terminal_keys,
    terminal_words,
)
from tools.settings_page import owners_settings
from tools.settings_page import page as settings_page

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "hubbub"


def file_map() -> str:
    """Every module of the package with the first sentence of its docstring, folder by folder."""
    folders: dict[str, list[Path]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        folders.setdefault(path.parent.relative_to(PACKAGE).as_posix(), []).append(path)
    sections = [folder_map(name, paths) for name, paths in folders.items()]
    return "\n".join([FILE_MAP_HEAD, *sections, *map(page_map, ("components", "core", "state"))])


FILE_MAP_HEAD = """# File map

Written by `make docs` from the first sentence of every file: change the sentence there, not on this page.

`tests/test_layers.py` checks the imports of each folder. A folder marked *pure* also imports no clock, randomness,
disk, network or thread.
"""


def folder_map(name: str, paths: list[Path]) -> str:
    """The section of one folder: what it is, what it may import, and a row for each module."""
    package, modules = paths[0], paths[1:]
    if package.name != "__init__.py":
        raise FileNotFoundError(
            f"src/hubbub/{name} has no __init__.py: add one with a sentence on the folder."
        )
    title = "src/hubbub" if name == "." else f"src/hubbub/{name}"
    lines = [f"## {title}", "", first_sentence(package), ""]
    if permission := import_permission(name.split("/")[0]):
        lines += [permission, ""]
    if modules:
        lines += ["| file | content |", "| --- | --- |"]
        lines += [f"| `{path.name}` | {first_sentence(path)} |" for path in modules]
        lines.append("")
    return "\n".join(lines)


def page_map(name: str) -> str:
    """The section of one folder of the page: a row for each module or component, with its first comment."""
    lines = [f"## webclient/src/{name}", "", "| file | content |", "| --- | --- |"]
    folder = ROOT / "webclient" / "src" / name
    lines += [
        f"| `{path.name}` | {first_comment(path)} |"
        for path in sorted([*folder.glob("*.ts"), *folder.glob("*.svelte")])
    ]
    return "\n".join([*lines, ""])


def first_comment(path: Path) -> str:
    """The comment at the head of a module or a component of the page, on one line; empty if there is none."""
    comment = re.match(r"/\*\*(.*?)\*/|<!-- @component(.*?)-->", path.read_text("utf-8"), re.DOTALL)
    return " ".join((comment[1] or comment[2]).replace("\n *", " ").split()) if comment else ""


def import_table() -> str:
    """Who may import whom, as rows."""
    rows = ["| folder | may import |", "| --- | --- |"]
    for folder in MAY_IMPORT:
        if (PACKAGE / folder).is_dir():
            rows.append(f"| `{folder}` | {import_permission(folder)} |")
    return "\n".join(rows)


def import_permission(folder: str) -> str:
    """The row of the table of imports for one folder, in words."""
    if folder == ".":
        everything = " and ".join(f"`{name}`" for name in sorted(COMPOSITION))
        shared = " and ".join(f"`{name}`" for name in sorted(SHARED))
        return f"{everything} may import everything; {shared} may be imported by all, and is pure."
    allowed = ", ".join(
        f"`{name}`" for name in MAY_IMPORT if name in MAY_IMPORT.get(folder, ()) and name != folder
    )
    return f"{'Pure. ' if folder in PURE else ''}May import {allowed or 'nothing of ours'}."


def first_sentence(path: Path) -> str:
    """The first paragraph of a module's docstring on one line; empty if there is none."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split())


PAGES: dict[str, Callable[[], str]] = {
    "docs/build/file-map.md": file_map,
    "docs/reference/settings.md": settings_page,
    "docs/reference/commands.md": commands_page,
    "docs/reference/events.md": events_page,
    "docs/reference/protocol.md": protocol_page,
    "docs/reference/storage.md": storage_page,
    "webclient/src/state/apiTypes.ts": api_types,
}
"""Page → the function that writes it."""

BLOCKS: dict[tuple[str, str], Callable[[], str]] = {
    ("docs/use/netcat.md", "netcat words"): netcat_words,
    ("docs/architecture.md", "imports"): import_table,
    ("docs/run/administrators.md", "owner's settings"): owners_settings,
    ("docs/use/bots.md", "bot"): bot_example,
    ("docs/use/desktop.md", "desktop keys"): desktop_keys,
    ("docs/use/terminal.md", "terminal keys"): terminal_keys,
    ("docs/use/terminal.md", "terminal words"): terminal_words,
}
"""(page, name of the block) → the function that writes the text between its markers."""


def markers(block: str) -> tuple[str, str]:
    """The two lines between which a generated block stands in its page."""
    return f"<!-- generated: {block} -->", f"<!-- end: {block} -->"


def with_block(page: str, block: str, text: str) -> str:
    """The page with the block replaced; ValueError if it has not exactly one pair of markers."""
    begin, end = markers(block)
    pattern = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
    replaced, count = pattern.subn(lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page)
    if count != 1:
        raise ValueError(f"The page needs exactly one pair of lines {begin} and {end}, and has {count}.")
    return replaced


def generated() -> dict[str, str]:
    """What every page with something generated in it must hold now."""
    pages = {page: f"{write().strip()}\n" for page, write in PAGES.items()}
    for (page, block), write in BLOCKS.items():
        pages[page] = with_block(pages.get(page) or (ROOT / page).read_text("utf-8"), block, write())
    return pages


def main() -> None:
    """Write the pages that are not up to date, and name them."""
    for page, text in generated().items():
        path = ROOT / page
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"{page} is written anew.")


if __name__ == "__main__":
    main()
