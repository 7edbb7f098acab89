"""What the page about differences from the specifications names is there, and what it says is missing is missing."""

import re
from pathlib import Path
from typing import Final

import pytest

from hubbub import config
from hubbub.dialects import irc
from hubbub.dialects.irc.refusals import stable_code
from hubbub.wire import numerics
from hubbub.wire.capabilities import CAPABILITIES
from tests.server_harness import NAMES
from tools.docs import ROOT
from tools.reference_pages import numerics_in_use, tokens_in_use
from tools.refusals import of_engine
from tools.specifications import TAGS

PAGE: Final = (ROOT / "docs/reference/differences.md").read_text("utf-8")
CODE: Final = re.compile(r"`([^`\n]+)`")
NEVER_SENT: Final = {"REDACT_WINDOW_EXPIRED"}


def _named(pattern: str) -> set[str]:
    """Whatever stands in backticks on the page, and is of this form."""
    return {word for word in CODE.findall(PAGE) if re.fullmatch(pattern, word)}


def test_every_numeric_is_in_use() -> None:
    named = set(re.findall(r"(?<!RFC )\b\d{3}\b(?! bytes)", PAGE))
    in_use = {str(getattr(numerics, name)) for name in numerics_in_use()}
    assert len(named) > 15 and named <= in_use


def test_every_refusal_exists() -> None:
    named = _named(r"([A-Z][a-z]+){2,}")
    assert len(named) > 5
    for name in named:
        assert name in of_engine()


def test_every_code_of_a_standard_reply_exists() -> None:
    named = _named(r"[A-Z]+(_[A-Z]+)+")
    assert len(named) > 3
    folder = Path(irc.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    by_refusal = {stable_code(kind) for kind in of_engine().values()}
    assert {name for name in named - by_refusal if f'"{name}"' not in sources} == NEVER_SENT


def test_every_setting_exists(tmp_path: Path) -> None:
    settings = config.load(tmp_path, {}, NAMES).settings
    named = {word for word in _named(r"[a-z]+\.[a-z_]+") if "/" not in word}
    assert len(named) > 3
    for name in named:
        section, _, field = name.partition(".")
        assert hasattr(getattr(settings, section), field), name


def _drafts() -> list[tuple[str, bool]]:
    """Each draft of the table that has a name, and whether it is said to be there."""
    part = PAGE.partition("## Drafts")[2].partition("## ")[0]
    rows = [line.split("|")[1:3] for line in part.splitlines() if line.startswith("| `")]
    return [(name, here.strip().startswith("there")) for what, here in rows for name in CODE.findall(what)]


@pytest.mark.parametrize(("name", "is_there"), _drafts())
def test_a_draft_is_there_or_not(name: str, is_there: bool) -> None:
    assert (name in {*CAPABILITIES, *TAGS, *tokens_in_use()}) is is_there
