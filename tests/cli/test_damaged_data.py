"""Tools on data that is damaged, gone, or somebody else's: a sentence and a status, and never a traceback."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.test_command import hubbub

PAGE_BYTES = 4096


@dataclass(frozen=True)
class Damage:
    """What happens to the data folder, and what `check`, `backup` and `create-admin` say of it; "" where they go on."""

    do: Callable[[Path], object]
    check: str
    backup: str
    create_admin: str
    restore: str = ""


def _database(data: Path) -> Path:
    return data / "hubbub.db"


def _in_its_place(content: bytes) -> Callable[[Path], object]:
    return lambda data: _database(data).write_bytes(content)


def _folder(name: str) -> Callable[[Path], object]:
    def put(data: Path) -> None:
        (data / name).unlink(missing_ok=True)
        (data / name).mkdir()

    return put


def _pages(data: Path) -> None:
    whole = _database(data).read_bytes()
    _database(data).write_bytes(whole[:PAGE_BYTES] + b"\x42" * (len(whole) - PAGE_BYTES))


def _cut(data: Path) -> None:
    _database(data).write_bytes(_database(data).read_bytes()[:1000])


def _foreign(data: Path) -> None:
    _database(data).unlink()
    with closing(sqlite3.connect(_database(data))) as other:
        other.execute("CREATE TABLE recipe (name)")


def _rows(statement: str) -> Callable[[Path], object]:
    def write(data: Path) -> None:
        with closing(sqlite3.connect(_database(data), isolation_level=None)) as database:
            database.execute(statement)

    return write


DAMAGES = {
    "text": Damage(_in_its_place(b"nothing of ours"), *["file is not a database"] * 3),
    "an empty file": Damage(_in_its_place(b""), *["is empty"] * 3),
    "pages that are junk": Damage(_pages, *["malformed"] * 3),
    "a file that was cut": Damage(_cut, *["malformed"] * 3),
    "another program's database": Damage(_foreign, *["is not a Hubbub database"] * 3),
    "no file": Damage(
        lambda data: _database(data).unlink(), "There is no data in", "There is no data in", ""
    ),
    "a folder": Damage(
        _folder("hubbub.db"),
        "is not a file, so it is not a database",
        "is not a file, so it is not a database",
        "is not a file, so it is not a database",
        "can't be restored",
    ),
    "a row that is none": Damage(
        _rows("INSERT INTO sanction VALUES ('network', 'zz', 1, '', '', 0)"),
        "The server can't start with this data",
        "",
        "See what is wrong with",
    ),
    "a table that is gone": Damage(
        _rows("DROP TABLE account"), "no such table: account", "", "no such table: account"
    ),
    "a folder as the lock": Damage(
        _folder("hubbub.lock"), "", "", "hubbub.lock can't be opened", "hubbub.lock can't be opened"
    ),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data with somebody in it, and a backup of it."""
    place = tmp_path_factory.mktemp("whole")

    async def make() -> None:
        data = ("--data", str(place / "data"))
        assert (await hubbub("admin", "create-admin", "root1", *data, typed="correct horse\n"))[0] == 0
        assert (await hubbub("backup", str(place / "copy.hub"), *data))[0] == 0

    asyncio.run(make())
    return place


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_tools_on_damaged_data(whole: Path, tmp_path: Path, damage: Damage) -> None:
    tools = {
        "check": (("check",), damage.check),
        "backup": (("backup", str(tmp_path / "new.hub")), damage.backup),
        "create-admin": (("admin", "create-admin", "root2"), damage.create_admin),
        "restore": (("restore", str(whole / "copy.hub"), "--replace"), damage.restore),
        "users": (("admin", "users"), "No server is running on"),
    }

    async def use(name: str) -> tuple[int, str]:
        shutil.copytree(whole / "data", tmp_path / name)
        damage.do(tmp_path / name)
        words, _ = tools[name]
        return await hubbub(*words, "--data", str(tmp_path / name), typed="correct horse\n")

    async def use_all() -> list[tuple[int, str]]:
        return await asyncio.gather(*map(use, tools))

    for (name, (_, told)), (status, output) in zip(tools.items(), asyncio.run(use_all()), strict=True):
        assert "Traceback" not in output, (name, output)
        assert status == (1 if told else 0) and told in output, (name, output)
    if damage.backup:
        assert not list(tmp_path.glob("*.hub*")) and not list(tmp_path.glob("*.part")), "nothing half is left"


def _no_file(file: Path) -> None:
    file.unlink()
    file.mkdir()


BACKUPS: dict[str, Callable[[Path], object]] = {
    "text": lambda file: file.write_bytes(b"nothing of ours"),
    "a folder": _no_file,
    "no file": lambda file: file.unlink(),
    "half of it": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "a changed row": lambda file: _written_to(file),
}


def _written_to(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("UPDATE account SET name = 'root3'")


@pytest.mark.parametrize("spoil", BACKUPS.values(), ids=BACKUPS)
async def test_a_spoilt_backup_changes_nothing(
    whole: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    backup = tmp_path / "copy.hub"
    shutil.copy(whole / "copy.hub", backup)
    shutil.copytree(whole / "data", tmp_path / "data")
    before = (tmp_path / "data" / "hubbub.db").read_bytes()
    spoil(backup)
    status, output = await hubbub("restore", str(backup), "--replace", "--data", str(tmp_path / "data"))
    assert status == 1 and "Traceback" not in output and str(backup) in output, output
    assert (tmp_path / "data" / "hubbub.db").read_bytes() == before
