"""Sealing: SCRAM's stored keys are encrypted, of no use to a thief of the database without the key."""

import base64
import binascii
import hashlib
import os
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from hubbub.engine.state import Credential

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Seal:
    """The keys: the first one seals, and each of them opens what it has sealed. Without any nothing is sealed or kept.

    SCRAM's stored keys are written `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`. The iterations and
    the salt are told to everybody who asks for the account by name, so they stay readable; what follows the last `$`
    becomes AES-256-GCM's nonce and ciphertext in base64. The account's id and what stays readable are its associated
    data: what was sealed for one account does not open as another's.
    """

    def __init__(self, keys: Sequence[bytes] = ()) -> None:
        self._keys = {key_id(key): key for key in keys}
        self.id = next(iter(self._keys), "")
        """Under which key is sealed; empty without any."""

    def can_open(self, sealed_by: str) -> bool:
        return not sealed_by or sealed_by in self._keys

    def sealed(self, account: int, credential: Credential) -> Credential:
        """The credential as it is written; without its SCRAM keys where they can't be sealed."""
        head, dollar, secret = self.opened(account, credential).rpartition("$")
        if not dollar or not self.id:
            return Credential(credential.argon2, "")
        nonce = os.urandom(_NONCE_BYTES)
        box = _cipher(self._keys[self.id]).encrypt(nonce, secret.encode(), _belongs_to(account, head))
        text = base64.b64encode(nonce + box).decode()
        return Credential(credential.argon2, f"{head}${text}", self.id)

    def opened(self, account: int, credential: Credential) -> str:
        """SCRAM's stored keys; empty where there are none, or they can't be opened."""
        if not credential.sealed_by:
            return credential.scram
        key = self._keys.get(credential.sealed_by)
        if key is None:
            return ""
        from cryptography.exceptions import InvalidTag

        head, _, text = credential.scram.rpartition("$")
        try:
            box = base64.b64decode(text, validate=True)
            nonce, rest = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
            secret = _cipher(key).decrypt(nonce, rest, _belongs_to(account, head))
        except (InvalidTag, binascii.Error, ValueError):
            return ""
        return f"{head}${secret.decode()}"


def key_id(key: bytes) -> str:
    """An identifier of a key that does not reveal it."""
    return hashlib.sha256(b"hubbub sealing key\0" + key).hexdigest()[:16]


def _cipher(key: bytes) -> "AESGCM":
    # Imported with the first password: a server starts sooner than that.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _belongs_to(account: int, head: str) -> bytes:
    return f"account {account} {head}".encode()


def seal_accounts(database: sqlite3.Connection, seal: Seal) -> bool:
    """Seal under the first key what is not; whether anything was in clear, and may be on other pages of the file still.

    All rows are taken out and put in again: `secure_delete` then overwrites every page that they were on, while a row
    that is changed may leave a copy of itself where its page was split.
    """
    wanted = "SELECT sealed_by FROM account WHERE scram != '' AND sealed_by != ? GROUP BY sealed_by"
    others = [name for (name,) in database.execute(wanted, (seal.id,)) if seal.can_open(name)]
    if not seal.id or not others:
        return False
    database.execute("BEGIN IMMEDIATE")
    try:
        names = [name for (name,) in database.execute("SELECT name FROM pragma_table_info('account')")]
        found = database.execute(f"SELECT {', '.join(names)} FROM account ORDER BY id")
        rows = [_sealed(dict(zip(names, row, strict=True)), seal) for row in found]
        database.execute("DELETE FROM account")
        places = ", ".join(f":{name}" for name in names)
        database.executemany(f"INSERT INTO account ({', '.join(names)}) VALUES ({places})", rows)
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    return "" in others


def _sealed(row: dict[str, Any], seal: Seal) -> dict[str, Any]:
    if row["scram"] and row["sealed_by"] != seal.id and seal.can_open(row["sealed_by"]):
        new = seal.sealed(row["id"], Credential(row["argon2"], row["scram"], row["sealed_by"]))
        row |= {"scram": new.scram, "sealed_by": new.sealed_by}
    return row
