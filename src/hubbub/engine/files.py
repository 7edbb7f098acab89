"""Files that people have sent: who may send and see one, and how much each has; the bytes are the shell's."""

import re
from functools import cache
from typing import Final

from msgspec import Struct

from hubbub.text import clean, cut

from .event import Answer, Command, Event, Request
from .messages import has_rank_since
from .policy import history_from, role_of
from .refusals import NotSignedIn, Refusal, size_of
from .rules import EventRule, Rule
from .state import Role, State

NAME_BYTES_MAX: Final = 150
AVATAR: Final = "avatar"
"""The metadata of a person that names their picture."""

_LINKED: Final = re.compile(r"/files/([A-Za-z0-9_-]{24})(?![A-Za-z0-9_-])")


class Posting(Struct, frozen=True):
    """A message that names a file: who said it, and where; a private one between `low` and `high`.

    With `to_rank` it was said to those of the room's members alone who have that rank. Of all that one person has said
    there to the same readers, it is the last message: whoever may read any of them may read that one.
    """

    message: int
    person: int
    room: int | None
    low: int | None
    high: int | None
    to_rank: str = ""


class StoredFile(Struct, frozen=True):
    """`digest` is the SHA-256 of its bytes in hexadecimal digits, `kind` its media type, `person` who has sent it."""

    id: str
    person: int
    digest: str
    name: str
    kind: str
    size: int
    postings: tuple[Posting, ...] = ()


class StoreFile(Command, frozen=True):
    """The bytes are on disk: keep the file for `person`, who was proved by the shell."""

    person: int
    file: str
    digest: str
    name: str
    kind: str
    size: int


class RemoveFile(Command, frozen=True):
    """Nothing names it any more; the shell has read it from the storage."""

    file: str
    person: int
    digest: str
    size: int


class FileStored(Event, frozen=True):
    person: int
    file: str
    digest: str
    name: str
    kind: str
    size: int


class FileRemoved(Event, frozen=True):
    file: str
    person: int
    digest: str
    size: int


class FileRefused(Refusal, frozen=True):
    """It is larger than `most_bytes`, or does not fit into `quota_bytes` with the others (0: it is not about that)."""

    most_bytes: int
    quota_bytes: int

    def __str__(self) -> str:
        if self.quota_bytes:
            return (
                f"Your files may take up {size_of(self.quota_bytes)} in total. Delete some messages with "
                "files first."
            )
        return f"A file may be at most {size_of(self.most_bytes)}. Send a smaller one."


class FilesFull(Refusal, frozen=True):
    """With it the files of everybody would take more than `most_bytes`."""

    most_bytes: int

    def __str__(self) -> str:
        return (
            f"All files together may take up {size_of(self.most_bytes)} on this server. Ask an "
            "administrator for more space."
        )


def may_send_file(state: State, person: int, size: int, coming: int = 0, own: int = 0) -> Refusal | None:
    """Whether a user may upload so many bytes while `coming` bytes are under way, of which `own` are theirs."""
    rules = state.rules
    if person not in state.accounts and not (rules.guest_files and person in state.users):
        return NotSignedIn()
    if size > rules.file_bytes:
        return FileRefused(rules.file_bytes, 0)
    if rules.file_quota_bytes and state.file_bytes.get(person, 0) + size + own > rules.file_quota_bytes:
        return FileRefused(rules.file_bytes, rules.file_quota_bytes)
    if rules.file_total_bytes and sum(state.file_bytes.values()) + size + coming > rules.file_total_bytes:
        return FilesFull(rules.file_total_bytes)
    return None


def store_file(state: State, request: Request, command: StoreFile) -> Answer:
    if refusal := may_send_file(state, command.person, command.size):
        return refusal
    name = file_name(command.name)
    return [
        FileStored(request.id, command.person, command.file, command.digest, name, command.kind, command.size)
    ]


def remove_file(state: State, request: Request, command: RemoveFile) -> Answer:
    return [FileRemoved(request.id, command.file, command.person, command.digest, command.size)]


def file_stored(state: State, event: FileStored) -> None:
    state.file_bytes[event.person] = state.file_bytes.get(event.person, 0) + event.size


def file_removed(state: State, event: FileRemoved) -> None:
    left = state.file_bytes.get(event.person, 0) - event.size
    if left > 0:
        state.file_bytes[event.person] = left
    else:
        state.file_bytes.pop(event.person, None)


def file_name(text: str) -> str:
    """A name without folders, and without what could drive a terminal; never empty."""
    bare = clean(text.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, end = bare.rpartition(".")
    if len(bare.encode()) > NAME_BYTES_MAX and dot and len(end.encode()) < 20:
        return f"{cut(stem, NAME_BYTES_MAX - len(end.encode()) - 1)[0]}.{end}"
    return cut(bare, NAME_BYTES_MAX)[0] or "file"


def files_in(text: str) -> list[str]:
    """The ids of files that a text names, each once."""
    return list(dict.fromkeys(_LINKED.findall(text))) if "/files/" in text else []


def may_see_file(state: State, person: int, file: StoredFile) -> bool:
    """Who has sent it sees it, whoever may read a message that names it, and everybody if it is a person's picture
    or an emoji's.

    The message has to be of somebody who may see the file: who has only found its address gives nobody a right to it.
    """
    own = [posting for posting in file.postings if posting.person == file.person]

    # Once for each person: two who name a file again and again would make this take their product.
    @cache
    def sees_directly(somebody: int) -> bool:
        return somebody == file.person or any(_may_read(state, somebody, posting) for posting in own)

    return (
        sees_directly(person)
        or is_avatar(state, file)
        or is_emoji(state, file)
        or any(
            sees_directly(posting.person) and _may_read(state, person, posting) for posting in file.postings
        )
    )


def is_avatar(state: State, file: StoredFile) -> bool:
    """Whether its sender uses it as their public picture."""
    holder = state.accounts.get(file.person) or state.users.get(file.person)
    return holder is not None and file.id in files_in(holder.metadata.get(AVATAR, ""))


def is_emoji(state: State, file: StoredFile) -> bool:
    """Whether it is a custom emoji's picture."""
    return any(one.file == file.id for one in state.emoji.values())


def _may_read(state: State, person: int, posting: Posting) -> bool:
    if posting.room is None:
        return person in (posting.low, posting.high)
    room = state.rooms.get(posting.room)
    if room is None or posting.message <= history_from(state, room, person):
        return False
    is_for_all = not posting.to_rank or posting.person == person or role_of(state, person) >= Role.ADMIN
    return is_for_all or has_rank_since(room, person, posting.message, posting.to_rank)


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
    StoreFile: store_file,
    RemoveFile: remove_file,
}


EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    FileStored: EventRule(file_stored),
    FileRemoved: EventRule(file_removed),
}
