"""The documentation is true of the tree: generated pages, first sentences, links, and no foreign places."""

import re
import subprocess
from pathlib import Path

import pytest

from hubbub.dialects.irc.verbs import VERBS
from hubbub.wire.capabilities import CAPABILITIES
from tools import docs
from tools.reference_pages import numerics_in_use, tokens_in_use
from tools.specifications import BATCHES, COMMANDS, NUMERICS, SPECIFICATIONS, TAGS, TOKENS

ROOT = docs.ROOT
MODULES = sorted(docs.PACKAGE.rglob("*.py"))
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])

SENTENCE_INSIDE = re.compile(r"(?<!e\.g)(?<!i\.e)[.!?]\s+[A-Z]")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)

# In pieces, so that this file does not hold what it forbids.
WORKPLACES = ("/wo" + "rk/", "../sha" + "red")
REGISTRIES = tuple(
    ".".join(pieces) for pieces in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def project_files() -> list[Path]:
    """Every file that is, or could be, committed; without git, every file outside what .gitignore names."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    if (ROOT / ".git").exists():
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        candidates = [ROOT / name for name in listing.split("\0") if name]
    else:
        skipped = {
            ".venv",
            "__pycache__",
            ".mypy_cache",
            ".pytest_cache",
            ".ruff_cache",
            ".hypothesis",
            "data",
            "log",
        }
        candidates = [path for path in ROOT.rglob("*") if not skipped & set(path.relative_to(ROOT).parts)]
    return [path for path in candidates if path.is_file()]


def missing_links(page: Path, text: str) -> list[str]:
    """The relative links of a page that lead to no file."""
    targets = [link.partition("#")[0] for link in LINK.findall(CODE.sub("", text))]
    return [
        target for target in targets if target and ":" not in target and not (page.parent / target).exists()
    ]


def first_sentence_fault(sentence: str) -> str | None:
    """What is wrong with the beginning of a module's docstring, if anything."""
    if not sentence:
        return "has no docstring"
    if not sentence.endswith(".") or SENTENCE_INSIDE.search(sentence):
        return f"does not begin with one sentence of its own: {sentence}"
    return None


@pytest.mark.parametrize(("page", "text"), docs.generated().items(), ids=docs.generated())
def test_a_generated_page_is_up_to_date(page: str, text: str) -> None:
    path = ROOT / page
    assert path.exists(), f"{page} is missing: run make docs"
    assert path.read_text("utf-8") == text, f"{page} is out of date: run make docs"


def test_every_module_begins_with_one_sentence() -> None:
    faults = {relative(path): first_sentence_fault(docs.first_sentence(path)) for path in MODULES}
    assert {path: fault for path, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("sentence", ["", "No full stop", "One sentence. And another."])
def test_a_bad_first_sentence_is_noticed(sentence: str) -> None:
    assert first_sentence_fault(sentence)


def test_every_relative_link_leads_to_a_file() -> None:
    missing = {relative(page): missing_links(page, page.read_text("utf-8")) for page in PAGES}
    assert {page: links for page, links in missing.items() if links} == {}


def test_a_dead_link_is_noticed() -> None:
    text = "[a](no-such-page.md#part) [b](https://example.org/x) [c](#here) `[d](code.md)` [e](nor-this.md)"
    assert missing_links(ROOT / "docs" / "page.md", text) == ["no-such-page.md", "nor-this.md"]


def test_no_file_names_a_workplace_or_a_registry() -> None:
    forbidden = re.compile("|".join(re.escape(place) for place in (*WORKPLACES, *REGISTRIES)).encode())
    found = {
        relative(path): match[0] for path in project_files() if (match := forbidden.search(path.read_bytes()))
    }
    assert found == {}


def test_a_block_is_replaced_between_its_markers() -> None:
    begin, end = docs.markers("colours")
    page = f"Before\n\n{begin}\nold\n{end}\n\nAfter\n"
    assert (
        docs.with_block(page, "colours", "new \\1\n") == f"Before\n\n{begin}\n\nnew \\1\n\n{end}\n\nAfter\n"
    )


def test_a_page_without_the_markers_is_an_error() -> None:
    with pytest.raises(ValueError, match="exactly one pair"):
        docs.with_block("A page.", "colours", "new")


def test_every_part_of_the_protocol_has_its_specification_and_no_specification_is_missing() -> None:
    for table in (COMMANDS, NUMERICS, TOKENS):
        assert set(table.values()) <= SPECIFICATIONS.keys()
    for rows in (TAGS, BATCHES):
        assert {specification for specification, _ in rows.values()} <= SPECIFICATIONS.keys()
    assert COMMANDS.keys() <= VERBS.keys()
    assert set(NUMERICS) <= set(numerics_in_use())
    assert TOKENS.keys() <= tokens_in_use().keys()
    assert {one.specification for one in CAPABILITIES.values()} <= SPECIFICATIONS.keys()


def test_every_specification_has_its_test_files() -> None:
    for name, specification in SPECIFICATIONS.items():
        assert specification.tests, name
        for test in specification.tests:
            assert (ROOT / "tests" / test).is_file(), f"{name} has no {test}"
