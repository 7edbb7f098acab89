"""What SCRAM keeps of passwords is sealed: in the database, in its log and in backups, from the first start on."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from hubbub.engine.accounts import AccountRegistered, CredentialRenewed, CredentialSet
from hubbub.engine.state import Credential, Role
from hubbub.storage import Seal, SqliteStorage, open_storage, restore
from hubbub.storage.schema import APPLICATION_ID, MIGRATIONS

KEYS = [bytes([number]) * 32 for number in range(3)]
SEAL = Seal(KEYS[:1])
ACCOUNTS = 400


def scram(number: int, salt: str = "c2FsdA==") -> str:
    return f"SCRAM-SHA-256$15000:{salt}$stored-{number:04d}-{'k' * 30}=:server-{number:04d}-{'k' * 30}="


def registered(number: int, name: str = "ann") -> AccountRegistered:
    credential = Credential(f"$argon2id${number}", scram(number))
    return AccountRegistered(number, number, name, credential, Role.MEMBER, True)


def as_first_published(path: Path, accounts: int = ACCOUNTS) -> None:
    """A database of the first version, some of whose passwords were changed; left as after the loss of power."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute("PRAGMA secure_delete = OFF")  # As it was then.
    database.executescript(
        f"{MIGRATIONS[0]}; PRAGMA user_version = 1; PRAGMA application_id = {APPLICATION_ID}"
    )
    for number in range(1, 10 * accounts + 1):
        row = (number, f"p{number}", f"$argon2id${number}", scram(number + 5000))
        database.execute("INSERT INTO account VALUES (?, ?, ?, ?, 0, 1, 0)", row)
    database.execute("PRAGMA wal_checkpoint(RESTART)")
    for number in range(1, accounts + 1):
        database.execute("UPDATE account SET scram = ? WHERE id = ?", (scram(number, "c2FsdHNhbHQ="), number))
    database.execute("DELETE FROM account WHERE id % 7 = 0 OR id > ?", (accounts,))
    copies = {end: Path(f"{path}{end}").read_bytes() for end in ("", "-wal")}
    database.close()
    for end, content in copies.items():
        Path(f"{path}{end}").write_bytes(content)


def left(accounts: int) -> list[str]:
    """The keys that a database has which was made so."""
    return [scram(number, "c2FsdHNhbHQ=") for number in range(1, accounts + 1) if number % 7]


def in_clear(*paths: Path) -> list[str]:
    """Which of the keys can be read in the files' bytes."""
    everything = b"".join(path.read_bytes() for path in paths if path.exists())
    return sorted({word.decode() for word in re.findall(rb"stored-\d{4}", everything)})


def files(path: Path) -> tuple[Path, Path, Path]:
    return path, Path(f"{path}-wal"), Path(f"{path}-shm")


def keys_of(storage: SqliteStorage, seal: Seal) -> list[str]:
    state, _ = storage.load()
    return [seal.opened(account.id, account.credential) for account in state.accounts.values()]


def test_a_database_of_the_first_version_is_sealed_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    as_first_published(path)
    assert len(in_clear(*files(path))) >= 2 * ACCOUNTS - 20
    with closing(open_storage(path, SEAL)) as storage:
        assert in_clear(*files(path)) == []
        assert keys_of(storage, SEAL) == left(ACCOUNTS)
        storage.backup(tmp_path / "backups" / "backup")
        assert storage.check() == [] and storage.sealed_otherwise() == 0
    assert in_clear(*files(path), tmp_path / "backups" / "backup") == []


def test_what_is_registered_and_changed_is_never_written_in_clear(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    with closing(open_storage(path, SEAL)) as storage:
        storage.commit([registered(number, f"p{number}") for number in range(1, 60)])
        storage.commit([CredentialSet(100, 1, Credential("$argon2id$x", scram(101)))])
        storage.commit([CredentialRenewed(102, 2, Credential("$argon2id$y", scram(102)))])
        storage.backup(tmp_path / "backups" / "backup")
        assert in_clear(*files(path), tmp_path / "backups" / "backup") == []
        assert keys_of(storage, SEAL)[:3] == [scram(101), scram(102), scram(3)]
        state, _ = storage.load()
        assert state.accounts[1].credential.argon2 == "$argon2id$x"


def test_rows_that_were_swapped_or_changed_do_not_open(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    with closing(open_storage(path, SEAL)) as storage:
        storage.commit([registered(1), registered(2, "bob"), registered(3, "cid")])
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        first, second = (row[0] for row in database.execute("SELECT scram FROM account WHERE id < 3"))
        database.execute("UPDATE account SET scram = ? WHERE id = 1", (second,))
        database.execute("UPDATE account SET scram = ? WHERE id = 2", (first,))
        database.execute("UPDATE account SET scram = replace(scram, '15000', '4096') WHERE id = 3")
    with closing(open_storage(path, SEAL)) as storage:
        assert keys_of(storage, SEAL) == ["", "", ""]


def test_without_a_key_nothing_is_kept_and_nothing_that_was_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    as_first_published(path, 3)
    with closing(open_storage(path)) as storage:
        storage.commit([registered(50, "new")])
        assert keys_of(storage, Seal()) == [*left(3), ""]
        assert storage.sealed_otherwise() == 0
    with closing(open_storage(path, SEAL)) as storage:
        assert keys_of(storage, SEAL) == [*left(3), ""]
    assert in_clear(*files(path)) == []


def test_another_key_opens_nothing_and_the_right_one_again_does(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    with closing(open_storage(path, SEAL)) as storage:
        storage.commit([registered(1), registered(2, "bob")])
    other = Seal(KEYS[1:2])
    with closing(open_storage(path, other)) as storage:
        assert keys_of(storage, other) == ["", ""] and storage.sealed_otherwise() == 2
        storage.commit([CredentialRenewed(3, 2, Credential("$argon2id$2", scram(22)))])
        assert storage.sealed_otherwise() == 1 and keys_of(storage, other) == ["", scram(22)]
    with closing(open_storage(path, Seal([KEYS[0], KEYS[1]]))) as storage:
        assert keys_of(storage, SEAL) == [scram(1), scram(22)]


def test_a_new_key_before_the_old_one_seals_everything_anew(tmp_path: Path) -> None:
    path = tmp_path / "hubbub.db"
    with closing(open_storage(path, SEAL)) as storage:
        storage.commit([registered(1), registered(2, "bob")])
        storage.backup(tmp_path / "backups" / "backup")
    both, new = Seal([KEYS[1], KEYS[0]]), Seal(KEYS[1:2])
    with closing(open_storage(path, both)) as storage:
        assert keys_of(storage, new) == [scram(1), scram(2)]
    restore(tmp_path / "backups" / "backup", path, replace=True)
    with closing(open_storage(path, both)) as storage:
        assert keys_of(storage, new) == [scram(1), scram(2)]


def test_an_old_backup_is_sealed_when_it_has_been_restored(tmp_path: Path) -> None:
    old, path = tmp_path / "old", tmp_path / "new" / "hubbub.db"
    as_first_published(tmp_path / "data")
    with closing(sqlite3.connect(tmp_path / "data")) as data, closing(sqlite3.connect(old)) as copy:
        data.backup(copy)
    path.parent.mkdir()
    restore(old, path)
    with closing(open_storage(path, SEAL)) as storage:
        assert keys_of(storage, SEAL) == left(ACCOUNTS)
        assert in_clear(*files(path)) == []
