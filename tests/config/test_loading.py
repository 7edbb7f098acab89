"""Settings come from four places, the later winning, and may be read again."""

from pathlib import Path

import pytest

from hubbub.config import BornRoom, Listener, Reloaded, Settings, data_folder, load, reload, rules
from hubbub.engine.state import Access, Rules
from tests.config.conftest import Folder

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2hoYXNo"


def read_again(folder: Folder, before: str, after: str) -> Reloaded:
    folder.write(before)
    old = folder.load()
    folder.write(after)
    return reload(old, {}, {})


def test_without_anything_the_built_in_settings_hold(folder: Folder) -> None:
    loaded = folder.load()
    assert loaded.settings == Settings()
    assert set(loaded.sources.values()) == {"built in"}
    assert loaded.motd == ()


def test_a_data_folder_that_is_not_there_yet_is_no_mistake(tmp_path: Path) -> None:
    assert load(tmp_path / "none", {}, {}).settings == Settings()


def test_the_later_place_wins(folder: Folder) -> None:
    assert folder.load().settings.server.port == 12345
    folder.write("[server]\nport = 1\n")
    from_file = folder.load()
    assert (from_file.settings.server.port, from_file.sources["server.port"]) == (1, str(folder.file))
    environment = {"HUBBUB_SERVER_PORT": "2"}
    from_environment = folder.load(environment)
    assert from_environment.settings.server.port == 2
    assert from_environment.sources["server.port"] == "HUBBUB_SERVER_PORT"
    from_flag = folder.load(environment, {"server.port": 3, "server.address": None})
    assert (from_flag.settings.server.port, from_flag.sources["server.port"]) == (3, "--port")
    assert from_flag.sources["server.address"] == "built in"


def test_each_place_gives_what_the_others_do_not(folder: Folder) -> None:
    folder.write('[server]\nname = "chat.example"\n')
    server = folder.load({"HUBBUB_SERVER_NETWORK": "School"}, {"server.lan": True}).settings.server
    assert (server.name, server.network, server.host) == ("chat.example", "School", "*")


def test_where_to_listen() -> None:
    assert Settings().server.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("given", "environment", "path"),
    [
        (None, {}, "hubbub-data"),
        (None, {"HUBBUB_DATA": "/srv/chat"}, "/srv/chat"),
        ("here", {"HUBBUB_DATA": "/x"}, "here"),
    ],
)
def test_the_data_folder(given: str | None, environment: dict[str, str], path: str) -> None:
    assert data_folder(environment, given) == Path(path)


@pytest.mark.parametrize("word", ["yes", "true", "on", "Yes"])
def test_yes_in_words(folder: Folder, word: str) -> None:
    folder.write(f'[server]\nlan = "{word}"\n')
    assert folder.load().settings.server.lan is True
    assert load(folder.path / "none", {"HUBBUB_SERVER_LAN": word}, {}).settings.server.lan is True


@pytest.mark.parametrize("word", ["no", "false", "off"])
def test_no_in_words(folder: Folder, word: str) -> None:
    assert folder.load({"HUBBUB_ACCOUNTS_GUESTS": word}).settings.accounts.guests is False


@pytest.mark.parametrize("value", ["0", '"off"'])
def test_a_limit_may_be_off(folder: Folder, value: str) -> None:
    folder.write(f"[limits]\nlines_a_second = {value}\n")
    assert folder.load().settings.limits.lines_a_second == 0


def test_lists_in_the_file_and_the_environment(folder: Folder) -> None:
    folder.write('[limits]\nexempt = ["127.0.0.0/8", "::1"]\n')
    loaded = folder.load({"HUBBUB_TLS_EXTRA_NAMES": "chat.example, 192.0.2.7,"})
    assert loaded.settings.limits.exempt == ("127.0.0.0/8", "::1")
    assert loaded.settings.tls.extra_names == ("chat.example", "192.0.2.7")


def test_a_server_is_born_with_its_rooms() -> None:
    assert Settings().rooms.defaults() == (
        BornRoom("Blabla"),
        BornRoom("Comptabilité", Access.APPROVAL),
        BornRoom("Général"),
        BornRoom("Informatique", Access.APPROVAL),
        BornRoom("Marketing", Access.APPROVAL),
    )


def test_other_rooms_to_be_born_with(folder: Folder) -> None:
    rooms = folder.load(
        {"HUBBUB_ROOMS_DEFAULT": "Tea, #Staff:invitation secret, Cellar: secret"}
    ).settings.rooms
    assert rooms.defaults() == (
        BornRoom("Tea"),
        BornRoom("Staff", Access.INVITATION, True),
        BornRoom("Cellar", secret=True),
    )


