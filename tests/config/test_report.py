"""What people are shown of the settings: those in use, a file to start from, the page of the documentation."""

import re

import msgspec

from hubbub.config import Settings, describe, example
from hubbub.config.declaration import declared
from hubbub.config.sections import ALL_SECTIONS
from hubbub.config.values import allowed
from tests.config.conftest import Folder
from tests.config.test_loading import HASH
from tools.settings_page import page

SECRET = "correct-horse-battery"


def test_every_setting_is_described_with_its_source(folder: Folder) -> None:
    folder.write('[limits]\nconnections = 0\n[[listeners]]\nname = "irc"\nport = 6667\n')
    rows = [
        re.split(r"  +", row)
        for row in describe(folder.load({"HUBBUB_SERVER_LAN": "yes"}, {"server.port": 7})).splitlines()
    ]
    assert ["server.port", "7", "(--port)"] in rows
    assert ["server.lan", "true", "(HUBBUB_SERVER_LAN)"] in rows
    assert ["server.welcome_room", '"Général"', "(built in)"] in rows
    assert ["limits.connections", "off", f"({folder.file})"] in rows
    assert ["listeners[1].port", "6667", f"({folder.file})"] in rows
    assert {row[0] for row in rows} >= {
        f"{section}.{one.name}"
        for section in ("server", "accounts", "rooms", "tls", "log", "limits")
        for one in declared(ALL_SECTIONS[section])
    }


def test_a_secret_is_shown_nowhere(folder: Folder) -> None:
    folder.write(f'[server]\npassword = "{SECRET}"\n[operators.ann]\npassword = "{HASH}"\n')
    loaded = folder.load()
    shown = describe(loaded) + repr(loaded)
    assert SECRET not in shown
    assert "argon2id" not in shown
    assert any(line.split()[:2] == ["server.password", "********"] for line in shown.splitlines())
    assert "********" not in describe(Folder(folder.path / "none").load())


def test_the_file_to_start_from_changes_nothing(folder: Folder) -> None:
    folder.write(example())
    assert folder.load().settings == Settings()


def test_the_file_to_start_from_says_what_holds_anyway(folder: Folder) -> None:
    folder.write(re.sub(r"^#(\w)", r"\1", example(), flags=re.MULTILINE))
    loaded = folder.load()
    assert loaded.settings == Settings()
    built_in = {key for key, place in loaded.sources.items() if place == "built in"}
    assert built_in == {"listeners", "operators", "gateways"}


def test_the_samples_in_the_file_to_start_from_can_be_used(folder: Folder) -> None:
    text = re.sub(r"^##([\w\[])", r"\1", example(), flags=re.MULTILINE).replace("$argon2id$…", HASH)
    folder.write(text)
    settings = folder.load().settings
    assert [(one.name, one.port, one.kind) for one in settings.listeners] == [("irc", 6667, "irc")]
    assert settings.operators["ann"].role == "admin"
    assert settings.gateways["webchat"].networks == ("192.0.2.7",)


def test_no_line_of_the_file_to_start_from_is_too_long() -> None:
    assert max(map(len, example().splitlines())) <= 110


def test_every_setting_is_on_the_page() -> None:
    rows = page().splitlines()
    for section in ALL_SECTIONS.values():
        for one in declared(section):
            assert any(row.startswith(f"| `{one.name}` | {one.text}") for row in rows)


def test_every_row_of_the_page_has_its_five_cells() -> None:
    rows = [row for row in page().splitlines() if row.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {7}


def test_every_setting_is_one_sentence_and_says_what_is_allowed() -> None:
    for section in ALL_SECTIONS.values():
        for one in declared(section):
            assert one.text.endswith((".", "…"))
            assert allowed(one)
            assert "None" not in allowed(one)


def test_every_built_in_value_is_allowed() -> None:
    for section in ALL_SECTIONS.values():
        for one in declared(section):
            assert one.default is msgspec.NODEFAULT or msgspec.convert(one.default, one.hint) == one.default
