"""Commands about the server itself: its state, its settings, its data and its end."""

from typing import Final

from hubbub.engine.announcements import Announce
from hubbub.engine.state import Role

from .answers import Mistake, Result, done, listed, refused, said, shortened
from .argument_types import FILE, NEW_NAME, TEXT
from .command import Command, Parameter
from .context import AdminContext


def status(desk: AdminContext) -> Result:
    rows = [(name, str(value)) for name, value in desk.status().items()]
    return listed(("what", "is"), rows)


def announce(desk: AdminContext, text: str) -> Result:
    return done(desk, Announce(text), "Everybody online sees the announcement.")


def settings(desk: AdminContext, part: str = "") -> Result:
    rows = [row for row in desk.settings() if part.lower() in row[0].lower()]
    if not rows:
        return refused(
            Mistake(f"No setting matches {shortened(part)}. To list all settings, write: settings")
        )
    return listed(("setting", "value", "from", "changed by"), rows)


def set_setting(desk: AdminContext, key: str, words: str) -> Result:
    is_done, sentences = desk.change_setting(key, words)
    if not is_done:
        return refused(*map(Mistake, sentences))
    return said(*sentences)


def reload(desk: AdminContext) -> Result:
    is_done, sentences = desk.reload()
    if not is_done:
        return refused(*map(Mistake, sentences))
    return said(*(sentences or ["The settings were reloaded. Nothing has changed."]))


async def backup(desk: AdminContext, path: str) -> Result:
    why = await desk.backup(path)
    return refused(Mistake(why)) if why else said(f"The backup is in {path}.")


def shutdown(desk: AdminContext) -> Result:
    desk.stop(f"{desk.name} shut down the server.")
    return said("The server is shutting down.")


COMMANDS: Final = (
    Command(
        ("status",),
        (),
        "Show the state of the server: version, uptime, people, sessions, rooms, messages, memory.",
        "status",
        status,
        Role.MODERATOR,
        changes=False,
    ),
    Command(
        ("announce",),
        (Parameter("text", TEXT),),
        "Send an announcement to everybody online.",
        "announce The server moves at noon",
        announce,
    ),
    Command(
        ("settings",),
        (Parameter("part", NEW_NAME, required=False),),
        "List the settings, or those whose name contains a text.",
        "settings files",
        settings,
        changes=False,
    ),
    Command(
        ("set", "setting"),
        (Parameter("setting", NEW_NAME), Parameter("value", TEXT)),
        "Change a setting, and save it in the settings file.",
        "set setting server.network School of Music",
        set_setting,
    ),
    Command(("reload",), (), "Reload the settings.", "reload", reload),
    Command(
        ("backup",),
        (Parameter("file", FILE),),
        "Back up all data to a new file while the server runs.",
        "backup hubbub-backup.db",
        backup,
    ),
    Command(("shutdown",), (), "Notify everybody, and stop the server.", "shutdown", shutdown),
)
