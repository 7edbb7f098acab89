"""The bytes of files: where they are beside the database, and how a backup, which is one file, holds them."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

FOLDER: Final = "files"
"""Under the data folder."""

PIECE_BYTES: Final = 16 << 20
"""So much of a file's bytes is one row of a backup."""


def path_of(folder: Path, digest: str) -> Path:
    """Where the bytes with this SHA-256 (hexadecimal digits) are kept."""
    return folder / digest[:2] / digest


def pack(copy: sqlite3.Connection, folder: Path) -> None:
    """Put the bytes of all files that a copied database knows into it. Those that go meanwhile are not in it."""
    copy.execute("CREATE TABLE content (digest TEXT, place INTEGER, bytes BLOB, PRIMARY KEY (digest, place))")
    for (digest,) in copy.execute("SELECT DISTINCT digest FROM file").fetchall():
        try:
            file = path_of(folder, digest).open("rb")
        except FileNotFoundError:
            continue
        with file:
            place = 0
            while (piece := file.read(PIECE_BYTES)) or not place:
                copy.execute("INSERT INTO content VALUES (?, ?, ?)", (digest, place, piece))
                place += 1
        copy.commit()


def unpack(copy: sqlite3.Connection, folder: Path) -> None:
    """Take the bytes out of a backup's database again. A ValueError names bytes that are not what they were."""
    if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'content'").fetchone():
        return
    for (digest,) in copy.execute("SELECT DISTINCT digest FROM content").fetchall():
        place = path_of(folder, digest)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = place.with_name(f"{digest}.part")
        found = hashlib.sha256()
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            pieces = copy.execute("SELECT bytes FROM content WHERE digest = ? ORDER BY place", (digest,))
            for (piece,) in pieces:
                file.write(piece)
                found.update(piece)
            file.flush()
            os.fsync(file.fileno())
        if found.hexdigest() != digest:
            part.unlink()
            raise ValueError(f"the file {digest[:12]} is not what it was")
        part.replace(place)
    copy.execute("DROP TABLE content")
    copy.commit()
    copy.execute("VACUUM")


def missing(database: sqlite3.Connection, folder: Path) -> int:
    """How many files have lost their bytes."""
    with closing(database.execute("SELECT digest FROM file")) as found:
        return sum(not path_of(folder, digest).exists() for (digest,) in found)
