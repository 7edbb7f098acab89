"""What the server makes in its data folder is its owner's alone, whatever the system would let others read."""

import asyncio
import os
import sys
from pathlib import Path

from tests.server_process import ServerProcess
from tests.ssh.test_ssh import visit


def others_may(folder: Path) -> dict[str, str]:
    """What is there that anybody but its owner may look into, write or enter."""
    found = {path: path.lstat().st_mode & 0o077 for path in (folder, *sorted(folder.rglob("*")))}
    return {str(path.relative_to(folder)): oct(mode) for path, mode in found.items() if mode}


async def test_nobody_else_reads_what_is_in_the_data_folder(tmp_path: Path) -> None:
    """With no umask at all: the database with its log, keys, a backup, the server's log, sockets and the lock."""
    data = tmp_path / "data"
    before = os.umask(0)
    try:
        async with ServerProcess(data) as server:
            ann = await server.connect()
            ann.type("NICK ann", "USER ann 0 * :Ann", "JOIN #tea", "PRIVMSG #tea :hello")
            await ann.until("366")
            backup = ("backup", "--data", str(data), str(data / "backups" / "copy.db"))
            made = await asyncio.create_subprocess_exec(sys.executable, "-m", "hubbub", *backup)
            assert await made.wait() == 0
            async with visit(server, "bob") as bob:
                await bob.until("a guest")
                names = {path.name for path in data.iterdir()}
                database = {"hubbub.db", "hubbub.db-wal", "hubbub.db-shm", "backups"}
                assert (data / "backups" / "copy.db").exists()
                assert names >= database | {"hubbub.lock", "admin.sock", "log", "ssh", "tls", "files"}
                assert others_may(data) == {}
    finally:
        os.umask(before)


async def test_a_lock_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "hubbub.lock").touch(mode=0o666)
    (data / "hubbub.lock").chmod(0o666)
    async with ServerProcess(data):
        assert others_may(data) == {}
