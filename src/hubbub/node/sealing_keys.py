"""The file with the sealing keys, which lies beside no backup: made at the first start, and read at each."""

import base64
import binascii
import os
from pathlib import Path
from typing import Final

from hubbub import durable
from hubbub.config import Loaded
from hubbub.storage.base import Storage
from hubbub.storage.sealing import KEY_BYTES, Seal

NAME: Final = "sealing.key"
"""The key's file name in the data folder, unless the settings name another file."""

_HEAD: Final = """\
# With this key Hubbub seals what SCRAM keeps of passwords. Keep it apart from the backups of the data.
# The first key seals; those below it open what they have sealed before. New ones: hubbub new-key
"""


class KeyFileUnusable(Exception):
    """The file cannot be read, made or parsed; the text is a sentence for the operator."""


def read_seal(path: Path) -> Seal:
    """The keys of the file, which is made with a new one where there is none. Raises KeyFileUnusable."""
    if not path.exists():
        _write(path, [os.urandom(KEY_BYTES)])
    return Seal(_read(path))


def seal_of(loaded: Loaded) -> tuple[Seal, str]:
    """The seal of a server with these settings; without keys where its file is of no use, which the sentence says."""
    path = path_of(loaded)
    try:
        seal = read_seal(path)
    except KeyFileUnusable as error:
        return Seal(), (
            f"{error} Until there is one and the server is restarted, it stores no SCRAM keys: people sign "
            "in by password as before, and programs by PLAIN."
        )
    if path.stat().st_mode & 0o077:
        return (
            seal,
            f"Other users of this machine can read the sealing key. Protect it with: chmod 600 {path}",
        )
    return seal, ""


def sealed_otherwise(storage: Storage) -> str:
    """A warning about accounts whose SCRAM keys were sealed under a missing key; empty if there are none."""
    count = storage.sealed_otherwise()
    if not count:
        return ""
    return (
        f"The SCRAM keys of {count} account{'' if count == 1 else 's'} were sealed under a different key. "
        "If you have that key, put it back and restart. Without it, these people sign in by password as "
        "before, and the server makes them new SCRAM keys."
    )


def path_of(loaded: Loaded) -> Path:
    is_named = loaded.settings.accounts.sealing_key_file
    return loaded.file("accounts.sealing_key_file") if is_named else loaded.data / NAME


def add_key(path: Path) -> None:
    """Put a new key before those that the file has. Raises KeyFileUnusable."""
    _write(path, [os.urandom(KEY_BYTES), *(_read(path) if path.exists() else [])])


def _read(path: Path) -> list[bytes]:
    try:
        lines = path.read_text("ascii").splitlines()
        keys = [base64.b64decode(line, validate=True) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise KeyFileUnusable(f"The sealing key {path} can't be read ({error.strerror}).") from None
    except (binascii.Error, ValueError):
        keys = []
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise KeyFileUnusable(f"{path} contains no sealing key: a line of {KEY_BYTES} bytes in base64.")
    return keys


def _write(path: Path, keys: list[bytes]) -> None:
    lines = [base64.b64encode(key).decode() for key in keys]
    try:
        durable.write(path, ["\n".join([_HEAD.rstrip(), *lines, ""]).encode()])
    except OSError as error:
        raise KeyFileUnusable(f"The sealing key {path} can't be written ({error.strerror}).") from None
