"""Files: sent by whoever may, seen by whoever may read where they were posted, gone with their message."""

import asyncio
import errno
import hashlib
import io
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from PIL import Image

from hubbub.engine import files as engine_files
from hubbub.engine.files import Posting
from hubbub.engine.state import State
from hubbub.web import files
from hubbub.web.blob_store import Vault
from hubbub.web.files import COOKIE, UNPOSTED_MS, tidy
from hubbub.web.media_types import kind_of
from hubbub.web.picture_jobs import Thumbnails
from hubbub.web.thumbnail_worker import SIDE_MAX
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness, told
from tests.web.http_client import Answer, HttpClient, answer_on
from tests.web.pictures import PNG, png_of


def picture(width: int, height: int) -> bytes:
    """A picture that does not get small by itself."""
    data = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(data, "PNG")
    return data.getvalue()


class Sender:
    """Somebody who is in, with an account, and asks the website as who they are."""

    def __init__(self, harness: ServerHarness, client: HttpClient, name: str) -> None:
        self.harness, self.client, self.name = harness, client, name

    async def say(self, where: str, text: str) -> str:
        """The message's id."""
        lines = told(await self.harness.ask(self.name, f"PRIVMSG {where} :{text}"), self.name)
        return lines[0].partition("msgid=")[2].partition(" ")[0].partition(";")[0]

    async def send(self, body: bytes = PNG, name: str = "cat.png", **headers: str) -> Answer:
        disposition = f'attachment; filename="{name}"'
        return await self.client.post("/files", body=body, Content_Disposition=disposition, **headers)

    async def sent(self, body: bytes = PNG, name: str = "cat.png") -> str:
        """The path of a file that was taken."""
        answer = await self.send(body, name)
        assert answer.status == 201, answer.body
        return urlsplit(answer.headers["location"]).path

    async def sees(self, path: str) -> bool:
        return (await self.client.get(path)).status == 200


def vault_of(sender: Sender) -> Vault:
    """Where the website keeps what it is sent."""
    runner = sender.client.website._runner
    assert runner
    return runner.app[files.VAULT]


