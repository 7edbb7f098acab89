"""The server as the administrator's commands see it: one Protocol of what they need."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from hubbub.engine.audit import ActRecorded
from hubbub.engine.event import Command, Event
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Credential, Role, State


class Unreadable(Exception):
    """Something of the server's that a command asks for can't be read; the log tells why."""


class AdminContext(Protocol):
    """The context of one administrator's commands: the console, another terminal, or a chat session."""

    @property
    def state(self) -> State: ...

    @property
    def role(self) -> Role:
        """Of who asks; ADMIN at the console."""
        ...

    @property
    def name(self) -> str:
        """Of who asks, as the others read it."""
        ...

    def now(self) -> int:
        """Milliseconds since the epoch."""
        ...

    def ask(self, command: Command) -> Sequence[Event] | Refusal:
        """Ask the engine, as this person or as the console. What happens has happened when this returns."""
        ...

    async def settled(self) -> bool:
        """Wait until the changes so far are on disk. False if they could not be stored."""
        ...

    async def hash_password(self, password: str) -> Credential:
        """Slow; away from the loop."""
        ...

    async def messages_since(self, event_id: int, limit: int) -> Sequence[Event]:
        """Messages from an id on, oldest first: `MessageSaid`, a private one without its text.

        If there are more than `limit`, the newest of them.
        """
        ...

    async def around(self, room: int, message: int, number: int) -> Sequence[Event]:
        """A message of a room with `number` of those before it and of those behind it, in order."""
        ...

    async def acts(self, limit: int) -> Sequence[ActRecorded]:
        """The newest `limit` entries of the audit trail, the earliest first."""
        ...

    async def backup(self, path: str) -> str | None:
        """Copy the data into a new file; None, or a sentence that says why it could not be."""
        ...

    async def log(self, lines: int) -> Sequence[str] | None:
        """The last lines of the log, the earliest first; None where none is kept in a file."""
        ...

    def reload(self) -> tuple[bool, Sequence[str]]:
        """Read the settings and the certificate again; whether nothing of it was refused, and what came of it."""
        ...

    def settings(self) -> Sequence[tuple[str, str, str, str]]:
        """Every setting as `section.name`, its value, where that comes from, and who changes it; secrets are masked."""
        ...

    def change_setting(self, key: str, words: str) -> tuple[bool, Sequence[str]]:
        """Give a setting another value; whether it was done, and sentences that say what came of it."""
        ...

    def trouble(self, webhook: int) -> str:
        """Why a webhook does not take what is posted at the moment; empty if it does."""
        ...

    def page_address(self) -> str:
        """The page's public address, without a trailing slash."""
        ...

    def stop(self, reason: str) -> None:
        """End the server cleanly, soon: the answer in hand still reaches who asked."""
        ...

    def status(self) -> Mapping[str, str | int]:
        """The server's status (version, uptime, people …), in the order in which it is shown."""
        ...
