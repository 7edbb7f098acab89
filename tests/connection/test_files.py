"""Files, sent to the place that a server names for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hubbub.client.identity import Identity, Password, Token
from hubbub.connection.files import UploadFailed, file_host, upload
from hubbub.connection.known_servers import KnownServers
from tests.server_process import ServerProcess


@asynccontextmanager
async def host(answer: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A place for files that answers so; its address, and what it was sent."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        requests.append(head + await reader.readexactly(length))
        writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/upload", requests


async def test_a_file_is_found_under_the_address_that_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "tea pot é.png"
    file.write_bytes(b"\x89PNG" * 1000)
    async with host("201 Created\r\nLocation: /files/1.png") as (url, requests):
        link = await upload(url, file, Identity("ann", Password("correct horse")), KnownServers())
        assert link == url.replace("/upload", "/files/1.png")
    (request,) = requests
    assert request.endswith(file.read_bytes())
    assert b"Content-Type: image/png" in request and b"filename*=UTF-8''tea%20pot%20%C3%A9.png" in request
    assert b"Authorization: Basic YW5uOmNvcnJlY3QgaG9yc2U=" in request


async def test_signed_in_by_a_token(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    async with host("201 Created\r\nLocation: /1") as (url, requests):
        await upload(url, file, Identity("ann", Token("secret-token")), KnownServers())
    assert b"Authorization: Bearer secret-token" in requests[0]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("413 Too Large", "too large"),
        ("401 No", "sign in"),
        ("500 Oops", "500"),
        ("201 Created", "201"),
    ],
)
async def test_what_is_not_taken(tmp_path: Path, answer: str, why: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    async with host(answer) as (url, _):
        with pytest.raises(UploadFailed, match=why):
            await upload(url, file, Identity("ann"), KnownServers())


async def test_what_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(UploadFailed, match="There is no file"):
        await upload("http://127.0.0.1:1/", tmp_path / "nothing", Identity("ann"), KnownServers())
    with pytest.raises(UploadFailed, match="your password was not sent"):
        await upload("http://192.0.2.1/", tmp_path / "x", Identity("ann", Password("pw")), KnownServers())
    for url in ("file:///etc/passwd", "ftp://localhost/", "nonsense", ""):
        with pytest.raises(UploadFailed, match="no file upload"):
            await upload(url, tmp_path / "x", Identity("ann"), KnownServers())
    file = tmp_path / "a.txt"
    file.write_text("x")
    async with host("200 OK") as (url, _):
        pass
    with pytest.raises(UploadFailed, match="could not be sent"):
        await upload(url, file, Identity("ann"), KnownServers())


def test_where_files_go() -> None:
    assert file_host({}) == ""
    assert file_host({"soju.im/FILEHOST": "https://x/"}) == "https://x/"


async def test_to_a_server_of_ours(tmp_path: Path) -> None:
    """The place that it names takes the file, by the same password as the chat, and gives it back to its owner."""
    file = tmp_path / "tea pot.txt"
    file.write_text("hello\n")
    async with ServerProcess(tmp_path / "data") as server:
        line = await server.connect()
        line.type("register ann correct horse")
        await line.until("Registered as ann.")
        client = await server.connect()
        client.type("NICK looker", "USER l 0 * :x")
        told = " ".join(await client.until("FILEHOST="))
        url = next(word.partition("=")[2] for word in told.split(" ") if word.startswith("draft/FILEHOST="))
        link = await upload(url, file, Identity("ann", Password("correct horse")), KnownServers())
        assert link.startswith(f"http://localhost:{server.port}/files/") and link.endswith("/tea%20pot.txt")
        with pytest.raises(UploadFailed, match="sign in first"):
            await upload(url, file, Identity("ann", Password("wrong")), KnownServers())


@pytest.mark.parametrize(
    "url", ["https://chat.test:99999/", "https://[::1/", "https://[x]/", "ftp://chat.test/", "https:///x"]
)
async def test_a_place_for_files_that_is_none(tmp_path: Path, url: str) -> None:
    """The server names it; whoever sends a file is told, and nothing else fails."""
    file = tmp_path / "a.txt"
    file.write_text("x")
    with pytest.raises(UploadFailed, match="offers no file upload"):
        await upload(url, file, Identity("ann"), KnownServers())


async def test_where_a_file_is_that_is_no_address(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    async with host("201 Created\r\nLocation: https://[x") as (url, _):
        with pytest.raises(UploadFailed):
            await upload(url, file, Identity("ann"), KnownServers())
