"""The bytes of files: where they are beside the database, and how a backup, which is one file, holds them."""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hubbub import durable

FOLDER: Final = "files"
"""Under the data folder."""

PIECE_BYTES: Final = 16 << 20
"""So much of a file's bytes is one row of a backup."""


def path_of(folder: Path, digest: str) -> Path:
    """The path of the bytes with this SHA-256 (hexadecimal digits)."""
    return folder / digest[:2] / digest


def pack(copy: sqlite3.Connection, folder: Path) -> int:
    """Put the bytes of all files that a copied database knows into it; how many of them are not what they were.

    Those are not in it, nor those that go meanwhile.
    """
    copy.execute("CREATE TABLE content (digest TEXT, place INTEGER, bytes BLOB, PRIMARY KEY (digest, place))")
    digests = [digest for (digest,) in copy.execute("SELECT DISTINCT digest FROM file")]
    packed = sum(_pack(copy, folder, digest) for digest in digests)
    return len(digests) - packed


def _pack(copy: sqlite3.Connection, folder: Path, digest: str) -> bool:
    found = hashlib.sha256()
    try:
        with path_of(folder, digest).open("rb") as file:
            place = 0
            while (piece := file.read(PIECE_BYTES)) or not place:
                copy.execute(
                    "INSERT INTO content (digest, place, bytes) VALUES (?, ?, ?)", (digest, place, piece)
                )
                found.update(piece)
                place += 1
    except FileNotFoundError:
        return False
    if found.hexdigest() != digest:
        copy.rollback()
        return False
    copy.commit()
    return True


def damaged(backup: sqlite3.Connection) -> list[str]:
    """The damaged files of a backup, in sentences."""
    if not _has_any(backup):
        return []
    digests = [digest for (digest,) in backup.execute("SELECT DISTINCT digest FROM content")]
    return [f"the file {str(digest)[:12]} has changed" for digest in digests if not _is_whole(backup, digest)]


def _is_whole(backup: sqlite3.Connection, digest: str) -> bool:
    found = hashlib.sha256()
    for piece in _pieces(backup, digest):
        found.update(piece)
    return found.hexdigest() == digest


def _has_any(backup: sqlite3.Connection) -> bool:
    return backup.execute("SELECT 1 FROM sqlite_master WHERE name = 'content'").fetchone() is not None


def _pieces(backup: sqlite3.Connection, digest: str) -> Iterator[bytes]:
    for (piece,) in backup.execute(
        "SELECT CAST(bytes AS BLOB) FROM content WHERE digest = ? ORDER BY place", (digest,)
    ):
        yield piece


def unpack(copy: sqlite3.Connection, folder: Path, made: list[Path]) -> None:
    """Take the bytes, which are whole, out of a backup's database again; what it makes of files is added to `made`."""
    if not _has_any(copy):
        return
    for (digest,) in copy.execute("SELECT DISTINCT digest FROM content").fetchall():
        place = path_of(folder, digest)
        made += [] if place.exists() else [place]
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.write(place, _pieces(copy, digest))
    copy.execute("DROP TABLE content")
    copy.execute("VACUUM")


def lost(database: sqlite3.Connection, folder: Path) -> tuple[int, int]:
    """The numbers of files whose bytes are missing, and whose bytes are damaged."""
    digests = [digest for (digest,) in database.execute("SELECT DISTINCT digest FROM file")]
    found = [_digest_of(path_of(folder, digest)) for digest in digests]
    changed = sum(one not in (None, digest) for one, digest in zip(found, digests, strict=True))
    return found.count(None), changed


def _digest_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
