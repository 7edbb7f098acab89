"""The sealing key, as whoever looks after a server meets it: made, kept out of backups, lost, and replaced."""

import base64
import re
from pathlib import Path

from tests.cli.test_command import hubbub
from tests.server_process import ServerProcess


def keys(data: Path) -> list[str]:
    return [line for line in (data / "sealing.key").read_text().splitlines() if not line.startswith("#")]


async def registered(data: Path) -> None:
    async with ServerProcess(data) as server:
        ann = await server.connect()
        ann.type("register ann correct horse")
        await ann.until("Registered as ann")
        server.terminate()
        await server.ended()


def log_of(data: Path) -> str:
    return (data / "log" / "app.log").read_text("utf-8")


async def test_it_is_made_at_the_first_start_and_is_in_no_backup(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    await registered(data)
    assert (data / "sealing.key").stat().st_mode & 0o777 == 0o600
    (key,) = keys(data)
    assert len(base64.b64decode(key)) == 32
    assert (await hubbub("backup", "--data", str(data), str(copy)))[0] == 0
    for file in (copy, data / "hubbub.db", data / "log" / "app.log"):
        assert base64.b64decode(key) not in file.read_bytes() and key.encode() not in file.read_bytes()
    sealed = re.findall(rb"SCRAM-SHA-256\$4096:[A-Za-z0-9+/=]+\$([A-Za-z0-9+/=:]+)", copy.read_bytes())
    assert sealed and all(b":" not in one for one in sealed)


async def test_a_restore_where_the_key_is_missing_says_what_that_means_and_nobody_is_locked_out(
    tmp_path: Path,
) -> None:
    data, copy, new = tmp_path / "data", tmp_path / "copy", tmp_path / "new"
    await registered(data)
    await hubbub("backup", "--data", str(data), str(copy))
    status, output = await hubbub("restore", "--data", str(new), str(copy))
    sentence = "The SCRAM keys of 1 account were sealed under a different key."
    assert status == 0 and sentence in output
    async with ServerProcess(new) as server:
        ann = await server.connect()
        ann.type("login ann correct horse")
        ann.type('/password "correct horse" "another horse"')
        await ann.until("Your password was changed")
        server.terminate()
        await server.ended()
    assert sentence in log_of(new)
    async with ServerProcess(new) as server:
        server.terminate()
        await server.ended()
    assert log_of(new).count(sentence) == 1
    (data / "sealing.key").replace(new / "sealing.key")
    assert sentence not in (await hubbub("restore", "--data", str(new), str(copy), "--replace"))[1]


async def test_a_new_key_comes_before_the_old_one(tmp_path: Path) -> None:
    await registered(tmp_path)
    (first,) = keys(tmp_path)
    status, output = await hubbub("new-key", "--data", str(tmp_path))
    assert status == 0 and "Restart the server" in output
    second, *rest = keys(tmp_path)
    assert rest == [first] != [second]
    await registered(tmp_path / "other")
    async with ServerProcess(tmp_path) as server:
        server.terminate()
        await server.ended()
    (tmp_path / "sealing.key").write_text(second)
    assert (await hubbub("check", "--data", str(tmp_path)))[0] == 0
    assert "sealed under a different key" not in log_of(tmp_path)


async def test_a_file_that_cannot_be_used_is_told_and_the_server_starts(tmp_path: Path) -> None:
    for content, words in (("not a key\n", "contains no sealing key"), (None, "can't be written")):
        where = tmp_path / "key" if content else tmp_path / "nowhere" / "key"
        if content:
            where.write_text(content)
        settings = {"HUBBUB_ACCOUNTS_SEALING_KEY_FILE": str(where)}
        async with ServerProcess(tmp_path / "data", settings=settings) as server:
            server.terminate()
            await server.ended()
        assert words in log_of(tmp_path / "data")
    status, output = await hubbub("new-key", "--data", str(tmp_path / "data"))
    assert status == 0 and str(tmp_path / "data" / "sealing.key") in output


async def test_a_key_that_others_can_read_is_told(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(base64.b64encode(bytes(32)).decode())
    key.chmod(0o644)
    async with ServerProcess(
        tmp_path / "d", settings={"HUBBUB_ACCOUNTS_SEALING_KEY_FILE": str(key)}
    ) as server:
        server.terminate()
        await server.ended()
    assert f"chmod 600 {key}" in log_of(tmp_path / "d")
