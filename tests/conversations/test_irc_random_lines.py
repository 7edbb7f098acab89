"""Lines at random, of every verb and with every capability: nothing that anybody sends meets a bug."""

import logging
import random
import re
from pathlib import Path

import pytest

from hubbub.dialects.irc.services.chanserv import CHANSERV
from hubbub.dialects.irc.services.nickserv import NICKSERV
from hubbub.dialects.irc.verbs import VERBS
from hubbub.engine.state import State
from hubbub.wire.capabilities import CAPABILITIES
from tests.server_harness import ServerHarness

PEOPLE = 8
LINES = 1_200
NAMES = ("ann", "bob", "eve", "ANN", "nobody", "NickServ", "*", "*playback", "hubbub")
ROOMS = ("#tea", "#cocoa", "#TEA", "#nowhere", "#Général", "#a,b", "@#tea", "#", "0", "#x*y")
WORDS = (
    *(
        "+",
        "-",
        "LS",
        "LIST",
        "REQ",
        "END",
        "302",
        "GET",
        "SET",
        "SUB",
        "UNSUB",
        "SUBS",
        "SYNC",
        "CLEAR",
        "url",
    ),
    *(
        "$bad",
        "LATEST",
        "BEFORE",
        "AROUND",
        "BETWEEN",
        "TARGETS",
        "timestamp=2026-11-18T11:06:40.000Z",
        "10",
        "0",
    ),
    *(
        "-1",
        "draft/multiline",
        "hubbub/edit",
        "PLAY",
        "ADD",
        "DEL",
        "+o",
        "+b",
        "-b",
        "+k",
        "+l",
        "~account:ann",
    ),
    *(
        "~m:bob!*@*",
        "ann!*@*",
        "PLAIN",
        "SCRAM-SHA-256",
        "OAUTHBEARER",
        "EXTERNAL",
        "AGFubgBjb3JyZWN0IGhvcnNl",
    ),
    *(
        "in=#tea",
        "text=hi;limit=2",
        "from=bob",
        "approval",
        "open",
        "HISTORY",
        "ACCESS",
        "op",
        "founder",
        "u",
    ),
    *("x" * 300, "é☕", "\x01ACTION hi\x01", "\x02b", "a\u202eb", ""),
)
COMPLEX = (
    "BATCH",
    "REDACT",
    "EDIT",
    "METADATA",
    "MODE",
    "KICK",
    "RENAME",
    "MARKREAD",
    "SEARCH",
    "CHATHISTORY",
)


def a_line(chance: random.Random, ids: list[str]) -> str:
    """Any verb with any parameters; often such as could mean something."""
    verb = chance.choice([*VERBS, *COMPLEX * 3, *("PRIVMSG", "JOIN") * 6])
    if verb in ("DIE", "QUIT") and chance.random() < 0.97:
        verb = "PING"
    known = [*ids[-30:], "x"]
    params = [chance.choice([*NAMES, *ROOMS, *WORDS, *known]) for _ in range(chance.randint(0, 5))]
    if verb in ("NS", "CS"):
        words = (NICKSERV if verb == "NS" else CHANSERV).words
        params = [chance.choice(words).name, *([chance.choice(ROOMS)] if verb == "CS" else []), *params]
    elif verb in ("REDACT", "EDIT", "REPORT", "PRIVMSG", "NOTICE", "TAGMSG"):
        params = [chance.choice([*ROOMS[:3], *NAMES[:3]]), chance.choice(known), *params]
    elif verb == "BATCH":
        kind = chance.choice(["draft/multiline", "hubbub/edit"])
        params = [
            chance.choice("+-") + chance.choice("12"),
            kind,
            chance.choice(ROOMS[:3]),
            chance.choice(known),
        ]
    tags = [
        tag
        for share, tag in (
            (0.25, f"label={chance.choice('ab')}"),
            (0.3, f"batch={chance.choice('12')}"),
            (0.1, "draft/multiline-concat"),
            (0.2, f"+draft/{chance.choice(['react', 'unreact'])}=👍;+reply={chance.choice(known)}"),
        )
        if chance.random() < share
    ]
    middle = [param.replace(" ", "_").lstrip(":") or "x" for param in params[:-1]]
    last = [f":{param}" for param in params[-1:]]
    return f"{'@' + ';'.join(tags) + ' ' if tags else ''}{' '.join([verb, *middle, *last])}"


async def somebody_comes(harness: ServerHarness, chance: random.Random, number: int) -> None:
    name = chance.choice(["ann", "ann", "bob", "root", "eve", "kim"])
    asked = [one.name for one in CAPABILITIES.values() if one.is_requestable]
    # One of them knows everything, so that there are always ids to be named.
    caps = chance.sample(asked, chance.randint(0, len(asked)) if number else len(asked))
    password = f"PASS :{name}:correct horse\n" if name in ("ann", "bob", "root") else ""
    person = harness.connect(f"s{number}")
    asking = "".join(f"CAP REQ :{' '.join(caps[start : start + 8])}\n" for start in range(0, len(caps), 8))
    person.type(f"{password}{asking}NICK {name}{number}\nUSER u 0 * :U\nCAP END")
    person.type("JOIN #tea,#cocoa")
    await harness.look()


def check(state: State) -> None:
    for user in state.users.values():
        assert state.nicks[user.nick.key] == user.person
    for room in state.rooms.values():
        assert set(room.listeners) == {
            number for person in room.members for number in state.sessions_of([person])
        }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nothing_meets_a_bug(tmp_path: Path, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    chance, ids = random.Random(seed), list[str]()
    async with ServerHarness(tmp_path, {"limits.exempt": ["127.0.0.1"]}) as harness:
        for name, role in (("ann", "member"), ("bob", "member"), ("root", "admin")):
            await harness.account(name, role=role)
        for number in range(PEOPLE):
            await somebody_comes(harness, chance, number)
        for _ in range(LINES):
            number = chance.randrange(PEOPLE)
            if harness.people[f"s{number}"].connection.closed:
                await somebody_comes(harness, chance, number)
            harness.people[f"s{number}"].type(a_line(chance, ids))
            if chance.random() < 0.3:
                ids += re.findall(r"msgid=(\w{13})", "\n".join(await harness.look()))
            if chance.random() < 0.01:
                harness.wait(chance.choice([1, 61, 200]))
        await harness.look()
        assert len(ids) > 50
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
        check(harness.node.state)
        assert harness.storage.check() == []
