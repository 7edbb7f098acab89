"""One IRC message: its parts, how a line is read into them, and how a line is written from them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

# message-tags, "Size limit": "The size limit for message tags is 8191 bytes, including the leading
# '@' (0x40) and trailing space ' ' (0x20) characters. The size limit for the rest of the message
# remains unchanged at 512 bytes." and "Clients MUST NOT send messages with tag data exceeding 4094
# bytes, this includes tags with or without the client-only prefix." where tag data "describes the
# bytes between the leading and trailing tag separators".
MESSAGE_BYTES_MAX: Final = 512
"""All of a message but its tags, with CRLF."""
BODY_BYTES_MAX: Final = MESSAGE_BYTES_MAX - 2
"""All of a message but its tags, without CRLF."""
CLIENT_TAG_DATA_BYTES_MAX: Final = 4094
SERVER_TAG_DATA_BYTES_MAX: Final = 8191 - 2
CLIENT_LINE_BYTES_MAX: Final = CLIENT_TAG_DATA_BYTES_MAX + 2 + BODY_BYTES_MAX
"""The longest line, without CRLF, that a client may send."""

NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})

_NEEDS_ESCAPE: Final = re.compile(r"[; \\\r\n]")
_ESCAPES: Final = str.maketrans({";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"})
_ESCAPED: Final = re.compile(r"\\(.?)", re.DOTALL)
_UNESCAPES: Final = {":": ";", "s": " ", "r": "\r", "n": "\n"}
_FORBIDDEN: Final = re.compile(r"[\0\r\n]")


class WireError(ValueError):
    """A peer's line is not a message; the text says what to do, `tags` holds the tags that could be parsed."""

    def __init__(self, text: str, tags: Mapping[str, str] = NO_TAGS) -> None:
        super().__init__(text)
        self.tags = tags


class EmptyLine(WireError):
    """Nothing but spaces: to be ignored."""


class LineTooLong(WireError):
    """The message without its tags is longer than `BODY_BYTES_MAX`."""


class TagsTooLong(WireError):
    """The tag data is longer than the sender's side may send."""


class NotUtf8(WireError):
    """The bytes are not UTF-8; `verb` is the command they seem to be, or `*`."""

    def __init__(self, verb: str, tags: Mapping[str, str] = NO_TAGS) -> None:
        super().__init__("Messages must be UTF-8. Set your client's encoding to UTF-8.", tags)
        self.verb = verb


class Malformed(WireError):
    """No command where one belongs, or a character that no message may hold."""


class Message(Struct, frozen=True):
    """A message; `tags` is never changed, and a tag without a value has the empty one."""

    verb: str
    params: tuple[str, ...] = ()
    source: str | None = None
    tags: Mapping[str, str] = NO_TAGS

    def param(self, i: int, default: str = "") -> str:
        """Parameter `i`, or `default` where there are fewer."""
        return self.params[i] if i < len(self.params) else default

    @property
    def last(self) -> str:
        """The last parameter, which is the text where there is one; empty where there are none."""
        return self.params[-1] if self.params else ""

    def encode(self) -> bytes:
        """The line that says this, with CRLF; ValueError where no line can say it."""
        return line(self.verb, *self.params, source=self.source, tags=self.tags)


def parse(
    line: bytes,
    *,
    tag_data_bytes_max: int = CLIENT_TAG_DATA_BYTES_MAX,
    body_bytes_max: int = BODY_BYTES_MAX,
) -> Message:
    """Reads one line, given without CRLF; raises a WireError.

    A client reading a server gives `SERVER_TAG_DATA_BYTES_MAX`, and what it bears of longer messages.
    """
    tag_data = b""
    if line.startswith(b"@"):
        section, _, line = line.partition(b" ")
        tag_data = section[1:]
        if len(tag_data) > tag_data_bytes_max:
            raise TagsTooLong(f"The tags are longer than {tag_data_bytes_max} bytes. Send fewer.")
    tags: Mapping[str, str] = NO_TAGS
    try:
        tags = parse_tags(tag_data.decode()) if tag_data else NO_TAGS
        if len(line) > body_bytes_max:
            text = f"The message is longer than {body_bytes_max + 2} bytes. Send it in parts."
            raise LineTooLong(text, tags)
        return _parse_body(line.decode(), tags)
    except UnicodeDecodeError:
        raise NotUtf8(_apparent_verb(line), tags or _readable_tags(tag_data)) from None


def tags_of(beginning: bytes) -> Mapping[str, str]:
    """The tags of a line that can't be read as a whole, as far as they can; raises nothing."""
    if not beginning.startswith(b"@") or b" " not in beginning:
        return NO_TAGS
    try:
        return _readable_tags(beginning[1:].partition(b" ")[0])
    except Malformed:
        return NO_TAGS


