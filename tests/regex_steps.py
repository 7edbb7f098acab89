"""How many steps a pattern takes: a backtracking matcher that counts, as the machine inside of `re` can't be asked."""

import re
import sys
from collections.abc import Callable
from re import _constants as op
from re import _parser as parser
from typing import Any

Go = Callable[[int], bool]

LOOKING_AROUND = (op.ASSERT, op.ASSERT_NOT)
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
ONE_CHARACTER = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)


class Counting:
    """A pattern that counts the steps of finding all its matches."""

    def __init__(self, pattern: "re.Pattern[Any]", is_anchored: bool = False) -> None:
        source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
        self.nodes: list[Any] = list(parser.parse(source, flags))
        self.flags = pattern.flags
        self.is_anchored = is_anchored
        self.steps = 0
        self.text = ""
        self.end = 0

    def count(self, text: str) -> int:
        """The steps that `finditer` takes over a text; `match`, for one that is anchored."""
        sys.setrecursionlimit(100_000)
        self.text, self.steps = text, 0
        at = 0
        if self.is_anchored:
            self._run(self.nodes, at, self._ended)
            return self.steps
        while at <= len(text):
            at = max(self.end, at + 1) if self._run(self.nodes, at, self._ended) else at + 1
        return self.steps

    def _ended(self, at: int) -> bool:
        self.end = at
        return True

    def _run(self, nodes: list[Any], at: int, go: Go) -> bool:
        if not nodes:
            return go(at)
        self.steps += 1
        (kind, value), rest = nodes[0], nodes[1:]
        if kind in ONE_CHARACTER:
            return self._fits(kind, value, at) and self._run(rest, at + 1, go)
        if kind in REPEATS:
            return self._repeat(kind, value, at, lambda end: self._run(rest, end, go))
        if kind is op.SUBPATTERN:
            return self._run(list(value[3]), at, lambda end: self._run(rest, end, go))
        if kind is op.BRANCH:
            return any(self._run([*way, *rest], at, go) for way in value[1])
        if kind is op.ATOMIC_GROUP:
            before = self.end
            is_there = self._run(list(value), at, self._ended)
            at, self.end = self.end, before
            return is_there and self._run(rest, at, go)
        if kind in LOOKING_AROUND:
            return self._around(value, at) is (kind is op.ASSERT) and self._run(rest, at, go)
        if kind is op.AT:
            return self._stands(value, at) and self._run(rest, at, go)
        raise NotImplementedError(str(kind))

    def _repeat(self, kind: Any, value: Any, at: int, go: Go) -> bool:
        least, most, body = value
        nodes = list(body)
        if len(nodes) == 1 and nodes[0][0] in ONE_CHARACTER:
            return self._repeat_one(kind, least, most, nodes[0], at, go)
        return self._repeat_group(kind, least, most, nodes, at, 0, go)

    def _repeat_one(self, kind: Any, least: int, most: int, node: Any, at: int, go: Go) -> bool:
        end = at
        while end - at < least or (kind is not op.MIN_REPEAT and end - at < most):
            self.steps += 1
            if not self._fits(node[0], node[1], end):
                break
            end += 1
        if end - at < least:
            return False
        if kind is op.POSSESSIVE_REPEAT:
            return go(end)
        if kind is op.MAX_REPEAT:
            return any(self._step(go, place) for place in range(end, at + least - 1, -1))
        while not self._step(go, end):
            if end - at >= most or not self._fits(node[0], node[1], end):
                return False
            end += 1
        return True

    def _step(self, go: Go, at: int) -> bool:
        self.steps += 1
        return go(at)

    def _repeat_group(
        self, kind: Any, least: int, most: int, nodes: list[Any], at: int, done: int, go: Go
    ) -> bool:
        def again(end: int) -> bool:
            return end > at and self._repeat_group(kind, least, most, nodes, end, done + 1, go)

        if done < least:
            return self._run(
                nodes, at, lambda end: self._repeat_group(kind, least, most, nodes, end, done + 1, go)
            )
        if kind is op.MIN_REPEAT:
            return go(at) or (done < most and self._run(nodes, at, again))
        return (done < most and self._run(nodes, at, again)) or go(at)

    def _around(self, value: Any, at: int) -> bool:
        direction, nodes = value
        start = at if direction > 0 else at - nodes.getwidth()[0]
        return start >= 0 and self._run(list(nodes), start, lambda end: direction > 0 or end == at)

    def _stands(self, where: Any, at: int) -> bool:
        text = self.text
        is_begin, is_end = at == 0, at == len(text) or (at == len(text) - 1 and text[at] == "\n")
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            return is_begin or bool(self.flags & re.MULTILINE and text[at - 1] == "\n")
        if where in (op.AT_END, op.AT_END_STRING):
            return is_end or bool(self.flags & re.MULTILINE and text[at : at + 1] == "\n")
        before, after = (bool(re.match(r"\w", letter)) for letter in (text[at - 1 : at], text[at : at + 1]))
        return (before != after) is (where is op.AT_BOUNDARY)

    def _fits(self, kind: Any, value: Any, at: int) -> bool:
        if at >= len(self.text):
            return False
        letter = self.text[at]
        if kind is op.ANY:
            return bool(self.flags & re.DOTALL) or letter != "\n"
        forms = {letter, letter.lower(), letter.upper()} if self.flags & re.IGNORECASE else {letter}
        codes = {ord(form) for form in forms if len(form) == 1}
        if kind is op.LITERAL or kind is op.NOT_LITERAL:
            return (value in codes) is (kind is op.LITERAL)
        is_negated = value[0][0] is op.NEGATE
        return any(self._is_in(one, codes, letter) for one in value[is_negated:]) is not is_negated

    def _is_in(self, item: Any, codes: set[int], letter: str) -> bool:
        kind, value = item
        if kind is op.LITERAL:
            return value in codes
        if kind is op.RANGE:
            return any(value[0] <= code <= value[1] for code in codes)
        classes = {
            op.CATEGORY_DIGIT: r"\d",
            op.CATEGORY_SPACE: r"\s",
            op.CATEGORY_WORD: r"\w",
            op.CATEGORY_NOT_DIGIT: r"\D",
            op.CATEGORY_NOT_SPACE: r"\S",
            op.CATEGORY_NOT_WORD: r"\W",
        }
        return bool(re.match(classes[value], letter))
