"""The documentation is true of the tree: generated pages, first sentences, links, and no foreign places."""

import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from hubbub.admin.command_tree import COMMANDS as ADMIN_COMMANDS
from hubbub.admin.command_tree import find
from hubbub.cli import main
from hubbub.config.sections import Gateway, Listener, Operator, Settings
from hubbub.dialects.irc.verb import MODERN
from hubbub.dialects.irc.verbs import VERBS
from hubbub.engine.refusals import Refusal
from hubbub.wire.capabilities import CAPABILITIES
from tools import docs
from tools.reference_pages import numerics_in_use, tokens_in_use
from tools.specifications import BATCHES, NUMERICS, SPECIFICATIONS, TAGS, TOKENS

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


MODERN_COMMANDS = {
    *("ADMIN", "AWAY", "CONNECT", "ERROR", "HELP", "INFO", "INVITE", "JOIN"),
    *("KICK", "KILL", "LINKS", "LIST", "LUSERS", "MODE", "MOTD", "NAMES"),
    *("NICK", "NOTICE", "OPER", "PART", "PASS", "PING", "PONG", "PRIVMSG"),
    *("QUIT", "REHASH", "SQUIT", "STATS", "TIME", "TOPIC", "USER", "USERHOST"),
    *("VERSION", "WALLOPS", "WHO", "WHOIS", "WHOWAS"),
}
"""The verbs that modern-irc defines; every other verb names its specification."""


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


