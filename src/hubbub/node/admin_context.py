"""The administrator's context: the server's console, or a session of the chat."""

import asyncio
import contextlib
import logging
import re
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import hubbub
from hubbub.admin.context import Unreadable
from hubbub.config import Loaded, SettingsError, changed_by, is_owners, names_file, only_owner, report
from hubbub.engine.audit import ActRecorded
from hubbub.engine.event import Command, Event
from hubbub.engine.refusals import Refusal, size_of
from hubbub.engine.settings import NoteSetting
from hubbub.engine.state import Account, Credential, Role, State
from hubbub.storage import backups
from hubbub.storage.base import Storage, StorageError

from .engine_access import EngineAccess
from .logs import last_lines

if TYPE_CHECKING:
    from .commit_gate import CommitGate
    from .disk_watch import DiskWatch
    from .endpoint import Endpoint
    from .health import Health
    from .proofs import Proofs
    from .session import LiveSession

log = logging.getLogger("hubbub")

T = TypeVar("T")

FILE_SET: Final = "(a file on the server)"
_FOLDERS: Final = re.compile(r"(?<![\w/:.…])/(?:[^\s/\"',;:()]+/)+")
"""The folders of an absolute path, as it stands in a sentence; no address, whose slashes follow a colon."""

STOP_DELAY_SECONDS: Final = 0.05
"""So that the answer to `shutdown` still reaches who asked."""
TOO_FULL: Final = ", less than files.reserve_bytes: the server accepts no files"


def memory_at_most() -> int:
    """The most memory that this process has held, in bytes.

    What getrusage tells counts the process that started this one as well, where that was larger.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest << 10


class Administered(EngineAccess, Protocol):
    """What an administrator's commands need of the server."""

    @property
    def loaded(self) -> Loaded: ...
    @property
    def gate(self) -> "CommitGate": ...
    @property
    def storage(self) -> Storage: ...
    @property
    def proofs(self) -> "Proofs": ...
    @property
    def disk(self) -> "DiskWatch": ...
    @property
    def health(self) -> "Health": ...
    @property
    def endpoint(self) -> "Endpoint": ...
    @property
    def stopping(self) -> Callable[[str], None]: ...
    @property
    def reload(self) -> Callable[[], tuple[bool, Sequence[str]]]: ...
    @property
    def change_setting(self) -> Callable[[str, str], list[str]]: ...


