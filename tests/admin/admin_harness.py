"""The administrator's commands in memory: the real engine, and nothing around it."""

from collections.abc import Mapping, Sequence

from hubbub.admin.answers import Result
from hubbub.admin.completion import complete
from hubbub.admin.interpreter import run
from hubbub.engine.accounts import RegisterAccount
from hubbub.engine.audit import ActRecorded
from hubbub.engine.engine import apply, decide
from hubbub.engine.entering import Enter
from hubbub.engine.event import Command, Event, Request
from hubbub.engine.ids import id_after
from hubbub.engine.joining_and_inviting import Join
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.names import RoomName
from hubbub.engine.refusals import Refusal
from hubbub.engine.rooms import CreateRoom
from hubbub.engine.sessions import Connect
from hubbub.engine.signin import SignIn
from hubbub.engine.state import Access, Credential, Role, State

NOON = 1_795_176_000_000
"""2026-11-20 12:00:00 UTC."""


def room_name(text: str) -> RoomName:
    name = RoomName.parse(text)
    assert isinstance(name, RoomName)
    return name


class AdminHarness:
    """A server in memory and its console; after `act_as` another user gives the commands."""

    def __init__(self) -> None:
        self.state = State()
        self.role = Role.ADMIN
        self.name = "Console"
        self.session = 0
        self.time = NOON
        self.last = 0
        self.events: list[Event] = []
        self.passwords: list[str] = []
        self.backups: list[str] = []
        self.is_kept = True
        self.cannot_back_up: str | None = None
        self.settings_changed: list[str] = []
        self.settings_refused: list[str] = []
        self.stopped: str | None = None
        self.log_lines: list[str] | None = []
        self.troubles: dict[int, str] = {}

    def now(self) -> int:
        return self.time

    def settings(self) -> Sequence[tuple[str, str, str, str]]:
        return [
            ("server.network", '"Hubbub"', "built in", "administrators"),
            ("files.guests", "no", "hubbub.toml", "administrators"),
        ]

    def change_setting(self, key: str, words: str) -> tuple[bool, Sequence[str]]:
        if key != "server.network":
            return False, [f"There is no setting {key}.", "Nothing has changed."]
        self.settings_changed.append(f"{key} = {words}")
        return True, [f"{key} has changed."]

    def trouble(self, webhook: int) -> str:
        return self.troubles.get(webhook, "")

    def page_address(self) -> str:
        return "https://chat.example"

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        return self.ask_as(self.session, command)

    def ask_as(self, session: int, command: Command) -> Sequence[Event] | Refusal:
        answer = decide(self.state, Request(id_after(self.last, self.time), session, command))
        if not isinstance(answer, Refusal):
            for event in answer:
                apply(self.state, event)
                self.last = event.id
            self.events += answer
        return answer

    def must(self, session: int, command: Command) -> None:
        answer = self.ask_as(session, command)
        assert not isinstance(answer, Refusal), answer

    async def hash_password(self, password: str) -> Credential:
        self.passwords.append(password)
        return Credential(f"argon2 {len(self.passwords)}", "scram")

    async def messages_since(self, event_id: int, limit: int) -> Sequence[Event]:
        said = [event for event in self.events if isinstance(event, MessageSaid)]
        return [event for event in said if event.id >= event_id][-limit:]

    async def around(self, room: int, message: int, number: int) -> Sequence[Event]:
        all_said = [event for event in self.events if isinstance(event, MessageSaid)]
        said = [event for event in all_said if event.to == ToRoom(room, event.to.name)]
        before = [event for event in said if event.id <= message][-number - 1 :]
        return [*before, *(event for event in said if event.id > message)][: len(before) + number]

    async def acts(self, limit: int) -> Sequence[ActRecorded]:
        return [event for event in self.events if isinstance(event, ActRecorded)][-limit:]

    async def settled(self) -> bool:
        return self.is_kept

    async def backup(self, path: str) -> str | None:
        if self.cannot_back_up is None:
            self.backups.append(path)
        return self.cannot_back_up

    async def log(self, lines: int) -> Sequence[str] | None:
        return self.log_lines if self.log_lines is None else self.log_lines[-lines:]

    def reload(self) -> tuple[bool, Sequence[str]]:
        return not self.settings_refused, [*self.settings_changed, *self.settings_refused]

    def stop(self, reason: str) -> None:
        self.stopped = reason

    def status(self) -> Mapping[str, str | int]:
        return {"version": "1.2.3", "sessions": len(self.state.sessions)}

    def account(self, name: str, role: Role = Role.MEMBER) -> None:
        self.must(0, RegisterAccount(name, Credential("argon2", "scram"), role))

    def arrive(self, name: str, address: str = "192.0.2.7", client: str = "Quill 3") -> int:
        """Somebody is present: signed in, if there is such an account. The number of their session."""
        session = len(self.events) + 1
        self.must(session, Connect(address, 40_000, True, "irc"))
        if account := self.state.account_named(name):
            self.must(session, SignIn(account.id))
        self.must(session, Enter(name, client=client))
        return session

    def room(self, name: str, access: Access = Access.OPEN, secret: bool = False) -> None:
        self.must(0, CreateRoom(room_name(name), access, secret))

    def join(self, session: int, name: str, wish: str = "") -> None:
        self.must(session, Join(room_name(name), wish=wish))

    def act_as(self, name: str, role: Role, address: str = "192.0.2.7") -> None:
        """Somebody of this role asks from now on, over a session of theirs."""
        self.account(name, role)
        self.session, self.name, self.role = self.arrive(name, address), name, role

    async def says(self, line: str) -> list[str]:
        """What is answered to a line that must succeed."""
        result = await self.result(line)
        assert result.ok, result.lines
        return list(result.lines)

    async def refuses(self, line: str) -> list[str]:
        """What is answered to a line that must not; nothing may have happened."""
        before = len(self.events), repr(self.state)
        result = await self.result(line)
        assert not result.ok, result.lines
        assert (len(self.events), repr(self.state)) == before
        return list(result.lines)

    async def result(self, line: str) -> Result:
        return await run(self, line)

    def completes(self, line: str) -> list[str]:
        return complete(self.state, self.role, line)
