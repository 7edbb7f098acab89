"""The bytes of files on disk: each once, under the digest of its content, and gone with the last file that has it."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from hubbub.storage.contents import path_of

CHUNK_BYTES: Final = 1 << 18


class TooLarge(Exception):
    """More bytes came than were allowed."""


class Vault:
    """A folder; what is half written stands in `incoming` and is gone at the next start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._arriving: dict[str, int] = {}
        """Digest → how many files with it are about to be known: its bytes stay whatever else goes."""

    def prepare(self) -> None:
        """Make the folder, and throw away what an earlier server left half done."""
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self._incoming.iterdir():
            left.unlink()

    def path(self, digest: str) -> Path:
        return path_of(self.folder, digest)

    def small(self, digest: str) -> Path:
        """Where the small form of a picture is, once it was made."""
        return self.path(digest).with_suffix(".webp")

    async def receive(self, content: AsyncIterator[bytes], most_bytes: int) -> tuple[str, int, bytes]:
        """Keep what comes; its digest, size, and first 4 KiB. The caller says `settled` afterwards. Raises TooLarge."""
        part = self._incoming / secrets.token_hex(16)
        digest, size, beginning = hashlib.sha256(), 0, b""
        file = await asyncio.to_thread(_create, part)
        try:
            try:
                async for chunk in content:
                    size += len(chunk)
                    if size > most_bytes:
                        raise TooLarge
                    if len(beginning) < 4096:
                        beginning += chunk[: 4096 - len(beginning)]
                    await asyncio.to_thread(_append, file, chunk, digest)
                name = digest.hexdigest()
                self._arriving[name] = self._arriving.get(name, 0) + 1
                await asyncio.to_thread(_finish, file, part, self.path(name))
            finally:
                os.close(file)
        finally:
            part.unlink(missing_ok=True)
        return name, size, beginning

    def settled(self, digest: str) -> None:
        """A file that was received is known, or was refused."""
        left = self._arriving.pop(digest) - 1
        if left:
            self._arriving[digest] = left

    def is_arriving(self, digest: str) -> bool:
        return digest in self._arriving

    def drop(self, digest: str) -> None:
        """Nothing has these bytes any more."""
        self.path(digest).unlink(missing_ok=True)
        self.small(digest).unlink(missing_ok=True)


def _create(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _append(file: int, chunk: bytes, digest: "hashlib._Hash") -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(file, left) :]
    digest.update(chunk)


def _finish(file: int, part: Path, place: Path) -> None:
    """On disk before anybody is told that it is there; the same bytes are kept once."""
    os.fsync(file)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    if not place.exists():
        part.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
