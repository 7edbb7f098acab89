"""Mutation: each decision of a module is turned around in turn, and some test has to notice.

`python -m tools.mutate modes` does it with every module of `tools/mutation.toml` whose path has the word in it. The
tests that stand there run once, which tells by which lines each of them comes. Then each mutant has a process of its
own, forked with the tests collected already, in which those run that come by its lines; the first failure ends it.
A copy without a change goes first: where a test fails with that, its failures with mutants would say nothing.
What is printed are the mutants that nobody has noticed and that the table gives no reason for.
"""

import gc
import os
import select
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from types import CodeType, FunctionType
from typing import Any, Final

import pytest
from msgspec import Struct

from .mutants import Mutant, mutants
from .reached import probed
from .reached_hook import NAME

TABLE: Final = Path(__file__).with_name("mutation.toml")
SECONDS_A_TEST: Final = 30
"""After so long a test of a mutant fails: what it waits for doesn't come."""
SECONDS_MORE: Final = 60
"""A mutant that takes so much longer than its tests do without it counts as noticed: it runs in circles."""
_UNMADE: Final = "unmade"
_UNNOTICED: Final = "unnoticed"
_UNCHANGED: Final = "unchanged"


class Trial(Struct, frozen=True):
    """A module, the tests it is tried with, and the mutants that none of them can notice, each with the reason why."""

    path: str
    tests: list[str]
    equivalent: Mapping[str, str] = {}


def trials(table: Path = TABLE) -> list[Trial]:
    found = tomllib.loads(table.read_text("utf-8"))
    return [Trial(path, one["tests"], one.get("equivalent", {})) for path, one in found.items()]


class _Child(Struct):
    mutant: Mutant
    process: int
    until: float
    near: list[int]


