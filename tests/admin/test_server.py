"""The server itself: status, settings, backup, announcements, the end."""

from hubbub.engine.announcements import Announced
from tests.admin.admin_harness import Office


async def test_shutdown() -> None:
    office = Office()
    assert await office.refuses("shutdown now") == ["now is one argument too many. Write: shutdown"]
    assert office.stopped is None
    assert await office.says("shutdown") == ["The server is shutting down."]
    assert office.stopped == "Console shut down the server."


async def test_status() -> None:
    office = Office()
    office.arrive("ann")
    assert await office.says("status") == ["what      is", "version   1.2.3", "sessions  1"]


async def test_reload() -> None:
    office = Office()
    assert await office.says("reload") == ["The settings were reloaded. Nothing has changed."]
    office.settings_changed = ["guests is now no."]
    assert await office.says("reload") == ["guests is now no."]
    office.settings_refused = ["The key does not belong to the certificate."]
    assert await office.refuses("reload") == [
        "guests is now no.",
        "The key does not belong to the certificate.",
    ]


async def test_backup() -> None:
    office = Office()
    assert await office.says('backup "my \\"file.db"') == ['The backup is in my "file.db.']
    assert office.backups == ['my "file.db']
    office.cannot_back_up = "There is such a file already."
    assert await office.refuses("backup x") == ["There is such a file already."]
    assert await office.refuses("backup") == ["The file is missing. Write: backup <file>"]
    assert await office.refuses("backup a\0b") == ["This file name is not valid. Write: backup <file>"]


async def test_announce_takes_the_text_as_it_stands() -> None:
    office = Office()
    assert await office.says('announce  "Tea"   at  5') == ["Everybody online sees the announcement."]
    assert [event.text for event in office.events if isinstance(event, Announced)] == ['"Tea"   at  5']
    assert await office.refuses("announce") == ["The text is missing. Write: announce <text>"]
    assert await office.refuses("announce \x00") == ["The message is empty. Write some text."]


async def test_settings_are_listed_and_changed() -> None:
    office = Office()
    assert "server.network" in " ".join(await office.says("settings"))
    assert "server.network" not in " ".join(await office.says("settings files"))
    assert await office.refuses("settings xyz") == [
        "No setting matches xyz. To list all settings, write: settings"
    ]
    assert await office.says("set setting server.network School of Music") == ["server.network has changed."]
    assert office.settings_changed[-1] == "server.network = School of Music"
    assert (await office.refuses("set setting nix x"))[-1] == "Nothing has changed."


async def test_what_the_disk_did_not_take_is_not_answered_as_done() -> None:
    office = Office()
    office.is_kept = False
    result = await office.result("announce Tea")
    assert not result.ok and "was not saved" in result.lines[0]
