"""The engine only answers: the same commands give the same events, on any machine and under any hash seed."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from hubbub.engine.access_lists import GrantAccess, KeepRoom
from hubbub.engine.accounts import RegisterAccount
from hubbub.engine.away import SetAway
from hubbub.engine.drafts import SetDraft
from hubbub.engine.engine import COMMAND_RULES, EVENT_RULES, apply, decide
from hubbub.engine.entering import Enter
from hubbub.engine.event import Command, Event, Request
from hubbub.engine.ids import id_after
from hubbub.engine.joining_and_inviting import Invite, Join
from hubbub.engine.membership import Kick, Leave
from hubbub.engine.messages import SayInRoom, SayPrivately
from hubbub.engine.metadata import SetMetadata
from hubbub.engine.moderation import Kill
from hubbub.engine.modes import ChangeModes, ModeChange
from hubbub.engine.names import RoomName
from hubbub.engine.nicks import ChangeNick
from hubbub.engine.readmarkers import MarkRead
from hubbub.engine.refusals import Refusal
from hubbub.engine.rooms import RenameRoom
from hubbub.engine.sessions import Connect, Disconnect
from hubbub.engine.signin import SignIn
from hubbub.engine.state import Credential, State
from hubbub.engine.tokens import AddToken, RemoveToken
from hubbub.engine.topics import SetTopic

NAMES = [f"person{number}" for number in range(12)]
ROOMS = [RoomName.known(name) for name in ("tea", "Général", "chess")]


def commands(seed: int, number: int) -> Iterator[tuple[int, Command]]:
    """What a crowd of a dozen sessions asks for, at random."""
    chance = random.Random(seed)
    for session in range(1, 13):
        yield session, Connect("127.0.0.1", 1000 + session, False, "irc")
        yield session, Enter(NAMES[session - 1])
    for _ in range(number):
        name, room = chance.choice(NAMES), chance.choice(ROOMS)
        yield (
            chance.randint(1, 12),
            chance.choice(
                [
                    Join(room),
                    Join(room),
                    Leave(room, "bye"),
                    Kick(room, name, "out"),
                    SayInRoom(room.text, "hello"),
                    SayPrivately(name, "psst"),
                    SetTopic(room, f"about {name}"),
                    ChangeNick(chance.choice(NAMES)),
                    SetAway(chance.choice(["", "out"])),
                    Invite(room, name),
                    ChangeModes(room, (ModeChange(chance.random() < 0.5, chance.choice("ovh"), name),)),
                    ChangeModes(room, (ModeChange(chance.random() < 0.5, chance.choice("CMimnst")),)),
                    RegisterAccount(name, Credential("hash", "SCRAM$keys")),
                    SignIn(chance.randrange(100)),
                    SignIn(chance.randrange(100)),
                    SetDraft(chance.randrange(100), "there", 0, chance.choice(["", "a", "b"])),
                    MarkRead(chance.randrange(100), "there", chance.randrange(3000)),
                    SetMetadata(chance.randrange(100), chance.choice("abc"), chance.choice([None, "value"])),
                    AddToken(chance.choice("abc"), f"digest {chance.random()}"),
                    RemoveToken(chance.choice("abc")),
                    KeepRoom(room, chance.random() < 0.7),
                    GrantAccess(room, name, chance.choice(["", "v", "o", "q"])),
                    RenameRoom(room, chance.choice(ROOMS), "why not"),
                    Kill(name, "noise"),
                    Disconnect("gone"),
                ]
            ),
        )


def resolved(state: State, session: int, command: Command) -> Command:
    """The command with the ids that only the state knows; somebody who is gone comes back first."""
    if session not in state.sessions and not isinstance(command, Connect):
        return Connect("127.0.0.1", 1000 + session, False, "irc")
    if session and state.user(session) is None and not isinstance(command, SignIn):
        return Enter(NAMES[session - 1])
    if isinstance(command, SignIn):
        return replace(command, account=_chosen(state.accounts, command.account))
    if isinstance(command, MarkRead):
        return replace(command, place=_chosen({**state.rooms, **state.users}, command.place))
    if isinstance(command, SetMetadata):
        return replace(command, owner=_chosen({**state.rooms, **state.users}, command.owner))
    return command


def _chosen(ids: Mapping[int, object], number: int) -> int:
    return list(ids)[number % len(ids)] if ids else 0


def transcript(seed: int, number: int = 500) -> str:
    """Everything that happens, and who sees it, as text."""
    state, last, lines = State(), 0, []
    for at, (session, command) in enumerate(commands(seed, number)):
        asking = 0 if isinstance(command, Kill) else session
        answer = decide(state, Request(id_after(last, 1000 + at), asking, resolved(state, session, command)))
        if isinstance(answer, Refusal):
            lines.append(f"{session} {answer.code}")
            continue
        for event in answer:
            assert event.id > last, "ids only grow"
            last = event.id
            lines.append(f"{event} {list(apply(state, event))}")
        check(state)
    return "\n".join(lines)


def check(state: State) -> None:
    """What always holds, whatever has happened."""
    for user in state.users.values():
        assert state.nicks[user.nick.key] == user.person
        assert all(user.person in room.members for room in user.rooms.values())
        assert all(session.person == user.person for session in user.sessions.values())
    for room in state.rooms.values():
        listening = {s for member in room.members for s in state.sessions_of([member])}
        assert set(room.listeners) == listening
        for member in room.members:
            assert member in state.users or member in state.accounts
            if account := state.accounts.get(member):
                assert room.id in account.rooms
    assert len(state.nicks) == len(state.users)
    assert state.census.clients == sum(len(user.sessions) for user in state.users.values())
    counted = Counter(letter for user in state.users.values() for letter in user.modes)
    assert +state.census.modes == counted


def test_the_same_commands_give_the_same_events_under_any_hash_seed() -> None:
    code = "from tests.engine.test_replay import transcript; print(transcript(7))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2026")
    }
    assert len(outputs) == 1
    assert "MessageSaid" in outputs.pop()


def test_what_must_always_hold_holds_after_every_command() -> None:
    for seed in range(20):
        transcript(seed)


def test_every_command_has_a_rule_and_every_event_an_effect() -> None:
    assert set(kinds(Command)) == set(COMMAND_RULES)
    assert set(kinds(Event)) == set(EVENT_RULES)


def kinds(base: type) -> list[type]:
    """The last classes derived from one."""
    derived: list[type] = base.__subclasses__()
    return [last for kind in derived for last in kinds(kind) or [kind]]
