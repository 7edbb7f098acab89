"""What is kept between runs, and where passwords go."""

from pathlib import Path

import keyring
import keyring.backend
import pytest

from hubbub.client.client import Client
from hubbub.client.identity import Identity
from hubbub.connection.preferences import Place
from hubbub.terminal.notifications import notification
from hubbub.terminal.settings import Memory


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    ring = Ring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    monkeypatch.setattr(keyring, "get_password", ring.get_password)
    monkeypatch.setattr(keyring, "set_password", ring.set_password)
    monkeypatch.setattr(keyring, "delete_password", ring.delete_password)
    return ring


HOME = Place("chat.example.org", "ann")


def test_a_password_is_in_the_keyring_and_nowhere_else(tmp_path: Path, ring: Ring) -> None:
    remembered = Memory(tmp_path)
    assert remembered.been_at(HOME, "verysecret")
    again = Memory(tmp_path)
    assert again.places() == [HOME] and again.password(HOME) == "verysecret"
    assert all("verysecret" not in file.read_text("utf-8") for file in tmp_path.iterdir())
    again.forget(HOME)
    assert again.places() == [] and ring.kept == {}


def test_without_a_keyring_no_password_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring, "get_keyring", Keyring)
    remembered = Memory(tmp_path)
    assert not remembered.been_at(HOME, "verysecret")
    assert remembered.password(HOME) == ""
    assert all("verysecret" not in file.read_text("utf-8") for file in tmp_path.iterdir())


def test_a_keyring_that_writes_plain_files_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = type("PlaintextKeyring", (Ring,), {})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: plain)
    assert not Memory(tmp_path).been_at(HOME, "verysecret")
    assert plain.kept == {}


def test_a_keyring_that_fails_disturbs_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*words: str) -> str:
        raise RuntimeError("no bus")

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, broken)
    remembered = Memory(tmp_path)
    remembered.been_at(HOME, "x")
    assert remembered.password(HOME) == ""
    remembered.forget(HOME)


def test_drafts_are_kept_but_no_password(tmp_path: Path) -> None:
    client = Client(Identity("ann"), lambda: "x")
    client.open("#tea").draft = "the kettle is"
    client.open("#coffee").draft = "/login ann verysecret"
    client.open("bob").draft = "/msg NickServ IDENTIFY verysecret"
    remembered = Memory(tmp_path)
    remembered.keep(HOME, client, "#tea")
    assert Memory(tmp_path).load(HOME).drafts == {"#tea": "the kettle is"}
    assert all("verysecret" not in file.read_text("utf-8") for file in tmp_path.iterdir())


def test_the_latest_place_comes_first(tmp_path: Path) -> None:
    remembered = Memory(tmp_path, has_keyring=False)
    other = Place("localhost", "bob", is_guest=True)
    for place in (HOME, other, HOME):
        remembered.been_at(place)
    assert remembered.places() == [HOME, other]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"places": 5, "theme": "pink", "bell": "loud"}', "\x00"])
def test_files_that_are_not_ours_are_passed_over(tmp_path: Path, content: str) -> None:
    for name in ("settings.json", "places.json", "servers.json"):
        (tmp_path / name).write_text(content, "utf-8")
    remembered = Memory(tmp_path, has_keyring=False)
    assert remembered.settings.theme == "auto" and remembered.places() == []
    assert remembered.load(HOME).outbox == []


def test_settings_are_kept(tmp_path: Path) -> None:
    Memory(tmp_path).set("bell", "on")
    assert Memory(tmp_path).settings.bell is True
    with pytest.raises(ValueError, match="Write: /set bell on or off"):
        Memory(tmp_path).set("bell", "loud")
    with pytest.raises(ValueError, match="There is no setting colour"):
        Memory(tmp_path).set("colour", "red")


def test_the_files_are_for_their_user_alone(tmp_path: Path) -> None:
    remembered = Memory(tmp_path / "client", has_keyring=False)
    remembered.been_at(HOME)
    assert (tmp_path / "client" / "places.json").stat().st_mode & 0o077 == 0


def test_a_notification_can_not_be_broken_out_of() -> None:
    text = notification("eve\x1b]0;x\x07", "a\x1b\\b\x07c;d\x9c\n\x02bold\x02")
    assert text == "\x1b]777;notify;eve]0,x;a\\bc,d bold\x1b\\\x1b]9;eve]0,x: a\\bc,d bold\x1b\\"
