"""Text that people wrote, made safe to show: cleaned, cut and split without tearing a character."""

import re
import unicodedata
from typing import Final, Literal

PIECE_BYTES_MIN: Final = 4
"""The longest character in UTF-8: no smaller limit could be kept to."""

# A flag of a region within a country (Scotland's, say) is a black flag and up to six invisible tag
# letters with an end. Anywhere else tag characters are text that nobody sees, and go.
_FLAG: Final = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
# What ends a line or moves to the next stop separates words: it becomes a space.
_SPACE: Final = "\r\n|[\t\n\v\f\r\x85\u2028\u2029]"
_UNWANTED: Final = (
    "["
    "\x00\x05-\x08\x0e\x10\x12-\x15\x17-\x1c\x7f-\x84\x86-\x9f"  # C0 that format nothing, DEL, C1
    # Embeddings, overrides and isolates reorder everything up to their end, which may be missing, and
    # so can disguise what is written. The marks LRM, RLM and ALM move only the punctuation beside
    # them, and people who write Hebrew or Arabic need them: they stay.
    "\u202a-\u202e\u2066-\u2069"
    "\u206a-\u206f\ufff9-\ufffb\ufeff"  # deprecated controls, annotations, the byte order mark
    "\ud800-\udfff"  # half characters, which UTF-8 cannot say
    "\ufdd0-\ufdef"  # noncharacters, and two at the end of each plane
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "\U000e0000-\U000e007f]"
)
_CLEANING: Final = re.compile(f"({_FLAG})|({_SPACE})|{_UNWANTED}")

_CTCP: Final = "\x01"
_COLOUR: Final = r"\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?"
_HEX_COLOUR: Final = r"\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
_FORMATTING: Final = re.compile(rf"{_COLOUR}|{_HEX_COLOUR}|[\x01\x02\x0f\x11\x16\x1d-\x1f]")

_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that have a width and no shape: fillers of Hangul, and Braille without dots."""

_ZERO_WIDTH: Final = "\u200c\u200d"
_JOINER: Final = "\u200d"


def clean(text: str) -> str:
    """The text without what could drive a terminal, hide, or reorder what others see.

    Formatting that chat clients know stays (bold, colour, hexadecimal colour, reset, monospace,
    reverse, italics, strikethrough, underline), as do the joiners that emoji and many scripts need,
    and 0x01 around a whole CTCP message. Cleaning twice changes nothing more.
    """
    # Everything unwanted is unprintable to Python too, so that most text is done here.
    if text.isprintable():
        return text
    text = _CLEANING.sub(_replacement, text)
    return _with_delimiters(text) if _CTCP in text else text


def clean_lines(text: str) -> str:
    """The same for a text of several lines, which it keeps."""
    return "\n".join(clean(line) for line in text.split("\n"))


def visible(name: str) -> str:
    """A name with U+FFFD, which is seen, for each character that `clean` takes out: it stays another one's name."""
    return name if name.isprintable() else _CLEANING.sub(lambda found: found[1] or "\ufffd", name)


def bare(text: str) -> str:
    """A text, or a part of one, without what `clean` takes out; CTCP's delimiters stay where they are."""
    return text if text.isprintable() else _CLEANING.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    return found[1] or (" " if found[2] else "")


def _with_delimiters(text: str) -> str:
    inside = text.replace(_CTCP, "")
    if not text.startswith(_CTCP):
        return inside
    ends = len(text) > 1 and text.endswith(_CTCP)
    return f"{_CTCP}{inside}{_CTCP if ends else ''}"


def plain(text: str) -> str:
    """The cleaned text without formatting codes, for those who would see them as rubbish."""
    return text if text.isascii() and text.isprintable() else _FORMATTING.sub("", clean(text))


MARKS_MAX: Final = 30
"""So many marks may follow each other (UAX #15, 13): putting more in order takes their square in steps."""
_MARKS_APART: Final = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""Letters that decompose into combining marks alone."""
_LONG: Final = 200
"""Characters; in less no marks can pile up that it would matter."""


def normal(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """A text in one of Unicode's forms, in steps that grow as it does: of a pile of marks only so many are kept."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, text if len(text) <= _LONG else _without_piles(text))


def _without_piles(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) or letter in _MARKS_APART else 0
        if marks <= MARKS_MAX:
            kept.append(letter)
    return "".join(kept)


