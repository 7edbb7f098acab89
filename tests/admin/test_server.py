"""The server itself: status, settings, backup, announcements, the end."""

from hubbub.engine.announcements import Announced
from tests.admin.admin_harness import AdminHarness


async def test_shutdown() -> None:
    harness = AdminHarness()
    assert await harness.refuses("shutdown now") == ["now is one argument too many. Write: shutdown"]
    assert harness.stopped is None
    assert await harness.says("shutdown") == ["The server is shutting down."]
    assert harness.stopped == "Console shut down the server."


async def test_status() -> None:
    harness = AdminHarness()
    harness.arrive("ann")
    assert await harness.says("status") == ["what      is", "version   1.2.3", "sessions  1"]


async def test_reload() -> None:
    harness = AdminHarness()
    assert await harness.says("reload") == ["The settings were reloaded. Nothing has changed."]
    harness.settings_changed = ["guests is now no."]
    assert await harness.says("reload") == ["guests is now no."]
    harness.settings_refused = ["The key does not belong to the certificate."]
    assert await harness.refuses("reload") == [
        "guests is now no.",
        "The key does not belong to the certificate.",
    ]


async def test_backup() -> None:
    harness = AdminHarness()
    assert await harness.says('backup "my \\"file.db"') == ['The backup is in my "file.db.']
    assert harness.backups == ['my "file.db']
    harness.cannot_back_up = "There is such a file already."
    assert await harness.refuses("backup x") == ["There is such a file already."]
    assert await harness.refuses("backup") == ["The file is missing. Write: backup <file>"]
    assert await harness.refuses("backup a\0b") == ["This file name is not valid. Write: backup <file>"]


async def test_announce_takes_the_text_as_it_stands() -> None:
    harness = AdminHarness()
    assert await harness.says('announce  "Tea"   at  5') == ["Everybody online sees the announcement."]
    assert [event.text for event in harness.events if isinstance(event, Announced)] == ['"Tea"   at  5']
    assert await harness.refuses("announce") == ["The text is missing. Write: announce <text>"]
    assert await harness.refuses("announce \x00") == ["The message is empty. Write some text."]


async def test_settings_are_listed_and_changed() -> None:
    harness = AdminHarness()
    assert "server.network" in " ".join(await harness.says("settings"))
    assert "server.network" not in " ".join(await harness.says("settings files"))
    assert await harness.refuses("settings xyz") == [
        "No setting matches xyz. To list all settings, write: settings"
    ]
    assert await harness.says("set setting server.network School of Music") == ["server.network has changed."]
    assert harness.settings_changed[-1] == "server.network = School of Music"
    assert (await harness.refuses("set setting nix x"))[-1] == "Nothing has changed."


async def test_what_the_disk_did_not_take_is_not_answered_as_done() -> None:
    harness = AdminHarness()
    harness.is_kept = False
    result = await harness.result("announce Tea")
    assert not result.ok and "was not saved" in result.lines[0]
