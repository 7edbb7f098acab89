"""Whoever administers the chat does not own the machine: over chat and HTTP no file of it is named, read or found."""

from pathlib import Path

import pytest

from hubbub import config
from hubbub.admin.command_tree import COMMANDS
from hubbub.admin.interpreter import run
from hubbub.config.loading import all_settings
from hubbub.node.admin_context import ConsoleContext
from tests.server_harness import NAMES, ServerHarness, told
from tests.web.test_revoking import NewClient, session, token

OWNERS = [f"{section}.{one.name}" for section, one in all_settings() if one.about.owner]


@pytest.fixture
def written(harness: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which settings would have been written."""
    written: list[str] = []

    def write(key: str, words: str) -> list[str]:
        written.append(key)
        return [f"{key} has changed."]

    monkeypatch.setattr(harness.node, "change_setting", write)
    return written


async def test_the_settings_of_the_machine(
    harness: ServerHarness, new_client: NewClient, written: list[str]
) -> None:
    """By a ticket, by a token, as a command of its own and as a line, in the chat, and by whoever is OPER: never."""
    root = await session(harness, new_client, "root", "root", "admin")
    program = new_client()
    program.bear(await token(root, "bot", scopes=["admin"]))
    for key in [*OWNERS, "listeners.irc", "operators.ann.password", "gateways.web.networks"]:
        sentence = config.only_owner(key)
        for who in (root, program):
            asked = {"setting": key, "value": "/etc/passwd"}
            answer = await who.post("/api/v1/admin/set-setting", asked)
            assert answer.status == 409 and answer.error == sentence
            line = await who.post("/api/v1/admin", {"line": f"set setting {key} /etc/passwd"})
            assert line.json["lines"] == [sentence] and not line.json["ok"]
        assert any(
            config.only_owner(key)[:60] in one
            for one in told(await harness.ask("root", f"PRIVMSG Hubbub :set setting {key} x"), "root")
        )
    assert written == []
    assert (
        await root.post("/api/v1/admin/set-setting", {"setting": "server.network", "value": "Tea"})
    ).status == 200
    assert written == ["server.network"]


async def test_the_owner_changes_them(harness: ServerHarness, written: list[str]) -> None:
    """At the console, and in another terminal of whoever owns the data folder."""
    desk = ConsoleContext(harness.node)
    for key in OWNERS:
        assert (await run(desk, f"set setting {key} x")).ok
    assert written == OWNERS


async def test_what_the_settings_show(tmp_path: Path, new_client: NewClient, harness: ServerHarness) -> None:
    """No secret, no folder; and who changes each."""
    (tmp_path / "motd.txt").write_text("Hello.")
    settings = {
        "server.motd_file": str(tmp_path / "motd.txt"),
        "server.password": "open sesame",
    }
    harness.node.follow(config.load(tmp_path, {}, {"server.name": "hubbub", **NAMES, **settings}))
    root = await session(harness, new_client, "root", "root", "admin")
    shown = (await root.get("/api/v1/admin/settings")).json
    rows = {row[0]: row[1:] for row in shown["rows"]}
    assert rows["server.motd_file"] == [
        "(a file on the server)",
        "the command line",
        "the machine's owner",
    ]
    assert rows["server.password"][0] == "********"
    assert rows["server.network"][2] == "administrators"
    assert str(tmp_path) not in str(shown) and "sesame" not in str(shown)
    own = (await run(ConsoleContext(harness.node), "settings server.motd_file")).rows[0]
    assert str(tmp_path) in own[1], "whoever sits at the machine sees it"


async def test_no_sentence_says_where_anything_is(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await session(harness, new_client, "root", "root", "admin")
    problem = f"server.motd_file names /srv/my-school/motd.txt, which does not exist. See {harness.data}/hubbub.toml."
    monkeypatch.setattr(harness.node, "reload", lambda: (True, [problem]))

    def fails(key: str, words: str) -> list[str]:
        raise config.SettingsError([problem])

    monkeypatch.setattr(harness.node, "change_setting", fails)
    told_instead = "server.motd_file names …/motd.txt, which does not exist. See hubbub.toml."
    assert (await root.post("/api/v1/admin/reload")).json["lines"] == [told_instead]
    answer = await root.post("/api/v1/admin/set-setting", {"setting": "server.network", "value": "Tea"})
    assert answer.error == f"{told_instead} Nothing has changed."
    folder = harness.data / "log"
    folder.mkdir()
    (folder / "app.log").write_text(f"{problem} See https://chat.example/a/b and /admin help.\n")
    lines = (await root.get("/api/v1/admin/log")).json["lines"]
    assert lines == [f"{told_instead} See https://chat.example/a/b and /admin help."]
    assert (await run(ConsoleContext(harness.node), "reload")).lines == (problem,)


@pytest.mark.parametrize("name", ["/tmp/x.db", "../x.db", ".x.db", "a/b.db", "hubbub.db/../../x"])
async def test_a_backup_is_a_new_file_in_its_folder(
    harness: ServerHarness, new_client: NewClient, name: str
) -> None:
    root = await session(harness, new_client, "root", "root", "admin")
    answer = await root.post("/api/v1/admin/backup", {"file": name})
    assert answer.status == 409 and answer.error.startswith("In the chat, write only the name of a new file.")
    assert not (harness.data / "backups").exists()


def test_every_command_is_judged() -> None:
    """docs/run says of each command what an administrator of the chat gets by it."""
    page = (Path(__file__).parents[2] / "docs/run/administrators.md").read_text("utf-8")
    for command in COMMANDS:
        assert f"`{command.name}`" in page, command.name
