"""Every mistake in the settings gets a sentence that names it, and no secret is ever in one."""

import pytest

from hubbub.config import SettingsError, reload
from hubbub.invocation import typed
from tests.config.conftest import Folder, Sentences

SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "[server]\nport = 99999",
            "server.port in FILE is 99999. Use a whole number from 0 to 65535.",
        ),
        (
            '[server]\nport = "12345"',
            'server.port in FILE is "12345". Use a whole number from 0 to 65535.',
        ),
        ("[server]\nport = true", "server.port in FILE is true. Use a whole number from 0 to 65535."),
        ("[server]\nport = 1.5", "server.port in FILE is 1.5. Use a whole number from 0 to 65535."),
        ("[server]\nport = nan", "server.port in FILE is nan. Use a whole number from 0 to 65535."),
        (
            f"[server]\nport = 1{'0' * 30}",
            "server.port in FILE is a very large number. Use a whole number from 0 to 65535.",
        ),
        ("[server]\nport = [1]", "server.port in FILE is a list. Use a whole number from 0 to 65535."),
        (
            "[server]\nport = 2026-11-20",
            "server.port in FILE is a single value. Use a whole number from 0 to 65535.",
        ),
        (
            "[server.port]\nx = 1",
            "server.port in FILE is a table. Use a whole number from 0 to 65535.",
        ),
        ('[accounts]\nguests = "maybe"', 'accounts.guests in FILE is "maybe". Use true or false.'),
        (
            '[accounts]\nregistration = "opne"',
            'accounts.registration in FILE is "opne". Use open, invitation, approval or closed.',
        ),
        (
            "[limits]\nconnections = -1",
            'limits.connections in FILE is -1. Use a whole number from 1 to 10000000, or 0 or "off" for no limit.',
        ),
        (
            '[limits]\nburst_lines = "off"',
            'limits.burst_lines in FILE is "off". Use a whole number from 1 to 1000000.',
        ),
        (
            '[limits]\nexempt = ["10.0.0.1/8"]',
            (
                'limits.exempt in FILE is ["10.0.0.1/8"]. '
                'Use a list of addresses or networks, for example ["192.168.0.0/16"].'
            ),
        ),
        (
            '[rooms]\ndefault = ["Tea", "Staff: opne"]',
            (
                'rooms.default in FILE is ["Tea", "Staff: opne"]. Use a list of names, each followed by '
                '": approval" or ": invitation" unless it is open, then by "secret" to keep it out of lists, '
                'for example ["Tea", "Staff: invitation secret"].'
            ),
        ),
        (
            '[server]\nname = "::1"',
            'server.name in FILE is "::1". Use 1 to 63 letters, digits, dots or hyphens, as in a host name.',
        ),
        (
            '[server]\naddress = "not a host"',
            (
                'server.address in FILE is "not a host". '
                'Use an address or a host\'s name, or "*" for every address of the machine.'
            ),
        ),
        (
            '[server]\nadmin_name = "Ann\\u001b[31m\\nQUIT"',
            'server.admin_name in FILE is "Ann\\u001b[31m\\nQUIT". Use one line of at most 300 characters.',
        ),
        (
            f'[server]\nadmin_name = "{"a" * 301}"',
            f'server.admin_name in FILE is "{"a" * 60}…". Use one line of at most 300 characters.',
        ),
        (
            "[server]\nprot = 1",
            "There is no setting server.prot, but FILE has it. Did you mean server.port?",
        ),
        (
            "[server]\nguests = true",
            "There is no setting server.guests, but FILE has it. Move it to [accounts].",
        ),
        (
            "[rooms]\nxyz = 1",
            (
                "There is no setting rooms.xyz, but FILE has it. "
                "There are rooms.default, rooms.creation, rooms.history, rooms.guests_absence_seconds and "
                "rooms.unused_days."
            ),
        ),
        (
            "[limits]\nxyz = 1",
            (
                "There is no setting limits.xyz, but FILE has it. "
                f"`{typed('config --example')}` lists all settings."
            ),
        ),
        ("[sever]\nport = 1", "There is no section [sever], but FILE has it. Did you mean [server]?"),
        ("port = 6667", "port in FILE is outside any section. Move it to [server]."),
        ('server = "x"', "server in FILE is text. Make it a section: [server]."),
        ("[[server]]\nport = 1", "server in FILE is a list. Make it a section: [server]."),
        ('listeners = "x"', "listeners in FILE is text. Write [[listeners]] before each of them."),
        ("[listeners]\nport = 1", "listeners in FILE is a table. Write [[listeners]] before each of them."),
        (
            '[[listeners]]\nname = "a"',
            "listeners[1].port is missing in FILE. Use a whole number from 0 to 65535.",
        ),
        (
            '[[listeners]]\nname = "a"\nport = 1\nkidn = "irc"',
            "There is no setting listeners[1].kidn, but FILE has it. Did you mean listeners[1].kind?",
        ),
        (
            '[[listeners]]\nname = "a"\nport = 1\nkind = "ftp"',
            'listeners[1].kind in FILE is "ftp". Use any, irc, netcat or http.',
        ),
        (
            '[[listeners]]\nname = "a"\nport = 1\n[[listeners]]\nname = "a"\nport = 2',
            "Several listeners in FILE are called a. Give each its own name.",
        ),
        (
            '[operators]\nann = "x"',
            (
                "operators in FILE contains something other than operators. Write [operators.NAME] before "
                "the settings of each."
            ),
        ),
        (
            '[tls]\ncertificate = "a.pem"',
            "tls.certificate is set, but tls.key is not. Set both, or neither to let the server create a certificate.",
        ),
        (
            '[tls]\nkey = "a.pem"',
            "tls.key is set, but tls.certificate is not. Set both, or neither to let the server create a certificate.",
        ),
    ],
)
def test_a_mistake_has_its_sentence(sentences_of: Sentences, content: str, sentence: str) -> None:
    assert sentences_of(content) == [sentence]


