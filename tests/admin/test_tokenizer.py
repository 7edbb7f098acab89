"""A line as words."""

import pytest

from hubbub.admin.tokenizer import QuoteMistake, Word, quoted, words_of


def texts(line: str) -> list[str]:
    return [word.text if isinstance(word, Word) else "MISTAKE" for word in words_of(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("  kick  bob\t10m ", ["kick", "bob", "10m"]),
        ('l\'atelier 5" a"b"c', ["l'atelier", '5"', 'a"b"c']),
        ('"two words" end', ["two words", "end"]),
        ('""', [""]),
        (r'"a\"b\\c\d"', [r'a"b\c\d']),
        ('a "b', ["a", "MISTAKE"]),
        ('a "b"c d', ["a", "MISTAKE"]),
        ('"b\\"', ["MISTAKE"]),
    ],
)
def test_words(line: str, expected: list[str]) -> None:
    assert texts(line) == expected


@pytest.mark.parametrize("text", ["ip", "", 'a "b" c', "back\\slash", "\\", '\\"', "Général"])
def test_what_is_quoted_reads_as_it_was(text: str) -> None:
    assert list(words_of(f" {quoted(text)} ")) == [Word(text, 1, quoted=True)]


def test_a_mistake_says_where() -> None:
    mistake = list(words_of('ab "c'))[-1]
    assert isinstance(mistake, QuoteMistake)
    assert mistake.start == 3
