"""network-icon: the picture of a place."""

from pathlib import Path

from tests.server_harness import ServerHarness


async def test_the_icon_is_told_where_there_is_one(tmp_path: Path) -> None:
    """ "the value MUST be a URL to an image. The URL SHOULD use the "https" scheme." """
    async with ServerHarness(tmp_path, {"server.icon": "https://example.org/icon.svg"}) as harness:
        harness.connect("ann").type("NICK ann\nUSER a 0 * :Ann")
        assert " draft/ICON=https://example.org/icon.svg " in " ".join(await harness.look())


async def test_and_not_where_there_is_none(harness: ServerHarness) -> None:
    harness.connect("ann").type("NICK ann\nUSER a 0 * :Ann")
    assert "ICON" not in " ".join(await harness.look())