def test_the_place_of_a_mistake_is_named(folder: Folder) -> None:
    assert folder.sentences({"HUBBUB_SERVER_PORT": "x"}, {"server.port": -1, "log.backups": 5000}) == [
        'server.port from HUBBUB_SERVER_PORT is "x". Use a whole number from 0 to 65535.',
        "server.port from --port is -1. Use a whole number from 0 to 65535.",
        "log.backups from the command line is 5000. Use a whole number from 0 to 1000.",
    ]


@pytest.mark.parametrize("word", ["", " 1", "-1", "1_0", "٣", "1e3", "0x10", "9" * 30, "\udcff"])
def test_a_number_in_the_environment_is_digits(folder: Folder, word: str) -> None:
    (sentence,) = folder.sentences({"HUBBUB_LOG_BACKUPS": word})
    assert sentence.endswith(" Use a whole number from 0 to 1000.")
    sentence.encode()


def test_unknown_variables_and_flags(folder: Folder) -> None:
    environment = {"HUBBUB_SERVER_PROT": "1", "HUBBUB_LIMIT_BURST_LINES": "1", "HUBBUB_OPERATORS_ANN": SECRET}
    assert folder.sentences(environment, {"server.prot": 1, "nothing": 1}) == [
        (
            "There is no variable HUBBUB_SERVER_PROT, but the environment has it. "
            "Did you mean HUBBUB_SERVER_PORT?"
        ),
        (
            "There is no variable HUBBUB_LIMIT_BURST_LINES, but the environment has it. "
            "Did you mean HUBBUB_LIMITS_BURST_LINES?"
        ),
        "HUBBUB_OPERATORS_ANN has no effect: operators can be set only in hubbub.toml. Move it there.",
        "There is no setting server.prot, but the command line has it. Did you mean server.port?",
        (
            "There is no setting nothing., but the command line has it. "
            f"`{typed('config --example')}` lists all settings."
        ),
    ]


def test_all_mistakes_are_told_together(folder: Folder) -> None:
    folder.write('[server]\nport = -1\nname = ""\nx = 1\n[log]\nlevel = 3\n[[listeners]]\nport = -1\n')
    found = folder.sentences({"HUBBUB_SERVER_LAN": "perhaps"}, {"tls.key": "k"})
    assert [sentence.split(" ")[0] for sentence in found] == [
        *("There", "server.port", "server.name", "log.level", "server.lan"),
        *("listeners[1].port", "listeners[1].name", "tls.key"),
    ]


def test_a_mistake_is_told_even_where_a_later_place_wins(folder: Folder) -> None:
    folder.write("[server]\nport = -1\n")
    assert len(folder.sentences({}, {"server.port": 1})) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "",
        "^.*$",
        "^[a-z ]+$",
        "^[a-z]+$",
        "^[#a-z]{2,9}$",
        "^(a|a)+b$",
        "^[^a]{3}$",
        "a{99999999999}",
        "(" * 300,
    ],
)
def test_a_pattern_that_would_harm_is_refused(folder: Folder, pattern: str) -> None:
    (sentence,) = folder.sentences({}, {"accounts.name_pattern": pattern})
    assert "Use a regular expression of at most 300 characters for names of 1 to 63 characters" in sentence


