"""The pictures that others send: fetched as far as they are of this server, and kept in bounds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage

from hubbub.client.client import Client
from hubbub.client.identity import Identity
from hubbub.connection.known_servers import KnownServers
from hubbub.desktop import uploads
from hubbub.desktop.app import application
from hubbub.desktop.uploads import Pictures, _made_round, _made_small
from tests.desktop.desktop_harness import until

HOST = "https://chat.test/files"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pictures(clock: Clock, tmp_path: Path) -> Iterator[Pictures]:
    application()
    client = Client(Identity("ann"), lambda: "x")
    client.server.support["draft/FILEHOST"] = HOST
    pictures = Pictures(client, KnownServers(tmp_path / "known.json"), clock)
    yield pictures
    pictures.end()


def _nothing() -> None:
    """Nobody waits for it."""


@pytest.mark.parametrize("link", ["https://[x/a.png", "https://a\u2100b/a.png"])
async def test_what_is_no_address_is_no_picture(pictures: Pictures, link: str) -> None:
    """Anybody may write such a thing, or name it as their picture: lists would not be drawn any more."""
    assert pictures.in_text(f"look: {link}", _nothing) == ("", "")
    pictures._client.people.get("bob").metadata["avatar"] = link
    assert pictures.of_person("bob", _nothing) == ""


async def test_few_are_kept(pictures: Pictures, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many links as there are: those that nobody looks at make way, with their files."""
    fetched: list[str] = []

    async def fetch(link: str, *_: object) -> bytes:
        fetched.append(link)
        return b""

    def make(data: bytes, path: Path) -> bool:
        return bool(path.write_bytes(b"x"))

    monkeypatch.setattr(uploads, "fetch", fetch)
    monkeypatch.setattr(uploads, "_made_small", make)
    monkeypatch.setattr(uploads, "KEPT", 3)

    def look(name: str) -> str:
        return pictures.in_text(f"{HOST}/{name}.png", _nothing)[0]

    for name in "abc":
        look(name)
    await until(lambda: all(map(look, "abc")))
    first = Path(QUrl(look("a")).toLocalFile())
    assert first.exists() and not look("d") and len(fetched) == 3, "those are looked at"
    clock.now += uploads.UNWANTED_SECONDS
    assert look("b") and look("c") and not look("d")
    await until(lambda: bool(look("d")))
    assert not first.exists() and len(pictures._found) == len(pictures._wanted) == 3
    assert not look("a") and fetched == [f"{HOST}/{name}.png" for name in "abcd"]


def test_only_pictures_of_the_usual_kinds_are_read(tmp_path: Path) -> None:
    """Whatever Qt could read besides."""
    application()
    target, picture = tmp_path / "made.png", QImage(9, 9, QImage.Format.Format_RGB32)
    assert not _made_small(SVG, target) and not _made_round(SVG, target) and not target.exists()
    for kind in ("png", "jpg", "webp"):
        picture.save(str(tmp_path / f"sent.{kind}"))
        assert _made_small((tmp_path / f"sent.{kind}").read_bytes(), target)
