"""The command `hubbub`, as a person runs it: start, administer, back up, stop."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import sys
from contextlib import closing
from pathlib import Path

import pytest
import trustme

from hubbub.cli import _data_here
from hubbub.engine.refusals import DiskTakesNothing
from hubbub.invocation import typed
from tests.full_disk import disk_takes_nothing
from tests.patience import PATIENCE_SECONDS
from tests.server_process import Line, ServerProcess

README = Path(__file__).parents[2] / "README.md"


async def hubbub(*words: str, typed: str = "", folder: Path | None = None) -> tuple[int, str]:
    """Run the command, in a folder; its status, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "hubbub", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
    )
    output, _ = await process.communicate(typed.encode())
    return process.returncode or 0, output.decode()


async def test_the_greeting_tells_what_one_needs(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        for part in (
            f"http://localhost:{server.port}/",
            f"nc localhost {server.port}",
            f"hubbub admin create-admin NAME --data {tmp_path}",
            "open: anyone can register",
            str(tmp_path / "log" / "app.log"),
            "SHA-256",
        ):
            assert part in server.greeting


async def test_the_greeting_is_as_the_readme_shows_it(tmp_path: Path) -> None:
    """But for what differs: the port, the folder, the code of the link, and where the command is."""

    def alike(text: str) -> str:
        return re.sub(r":?\b\d{4,5}\b|/first/\S+| --data \S+|\S*/(?=hubbub )", "", text)

    shown = README.read_text("utf-8").partition("```\nHubbub is")[2].partition("```")[0]
    async with ServerProcess(tmp_path) as server:
        for line in alike(f"Hubbub is{shown}").splitlines():
            assert line in alike(server.greeting).splitlines()


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "127.0.0.2"])
async def test_the_greeting_says_that_only_this_machine_reaches_it(tmp_path: Path, address: str) -> None:
    async with ServerProcess(tmp_path, "-a", address) as server:
        assert (
            "It is reachable only from this machine. To let others in, start it with --lan."
            in server.greeting
        )
        assert "Give others" not in server.greeting


async def test_a_reason_may_begin_with_a_hyphen(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path):
        data = ("--data", str(tmp_path))
        await hubbub("admin", "create-admin", "carl", *data, typed="correct horse\n")
        status, output = await hubbub("admin", "ban", "carl", "-spam", *data)
        assert (status, output.splitlines()[0]) == (0, "carl: Banned until the ban is lifted: -spam")
        status, output = await hubbub("admin", *data, "ban", "ip", "192.0.2.1", "-hate", "--no", "more")
        assert (status, output.splitlines()[0]) == (
            0,
            "192.0.2.1: Banned until the ban is lifted: -hate --no more",
        )
        assert "Usage" in (await hubbub("admin", "-h"))[1]


async def test_closing_its_terminal_ends_it(tmp_path: Path) -> None:
    master, terminal = os.openpty()
    try:
        async with ServerProcess(tmp_path, stdin=terminal) as server:
            server.process.send_signal(signal.SIGHUP)
            assert await server.ended() == 0
    finally:
        os.close(master)
        os.close(terminal)


async def test_without_a_terminal_it_reads_its_settings_again(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        (tmp_path / "hubbub.toml").write_text("[server]\nnetwork = 'Elsewhere'\n")
        server.process.send_signal(signal.SIGHUP)
        log = tmp_path / "log" / "app.log"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "server.network has changed" not in log.read_text():
                await hubbub("admin", "status", "--data", str(tmp_path))
        assert server.process.returncode is None


async def test_a_folder_in_use_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        status, output = await hubbub("serve", "--data", str(tmp_path), "-p", "0")
        holder = f"A server is already running on {tmp_path} (process {server.process.pid})."
        assert (status, output) == (1, f"{holder} Stop it first, or choose another folder with --data.\n")


async def test_a_port_in_use_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, output = await hubbub("serve", "--data", str(tmp_path), "-p", str(port))
    assert status == 1 and str(port) in output and "Traceback" not in output


async def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "hubbub.toml").write_text("[server]\nprot = 12\n[accounts]\nguests = 'perhaps'\n")
    status, output = await hubbub("serve", "--data", str(tmp_path))
    assert status == 1 and "Traceback" not in output
    assert "server.port" in output and "accounts.guests" in output