@pytest.fixture
def new_sender(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> Callable[[str], "asyncio.Future[Sender]"]:
    async def make(name: str, rooms: str = "#tea") -> Sender:
        await harness.account(name)
        caps = "message-tags echo-message batch draft/message-redaction hubbub/edit hubbub/ticket"
        harness.connect(name).type(
            f"CAP REQ :{caps}\nPASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :x\nCAP END"
        )
        await harness.look()
        if rooms:
            await harness.ask(name, f"JOIN {rooms}")
        client = new_client()
        [line] = told(await harness.ask(name, "TICKET"), name)
        client.bear(line.split(" ")[-1])
        return Sender(harness, client, name)

    return make  # type: ignore[return-value]


NewSender = Callable[..., "asyncio.Future[Sender]"]


async def test_sent_posted_seen(new_sender: NewSender, harness: ServerHarness) -> None:
    ann, bob, eve = await new_sender("ann"), await new_sender("bob"), await new_sender("eve", "")
    answer = await ann.send(name="Ça va.png")
    assert answer.status == 201 and answer.json["url"] == answer.headers["location"]
    path = urlsplit(answer.headers["location"]).path
    assert path.startswith("/files/") and path.endswith("/%C3%87a%20va.png")
    assert await ann.sees(path) and not await bob.sees(path), "nobody was shown it yet"
    await ann.say("#tea", f"look: {answer.headers['location']}")
    assert await bob.sees(path) and not await eve.sees(path)
    got = await bob.client.get(path)
    assert got.body == PNG and got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["content-disposition"] == "inline; filename*=UTF-8''%C3%87a%20va.png"
    await harness.ask("bob", "PART #tea")
    assert not await bob.sees(path), "who has left reads no history, and sees no files"


async def test_in_private(new_sender: NewSender) -> None:
    ann, bob, eve = await new_sender("ann"), await new_sender("bob"), await new_sender("eve")
    path = await ann.sent()
    await ann.say("bob", f"http://chat.test{path}")
    assert await bob.sees(path) and not await eve.sees(path)


async def test_who_has_only_found_the_address_gives_nobody_a_right_to_it(new_sender: NewSender) -> None:
    ann, bob, eve = await new_sender("ann"), await new_sender("bob"), await new_sender("eve", "#other")
    path = await ann.sent()
    await ann.say("bob", f"http://chat.test{path}")
    await eve.say("#other", f"http://chat.test{path}")
    assert not await eve.sees(path)
    await bob.harness.ask("bob", "JOIN #other")
    await bob.say("#other", f"pass on: http://chat.test{path}")
    assert await eve.sees(path), "who may see it may pass it on"


async def test_gone_with_its_message(new_sender: NewSender, harness: ServerHarness) -> None:
    ann, bob = await new_sender("ann"), await new_sender("bob")
    vault = Vault(harness.data / "files")
    first, second = await ann.sent(), await bob.sent()
    digest = hashlib.sha256(PNG).hexdigest()
    assert vault.path(digest).read_bytes() == PNG, "the same bytes are kept once"
    assert len([path for path in vault.folder.rglob("*") if path.is_file()]) == 1
    one = await ann.say("#tea", f"http://chat.test{first}")
    other = await bob.say("#tea", f"http://chat.test{second}")
    await harness.ask("ann", f"REDACT #tea {one}")
    assert not await bob.sees(first)
    await tidy(harness.node, vault)
    assert not await ann.sees(first) and await ann.sees(second) and vault.path(digest).exists()
    await harness.ask("bob", f"EDIT #tea {other} :never mind")
    await tidy(harness.node, vault)
    assert not await bob.sees(second) and not vault.path(digest).exists()
    assert harness.node.state.file_bytes == {}


async def test_a_file_goes_at_once_with_its_message(new_sender: NewSender, harness: ServerHarness) -> None:
    """Nobody waits for the next time that it is tidied: a backup made then has neither its name nor its bytes."""
    ann = await new_sender("ann")
    place = Vault(harness.data / "files").path(hashlib.sha256(PNG).hexdigest())
    number = await ann.say("#tea", f"http://chat.test{await ann.sent()}")
    assert place.exists()
    await harness.ask("ann", f"REDACT #tea {number}")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while place.exists():
            await asyncio.sleep(0)
    assert harness.node.state.file_bytes == {}


async def test_what_nobody_posts_goes_after_a_day(new_sender: NewSender, harness: ServerHarness) -> None:
    ann = await new_sender("ann")
    vault = Vault(harness.data / "files")
    path = await ann.sent()
    await tidy(harness.node, vault)
    assert await ann.sees(path)
    harness.now_ms += UNPOSTED_MS + 1000
    await tidy(harness.node, vault)
    assert not await ann.sees(path)


async def test_a_picture_of_oneself(new_sender: NewSender, harness: ServerHarness) -> None:
    """Everybody sees it, it stays, and it goes when there is another one; nobody makes public what is another one's."""
    ann, bob = await new_sender("ann"), await new_sender("bob", "")
    path, secret = await ann.sent(), await ann.sent(b"another", "x.txt")
    for name in ("ann", "bob"):
        await harness.ask(name, "CAP REQ :batch draft/metadata-2")
    await harness.ask("bob", f"METADATA * SET avatar :https://chat.test{secret}")
    assert not await bob.sees(path) and not await bob.sees(secret)
    await harness.ask("ann", f"METADATA * SET avatar :https://chat.test{path}")
    assert await bob.sees(path) and not await bob.sees(secret)
    vault = Vault(harness.data / "files")
    harness.wait(2 * UNPOSTED_MS / 1000)
    await tidy(harness.node, vault)
    assert await bob.sees(path) and not await ann.sees(secret)
    await harness.ask("ann", "METADATA * SET avatar")
    await tidy(harness.node, vault)
    assert not await ann.sees(path)


async def test_a_picture_that_was_said_stays(new_sender: NewSender, harness: ServerHarness) -> None:
    ann = await new_sender("ann")
    path = await ann.sent()
    await harness.ask("ann", "CAP REQ :batch draft/metadata-2")
    number = await ann.say("#tea", f"me: https://chat.test{path}")
    await harness.ask("ann", f"METADATA * SET avatar :https://chat.test{path}")
    vault = Vault(harness.data / "files")
    await harness.ask("ann", f"REDACT #tea {number}")
    await tidy(harness.node, vault)
    assert await ann.sees(path), "it is still the picture"
    await harness.ask("ann", "METADATA * SET avatar")
    await tidy(harness.node, vault)
    assert not await ann.sees(path)


@pytest.mark.parametrize("harness", [{"files.quota_bytes": 150}], indirect=True)
async def test_the_quota(harness: ServerHarness, new_sender: NewSender) -> None:
    ann = await new_sender("ann")
    assert (await ann.send()).status == 201 and (await ann.send()).status == 201
    answer = await ann.send()
    assert answer.status == 413
    assert answer.error == "Your files may take up 150 bytes in total. Delete some messages with files first."
    await harness.restart()
    assert sum(harness.node.state.file_bytes.values()) == 2 * len(PNG)


@pytest.mark.parametrize("harness", [{"files.max_bytes": 1000}], indirect=True)
async def test_a_file_that_is_too_large(new_sender: NewSender, harness: ServerHarness) -> None:
    ann = await new_sender("ann")
    answer = await ann.send(b"x" * 1001)
    assert answer.status == 413 and answer.error == "A file may be at most 1 kB. Send a smaller one."
    # One that does not say how long it is.
    chunk = b"%x\r\n%s\r\n" % (600, b"y" * 600)
    head = f"POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: {ann.client.headers['Authorization']}\r\n"
    answer = await ann.client.raw(
        f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 2 + b"0\r\n\r\n"
    )
    assert answer.status == 413
    left = [path for path in (harness.data / "files").rglob("*") if path.is_file()]
    assert left == [], "nothing stays of what was refused"


@pytest.mark.parametrize("harness", [{"files.refused": (".exe",)}], indirect=True)
async def test_endings_that_are_refused(new_sender: NewSender) -> None:
    ann = await new_sender("ann")
    answer = await ann.send(b"MZ", "Setup.EXE")
    assert answer.status == 415 and answer.error == "This server does not accept files with this extension."


@pytest.mark.parametrize("harness", [{"files.guests": True}], indirect=True)
async def test_guests_who_may(harness: ServerHarness, new_client: Callable[..., HttpClient]) -> None:
    await harness.irc("gus", "hubbub/ticket")
    [line] = told(await harness.ask("gus", "TICKET"), "gus")
    guest = new_client()
    guest.bear(line.split(" ")[-1])
    assert (await guest.post("/files", body=PNG)).status == 201


async def test_who_may_not(harness: ServerHarness, new_client: Callable[..., HttpClient]) -> None:
    stranger = new_client()
    assert (await stranger.post("/files", body=PNG)).status == 401
    await harness.irc("gus", "hubbub/ticket")
    [line] = told(await harness.ask("gus", "TICKET"), "gus")
    stranger.bear(line.split(" ")[-1])
    answer = await stranger.post("/files", body=PNG)
    assert (
        answer.status == 403 and answer.error == "This requires an account. Register one, or log in to yours."
    )


async def test_a_guest_sees_what_guests_may_read(
    new_sender: NewSender, harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    ann = await new_sender("ann")
    path = await ann.sent()
    await ann.say("#tea", f"http://chat.test{path}")
    await harness.irc("gus", "hubbub/ticket")
    [line] = told(await harness.ask("gus", "TICKET"), "gus")
    guest = new_client()
    guest.bear(line.split(" ")[-1])
    assert (await guest.get(path)).status == 404
    await harness.ask("gus", "JOIN #tea")
    assert (await guest.get(path)).status == 200


async def test_by_password_as_other_clients_send(
    harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    """FILEHOST: with "the same credentials" as the chat, by Basic or Bearer."""
    await harness.account("ann")
    client = new_client()
    client.sign("ann", "correct horse")
    answer = await client.post("/files", body=b"hello\n", Content_Disposition="attachment; filename=note.txt")
    assert answer.status == 201
    got = await client.get(urlsplit(answer.headers["location"]).path)
    assert got.body == b"hello\n" and got.headers["content-disposition"].startswith("attachment; ")


async def test_the_page_loads_pictures_by_a_cookie_for_files_alone(
    new_sender: NewSender, new_client: Callable[..., HttpClient]
) -> None:
    ann = await new_sender("ann")
    path = await ann.sent()
    given = await ann.client.post("/api/v1/files/cookie")
    assert given.status == 204
    cookie = given.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=") and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert "Path=/files" in cookie
    page = new_client()
    page.headers["Cookie"] = cookie.partition(";")[0]
    assert (await page.get(path)).status == 200
    assert (await page.get("/api/v1/tokens")).status == 401, "it opens nothing else"
    assert (await page.post("/files", body=PNG)).status == 401
    stranger = new_client()
    stranger.bear(cookie.partition(";")[0].partition("=")[2])
    assert (await stranger.get("/api/v1/tokens")).status == 401, "nor does it where a ticket is expected"
    assert (await stranger.post("/files", body=PNG)).status == 401
    assert (await stranger.get(path)).status == 401


async def test_the_cookie_for_files_is_no_ticket_and_ends_with_its_session(
    new_sender: NewSender, harness: ServerHarness, new_client: Callable[..., HttpClient]
) -> None:
    ann = await new_sender("ann")
    path = await ann.sent()
    ticket = ann.client.headers["Authorization"].partition(" ")[2]
    first, second = [
        (await ann.client.post("/api/v1/files/cookie")).headers["set-cookie"].partition(";")[0]
        for _ in range(2)
    ]
    assert ticket not in first and first != second
    page = new_client()
    for cookie, status in ((first, 401), (f"{COOKIE}={ticket}", 401), (second, 200)):
        page.headers["Cookie"] = cookie
        assert (await page.get(path)).status == status
    await harness.ask("ann", "QUIT")
    assert (await page.get(path)).status == 401 and len(harness.node.proofs.file_passes) == 0


async def test_the_cookie_travels_over_tls_alone_where_there_is_tls(
    new_sender: NewSender, new_client: Callable[..., HttpClient], harness: ServerHarness
) -> None:
    ann = await new_sender("ann")
    secure = new_client(secure=True)
    secure.headers |= ann.client.headers
    assert "Secure" in (await secure.post("/api/v1/files/cookie")).headers["set-cookie"]
    assert "Secure" not in (await ann.client.post("/api/v1/files/cookie")).headers["set-cookie"]
    harness.change("server", web_address="https://talk.example.org")
    behind = await ann.client.post("/api/v1/files/cookie", Origin="https://talk.example.org")
    assert "Secure" in behind.headers["set-cookie"], "a proxy has taken TLS off"


async def test_parts_of_a_file(new_sender: NewSender) -> None:
    """RFC 9110, 14: so that sound and video can be gone through."""
    ann = await new_sender("ann")
    path = await ann.sent(bytes(range(200)), "x.bin")
    part = await ann.client.get(path, Range="bytes=10-19")
    assert part.status == 206 and part.body == bytes(range(10, 20))
    assert part.headers["content-range"] == "bytes 10-19/200"
    assert (await ann.client.get(path, Range="bytes=500-")).status == 416
    whole = await ann.client.get(path)
    assert (await ann.client.get(path, If_None_Match=whole.headers["etag"])).status == 304


@pytest.mark.parametrize("name", ["If_Modified_Since", "If_Unmodified_Since", "If_Range"])
async def test_a_date_that_is_none(
    new_sender: NewSender, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is an answer's like any other, and no bug for the log."""
    ann = await new_sender("ann")
    path = await ann.sent()
    answer = await ann.client.get(path, **{name: "Mon, 01 Jan 99999999999 00:00:00 GMT"})
    assert (answer.status, answer.error) == (400, "The request is not valid.")
    assert (await ann.client.get(path, **{name: "yesterday"})).status == 200
    assert "Unhandled" not in caplog.text


async def test_a_link_that_somebody_opens_leads_to_the_page(
    new_sender: NewSender, new_client: Callable[..., HttpClient]
) -> None:
    path = await (await new_sender("ann")).sent()
    visit = await new_client().get(path, Sec_Fetch_Dest="document")
    assert visit.status == 307 and visit.headers["location"] == f"/#/file{path.removeprefix('/files')}"
    answer = await new_client().get(path)
    assert (answer.status, answer.error) == (401, "Sign in to see this file.")


async def test_small_pictures(new_sender: NewSender, harness: ServerHarness) -> None:
    ann = await new_sender("ann")
    path = await ann.sent(picture(1500, 400), "big.png")
    small = await ann.client.get(f"{path}?small")
    assert small.status == 200 and small.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(small.body)) as opened:
        assert opened.size == (SIDE_MAX, SIDE_MAX * 400 // 1500)
    whole = await ann.client.get(path)
    assert whole.headers["content-type"] == "image/png" and len(small.body) < len(whole.body)


async def test_a_picture_that_is_none_is_shown_as_it_is(new_sender: NewSender) -> None:
    ann = await new_sender("ann")
    path = await ann.sent(
        png_of((b"IHDR", bytes(13)), (b"IDAT", b"x" * 100_000), (b"IEND", b"")), "broken.png"
    )
    answer = await ann.client.get(f"{path}?small")
    assert answer.status == 200 and answer.headers["content-type"] == "image/png"


async def test_a_picture_that_kills_its_reader_kills_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a").write_bytes(picture(900, 900))
    dying = "import os, sys; sys.stdin.readline(); os._exit(1)"
    thumbnails = Thumbnails((sys.executable, "-c", dying))
    assert await thumbnails.make(tmp_path / "a", tmp_path / "b", "ann") is False
    assert "crashed the process" in caplog.text
    thumbnails = Thumbnails()
    assert await thumbnails.make(tmp_path / "a", tmp_path / "b", "ann") is True
    await thumbnails.stop()


async def test_a_picture_that_takes_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.web.picture_jobs.SECONDS_MAX", 0.2)
    thumbnails = Thumbnails((sys.executable, "-c", "import time; time.sleep(60)"))
    assert await thumbnails.make(tmp_path / "a", tmp_path / "b", "ann") is False


async def test_the_process_ends_with_the_server(tmp_path: Path) -> None:
    """Also with one that is killed: nobody asks any more."""
    asking = subprocess.Popen(
        [sys.executable, "-m", "hubbub.web.picture_worker", "shrink"], stdin=subprocess.PIPE
    )
    assert asking.stdin
    asking.stdin.close()
    assert asking.wait(20) == 0


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"<svg onload=alert(1)>", "text/plain; charset=utf-8"),
        (b"<!doctype html><script>", "text/plain; charset=utf-8"),
        ("é".encode() * 100, "text/plain; charset=utf-8"),
        (b"MZ\x90\x00\x03", "application/octet-stream"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\n", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"OggS" + b"\0" * 24 + b"OpusHead", "audio/ogg"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp41heic", "video/mp4"),
        (b"\0\0\0\x18ftypavci\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypmiaf\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypABCD\0\0\0\0avcimif1", "image/heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "image/avif"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "application/octet-stream"),
        (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "application/octet-stream"),
    ],
)
def test_kinds(beginning: bytes, kind: str) -> None:
    assert kind_of(beginning) == kind


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.txt"', "a%20b.txt"),
        ("attachment; filename=plain.txt", "plain.txt"),
        ("attachment; filename*=UTF-8''%E2%82%AC.txt", "%E2%82%AC.txt"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\y.txt"', "y.txt"),
        ("attachment; filename*=UTF-8''%0a%1b[31m.txt", "%5B31m.txt"),
        ('attachment; filename=""', "file"),
        ('attachment; filename=".."', "file"),
        ("", "file"),
    ],
)
async def test_names(new_sender: NewSender, disposition: str, name: str) -> None:
    ann = await new_sender("ann")
    answer = await ann.client.post("/files", body=b"x", Content_Disposition=disposition)
    assert answer.headers["location"].rsplit("/", 1)[1] == name


async def test_a_long_name_keeps_its_ending(new_sender: NewSender) -> None:
    path = await (await new_sender("ann")).sent(name="x" * 500 + ".png")
    assert path.endswith(".png") and len(path) < 200


async def test_a_disk_that_is_full(
    new_sender: NewSender, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    ann = await new_sender("ann")
    monkeypatch.setattr("hubbub.web.blob_store._append", full)
    answer = await ann.send()
    assert answer.status == 507
    assert answer.error == "The server can't store this file. Tell its administrator."
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []


async def test_what_comes_half_leaves_nothing(
    new_sender: NewSender, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "STALL_SECONDS", 0.05)
    ann = await new_sender("ann")
    head = f"POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: {ann.client.headers['Authorization']}\r\n"
    answer = await ann.client.raw(f"{head}Content-Length: 1000\r\n\r\n".encode() + b"x" * 100)
    assert (answer.status, answer.error) == (408, "The upload was incomplete. Send the file again.")
    assert [path for path in (harness.data / "files").rglob("*") if path.is_file()] == []
    assert harness.node.state.file_bytes == {}


async def test_bytes_that_come_again_while_they_go_stay(
    new_sender: NewSender, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody had them when it was looked, and then somebody did."""
    ann = await new_sender("ann")
    await ann.sent(b"the same")
    harness.wait(UNPOSTED_MS / 1000 + 1)
    is_used, asked = harness.storage.is_digest_used, threading.Event()
    go_on = threading.Event()

    def slowly(digest: str) -> bool:
        found = is_used(digest)
        if not asked.is_set():
            asked.set()
            go_on.wait(20)
        return found

    monkeypatch.setattr(harness.storage, "is_digest_used", slowly)
    tidying = asyncio.create_task(tidy(harness.node, vault_of(ann)))
    await asyncio.to_thread(asked.wait, 20)
    path = await ann.sent(b"the same")
    go_on.set()
    await tidying
    assert (await ann.client.get(path)).body == b"the same"


async def test_a_person_sends_no_faster_than_at_a_pace(
    new_sender: NewSender, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is small costs a block of the disk as well; others are not concerned."""
    monkeypatch.setattr(files, "BURST_FILES", 3)
    ann, bob = await new_sender("ann"), await new_sender("bob")
    assert [(await ann.send(bytes([number]))).status for number in range(3)] == [201, 201, 201]
    answer = await ann.send(b"one more")
    assert answer.status == 429 and answer.error.startswith("You are uploading files too fast.")
    assert (await bob.send()).status == 201
    harness.wait(1)
    assert (await ann.send()).status == 201


async def test_all_that_nobody_posts_goes_at_once(
    new_sender: NewSender, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are: they could else come faster than they go."""
    monkeypatch.setattr(files, "TIDIED_MAX", 2)
    ann = await new_sender("ann")
    for number in range(5):
        await ann.sent(bytes([number]))
    harness.wait(UNPOSTED_MS / 1000 + 1)
    await tidy(harness.node, vault_of(ann))
    assert not harness.node.state.file_bytes


async def test_a_few_at_a_time(new_sender: NewSender, harness: ServerHarness) -> None:
    """Nobody holds the disk with files that never end; whoever is done may send again."""
    ann, bob = await new_sender("ann"), await new_sender("bob")
    head = f"POST /files HTTP/1.1\r\nHost: x\r\nAuthorization: {ann.client.headers['Authorization']}\r\n"
    half = [ann.client.connect() for _ in range(files.AT_ONCE_MAX)]
    for person in half:
        assert person.receiver is not None
        person.receiver.received(f"{head}Connection: close\r\nContent-Length: 10\r\n\r\nhalf".encode())
    await harness.settle()
    refused = await ann.send()
    assert refused.status == 429 and refused.headers["retry-after"] == "5"
    assert refused.error.startswith("You are already uploading ") and refused.error.endswith(
        "Wait until one of them is done."
    )
    assert (await bob.send()).status == 201
    for person in half:
        assert person.receiver is not None
        person.receiver.received(b"and it")
    assert [(await answer_on(person)).status for person in half] == [201] * len(half)
    assert (await ann.send()).status == 201


async def test_what_was_not_kept_keeps_no_bytes_that_come_again(
    new_sender: NewSender, harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same file, sent again once there is room and then deleted, goes from the disk."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    ann = await new_sender("ann")
    with monkeypatch.context() as patched:
        patched.setattr("hubbub.web.blob_store._finish", full)
        assert (await ann.send()).status == 507
    path = await ann.sent()
    place = vault_of(ann).path(hashlib.sha256(PNG).hexdigest())
    number = await ann.say("#tea", f"https://chat.test{path}")
    assert place.exists()
    await harness.ask("ann", f"REDACT #tea {number}")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while place.exists():
            await asyncio.sleep(0)


async def test_for_a_stranger_the_storage_reads_nothing(
    new_sender: NewSender,
    new_client: Callable[..., HttpClient],
    harness: ServerHarness,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = await (await new_sender("ann")).sent()
    monkeypatch.setattr(harness.storage, "file", lambda file: pytest.fail("it was asked"))
    assert (await new_client().get(path)).status == 401


async def test_what_is_posted_to_operators_is_seen_by_operators(new_sender: NewSender) -> None:
    """Whoever else knows its address sees it as little as the message."""
    ann, bob, cleo = await new_sender("ann"), await new_sender("bob"), await new_sender("cleo")
    path = await bob.sent()
    await bob.say("@#tea", f"https://chat.test{path}")
    assert [await one.sees(path) for one in (ann, bob, cleo)] == [True, True, False]
    await bob.say("#tea", f"https://chat.test{path}")
    assert await cleo.sees(path)


async def test_a_file_that_is_named_again_and_again_is_looked_for_once_in_each_place(
    new_sender: NewSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two who do so would have the server look as often as the product of their messages."""
    ann, bob, eve, gus = [await new_sender(name, "") for name in ("ann", "bob", "eve", "gus")]
    path = await ann.sent()
    for _ in range(9):
        await ann.say("bob", f"https://chat.test{path}")
        await eve.say("gus", f"https://chat.test{path}")
    stored = ann.harness.storage.file(path.split("/")[2])
    assert stored and len(stored.postings) == 2
    looks = 0
    may_read = engine_files._may_read

    def look(state: State, person: int, posting: Posting) -> bool:
        nonlocal looks
        looks += 1
        return may_read(state, person, posting)

    monkeypatch.setattr(engine_files, "_may_read", look)
    many = msgspec.structs.replace(stored, postings=stored.postings * 50)
    assert not engine_files.may_see_file(ann.harness.node.state, 1, many)
    assert looks <= 3 * len(many.postings)
    assert await bob.sees(path) and not await gus.sees(path)
