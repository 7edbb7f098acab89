"""The bytes of files on disk: each once, under the digest of its content, and gone with the last file that has it."""

import asyncio
import contextlib
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from hubbub import durable
from hubbub.storage.blobs import path_of
from hubbub.transports.private_folders import make_private_folder

CHUNK_BYTES: Final = 1 << 18
BEGINNING_BYTES: Final = 4096

Rewrite = Callable[[Path, bytes, Path], Awaitable[bool]]
"""Looks at what came, with its beginning: whether something else, at the second path, is to be kept instead."""


class Vault:
    """A folder; what is half written stands in `incoming` and is gone at the next start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._arriving: dict[str, int] = {}
        """Digest → how many files with it are about to be known: its bytes stay whatever else goes."""
        self.changes = 0
        """A counter of files stored or settled: a reader that looked elsewhere meanwhile looks again."""

    def prepare(self) -> None:
        """Make the folder, and throw away what an earlier server left half done."""
        make_private_folder(self.folder)
        make_private_folder(self._incoming)
        for left in self._incoming.iterdir():
            left.unlink()

    def path(self, digest: str) -> Path:
        return path_of(self.folder, digest)

    def small(self, digest: str) -> Path:
        """The path of a picture's thumbnail, once it is made."""
        return self.path(digest).with_suffix(".webp")

    async def receive(self, content: AsyncIterator[bytes], rewrite: Rewrite) -> tuple[str, int, bytes]:
        """Keep what comes, or what becomes of it: its digest, size, and beginning. The caller says `settled` then.

        Once all has come it is not cancelled any more: what is kept is either known or dropped, by the caller.
        """
        part = self._incoming / secrets.token_hex(16)
        rewritten = part.with_suffix(".rewritten")
        try:
            name, size, beginning = await _write(part, content)
            kept = part
            if await rewrite(part, beginning, rewritten):
                kept = rewritten
                name, size = await asyncio.to_thread(_measure, kept)
            self._arriving[name] = self._arriving.get(name, 0) + 1
            self.changes += 1
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await _whole(_finish, kept, self.path(name))
            except OSError:
                # Nobody says so for what was not kept, and the same bytes may come again and go.
                self.settled(name)
                raise
        finally:
            part.unlink(missing_ok=True)
            rewritten.unlink(missing_ok=True)
        return name, size, beginning

    def settled(self, digest: str) -> None:
        """A file that was received is known, or was refused."""
        self.changes += 1
        left = self._arriving.pop(digest) - 1
        if left:
            self._arriving[digest] = left

    def arriving(self, digest: str) -> int:
        """The number of uploads of the same bytes that are under way."""
        return self._arriving.get(digest, 0)

    def drop(self, digest: str) -> None:
        """Nothing has these bytes any more."""
        self.path(digest).unlink(missing_ok=True)
        self.small(digest).unlink(missing_ok=True)


async def _whole(work: Callable[..., None], *arguments: Any) -> None:
    """In a thread, which is waited for also when this is cancelled: the file is closed after it, not below it."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        task.result()
        raise


def _create(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _append(file: int, chunk: bytes, digest: "hashlib._Hash") -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(file, left) :]
    digest.update(chunk)


async def _write(part: Path, content: AsyncIterator[bytes]) -> tuple[str, int, bytes]:
    digest, size, beginning = hashlib.sha256(), 0, b""
    file = await asyncio.to_thread(_create, part)
    try:
        async for chunk in content:
            size += len(chunk)
            if len(beginning) < BEGINNING_BYTES:
                beginning += chunk[: BEGINNING_BYTES - len(beginning)]
            await _whole(_append, file, chunk, digest)
    finally:
        os.close(file)
    return digest.hexdigest(), size, beginning


def _measure(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def _finish(part: Path, place: Path) -> None:
    """Store the file durably before its address is answered; equal bytes are kept once."""
    if not place.exists():
        place.parent.mkdir(mode=0o700, exist_ok=True)
        durable.publish(part, place)