async def test_sigterm_ends_it_cleanly_and_everyone_is_told(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        ann = await server.connect()
        ann.type("ann")
        await ann.until("Général")
        server.terminate()
        await ann.until("The server is stopping")
        assert await server.ended() == 0
    assert (await hubbub("check", "--data", str(tmp_path))) == (0, "The data is intact.\n")
    assert not (tmp_path / "admin.sock").exists()


async def test_commands_from_another_terminal(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    async with ServerProcess(tmp_path) as server:
        status, output = await hubbub("admin", *data, "create-admin", "root1", typed="correct horse\n")
        assert (status, output) == (0, "root1 is now an administrator and can log in.\n")
        ann = await server.connect()
        ann.type("ann")
        await ann.until("Général")
        assert "ann" in (await hubbub("admin", *data, "users"))[1]
        status, output = await hubbub("admin", *data, "kick", "ann", "soon", "noise")
        assert status == 1 and "kick <username> <timeout> <reason>" in output
        assert (await hubbub("admin", *data, "kill", "ann", "enough", "now"))[0] == 0
        await ann.until("enough now")
        status, output = await hubbub("admin", *data, typed="rooms\nusers\nexit\n")
        assert status == 0 and "Marketing" in output and "root1" in output
        mode = (tmp_path / "admin.sock").stat().st_mode
        assert mode & 0o077 == 0, "nobody else may open the administrator's socket"
        assert (await hubbub("admin", *data, "shutdown"))[0] == 0
        assert await server.ended() == 0
    status, output = await hubbub("admin", *data, "users")
    assert status == 1 and output.startswith(f"No server is running on {tmp_path}.")


async def test_after_a_crash_everything_goes_on(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    async with ServerProcess(tmp_path) as server:
        server.kill()
        await server.ended()
    assert (tmp_path / "admin.sock").exists(), "what a crash leaves behind"
    assert (await hubbub("admin", *data, "users"))[0] == 1
    assert (await hubbub("admin", *data, "create-admin", "root1", typed="correct horse\n"))[0] == 0
    async with ServerProcess(tmp_path):
        assert "root1" in (await hubbub("admin", *data, "users"))[1]


async def test_the_first_administrator_without_a_server(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    assert (await hubbub("admin", *data, "create-admin", "root1", typed="abc\n"))[0] == 1
    assert (await hubbub("admin", *data, "create-admin", "root1", typed="correct horse\n"))[0] == 0
    status, output = await hubbub("admin", *data, "create-admin", "root1", typed="correct horse\n")
    assert status == 1 and "already registered" in output
    async with ServerProcess(tmp_path) as server:
        assert "create-admin" not in server.greeting
        ann = await server.connect()
        ann.type("login root1 correct horse")
        await ann.until("Logged in as root1.")


async def test_backup_and_restore(tmp_path: Path) -> None:
    data, copy, other = tmp_path / "data", tmp_path / "copy.db", tmp_path / "other"
    async with ServerProcess(data) as server:
        ann = await server.connect()
        ann.type("ann", "a word to keep")
        ann.type("@ann done")
        await ann.until("Private message sent to ann")
        assert (await hubbub("backup", "--data", str(data), str(copy)))[0] == 0
        status, output = await hubbub("restore", "--data", str(data), str(copy), "--replace")
        assert status == 1 and "A server is already running" in output
    assert (await hubbub("restore", "--data", str(other), str(copy)))[0] == 0
    assert (await hubbub("check", "--data", str(other)))[0] == 0
    with sqlite3.connect(other / "hubbub.db") as database:
        assert database.execute("SELECT count(*) FROM message WHERE text = 'a word to keep'").fetchone() == (
            1,
        )
    database.close()
    (tmp_path / "junk").write_text("nothing of ours")
    assert (await hubbub("restore", "--data", str(tmp_path / "new"), str(tmp_path / "junk")))[0] == 1


async def test_no_backup_takes_the_place_of_the_data(tmp_path: Path) -> None:
    """By its own name, from the folder itself, by the running server and without one."""
    data, inside = tmp_path / "data", ("--data", ".")
    async with ServerProcess(data) as server:
        for words in (("backup",), ("backup", "--replace"), ("admin", "backup")):
            for name in ("hubbub.db", "new.hub", "files/x"):
                command, *rest = words
                status, output = await hubbub(command, *inside, *rest, name, folder=data)
                assert status == 1 and "inside the data folder" in output, (words, name)
        assert not (data / "new.hub").exists()
        ann = await server.connect()
        ann.type("ann", "@ann a word to keep")
        await ann.until("Private message sent to ann")
    with closing(sqlite3.connect(data / "hubbub.db")) as database:
        assert "a word to keep" in [text for (text,) in database.execute("SELECT text FROM fresh")]


async def test_a_backups_name_is_understood_where_it_is_written(tmp_path: Path) -> None:
    data, desk = tmp_path / "data", tmp_path / "desk"
    desk.mkdir()
    async with ServerProcess(data):
        assert (await hubbub("admin", "--data", str(data), "backup", "one.hub", folder=desk))[0] == 0
        assert (await hubbub("admin", "--data", str(data), typed="backup two.hub\n", folder=desk))[0] == 0
        status, output = await hubbub("admin", "--data", str(data), "backup", "one.hub", folder=desk)
        assert status == 1 and "The file" in output
    assert sorted(path.name for path in desk.iterdir()) == ["one.hub", "two.hub"]


async def test_a_refused_restore_leaves_nothing(tmp_path: Path) -> None:
    new, empty = tmp_path / "new", tmp_path / "monday#1.hub"
    empty.touch()
    for words in ((str(empty),), (str(empty), "--replace"), (str(tmp_path / "missing"),)):
        status, output = await hubbub("restore", "--data", str(new), *words)
        assert status == 1 and "Traceback" not in output
    assert not new.exists()


async def test_the_settings_are_shown_with_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "hubbub.toml").write_text('[server]\npassword = "open sesame"\nport = 4321\n')
    status, output = await hubbub("config", "--data", str(tmp_path))
    assert status == 0
    assert "4321" in output and str(tmp_path / "hubbub.toml") in output and "open sesame" not in output
    assert "[server]" in (await hubbub("config", "--example"))[1]


async def test_one_port_serves_a_browser_and_ssh(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        browser = await server.connect()
        browser.type("GET / HTTP/1.1", f"Host: localhost:{server.port}", "")
        page = "\n".join(await browser.until("</html>"))
        assert page.startswith("HTTP/1.1 200 OK") and "Content-Security-Policy: " in page
        ssh = await server.connect()
        ssh.type("SSH-2.0-OpenSSH_9.2")
        await ssh.until("SSH-2.0-Hubbub")


async def test_the_log_has_one_entry_a_line(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        assert await hubbub("admin", "--data", str(tmp_path), "shutdown")
        await server.ended()
    log = (tmp_path / "log" / "app.log").read_text().splitlines()
    assert any(line.endswith(f" - INFO - Server listening 127.0.0.1:{server.port}") for line in log)
    assert all(line[4] == "-" and line[23:26] == " - " for line in log)


async def test_what_others_must_not_read_they_can_not(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with ServerProcess(data):
        assert data.stat().st_mode & 0o077 == 0
        for name in ("hubbub.db", "log/app.log", "tls/server.pem", "tls/authority.key"):
            assert (data / name).stat().st_mode & 0o077 == 0, name


async def test_further_listeners_serve_one_kind(tmp_path: Path) -> None:
    (tmp_path / "hubbub.toml").write_text(
        '[[listeners]]\nname = "irc"\nport = 0\nkind = "irc"\ntls = "never"\n'
    )
    async with ServerProcess(tmp_path, "-a", "127.0.0.1") as server:
        log = (tmp_path / "log" / "app.log").read_text()
        ports = [int(line.rpartition(":")[2]) for line in log.splitlines() if "Server listening" in line]
        assert len(ports) == 2 and ports[0] == server.port
        server.port = ports[1]
        ann = await server.connect()
        ann.type("no verb of a beginning", "NICK ann", "USER ann 0 * :Ann")
        await ann.until(" 001 ann ")


async def test_settings_are_read_again_without_a_restart(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        (tmp_path / "hubbub.toml").write_text('[server]\nmotd = "Soup today"\nname = "other"\n')
        status, output = await hubbub("admin", "--data", str(tmp_path), "reload")
        assert status == 0
        assert "server.motd has changed." in output
        assert "server.name has changed. Restart the server to apply it." in output
        ann = await server.connect()
        ann.type("ann")
        await ann.until("Soup today")
        (tmp_path / "hubbub.toml").write_text("[server]\nmotd = 7\n")
        status, output = await hubbub("admin", "--data", str(tmp_path), "reload")
        assert status == 1 and "server.motd" in output and "Nothing has changed." in output


async def test_a_certificate_that_is_refused_is_no_success(tmp_path: Path) -> None:
    """What else was written holds all the same; and it is refused as long as it is no good, whoever asks again."""
    authority = trustme.CA()
    given = authority.issue_cert("chat.example")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    given.private_key_and_cert_chain_pem.write_to_path(chain)
    key.write_bytes(chain.read_bytes())
    flags = {"HUBBUB_TLS_CERTIFICATE": str(chain), "HUBBUB_TLS_KEY": str(key)}
    async with ServerProcess(tmp_path / "data", settings=flags):
        key.write_bytes(authority.issue_cert("chat.example").private_key_pem.bytes())
        (tmp_path / "data" / "hubbub.toml").write_text('[server]\nmotd = "Soup today"\n')
        for told in ("server.motd has changed.", "The settings have not changed."):
            status, output = await hubbub("admin", "--data", str(tmp_path / "data"), "reload")
            assert status == 1 and told in output, output
            assert (
                "does not belong to the certificate" in output
                and "keeps using the current certificate" in output
            )
        key.write_bytes(chain.read_bytes())
        assert (await hubbub("admin", "--data", str(tmp_path / "data"), "reload"))[0] == 0


async def test_the_log_can_be_lines_of_json(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, settings={"HUBBUB_LOG_FORMAT": "json"}) as server:
        server.terminate()
        await server.ended()
    entries = [json.loads(line) for line in (tmp_path / "log" / "app.log").read_text().splitlines()]
    assert {"level", "message", "time"} == set(entries[0])
    assert any(entry["message"].startswith("Server listening") for entry in entries)


async def test_a_client_that_begins_late_is_still_served(tmp_path: Path) -> None:
    """After a silence somebody is greeted as a person; what they then say decides."""
    async with ServerProcess(tmp_path) as server:
        late = await server.connect()
        await late.until("Choose your nickname:")
        late.type("CAP LS 302", "NICK ann", "USER ann 0 * :Ann", "CAP END")
        await late.until(" 001 ann ")


async def test_everything_goes_over_tls_too(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server:
        context = ssl.create_default_context(cafile=str(tmp_path / "tls" / "authority.pem"))
        line = Line(*await asyncio.open_connection("localhost", server.port, ssl=context))
        line.type("NICK ann", "USER ann 0 * :Ann")
        await line.until(" 001 ann ")
        await line.close()


async def test_chatting_needs_an_address_that_is_one_and_a_terminal() -> None:
    for words, sentence in (
        (("not an address",), "Enter the server's address"),
        (("--guest", "localhost"), f"Write: {typed('chat --guest --name NAME ADDRESS')}"),
        (("localhost",), "The chat needs a terminal."),
    ):
        status, output = await hubbub("chat", *words)
        assert status == 1 and sentence in output


async def test_a_setting_is_changed_while_the_server_runs(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        data = ("--data", str(tmp_path / "data"))
        status, said = await hubbub("admin", *data, "set", "setting", "server.network", "School of Music")
        assert status == 0 and "server.network has changed." in said
        status, said = await hubbub("admin", *data, "set", "setting", "server.motd_file", "not-there.txt")
        assert status != 0 and "Nothing has changed." in said
        acts = (await hubbub("admin", *data, "audit", "5"))[1]
        assert "set setting" in acts and "server.network" in acts and "School" not in acts
        ann = await server.connect()
        ann.type("NICK ann", "USER ann 0 * :Ann")
        assert "Welcome to the School of Music" in " ".join(await ann.until("001"))
    assert 'network = "School of Music"' in (tmp_path / "data" / "hubbub.toml").read_text()
    assert "not-there" not in (tmp_path / "data" / "hubbub.toml").read_text()


async def test_without_what_the_desktop_needs_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['PySide6'] = None; from hubbub.cli import main; main(['desktop'])"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told = (await process.communicate())[0].decode()
    assert process.returncode == 1 and "pip install 'hubbub[desktop]'" in told and "Traceback" not in told


def test_the_window_takes_the_data_that_serve_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUBBUB_DATA", raising=False)
    assert _data_here(None) is None
    assert _data_here("elsewhere") == Path("elsewhere")
    (tmp_path / "hubbub-data").mkdir()
    assert _data_here(None) == Path("hubbub-data")
    monkeypatch.setenv("HUBBUB_DATA", "/srv/chat")
    assert _data_here(None) == Path("/srv/chat")


async def test_nobody_is_answered_before_it_is_on_disk(tmp_path: Path) -> None:
    """The disk is held up; the server has taken the command, as another answer shows, and is killed."""
    async with ServerProcess(tmp_path) as server:
        with closing(sqlite3.connect(tmp_path / "hubbub.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            first = await _asked(tmp_path, {"line": "add room tea"})
            second = await _asked(tmp_path, {"complete": "users"})
            await second.until('"ok": true')
            server.kill()
            await server.ended()
            assert await first.read() is None
            await first.close()
            await second.close()
    async with ServerProcess(tmp_path) as server:
        for asked in ({"line": "add room tea"}, {"administrator": "root1", "password": "correct horse"}):
            first = await _asked(tmp_path, asked)
            await first.until('"ok": true')
            await first.close()
        server.kill()
        await server.ended()
    async with ServerProcess(tmp_path):
        assert "tea" in (await hubbub("admin", "--data", str(tmp_path), "rooms"))[1]
        assert "root1" in (await hubbub("admin", "--data", str(tmp_path), "users"))[1]


async def _asked(data: Path, asked: dict[str, str]) -> Line:
    """Somebody who has asked by the administrator's socket, and waits for nothing."""
    line = Line(*await asyncio.open_unix_connection(str(data / "admin.sock")))
    line.type(json.dumps(asked))
    return line


async def test_while_the_disk_fails_people_read_and_afterwards_it_goes_on(tmp_path: Path) -> None:
    """Nothing can be written any more, the log neither: sentences for people, the console and administrators."""
    async with ServerProcess(tmp_path) as server:
        ann, bob = await server.connect(), await server.connect()
        bob.type("NICK bob", "USER bob 0 * :Bob", "JOIN #Général")
        await bob.until(" 366 ")
        ann.type("ann", "kept words")
        await bob.until("kept words")
        with disk_takes_nothing(server.process.pid):
            ann.type("lost words")
            for line in (ann, bob):
                shown = " ".join(await line.until("failed, and the latest messages were not saved"))
                assert "lost words" not in shown and await line.read() is None
            ann = await server.connect()
            ann.type("ann", "/history", "more words")
            shown = " ".join(await ann.until("so nothing has changed. You can still read"))
            assert "ann: kept words" in shown and "lost words" not in shown
            admin = ("admin", "--data", str(tmp_path))
            assert "can't be written" in (await hubbub(*admin, "status"))[1]
            assert await hubbub(*admin, "add room tea") == (1, f"{DiskTakesNothing()}\n")
            status, told = await hubbub(*admin, "set setting server.network Haus")
            assert status == 1 and "can't be written: File too large." in told
        await ann.until("can write to its disk again")
        ann.type("new words", "/history")
        shown = " ".join(await ann.until("--- now ---"))
        assert "ann: kept words" in shown and "ann: new words" in shown and "lost words" not in shown
        server.terminate()
        assert await server.ended() == 0
        assert server.process.stdout is not None
        printed = (await server.process.stdout.read()).decode()
    assert "Traceback" not in printed and "Logging error" not in printed
    assert "The server can write to its disk again" in (tmp_path / "log" / "app.log").read_text()
