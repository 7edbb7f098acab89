"""One setting is changed in the file, and all that stands around it stays."""

import tomllib
from pathlib import Path

import pytest

from hubbub import config
from hubbub.config import FILE_NAME, SettingsError, put_back, write_setting

TEXT = """# our chat
[server]
network = "Old"   # the name
port = 4000

[[listeners]]
name = "lan"
port = 4001
"""


def test_all_that_stands_around_it_stays(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(TEXT)
    assert write_setting(tmp_path, "server.network", 'School of "Music"') == TEXT
    text = file.read_text()
    assert text == TEXT.replace('"Old"', '"School of \\"Music\\""')
    assert config.load(tmp_path, {}, {}).settings.server.network == 'School of "Music"'
    put_back(tmp_path, TEXT)
    assert file.read_text() == TEXT


def test_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    assert write_setting(tmp_path, "accounts.guests", "no") is None
    file = tmp_path / FILE_NAME
    assert tomllib.loads(file.read_text()) == {"accounts": {"guests": False}}
    assert file.stat().st_mode & 0o777 == 0o600
    write_setting(tmp_path, "files.max_bytes", "1000")
    write_setting(tmp_path, "files.refused", ".exe, .bat")
    loaded = config.load(tmp_path, {}, {}).settings
    assert loaded.files.max_bytes == 1000 and loaded.files.refused == (".exe", ".bat")
    put_back(tmp_path, None)
    assert not file.exists()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("server.nothing", "x"),
        ("nothing", "x"),
        ("", ""),
        ("accounts.guests", "perhaps"),
        ("server.port", "99999999"),
        ("accounts.name_pattern", "(a+)+"),
        ("listeners", "x"),
    ],
)
def test_mistakes_change_nothing(tmp_path: Path, key: str, words: str) -> None:
    (tmp_path / FILE_NAME).write_text(TEXT)
    with pytest.raises(SettingsError):
        write_setting(tmp_path, key, words)
    assert (tmp_path / FILE_NAME).read_text() == TEXT


def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("[server\n")
    with pytest.raises(SettingsError):
        write_setting(tmp_path, "server.network", "New")
    assert (tmp_path / FILE_NAME).read_text() == "[server\n"