class Mutation:
    """A plugin of pytest: in place of running the tests once, it runs them for each mutant."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.file = str(Path(trial.path).resolve())
        self.made = list(mutants(Path(self.file).read_text("utf-8"), self.file))
        self.unnoticed: list[str] = []
        self.is_sound = True
        """Whether no test fails with a copy that has no change."""
        self.seconds: list[float] = []
        self.kills: Counter[int] = Counter()
        self.children: dict[int, _Child] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        functions = _functions(self.file)
        by_line = self._record(session, functions)
        if session.testsfailed:
            return True
        session.config.option.timeout = (
            2 * SECONDS_A_TEST
        )  # Half of it is what tests/conftest.py grants to a loop.
        gc.collect()
        gc.freeze()
        for mutant in [_unchanged(self.file), *self.made]:
            if mutant.name in self.trial.equivalent:
                continue
            near = sorted({test for line in mutant.lines for test in by_line.get(line, ())}, key=self._worth)
            if not near:
                self._tell(mutant, "no test comes by")
                continue
            while len(self.children) >= (os.cpu_count() or 1):
                self._take(session)
            self._begin(session, functions, mutant, near)
        while self.children:
            self._take(session)
        return True

    def _worth(self, test: int) -> float:
        """Quick tests first, and those that have noticed much."""
        return self.seconds[test] / (1 + self.kills[test])

    def _record(self, session: pytest.Session, functions: "_Functions") -> dict[int, set[int]]:
        """Run the tests, and learn which of them (by number) come by each line, and how long they take."""
        tree, blocks = probed(Path(self.file).read_text("utf-8"))
        _patch(functions, compile(tree, self.file, "exec"))
        marks = bytearray(len(blocks))
        for known in (one for found in functions.values() for one in found):
            known.__globals__[NAME] = marks
        sizes = sorted(enumerate(blocks), key=lambda one: len(one[1]), reverse=True)
        inner = {line: block for block, lines in sizes for line in lines}
        by_line: dict[int, set[int]] = defaultdict(set)
        with _silence():
            for number, item in enumerate(session.items):
                marks[:] = bytes(len(blocks))
                began = time.monotonic()
                following = session.items[number + 1] if number + 1 < len(session.items) else None
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                self.seconds.append(time.monotonic() - began)
                for line, block in inner.items():
                    if marks[block]:
                        by_line[line].add(number)
        return by_line

    def _begin(
        self, session: pytest.Session, functions: "_Functions", mutant: Mutant, near: list[int]
    ) -> None:
        reading, writing = os.pipe()
        if not (process := os.fork()):
            try:
                with _silence():
                    os.write(writing, _tried(session, functions, mutant, near).encode())
            finally:
                os._exit(0)  # Also where it is interrupted: there is one that goes on from here.
        os.close(writing)
        most = SECONDS_MORE + 5 * sum(self.seconds[test] for test in near)
        self.children[reading] = _Child(mutant, process, time.monotonic() + most, near)

    def _take(self, session: pytest.Session) -> None:
        """Wait for a mutant to end, or for the time after which it is ended."""
        left = min(child.until for child in self.children.values()) - time.monotonic()
        ended, _, _ = select.select(list(self.children), [], [], max(0.0, left))
        late = [reading for reading, child in self.children.items() if child.until <= time.monotonic()]
        for reading in ended or late:
            child = self.children.pop(reading)
            if reading not in ended:
                os.kill(child.process, signal.SIGKILL)
            told = os.read(reading, 100).decode()
            os.close(reading)
            os.waitpid(child.process, 0)
            if child.mutant.name == _UNCHANGED:
                self._look_at_unchanged(session, told)
            elif told.isdecimal():
                self.kills[int(told)] += 1
            elif told:
                self._tell(child.mutant, told if told == _UNMADE else f"{len(child.near)} tests come by")

    def _look_at_unchanged(self, session: pytest.Session, told: str) -> None:
        if told != _UNNOTICED:
            self.is_sound = False
            which = session.items[int(told)].nodeid if told.isdecimal() else "a test"
            print(f"{self.trial.path}: without a change, {which} fails when it runs again.", flush=True)

    def _tell(self, mutant: Mutant, why: str) -> None:
        self.unnoticed.append(mutant.name)
        print(f"{self.trial.path}:{mutant.lines.start}: {mutant.name}  ({why})", flush=True)

    def stale(self) -> list[str]:
        """Reasons for mutants that there are no more."""
        return sorted(self.trial.equivalent.keys() - {mutant.name for mutant in self.made})


def _unchanged(file: str) -> Mutant:
    source = Path(file).read_text("utf-8")
    return Mutant(_UNCHANGED, range(1, len(source.splitlines()) + 1), compile(source, file, "exec"))


_Functions = dict[str, list[FunctionType]]


def _functions(file: str) -> _Functions:
    """All functions that a file defines, by their names, wherever they are known by now."""
    found: _Functions = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == file:
            found[one.__qualname__].append(one)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _patch(functions: _Functions, module: CodeType) -> None:
    for code in _codes(module):
        for function in functions.get(code.co_qualname, ()):
            function.__code__ = code


def _tried(session: pytest.Session, functions: _Functions, mutant: Mutant, near: list[int]) -> str:
    """In a process of its own: the number of the test that has noticed, or why there is none."""
    folders: Any = getattr(session.config, "_tmp_path_factory")  # noqa: B009
    # Tests of the same name in two processes would come upon each other's files.
    folders._basetemp = Path(mkdtemp(dir=folders.getbasetemp()))
    try:
        _patch(functions, mutant.code)
    except ValueError:
        return _UNMADE
    for test in near:
        item = session.items[test]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed:
            return str(test)
    return _UNNOTICED


@contextmanager
def _silence() -> Iterator[None]:
    kept = os.dup(1), os.dup(2)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for into in (1, 2):
        os.dup2(nowhere, into)
    try:
        yield
    finally:
        sys.stdout.flush()
        for saved, into in zip(kept, (1, 2), strict=True):
            os.dup2(saved, into)
            os.close(saved)
        os.close(nowhere)


def run(trial: Trial) -> int:
    mutation = Mutation(trial)
    options = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with TemporaryDirectory() as folder:
        options += ["--basetemp", folder, "-o", "tmp_path_retention_policy=none"]
        status = pytest.main([*options, *trial.tests], [mutation])
    if status:
        print(f"{trial.path}: no mutant was tried, since the tests fail without any.")
        return int(status)
    for name in mutation.stale():
        print(f"{trial.path}: a reason is written for what there is not: {name}")
    unnoticed, reasons = len(mutation.unnoticed), len(trial.equivalent)
    print(
        f"{trial.path}: {len(mutation.made)} mutants, {reasons} with a reason, {unnoticed} that nobody has noticed."
    )
    return int(bool(unnoticed or mutation.stale() or not mutation.is_sound))


def main(*words: str) -> int:
    chosen = [trial for trial in trials() if not words or any(word in trial.path for word in words)]
    if len(chosen) == 1:
        return run(chosen[0])
    # Each in a process of its own: pytest imports tests once.
    command = [sys.executable, "-m", "tools.mutate"]
    return max([subprocess.run([*command, trial.path]).returncode for trial in chosen], default=2)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