def missing_steps(text: str) -> list[str]:
    """The files of a recipe that are not in the tree, and the tests that are in none of them."""
    steps = re.findall(r"`((?:src|tests|tools|webclient|docs)/[\w./-]+)(?:::(\w+))?`", text)
    return [
        f"{path}::{test}" if test else path
        for path, test in steps
        if "SUBJECT" not in path
        and not (
            (ROOT / path).is_file()
            and (not test or re.search(rf"def {test}\b", (ROOT / path).read_text("utf-8")))
        )
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


def test_every_component_of_the_page_begins_with_one_sentence() -> None:
    components = sorted((ROOT / "webclient" / "src" / "components").glob("*.svelte"))
    faults = {path.name: first_sentence_fault(docs.first_comment(path)) for path in components}
    assert components and {name: fault for name, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("sentence", ["", "No full stop", "One sentence. And another."])
def test_a_bad_first_sentence_is_noticed(sentence: str) -> None:
    assert first_sentence_fault(sentence)


def test_every_relative_link_leads_to_a_file() -> None:
    missing = {relative(page): missing_links(page, page.read_text("utf-8")) for page in PAGES}
    assert {page: links for page, links in missing.items() if links} == {}


def test_every_step_of_a_recipe_is_in_the_tree() -> None:
    assert missing_steps((ROOT / "docs/build/recipes.md").read_text("utf-8")) == []


def test_a_step_that_is_gone_is_noticed() -> None:
    steps = "`src/hubbub/gone.py` `tests/test_docs.py::test_gone` `tests/test_docs.py` `src/hubbub/web/SUBJECT.py`"
    assert missing_steps(steps) == ["src/hubbub/gone.py", "tests/test_docs.py::test_gone"]


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
    for table in (NUMERICS, TOKENS):
        assert set(table.values()) <= SPECIFICATIONS.keys()
    for rows in (TAGS, BATCHES):
        assert {specification for specification, _ in rows.values()} <= SPECIFICATIONS.keys()
    assert {verb.specification for verb in VERBS.values()} <= SPECIFICATIONS.keys()
    assert {name for name, verb in VERBS.items() if verb.specification == MODERN} == MODERN_COMMANDS
    assert set(NUMERICS) <= set(numerics_in_use())
    assert TOKENS.keys() <= tokens_in_use().keys()
    assert {one.specification for one in CAPABILITIES.values()} <= SPECIFICATIONS.keys()


def test_every_specification_has_its_test_files() -> None:
    for name, specification in SPECIFICATIONS.items():
        assert specification.tests, name
        for test in specification.tests:
            assert (ROOT / "tests" / test).is_file(), f"{name} has no {test}"


# What can be typed

_BLOCK: re.Pattern[str] = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$|((?:^ {4}\S.*\n)+)", re.MULTILINE | re.DOTALL)
_INLINE: re.Pattern[str] = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_TYPED: re.Pattern[str] = re.compile(r"(?:^|[\s/=])hubbub(?: +(.*))?$")
_SECTIONS: dict[str, type[msgspec.Struct]] = {
    field.name: field.type
    for field in msgspec.structs.fields(Settings)
    if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
}
_NAMED: dict[str, type[msgspec.Struct]] = {
    "listeners": Listener,
    "operators": Operator,
    "gateways": Gateway,
}
_SETTING: re.Pattern[str] = re.compile(rf"\b({'|'.join(_SECTIONS)})\.([a-z_]+)\b(?!\()")
_VARIABLE: re.Pattern[str] = re.compile(rf"\bHUBBUB_({'|'.join(_SECTIONS).upper()})_([A-Z_]+)\b")
_ABOUT_SETTINGS: tuple[str, ...] = (
    "README.md",
    "SECURITY.md",
    "docs/reference/settings.md",
    "docs/run/",
    "docs/start.md",
    "docs/use/",
)
"""Pages for those who run and use it; elsewhere `accounts.register` is a function of the module."""
_FILES: frozenset[str] = frozenset({"db", "json", "md", "png", "py", "svelte", "toml", "ts"})
"""Endings: `server.json` is a file."""


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each block of code with its language."""
    for _, language, fenced, indented in _BLOCK.findall(text):
        yield language, fenced or indented


def typed(text: str) -> Iterator[str]:
    """What stands in a page as code, line by line."""
    for _, block in blocks(text):
        yield from (line.strip() for line in block.splitlines())
    yield from (code.strip() for code in _INLINE.findall(_BLOCK.sub("", text)))


def command_fault(line: str) -> str | None:
    """What is wrong with a line that runs `hubbub`: with an option, a subcommand, or an administrator's command."""
    found = _TYPED.search(line.partition(" # ")[0].strip())
    if found is None or not found[1] or "…" in found[1]:
        return None
    words = shlex.split(found[1])
    try:
        with main.make_context("hubbub", list(words)) as context:
            rest = [*context._protected_args, *context.args]
            name, command, rest = main.resolve_command(context, rest)
            assert command is not None
            with command.make_context(name, rest, parent=context) as inner:
                said = inner.params.get("words", ())
    except click.exceptions.Exit:
        return None
    except click.ClickException as error:
        return error.format_message()
    return console_fault(" ".join(said)) if said and said[0] != "create-admin" else None


def console_fault(line: str) -> str | None:
    """What is wrong with a command of the console."""
    found = find(line)
    return str(found) if isinstance(found, Refusal) else None


def console_lines(text: str) -> Iterator[str]:
    """The administrator's commands: what begins as one of several words, and what stands after `/admin`."""
    several = {command.words[0] for command in ADMIN_COMMANDS if len(command.words) > 1}
    alone = {command.words[0] for command in ADMIN_COMMANDS if len(command.words) == 1}
    for line in typed(text):
        if line.startswith("/admin "):
            yield line.removeprefix("/admin ")
        elif line.split(" ")[0] in several - alone and " " in line:
            yield line


def setting_faults(text: str) -> list[str]:
    """Settings that a page names and that there are not."""
    named = {(section, key) for code in typed(text) for section, key in _SETTING.findall(code)}
    named |= {(section.lower(), key.lower()) for section, key in _VARIABLE.findall(text)}
    wrong = {
        f"{section}.{key}" for section, key in named if key not in _FILES and not has(_SECTIONS[section], key)
    }
    for language, block in blocks(text):
        if language == "toml":
            wrong |= {f"[{name}] {key}" for name, key in toml_keys(block) if not toml_has(name, key)}
    return sorted(wrong)


def has(section: type[msgspec.Struct], key: str) -> bool:
    return key in {field.encode_name for field in msgspec.structs.fields(section)}


def toml_keys(block: str) -> Iterator[tuple[str, str]]:
    for name, section in tomllib.loads(block).items():
        for one in section if isinstance(section, list) else [section]:
            for key, value in one.items():
                yield from (
                    ((name, inner) for inner in value)
                    if name in _NAMED and isinstance(value, dict)
                    else ((name, key),)
                )


def toml_has(name: str, key: str) -> bool:
    section = _SECTIONS.get(name) or _NAMED.get(name)
    return section is not None and has(section, key)


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_what_a_page_says_can_be_typed(page: Path) -> None:
    text = page.read_text("utf-8")
    commands = [fault for line in typed(text) if (fault := command_fault(line))]
    console = [fault for line in console_lines(text) if (fault := console_fault(line))]
    settings = setting_faults(text) if relative(page).startswith(_ABOUT_SETTINGS) else []
    assert (commands, console, settings) == ([], [], [])


def test_what_cannot_be_typed_is_noticed() -> None:
    assert command_fault("hubbub serve --lan -p 0  # or not") is None
    assert command_fault("/opt/hubbub/bin/hubbub admin --data DIR kick bob 10m flooding") is None
    assert command_fault("hubbub serve --wlan") and command_fault("hubbub serv")
    assert command_fault("hubbub admin kik bob") and console_fault("add rom tea")
    page = "`server.lan = true` `server.json` `limits.nothing` HUBBUB_TLS_CERT\n\n```toml\n[web]\npushes = true\n```\n"
    assert setting_faults(page) == ["[web] pushes", "limits.nothing", "tls.cert"]
    assert list(console_lines("`add rom tea` `/admin kik bob` `help`\n")) == ["add rom tea", "kik bob"]