class ConsoleContext:
    """The context of the server's console, or of another terminal of the data folder's owner."""

    def __init__(self, node: Administered, operator: str = "Console", folder: str = "") -> None:
        self.node = node
        self.operator = operator
        self.folder = folder
        """The caller's current folder, which relative file names start from."""

    @property
    def state(self) -> State:
        return self.node.state

    @property
    def role(self) -> Role:
        return Role.ADMIN

    @property
    def name(self) -> str:
        return self.operator

    def now(self) -> int:
        return self.node.clock.now()

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        return self.node.ask(command, None, self.operator)

    async def settled(self) -> bool:
        return await self.node.gate.ended()

    async def hash_password(self, password: str) -> Credential:
        return await self.node.proofs.passwords.credential(password)

    async def _read(self, read: Callable[..., T], *arguments: object) -> T:
        """In a thread, once everything is on disk that was asked before. Raises Unreadable."""
        await self.node.gate.ended()
        try:
            return await asyncio.to_thread(read, *arguments)
        except (StorageError, OSError) as error:
            log.error("The data of an administrator's command can't be read: %s", error)
            raise Unreadable from None

    async def messages_since(self, event_id: int, limit: int) -> Sequence[Event]:
        return await self._read(self.node.storage.since, event_id, limit)

    async def around(self, room: int, message: int, number: int) -> Sequence[Event]:
        history = self.node.storage.history

        def read() -> Sequence[Event]:
            before = history(limit=number + 1, room=room, before=message + 1)
            return (*before, *history(limit=number, room=room, after=message, oldest=True))

        return await self._read(read)

    async def acts(self, limit: int) -> Sequence[ActRecorded]:
        return await self._read(self.node.storage.acts, limit)

    async def backup(self, path: str) -> str | None:
        await self.node.gate.ended()
        try:
            target = Path(self.folder, path)
            left_out = await asyncio.to_thread(self.node.storage.backup, target)
        except StorageError as error:
            return str(error)
        if left_out:
            log.warning("%s", backups.left_out(left_out))
        return None

    async def log(self, lines: int) -> Sequence[str] | None:
        settings, data = self.node.loaded.settings.log, self.node.loaded.data
        return await self._read(last_lines, settings, data, lines)

    def reload(self) -> tuple[bool, Sequence[str]]:
        return self.node.reload()

    def settings(self) -> Sequence[tuple[str, str, str, str]]:
        return [(*row, changed_by(row[0])) for row in report(self.node.loaded)]

    def change_setting(self, key: str, words: str) -> tuple[bool, Sequence[str]]:
        try:
            sentences = self.node.change_setting(key, words)
        except SettingsError as error:
            return False, [*error.sentences, "Nothing has changed."]
        self.ask(NoteSetting(key))
        return True, sentences

    def trouble(self, webhook: int) -> str:
        return self.node.health.troubles.get(webhook, "")

    def page_address(self) -> str:
        return self.node.endpoint.page_address()

    def stop(self, reason: str) -> None:
        asyncio.get_running_loop().call_later(STOP_DELAY_SECONDS, self.node.stopping, reason)

    def status(self) -> Mapping[str, str | int]:
        state, disk = self.node.state, self.node.disk
        reserve = self.node.loaded.settings.files.reserve_bytes
        seconds = (self.node.clock.now() - self.node.clock.started_at) // 1000
        return {
            "Version": hubbub.__version__,
            "Up for": f"{seconds // 86400} d {seconds // 3600 % 24} h {seconds // 60 % 60} min {seconds % 60} s",
            "People online": len(state.users),
            "Sessions": len(state.sessions),
            "Accounts": len(state.accounts),
            "Rooms": sum(not room.conversation for room in state.rooms.values()),
            "Messages since startup": self.node.health.counters["messages"],
            "Requests to join": sum(len(room.requests) for room in state.rooms.values()),
            "Open reports": len(state.reports),
            "Files": f"{sum(state.file_bytes.values()) / 1e6:.1f} MB",
            "Disk": f"{size_of(disk.free_bytes())} free{TOO_FULL if disk.is_low(reserve) else ''}",
            "Peak memory": f"{memory_at_most() >> 20} MiB",
            **({"Read-only": trouble} if (trouble := self.node.disk.trouble) else {}),
            **({"Clock": trouble} if (trouble := self.node.clock.trouble()) else {}),
        }


class _RemoteContext(ConsoleContext):
    """The context of a remote administrator: their acts stand under their name in the audit trail.

    An administrator of the chat does not own the machine: they neither read its files nor learn where they are.
    """

    def settings(self) -> Sequence[tuple[str, str, str, str]]:
        return [
            (key, FILE_SET if names_file(key) and value != '""' else value, self._told(place), who)
            for key, value, place, who in super().settings()
        ]

    def change_setting(self, key: str, words: str) -> tuple[bool, Sequence[str]]:
        if is_owners(key):
            return False, [only_owner(key)]
        is_done, sentences = super().change_setting(key, words)
        return is_done, list(map(self._told, sentences))

    def reload(self) -> tuple[bool, Sequence[str]]:
        is_done, sentences = super().reload()
        return is_done, list(map(self._told, sentences))

    async def log(self, lines: int) -> Sequence[str] | None:
        found = await super().log(lines)
        return None if found is None else list(map(self._told, found))

    def _told(self, text: str) -> str:
        """Without the folders of the machine; what is in the data folder is known by its name."""
        return _FOLDERS.sub("…/", text.replace(f"{self.node.loaded.data}/", ""))

    async def backup(self, path: str) -> str | None:
        """Only into the folder that is meant for it, and never over another one."""
        folder = self.node.loaded.data / backups.FOLDER
        target = folder / path
        if target.parent != folder or target.name.startswith(".") or target.exists():
            return (
                "In the chat, write only the name of a new file. The server creates it in the folder backups."
            )
        problem = await super().backup(str(target))
        return problem and self._told(problem)


class AccountContext(_RemoteContext):
    """A program that an account has given a token to."""

    def __init__(self, node: Administered, account: Account) -> None:
        super().__init__(node, account.name.text)
        self.account = account

    @property
    def role(self) -> Role:
        return self.account.role

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        return self.node.ask(command, account=self.account.id)


class PersonContext(_RemoteContext):
    """The context of a chat user with a role."""

    def __init__(self, node: Administered, session: "LiveSession") -> None:
        user = node.state.user(session.session)
        super().__init__(node, user.nick.text if user else "nobody")
        self.session = session

    @property
    def role(self) -> Role:
        user = self.node.state.user(self.session.session)
        return user.role if user else Role.MEMBER

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        return self.node.ask(command, self.session)
