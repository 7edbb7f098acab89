"""Tables that strangers fill by address or by name: they forget, however many come."""

from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

from hubbub.node.expiring_table import Expiring
from hubbub.transports.admission import Admission, AdmissionLimits
from tests.server_harness import ServerHarness

STRANGERS = 40
DAY_MS = 86_400_000
_TABLES = (dict, Counter, list, set, deque, Expiring)
_OURS = ("hubbub.node", "hubbub.transports", "hubbub.web", "hubbub.dialects", "hubbub.engine.state")


def _parts(thing: object) -> Iterator[tuple[str, object]]:
    """What one of our objects holds, by its names."""
    for kind in type(thing).__mro__:
        for name in getattr(kind, "__slots__", ()):
            if isinstance(name, str) and hasattr(thing, name):
                yield name, getattr(thing, name)
    yield from getattr(thing, "__dict__", {}).items()
    for name in getattr(type(thing), "__struct_fields__", ()):
        yield name, getattr(thing, name)


def tables(root: object) -> dict[str, int]:
    """Every table that is reached from an object through objects of ours, with how many entries it has."""
    found: dict[str, int] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, object]] = [("node", root)]
    while waiting:
        path, thing = waiting.pop()
        for name, part in _parts(thing):
            here = f"{path}.{name}"
            if isinstance(part, _TABLES) and getattr(part, "maxlen", None) is None:
                found[here] = len(part)
            is_ours = type(part).__module__.startswith(_OURS)
            if is_ours and id(part) not in seen and not isinstance(part, _TABLES):
                seen.add(id(part))
                waiting.append((here, part))
    return found


async def visit(harness: ServerHarness, number: int, day: int) -> None:
    """A stranger from an address of their own does what can be counted, by names of their own, and leaves."""
    address, name = f"198.51.{day}.{number}", f"nick{day}x{number}"
    person = harness.connect(name, address=address, secure=True)
    person.type(f"CAP REQ :sasl draft/account-registration\nNICK {name}\nUSER {name} 0 * :x\nCAP END")
    await harness.look()
    for line in (
        f"PASS :{name}:wrong",
        f"JOIN #room{day}x{number} key",
        "JOIN #locked wrong",
        f"PRIVMSG #room{day}x{number} :hello",
        f"PRIVMSG NickServ :IDENTIFY {name}z wrong wrong",
        f"OPER {name} wrong",
        f"REGISTER {name}! * 1",
        f"MONITOR + {name}y",
        "TICKET",
        "QUIT",
    ):
        harness.now_ms += 2_000
        await harness.ask(name, line)
    del harness.people[name]


class Newcomer:
    def drop(self, reason: str) -> None: ...


def test_whoever_has_only_knocked_is_forgotten() -> None:
    admission = Admission(AdmissionLimits())
    for number in range(STRANGERS):
        address, newcomer = f"198.51.100.{number}", Newcomer()
        admission.enter(address, newcomer)
        admission.await_entry(address, newcomer)
        admission.recognise(address, newcomer)
        admission.settle(address, newcomer)
        admission.leave(address)
    assert {name: size for name, size in tables(admission).items() if size} == {}


async def test_whoever_has_been_here_is_forgotten(tmp_path: Path) -> None:
    """After a second day with as many others no table is longer than after the first."""
    settings = {"limits.ping_seconds": 0, "limits.registration_seconds": 0}
    async with ServerHarness(tmp_path, settings) as harness:
        await harness.irc("ann")
        await harness.ask("ann", "JOIN #locked")
        await harness.ask("ann", "MODE #locked +k secret")
        lengths: list[dict[str, int]] = []
        for day in (1, 2):
            for number in range(STRANGERS):
                await visit(harness, number, day)
            harness.now_ms += 2 * DAY_MS
            harness.node.sweep()
            await harness.settle()
            lengths.append(tables(harness.node))
        first, second = lengths
        assert len(first) > 40, "the walk reaches the tables"
        grown = {
            name: (first.get(name, 0), size) for name, size in second.items() if size > first.get(name, 0) + 3
        }
        assert grown == {}
