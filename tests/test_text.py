"""What people write: cleaned, cut and split."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.text import clean, cut, decode, escaped, name_or_quoted, plain, quoted, split

SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
FAMILY = "👨\u200d👩\u200d👧"
TRICKY = st.sampled_from(
    ["\x01", "\x03", "\x03", "12", ",", "\x04", "ff00aa", "\x1b", "[31m", "\r", "\n", "\t", " ", "\x85", "\u2028",
     "\u202e", "\u2066", "\u200f", "\u200d", "\ufeff", "\ud800", "\udc00", "\ufffe", "\U0010ffff", "🏴",
     "\U000e0067", "\U000e007f", SCOTLAND, "e", "\u0301", "é", "🫖", "🇫", "🇷", "👍", "🏽", "\ufe0f", FAMILY, "한"]
)  # fmt: skip
WRITTEN = st.lists(TRICKY | st.text(max_size=4), max_size=25).map("".join)
CLEAN = WRITTEN.map(clean)
KEPT_CONTROLS = "\x01\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello there",
        "Ça va? Grüße, 你好, שלום, مرحبا",
        "\x02bold\x02 \x0304,12colour\x03 \x04FF0000hex\x04 \x11mono\x11 \x16rev\x16 \x1dit\x1d \x1est\x1e \x0f",
        "\x1funderlined\x1f",
        "\x01ACTION waves\x01",
        "\x01ACTION waves",
        "\x01",
        "\x01\x01",
        f"{FAMILY} {SCOTLAND} 🇫🇷 👍🏽 ❤\ufe0f",
        "می\u200cخواهم",
        "שלום\u200f! \u200e\u061c",
        "soft\u00adhyphen, no\u00a0break, thin\u202fspace, wide\u3000space, zero\u200bwidth",
        "replaced \ufffd, private \ue000",
    ],
)
def test_what_is_kept(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),
        ("\x1b]0;title\x07x", "]0;titlex"),
        ("bell\x07 back\x08space del\x7f nul\0", "bell backspace del nul"),
        ("a\tb", "a b"),
        ("a\r\nb\rc\nd\x0be\x0cf\x85g\u2028h\u2029i", "a b c d e f g h i"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u202aa\u202bb\u202cc\u202dd\u2066e\u2067f\u2068g\u2069h", "abcdefgh"),
        ("\ufeffstart", "start"),
        ("half\ud83d end\udc00", "half end"),
        ("no\ufffe\uffff\ufdd0\U0001fffe\U0010ffffchar", "nochar"),
        ("hidden\U000e0041\U000e0042\U000e007f\U000e0001", "hidden"),
        ("🏴\U000e0067\U000e0062", "🏴"),
        ("🏴\x07\U000e0067\U000e0062\U000e0065\U000e007f", "🏴"),
        ("🏴" + "\U000e0061" * 7 + "\U000e007f", "🏴"),
        ("\ufff9a\ufffab\ufffb\u206ac", "abc"),
        ("in the\x01 middle\x01", "in the middle"),
        ("\x01ACTION a\x01b\x01", "\x01ACTION ab\x01"),
        ("\x01VERSION\x01\x1b", "\x01VERSION\x01"),
    ],
)
def test_what_is_not(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(WRITTEN)
def test_clean_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()
    controls = [
        c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in KEPT_CONTROLS
    ]
    assert controls == []
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_every_control_is_decided() -> None:
    kept = {c for c in map(chr, [*range(0x20), *range(0x7F, 0xA0)]) if clean(f"a{c}b") == f"a{c}b"}
    assert kept == set(KEPT_CONTROLS) - {"\x01"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\x02bold\x02 \x1dit\x1d\x0f", "bold it"),
        ("\x03red\x034x\x0304,12x\x0304,x\x03,x\x03123", "redxx,x,x3"),
        ("\x04x\x04ff0000x\x04FF0000,00ff00x\x04ff00x", "xxxff00x"),
        ("\x01ACTION waves\x01", "ACTION waves"),
        ("\x1b[31mx", "[31mx"),
        ("\x03１", "１"),
    ],
)
def test_plain(text: str, read: str) -> None:
    assert plain(text) == read


@given(WRITTEN)
def test_plain_is_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text) == clean(plain(text))
    assert [c for c in plain(text) if unicodedata.category(c) == "Cc"] == []


def test_decode() -> None:
    assert decode("héllo 🫖".encode()) == "héllo 🫖"
    assert decode(b"caf\xe9 \xff\xed\xa0\x80") == "caf\ufffd \ufffd\ufffd\ufffd\ufffd"


@given(st.binary(max_size=60))
def test_decoded_bytes_can_be_sent(data: bytes) -> None:
    decode(data).encode()


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("", 5, ""),
        ("hello", 5, "hello"),
        ("hello", 4, "hell"),
        ("hello", 0, ""),
        ("é", 1, ""),
        ("aé", 2, "a"),
        ("a🫖", 4, "a"),
        ("xe\u0301", 3, "x"),
        ("xe\u0301\u0302", 5, "x"),
        (f"x{FAMILY}", 12, "x"),
        (f"x{SCOTLAND}", 20, "x"),
        ("🇫🇷🇩🇪", 12, "🇫🇷"),
        ("🇫🇷🇩🇪", 8, "🇫🇷"),
        ("x👍🏽", 5, "x"),
        ("x❤\ufe0f", 4, "x"),
        ("x\u1112\u1161\u11ab", 7, "x"),
        ("e" + "\u0301" * 9, 6, "e\u0301\u0301"),
    ],
)
def test_cut(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == (kept, kept != text)


@given(CLEAN, st.integers(0, 60))
def test_a_cut_text_is_a_beginning_that_fits(text: str, limit: int) -> None:
    kept, was_cut = cut(text, limit)
    assert len(kept.encode()) <= limit
    assert text.startswith(kept)
    assert was_cut == (len(text.encode()) > limit) == (kept != text)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 8, [""]),
        ("one two", 8, ["one two"]),
        ("one two three", 8, ["one two ", "three"]),
        ("onetwothree", 8, ["onetwoth", "ree"]),
        ("    onetwo", 8, ["    onet", "wo"]),
        ("a  \u0301bcdefgh", 8, ["a  \u0301bcd", "efgh"]),
        ("ab  cdefgh", 8, ["ab  ", "cdefgh"]),
        ("🇫🇷🇩🇪", 12, ["🇫🇷", "🇩🇪"]),
        ("abcdefg" + FAMILY, 20, ["abcdefg", FAMILY]),
    ],
)
def test_split(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces


@given(CLEAN, st.integers(4, 40))
def test_split_loses_nothing(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece.encode()) <= limit for piece in pieces) or pieces == [""]


def test_split_needs_room_for_a_character() -> None:
    with pytest.raises(ValueError, match="4 bytes"):
        split("🫖", 3)


@pytest.mark.parametrize("text", ["e" + "\u0301" * 100_000, "🇫" * 50_000, "a " * 100_000, "\u200d" * 50_000])
def test_hostile_texts_are_split_in_one_pass(text: str) -> None:
    # With a copy or a walk over the whole rest at each piece, this takes minutes.
    pieces = split(text, 400)
    assert "".join(pieces) == text
    assert len(pieces) < 2 * len(text.encode()) // 400 + 2


@given(WRITTEN)
def test_what_is_quoted_is_one_printable_line_that_nothing_inside_ends(text: str) -> None:
    shown = quoted(text)
    assert shown.isprintable() and shown[0] == shown[-1] == '"' and len(shown) >= 2
    inside = shown[1:-1].replace("\\\\", "")
    assert inside.count('"') == inside.count('\\"')


def test_what_is_quoted() -> None:
    assert quoted('x" from 10.0.0.1') == '"x\\" from 10.0.0.1"'
    assert quoted("a\nb\\\u2028") == '"a\\u000ab\\\\\\u2028"'
    assert quoted("é" * 80) == f'"{"é" * 60}…"'
    assert escaped("\U000e0041\ud800") == "\\udb40\\udc41\\ud800"


@pytest.mark.parametrize("name", ["ann", "Général", "a_b-c[1]|x^"])
def test_a_name_stands_as_it_is(name: str) -> None:
    assert name_or_quoted(name) == name


@pytest.mark.parametrize("name", ["", "two words", 'x"', "a:b", "a" * 65, "a\n"])
def test_what_is_no_name_is_quoted(name: str) -> None:
    assert name_or_quoted(name) == quoted(name)
