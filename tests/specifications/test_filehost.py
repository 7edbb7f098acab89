"""soju.im/FILEHOST: clients are told where to send files; what happens there is tried in tests/web."""

from pathlib import Path

import pytest

from tests.server_harness import ServerHarness


async def _told(
    harness: ServerHarness, secure: bool = False, server_name: str | None = None, address: str = "127.0.0.1"
) -> str:
    harness.connect("ann", address=address, secure=secure, server_name=server_name)
    harness.people["ann"].type("NICK ann\nUSER ann 0 * :Ann")
    lines = " ".join(await harness.look())
    words = [word for word in lines.split(" ") if "FILEHOST=" in word]
    assert len({word.partition("=")[2] for word in words}) <= 1
    assert not words or {word.partition("=")[0] for word in words} == {"draft/FILEHOST", "soju.im/FILEHOST"}
    return words[0].partition("=")[2] if words else ""


async def test_by_the_name_that_the_client_came_for(harness: ServerHarness) -> None:
    assert (
        await _told(harness, secure=True, server_name="chat.example.org")
        == "https://chat.example.org:12345/files"
    )


async def test_without_a_name_by_the_servers(harness: ServerHarness) -> None:
    assert await _told(harness, secure=True, address="203.0.113.4") == "https://hubbub:12345/files"


async def test_on_this_machine_in_clear(harness: ServerHarness) -> None:
    assert await _told(harness) == "http://localhost:12345/files"


@pytest.mark.parametrize("name", ["a b", "x" * 500, "evil.example/", "\x1b[31m"])
async def test_a_name_that_is_none(harness: ServerHarness, name: str) -> None:
    """What a client asks for in TLS is a stranger's word."""
    assert await _told(harness, secure=True, server_name=name) == "https://hubbub:12345/files"


async def test_where_no_files_are_taken(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"files.max_bytes": 0}) as harness:
        assert await _told(harness) == ""


async def test_by_the_address_that_the_settings_tell(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"server.web_address": "https://chat.school.example"}) as harness:
        assert await _told(harness) == "https://chat.school.example/files"
