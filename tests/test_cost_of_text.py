"""What strangers' text costs grows as it does: counted in steps of the patterns, and in opcodes, never in time."""

import importlib
import pkgutil
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import hubbub
from hubbub import text
from hubbub.admin.tokenizer import words_of
from hubbub.client import formatting
from hubbub.client.completion import with_emoji
from hubbub.desktop.markup import Ink, rich
from hubbub.engine import masks, names
from hubbub.engine.files import files_in
from hubbub.storage import full_text_index
from hubbub.web.incoming_webhooks import in_words
from hubbub.wire import saslprep
from hubbub.wire.message import parse, parse_tags
from tests.opcodes import counting
from tests.regex_steps import Counting

FEW, MANY = 60, 240
FEW_PIECES, MANY_PIECES = 220, 880
GROWTH_MAX = 6
"""Four times the text; sixteen times the steps would be one for each pair of its characters."""


def patterns() -> Iterator[tuple[str, "re.Pattern[Any]"]]:
    """All that are compiled when our modules are imported."""
    for found in pkgutil.walk_packages(hubbub.__path__, "hubbub."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            held = (
                value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
            )
            for at, one in enumerate(held):
                for part in one if isinstance(one, tuple) else (one,):
                    if isinstance(part, re.Pattern):
                        yield f"{found.name}.{name}.{at}", part


PATTERNS = dict(patterns())
ANCHORED = (
    *("hubbub.client.formatting._FAR", "hubbub.client.formatting._NEAR", "hubbub.config.checks._ORIGIN"),
    *("hubbub.connection.address._ADDRESS", "hubbub.desktop.logview._ENTRY"),
    *("hubbub.engine.modes._ADDRESS_MASK", "hubbub.transports.protocol_signatures._REQUEST_LINE"),
    *("hubbub.transports.protocol_signatures._TAGS_AND_SOURCE", "hubbub.web.html_head._ATTRIBUTE"),
    *("hubbub.wire.line_reader._REQUEST_LINE", "hubbub.wire.source._HOST_NAME"),
)
"""These are tried at one place of a text; that it is not one of very many, the tests of functions see to."""


def pieces(pattern: "re.Pattern[Any]") -> list[str]:
    """Texts of the characters that a pattern itself has, which may be repeated."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    bare = re.sub(r"\(\?(?:P<\w+>|<?[:=!>]?)|\\[wsSWdDZAbBxu]|[\[\](){}|?+^$]", " ", source).replace("\\", "")
    runs = [run for run in bare.split() if len(run) <= 8]
    letters = [*dict.fromkeys("a 0\n/.:*<>\"'`(" + "".join(runs))][:40]
    chance = random.Random(len(source))
    made = ["".join(chance.choices([*letters, *runs * 3], k=chance.randrange(1, 4))) for _ in range(20)]
    return [*runs, *(f"{run}a" for run in runs), *(f"{run} " for run in runs), *made]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_steps_as_the_text_is_long(name: str) -> None:
    pattern = PATTERNS[name]
    counting = Counting(pattern, is_anchored=name.startswith(ANCHORED))
    for piece in pieces(pattern):
        few, many = (counting.count((piece * size)[:size]) for size in (FEW, MANY))
        assert many <= GROWTH_MAX * few + 200, f"{piece!r}: {few} steps, then {many}"


def opcodes(act: Callable[[str], object], said: str) -> int:
    with counting() as count:
        act(said)
    return count.opcodes


HOSTILE = (
    *(
        "**a ",
        "**",
        "~~a ",
        "*a ",
        "_a ",
        "`a",
        "```",
        "```\n",
        "**a** ",
        "**a\n",
        "http://(",
        "http://a.b **c ",
    ),
    *(
        "\x02a",
        "\x0304",
        "\U0001f1e6",
        "e\u0301",
        "\u0301\u0323",
        "\u200d",
        "\U0001f44d\U0001f3fd\u200d",
        "東",
        "ﷺ",
    ),
    *(
        '"a',
        '" ',
        "\\",
        '"\\',
        "a ",
        " ",
        "\t",
        "<http:a",
        "<!here|",
        "&lt;",
        "<a href='",
        ":a",
        "/files/",
        ";=",
        ";a=\\",
    ),
)
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "spans": formatting.spans,
    "links": formatting.links,
    "rich text": lambda said: rich(said, Ink("#000000", "#ffffff")),
    "clean": text.clean_lines,
    "plain": text.plain,
    "cut": lambda said: text.cut(said, 300),
    "split": lambda said: text.split(said, 300),
    "words of the index": full_text_index.words,
    "words to look for": lambda said: full_text_index.expression(said, [1]),
    "an administrator's line": lambda said: list(words_of(said)),
    "tags": lambda said: parse_tags(re.sub("[\0\r\n]", "", said)),
    "a line": lambda said: parse(f"PRIVMSG #a {re.sub('[^ -~]', '', said)}".encode(), body_bytes_max=1 << 20),
    "emoji by name": lambda said: with_emoji(said, {"a": "🎉"}),
    "a webhook's words": in_words,
    "files that are named": files_in,
    "a mask": lambda said: masks.matches(f"*{said[:40]}*b", said),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_takes_steps_as_the_text_is_long(function: str) -> None:
    for piece in HOSTILE:
        few, many = (opcodes(FUNCTIONS[function], piece * times) for times in (FEW_PIECES, MANY_PIECES))
        assert many <= GROWTH_MAX * few + 500, f"{piece!r}: {few} opcodes, then {many}"


@pytest.mark.parametrize("piece", HOSTILE)
def test_what_looks_far_is_tried_few_times_in_vain(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of what is marked is looked for to the end of the text once, not from each beginning."""
    seen = 0

    class Counted:
        def __init__(self, pattern: "re.Pattern[str]") -> None:
            self.pattern = pattern

        def match(self, said: str, at: int) -> "re.Match[str] | None":
            nonlocal seen
            found = self.pattern.match(said, at)
            is_in_line = self.pattern is not far["block"]
            line = said.find("\n", at) if is_in_line else -1
            seen += (found.end() if found else line if line >= 0 else len(said)) - at
            return found

    far = dict(formatting._FAR)
    for kind, pattern in far.items():
        monkeypatch.setitem(formatting._FAR, kind, Counted(pattern))
    said = piece * 1_000
    formatting.spans(said)
    assert seen <= 4 * len(said) * (formatting.DEPTH_MAX + 1)


NAMED: dict[str, Callable[[str], object]] = {
    "words of the index": full_text_index.words,
    "a name to compare": names.fold,
    "a nickname": lambda said: names.Nick.parse(said, names.NameRule()),
    "a room": names.RoomName.parse,
    "a password": saslprep.prepare,
    "a mask": lambda said: masks.matches(said, "ann"),
}


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0344\u0323", "\u0f73", "\uff9e\u0301"])
@pytest.mark.parametrize("function", NAMED)
def test_marks_that_pile_up_are_put_in_order_a_few_at_a_time(
    function: str, marks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To put combining characters in order takes steps as the square of how many follow each other.

    Also of those that come out of characters which are none themselves.
    """
    longest = 0
    normalize = unicodedata.normalize

    def looked(form: str, said: str) -> str:
        nonlocal longest
        run = 0
        for letter in "".join(normalize("NFKD", letter) for letter in said):
            run = run + 1 if unicodedata.combining(letter) else 0
            longest = max(longest, run)
        return normalize(form, said)  # type: ignore[arg-type]

    monkeypatch.setattr(unicodedata, "normalize", looked)
    NAMED[function]("e" + marks * 2_000 + " tail")
    assert 0 < longest <= 2 * text.MARKS_MAX


def test_what_is_behind_piled_marks_is_found() -> None:
    assert full_text_index.words("e" + "\u0301\u0323" * 4_000 + " tail").split()[-1] == "tail"


def test_a_mask_is_read_once_however_many_it_is_compared_with(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(said: str) -> str:
        read.append(said)
        return names.fold(said)

    monkeypatch.setattr(masks, "fold", counted)
    mask = "*" + "\u0301\u0327" * 90
    for number in range(20):
        masks.matches(mask, f"guest{number}")
    assert read.count(mask) == 1