@pytest.mark.parametrize("pattern", [r"^\w{2,30}$", "^[a-zA-Z][a-zA-Z0-9_-]{0,19}$", "[a-z]{1,63}"])
def test_a_reasonable_pattern_is_taken(folder: Folder, pattern: str) -> None:
    assert folder.load({}, {"accounts.name_pattern": pattern}).settings.accounts.name_pattern == pattern


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'[server]\nmotd = "\xff"', "FILE is not UTF-8 text at line 2. Save it as UTF-8."),
        (b"#" * 300_000, "FILE is larger than 262144 bytes. Make it shorter."),
        (b"a = " + b"[" * 100_000, "FILE cannot be read as TOML: it is nested too deeply."),
        (b"a = " + b"9" * 5000, "FILE cannot be read as TOML: a number in it is too long."),
        (
            b"[accounts]\nguests = yes",
            (
                "FILE cannot be read as TOML: invalid value at line 2, column 10; "
                'write words in quotation marks, such as "yes".'
            ),
        ),
        (b"[server", "FILE cannot be read as TOML: something is wrong at line 1, column 8."),
        (b"[server]\n[server]", "FILE cannot be read as TOML: something is wrong at line 2, column 8."),
        (b"a = 1\na = 2", "FILE cannot be read as TOML: cannot overwrite a value at line 2, column 6."),
        (b"\0", None),
        (b"\x1b[31m = 1", None),
        (b'"\\u001b[31m" = 1', None),
        (b"a.b.c.d.e = 1", None),
        (b"[[server.port]]\n[[limits]]\n[log.file]\n[operators.a.b.c]", None),
        (b"operators = [[[[1]]]]\nlisteners = [{}, 3]", None),
        (b'[operators."a\\nb c"]\npassword = 1', None),
        (b"[" + b"a." * 5000 + b"a]", None),
    ],
)
def test_a_hostile_file_gets_sentences(folder: Folder, content: bytes, sentence: str | None) -> None:
    folder.write(content)
    found = folder.sentences()
    assert sentence is None or found == [sentence]
    assert all(one.isprintable() and one.endswith(".") and len(one) < 500 for one in found)


def test_a_file_that_is_none(folder: Folder) -> None:
    folder.file.mkdir()
    assert folder.sentences() == ["FILE cannot be read: Is a directory."]


def test_a_data_folder_that_is_none(folder: Folder) -> None:
    (folder.path / "data").write_text("")
    folder.path = folder.path / "data"
    (sentence,) = folder.sentences()
    assert sentence.endswith("cannot be read: Not a directory.")


def test_the_message_of_the_day_must_be_there_once(folder: Folder) -> None:
    folder.write('[server]\nmotd = "x"\nmotd_file = "none.txt"\n')
    assert folder.sentences() == [
        "server.motd and server.motd_file are both set. Keep one of them.",
        (
            f"server.motd_file names {folder.path / 'none.txt'}, which does not exist. Create that file, or "
            "leave the setting empty."
        ),
    ]


@pytest.mark.parametrize(
    "content",
    [
        f'[server]\npassword = ["{SECRET}"]',
        f'[server]\npassword = "{SECRET}\\n"',
        f'[server]\npasword = "{SECRET}"',
        f"[server]\npassword = {SECRET}",
        f'[server]\npassword "{SECRET}"',
        f'[server]\npassword = "{SECRET}',
        f'[sever]\npassword = "{SECRET}"',
        f'password = "{SECRET}"',
        f'server = "{SECRET}"',
        f'[operators]\nann = "{SECRET}"',
        f'[operators.ann]\npassword = "{SECRET}"',
        f'[operators.ann]\npassword = ["{SECRET}"]',
        f'[operators.ann]\npasword = "{SECRET}"',
        f'listeners = "{SECRET}"',
    ],
)
def test_no_sentence_holds_a_secret(sentences_of: Sentences, content: str) -> None:
    found = sentences_of(content)
    assert found
    assert SECRET not in "\n".join(found)


def test_an_operators_password_must_be_hashed(sentences_of: Sentences) -> None:
    assert sentences_of(f'[operators.ann]\npassword = "{SECRET}"') == [
        (
            "operators.ann.password in FILE is ********. Use an Argon2id hash as `hubbub hash-password` "
            "prints it, not the password itself."
        )
    ]


def test_no_sentence_holds_a_secret_from_the_environment(folder: Folder) -> None:
    assert folder.sentences({"HUBBUB_SERVER_PASSWORD": SECRET + "\n"}) == [
        "server.password from HUBBUB_SERVER_PASSWORD is ********. Use one line of at most 300 characters."
    ]


def test_a_mistake_while_reading_again_changes_nothing(folder: Folder) -> None:
    old = folder.load()
    folder.write("[server]\nport = -1\n")
    with pytest.raises(SettingsError):
        reload(old, {}, {})
    assert old.settings.server.port == 12345
