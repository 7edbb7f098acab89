"""What pages say of themselves, and what reading it costs when they are made to cost much."""

import codecs
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from hubbub.web import html_head
from hubbub.web.html_head import decode, read_head


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<title>A &amp; B</title>", {"title": "A & B"}),
        ("<TITLE lang=en>A</TITLE><title>B</title>", {"title": "A"}),
        ("<title>never ends", {"title": "never ends"}),
        ("<title", {}),
        ("<titles>no</titles>", {}),
        ('<meta property="og:title" content=\'It"s\'>', {"og:title": 'It"s'}),
        ("<meta content=x name = Description >", {"description": "x"}),
        ("<meta name=a content=1/><meta name=a content=2>", {"a": "1/"}),
        ("<meta/name='a'/content='1'/>", {"a": "1"}),
        ("<meta\nname=a\n\tcontent=\n'x y'>", {"a": "x y"}),
        ("<meta name=a>", {"a": ""}),
        ("<meta content=x>", {}),
        ("<!-- <title>no</title> --><title>yes</title>", {"title": "yes"}),
        ("<script>'<title>no</title>'</script><title>yes</title>", {"title": "yes"}),
        ("<script><title>no</title>", {}),
        ("<style><meta name=a content=x></STYLE >", {}),
        ("<title>a<b>c</title>", {"title": "a<b>c"}),
        ("<![CDATA[<title>x</title>", {"title": "x"}),
        ('<meta name="a" content="no end', {"a": ""}),
    ],
)
def test_what_pages_say(page: str, said: dict[str, str]) -> None:
    assert read_head(page) == said


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        (None, "é"),
        ("utf-8", "é"),
        ("UTF8", "é"),
        ("utf-8-sig", "é"),
        ("nonsense", "é"),
        ("punycode", "é"),
        ("idna", "é"),
        ("unicode_escape", "é"),
        ("utf-7", "é"),
        ("undefined", "é"),
        ("zlib", "é"),
        ("../../etc", "é"),
        ("x" * 10_000, "é"),
        ("latin-1", "Ã©"),
        ("ISO-8859-1", "Ã©"),
        ("windows-1251", "Г©"),
        ("koi8-r", "ц╘"),
    ],
)
def test_only_encodings_of_the_web(charset: str | None, text: str) -> None:
    """Of those that Python knows besides, some take time in the square of the length, and others are no texts."""
    assert decode("é".encode(), charset) == text


@pytest.mark.parametrize("codec", sorted(html_head._CODECS))
def test_each_of_them_reads_anything(codec: str) -> None:
    assert isinstance(bytes(range(256)).decode(codec, "replace"), str)


def test_other_encodings_leave_nothing_behind() -> None:
    """Python remembers each name that it was asked for, and there is no end of names."""
    import encodings

    before = set(encodings._cache)
    for number in range(100):
        decode(b"x", f"nobody-{number}")
    assert set(encodings._cache) <= before | {"utf_8"}


COSTLY = (
    *(
        "<",
        "<!",
        "<!--",
        "<!-->",
        "<!---->",
        "<![",
        "<![CDATA[",
        "<?",
        "</",
        "</title",
        "&",
        "&#1",
        "&#x",
        "&lt",
    ),
    *(
        "<meta",
        "<meta ",
        "<meta a",
        "<meta a=",
        "<meta a='",
        '<meta a="',
        "<meta a=b ",
        "<meta\n",
        "<meta/",
        "<meta ='",
    ),
    *(
        "<title",
        "<title ",
        "<title>",
        "<title></title>",
        "<title>&#1",
        "<title></titl",
        "<script>",
        "<script></script>",
    ),
    *("<script></scrip", "<style></style ", "<textarea>", "a=b ", "a='", " ", "\n", "\0", "é", "x"),
    *("<meta name=a content=b>", "<meta name='", "<meta property=og:title content=&#9", "<a ", "<a b='"),
)


class Steps:
    """How many lines of the module are run, and how far its patterns look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines = 0
        self.letters = 0
        for name in ("_OPENING", "_ATTRIBUTE"):
            monkeypatch.setattr(html_head, name, self._counted(getattr(html_head, name)))
        ends = {name: self._counted(pattern) for name, pattern in html_head._ENDS.items()}
        monkeypatch.setattr(html_head, "_ENDS", ends)

    def _counted(self, pattern: re.Pattern[str]) -> Any:
        """What a pattern has passed over: up to the end of what it found, or of the text."""

        class Counted:
            @staticmethod
            def match(page: str, at: int) -> re.Match[str] | None:
                found = pattern.match(page, at)
                self.letters += found.end() - at if found else 1
                return found

            @staticmethod
            def search(page: str, at: int) -> re.Match[str] | None:
                found = pattern.search(page, at)
                self.letters += (found.end() if found else len(page)) - at
                return found

        return Counted

    def of(self, page: str) -> int:
        self.lines = self.letters = 0

        def trace(frame: FrameType, event: str, argument: object) -> Any:
            if frame.f_code.co_filename == html_head.__file__:
                self.lines += 1
                return trace
            return None

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            read_head(page)
        finally:
            sys.settrace(before)
        return self.lines + self.letters


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Steps]:
    yield Steps(monkeypatch)


@pytest.mark.parametrize("piece", COSTLY)
def test_the_cost_grows_as_the_page_does(steps: Steps, piece: str) -> None:
    """Twice the page takes at most twice the steps, and the Python of it has an end."""
    fewer, more = steps.of(piece * 2_000), steps.of(piece * 4_000)
    assert more <= 2 * fewer + 100
    longest = piece * (512_000 // len(piece))
    steps.of(longest)
    assert steps.letters <= 2 * len(longest)
    assert steps.lines <= html_head.TAGS_MAX * (html_head.ATTRIBUTES_MAX + 8) * 8


def test_no_pattern_goes_back() -> None:
    """What repeats without an end of its own is possessive, so that no pattern tries twice at one place."""
    for pattern in (html_head._OPENING, html_head._ATTRIBUTE, *html_head._ENDS.values()):
        assert not re.search(
            "[*+]", re.sub(r"\[[^]]*\]|[*+?]\+", "", re.sub(r"\[[^]]*\]", "x", pattern.pattern))
        )


@pytest.mark.parametrize("charset", ["windows-1253", "windows-1252", "iso-8859-8", "cp874", "koi8-r"])
def test_bytes_without_a_letter_are_not_asked_about_one_by_one(charset: str) -> None:
    page, replace, asked = bytes(range(256)), codecs.lookup_error("replace"), []
    expected = page.decode(charset, "replace")
    html_head.decode(page, charset)

    def counted(error: UnicodeError) -> tuple[str | bytes, int]:
        asked.append(error)
        return replace(error)

    codecs.register_error("replace", counted)
    try:
        assert html_head.decode(page * 4, charset) == expected * 4
    finally:
        codecs.register_error("replace", replace)
    assert not asked


@pytest.mark.parametrize("charset", sorted(html_head._BYTE_CODECS))
def test_a_codec_with_a_letter_for_each_byte(charset: str) -> None:
    for byte in range(256):
        page = bytes([byte])
        assert html_head.decode(page, charset) == page.decode(charset, "replace")