def test_listeners_and_operators(folder: Folder) -> None:
    folder.write(
        '[[listeners]]\nname = "irc"\nport = 6667\nkind = "irc"\ntls = "never"\n'
        '[[listeners]]\nname = "secure"\naddress = "*"\nport = 6697\n'
        f'[operators.ann]\npassword = "{HASH}"\nrole = "admin"\nnetworks = ["10.0.0.0/8"]\n'
    )
    loaded = folder.load()
    irc, secure = loaded.settings.listeners
    assert (irc.name, irc.address, irc.port, irc.kind, irc.tls) == ("irc", "127.0.0.1", 6667, "irc", "never")
    assert secure == Listener(name="secure", address="*", port=6697, kind="any", tls="auto")
    ann = loaded.settings.operators["ann"]
    assert (ann.password, ann.role, ann.networks) == (HASH, "admin", ("10.0.0.0/8",))
    assert loaded.sources["listeners"] == loaded.sources["operators"] == str(folder.file)


def test_the_message_of_the_day_is_tame(folder: Folder) -> None:
    folder.write('[server]\nmotd = """\nBienvenue\u00a0!\n\n\tTea at four.\n"""\n')
    assert folder.load().motd == ("Bienvenue\u00a0!", "", "    Tea at four.")
    (folder.path / "motd.txt").write_bytes(b"\xef\xbb\xbfHello\r\nred: \x1b[31m\r\n\r\n")
    folder.write('[server]\nmotd_file = "motd.txt"\n')
    assert folder.load().motd == ("Hello", "red: [31m")


def test_files_are_looked_for_in_the_data_folder(folder: Folder) -> None:
    folder.write('[tls]\ncertificate = "a.pem"\nkey = "/etc/a.pem"\n')
    loaded = folder.load()
    assert loaded.file("tls.certificate") == folder.path / "a.pem"
    assert loaded.file("tls.key") == Path("/etc/a.pem")


def test_a_file_from_windows_is_read(folder: Folder) -> None:
    folder.write(b"\xef\xbb\xbf[server]\r\nport = 7\r\n")
    assert folder.load().settings.server.port == 7


def test_what_container_platforms_set_is_not_meant_for_us(folder: Folder) -> None:
    environment = {
        "HUBBUB_PORT": "tcp://10.0.0.1:12345",
        "HUBBUB_PORT_12345_TCP_ADDR": "10.0.0.1",
        "HUBBUB_SERVICE_HOST": "10.0.0.1",
        "HUBBUB_SERVICE_PORT": "12345",
        "HUBBUB_SERVICE_PORT_IRC": "12345",
        "HUBBUB_DATA": "/srv",
        "HUBBUB_SOMETHING_ELSE": "x",
        "PATH": "/bin",
    }
    assert folder.load(environment).settings == Settings()


def test_the_engine_follows_the_settings(folder: Folder) -> None:
    assert rules(Settings()) == Rules()
    folder.write('[accounts]\nname_pattern = "^[a-z]{2,9}$"\nname_rule = "2 to 9 letters"\nguests = "no"\n')
    followed = rules(folder.load().settings)
    assert followed.names.pattern.pattern == "^[a-z]{2,9}$"
    assert (followed.names.words, followed.guests) == ("2 to 9 letters", False)


def test_read_again_what_changed_holds_and_what_cannot_waits(folder: Folder) -> None:
    read = read_again(
        folder, "[server]\nport = 1\n", '[server]\nport = 2\npassword = "x"\n[limits]\nburst_lines = 7\n'
    )
    assert read.changed == ("server.password", "limits.burst_lines")
    assert read.waiting == ("server.port",)
    settings = read.loaded.settings
    assert (settings.server.port, settings.server.password, settings.limits.burst_lines) == (1, "x", 7)
    again = reload(read.loaded, {}, {})
    assert (again.changed, again.waiting) == ((), ("server.port",))


def test_read_again_a_setting_that_waits_keeps_its_source(folder: Folder) -> None:
    read = read_again(folder, "", "[server]\nport = 2\n")
    assert read.loaded.sources["server.port"] == "built in"


def test_read_again_unchanged(folder: Folder) -> None:
    read = read_again(folder, "[server]\nport = 1\n", "[server]\nport = 1 # the same\n")
    assert (read.changed, read.waiting) == ((), ())


def test_read_again_operators_change_and_listeners_wait(folder: Folder) -> None:
    read = read_again(
        folder, "", f'[[listeners]]\nname = "irc"\nport = 6667\n[operators.ann]\npassword = "{HASH}"\n'
    )
    assert (read.changed, read.waiting) == (("operators",), ("listeners",))
    assert list(read.loaded.settings.operators) == ["ann"]
    assert read.loaded.settings.listeners == ()


def test_read_again_the_file_of_the_message_of_the_day(folder: Folder) -> None:
    folder.write('[server]\nmotd_file = "motd.txt"\n')
    (folder.path / "motd.txt").write_text("Monday")
    old = folder.load()
    (folder.path / "motd.txt").write_text("Tuesday")
    read = reload(old, {}, {})
    assert (read.changed, read.loaded.motd) == (("server.motd_file",), ("Tuesday",))
