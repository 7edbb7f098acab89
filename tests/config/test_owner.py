"""Which settings are the machine's owner's: every one that names a file, and what else opens the machine."""

import re
from pathlib import Path

import pytest

from hubbub import config
from hubbub.config import only_owner
from hubbub.config.loading import all_settings
from hubbub.config.sections import REPEATED

DECLARED = {f"{section}.{one.name}": one for section, one in all_settings()}
OF_THE_MACHINE = (
    *("server.name", "server.address", "server.port", "server.lan", "server.proxies", "server.web_origins"),
    *("server.web_address", "server.metrics_networks", "web.webhook_networks", "web.own_networks"),
    *("limits.exempt", "files.reserve_bytes"),
    *("tls.required_beyond_loopback", "tls.sts_seconds", "tls.extra_names"),
    *("log.format", "log.file", "log.console", "log.level", "log.max_bytes", "log.backups"),
    *(
        "accounts.hash_memory_kib",
        "accounts.hash_passes",
        "accounts.hashes_at_once",
        "accounts.scram_iterations",
    ),
)


def names_a_file(key: str) -> bool:
    """By its name or by what is said of it: whoever adds such a setting declares it with `file_setting`."""
    one = DECLARED[key]
    if one.kind is not str and not one.is_list:
        return False
    by_name = re.search(
        r"_(file|files|folder|path|dir|command|program|socket)$|^(certificate|key)$", one.name
    )
    return bool(by_name or re.match(r"(A|The) (file|folder|program|command|socket)\b", one.text))


@pytest.mark.parametrize("key", DECLARED)
def test_what_names_a_file_is_declared_so(key: str) -> None:
    assert DECLARED[key].about.is_file == names_a_file(key)
    assert not DECLARED[key].about.is_file or DECLARED[key].about.owner


def test_the_files_that_there_are() -> None:
    assert [key for key, one in DECLARED.items() if one.about.is_file] == [
        "server.motd_file",
        "accounts.sealing_key_file",
        "tls.certificate",
        "tls.key",
    ]


def test_only_a_declared_file_is_found(tmp_path: Path) -> None:
    """So a setting that is read as a path, and not declared as one, fails at once."""
    loaded = config.load(tmp_path, {}, {"server.motd": "hello"})
    assert loaded.file("tls.key") == tmp_path
    with pytest.raises(KeyError):
        loaded.file("server.motd")


def test_what_else_is_the_machines() -> None:
    owners = {key for key, one in DECLARED.items() if one.about.owner and not one.about.is_file}
    assert owners == set(OF_THE_MACHINE)
    for section in REPEATED:
        assert config.is_owners(f"{section}.x") and config.is_owners(f"{section}[1].port")
    assert not config.is_owners("server.network") and not config.is_owners("nothing.such")


def test_the_page_names_each_of_them() -> None:
    """What docs/run says is what is declared."""
    page = (Path(__file__).parents[2] / "docs/run/administrators.md").read_text("utf-8")
    for key, one in DECLARED.items():
        assert (f"| `{key}` |" in page) == one.about.owner, key


def test_the_sentence_says_where() -> None:
    sentence = only_owner("server.motd_file")
    assert "hubbub.toml" in sentence and "hubbub admin set setting server.motd_file" in sentence