def sought(text: str) -> str:
    """A text as names are compared in a search: without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(letter for letter in normal("NFKD", plain(text).casefold()) if not _is_accent(letter))


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def shows(text: str) -> bool:
    """Whether anything in it can be seen: neither spaces nor what is invisible can.

    >>> shows("\x02hi"), shows("\x02 \u200b\u3164")
    (True, False)
    """
    if text[:1].isalnum() and text.isascii():
        return True
    return not all(
        character.isspace() or character in _BLANK or unicodedata.category(character) in ("Cc", "Cf", "Mn")
        for character in plain(text)
    )


def quoted(text: str, limit: int = 60) -> str:
    """A stranger's text in quotation marks that it cannot close: one line, with invisible characters escaped.

    >>> print(quoted('x" from 10.0.0.1\\n'))
    "x\\" from 10.0.0.1\\u000a"
    """
    shown = text if len(text) <= limit else f"{text[:limit]}…"
    return '"' + escaped(shown.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def name_or_quoted(text: str) -> str:
    """A name as it stands, where it is nothing but letters, digits and what nicknames hold besides; else quoted."""
    return text if _NAME.fullmatch(text) else quoted(text)


_NAME: Final = re.compile(r"[\w\[\]`^{}|-]{1,64}")


def escaped(text: str) -> str:
    """With `\\u0000` for each character that is not printed, as JSON writes it."""
    return text if text.isprintable() else "".join(map(_printed, text))


def _printed(character: str) -> str:
    if character.isprintable():
        return character
    pair = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[at : at + 4]}" for at in range(0, len(pair), 4))


def decode(data: bytes) -> str:
    """The text that the bytes say; what is not UTF-8 becomes U+FFFD, a visible question mark."""
    return data.decode(errors="replace")


def without_torn_character(data: bytes) -> bytes:
    """Bytes that were cut anywhere, without the incomplete UTF-8 character that they may end in."""
    for length in range(1, min(PIECE_BYTES_MIN, len(data) + 1)):
        lead = data[-length]
        if lead < 0x80 or lead >= 0xC0:
            needed = 1 + (lead >= 0xC0) + (lead >= 0xE0) + (lead >= 0xF0)
            return data[:-length] if length < needed else data
    return data


def cut(text: str, limit_bytes: int) -> tuple[str, bool]:
    """As much of a clean text as `limit_bytes` of UTF-8 hold, and whether something is missing.

    Accents, joined emoji and flags stay whole, unless one alone is longer than the limit.
    """
    end = _whole(text, 0, limit_bytes)
    return text[:end], end < len(text)


def split(text: str, limit_bytes: int) -> list[str]:
    """A clean text in pieces of at most `limit_bytes`, after spaces where there are any.

    Joined without anything between, the pieces are the text again. ValueError where the limit is
    under `PIECE_BYTES_MIN`.
    """
    if limit_bytes < PIECE_BYTES_MIN:
        raise ValueError(f"a piece needs at least {PIECE_BYTES_MIN} bytes")
    pieces: list[str] = []
    start = 0
    while start < len(text) or not pieces:
        end = _whole(text, start, limit_bytes)
        if end < len(text):
            end = _after_space(text, start, end)
        pieces.append(text[start:end])
        start = end
    return pieces


def _after_space(text: str, start: int, end: int) -> int:
    """Behind the last space from `start` to `end`, or `end` where that would leave only spaces."""
    space = text.rfind(" ", start, end) + 1
    if space == 0 or _continues(text, start, space) or not text[start:space].strip(" "):
        return end
    return space


def _whole(text: str, start: int, limit_bytes: int) -> int:
    """Where the text that fits ends, on the boundary of what people see as one character."""
    window = text[start : start + limit_bytes + 1].encode()
    if len(window) <= limit_bytes:
        return start + len(text[start : start + limit_bytes + 1])
    longest = start + len(window[:limit_bytes].decode(errors="ignore"))
    end = longest
    while end > start and _continues(text, start, end):
        end -= 1
    return end if end > start else longest


def _continues(text: str, start: int, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    character, before = text[at], text[at - 1]
    if character.isascii():
        return False
    if character in _ZERO_WIDTH or before == _JOINER or unicodedata.category(character)[0] == "M":
        return True
    if _is_regional(character):
        return _regionals_before(text, start, at) % 2 == 1
    return (
        "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the tags of a flag
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and final consonants
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regionals_before(text: str, start: int, at: int) -> int:
    """How many letters of country flags, which go in pairs, stand directly before `at`."""
    first = at
    while first > start and _is_regional(text[first - 1]):
        first -= 1
    return at - first