def _readable_tags(data: bytes) -> Mapping[str, str]:
    """Those of some tags that are UTF-8 themselves."""
    return parse_tags(";".join(tag.decode() for tag in data.split(b";") if _is_utf8(tag)))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _parse_body(text: str, tags: Mapping[str, str]) -> Message:
    if _FORBIDDEN.search(text):
        raise Malformed("A message can't contain NUL, CR or LF.", tags)
    source: str | None = None
    # "separated by one or more ASCII SPACE characters": a tab separates nothing
    text = text.lstrip(" ")
    if text.startswith(":"):
        source, _, text = text[1:].partition(" ")
        text = text.lstrip(" ")
    middle, colon, trailing = text.partition(" :")
    words = [word for word in middle.split(" ") if word]
    if not words:
        raise _wordless(source, tags)
    verb = words.pop(0)
    if source == "" or not _is_verb(verb):
        raise Malformed("A message begins with a command, such as PRIVMSG or JOIN.", tags)
    if colon:
        words.append(trailing)
    return Message(verb.upper(), tuple(words), source, tags)


def _is_verb(word: str) -> bool:
    # Wider than the grammar's letters or three digits: "/join" deserves the answer "unknown command".
    return word.isascii() and word.isprintable() and word[0] not in ":@"


def _wordless(source: str | None, tags: Mapping[str, str]) -> WireError:
    if source is None and not tags:
        return EmptyLine("The line is empty.")
    return Malformed("The message has no command. Begin with one, such as PRIVMSG or JOIN.", tags)


def _apparent_verb(line: bytes) -> str:
    words = [word for word in line.split(b" ") if word and not word.startswith(b":")]
    verb = words[0].upper() if words else b""
    return verb.decode() if verb.isascii() and verb.isalnum() else "*"


def parse_tags(data: str) -> Mapping[str, str]:
    """Keys with their values, empty for none: `key=value;key`. Raises Malformed."""
    if _FORBIDDEN.search(data):
        raise Malformed("Tags can't contain NUL, CR or LF.")
    tags: dict[str, str] = {}
    for tag in data.split(";"):
        key, _, value = tag.partition("=")
        # "MUST NOT perform any validation that would reject the message if an invalid tag key name
        # is used"; no key at all is nothing. A later tag of the same key wins.
        if key:
            tags[key] = unescape_tag_value(value) if "\\" in value else value
    return tags


def escape_tag_value(value: str) -> str:
    """message-tags, "Escaping values"."""
    return value.translate(_ESCAPES) if _NEEDS_ESCAPE.search(value) else value


def unescape_tag_value(value: str) -> str:
    """message-tags, "Escaping values": a backslash that escapes nothing is dropped."""
    return _ESCAPED.sub(lambda found: _UNESCAPES.get(found[1], found[1]), value)


def line(verb: str, *params: str, source: str | None = None, tags: Mapping[str, str] | None = None) -> bytes:
    """The line with CRLF, its body cut after a whole character to `MESSAGE_BYTES_MAX`.

    Only the last parameter may be empty, hold spaces or begin with a colon. ValueError where that is
    not so, and where anything holds NUL, CR or LF: nobody can smuggle a second line into a parameter.
    Tags are written in the order given: the server's own belong before client-only ones.
    """
    text = _body(verb, params) if source is None else f":{_word(source)} {_body(verb, params)}"
    if _FORBIDDEN.search(text):
        raise ValueError("a message holds no NUL, CR or LF")
    body = text.encode()
    if len(body) > BODY_BYTES_MAX:
        body = body[:BODY_BYTES_MAX].decode(errors="ignore").encode()
    if tags:
        return b"%b %b\r\n" % (_tag_section(tags), body)
    return body + b"\r\n"


def room_bytes(verb: str, *params: str, source: str | None = None) -> int:
    """The bytes of a further, last parameter that fit after these."""
    return BODY_BYTES_MAX - len(line(verb, *params, "", source=source)) + 2


def joined(words: Iterable[str], by: str, size_bytes: int) -> Iterator[str]:
    """The words in as few texts of at most this size as it takes; a longer word is a text of its own.

    What joins them is one ASCII character that none of them holds.
    """
    text, between = by.join(words).encode(), by.encode()
    start = 0
    while len(text) - start > size_bytes:
        end = text.rfind(between, start, start + size_bytes + 1)
        if end < 0:
            end = text.find(between, start)
        if end < 0:
            break
        yield text[start:end].decode()
        start = end + 1
    if text:
        yield text[start:].decode()


def _body(verb: str, params: tuple[str, ...]) -> str:
    head = " ".join((verb, *params[:-1]))
    if head.count(" ") != max(len(params) - 1, 0) or head[:1] in ":@ " or "  " in head or " :" in head:
        raise ValueError("only the last parameter may be empty, hold spaces or begin with a colon")
    if not params:
        return head
    if head.endswith(" "):
        raise ValueError("only the last parameter may be empty")
    last = params[-1]
    return f"{head} :{last}" if not last or last[0] == ":" or " " in last else f"{head} {last}"


def _word(source: str) -> str:
    if not source or " " in source:
        raise ValueError("a source is one word")
    return source


def _tag_section(tags: Mapping[str, str]) -> bytes:
    section = ";".join([f"{key}={escape_tag_value(value)}" if value else key for key, value in tags.items()])
    if " " in section or section.count(";") != len(tags) - 1 or _FORBIDDEN.search(section):
        raise ValueError("a tag's key holds no space or semicolon, and nothing in a tag is NUL")
    return f"@{section}".encode()
