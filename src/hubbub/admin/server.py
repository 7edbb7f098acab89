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
    return done(desk, Announce(text), "Everybody who is present is told.")


def settings(desk: AdminContext, part: str = "") -> Result:
    rows = [row for row in desk.settings() if part.lower() in row[0].lower()]
    if not rows:
        return refused(Mistake(f"No setting is called {shortened(part)}. Write: settings"))
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
    return said(*(sentences or ["The settings are read again: nothing has changed."]))


async def backup(desk: AdminContext, path: str) -> Result:
    why = await desk.backup(path)
    return refused(Mistake(why)) if why else said(f"The data is copied into {path}.")


def shutdown(desk: AdminContext) -> Result:
    desk.stop(f"The server is shut down by {desk.name}.")
    return said("The server shuts down.")


COMMANDS: Final = (
    Command(
        ("status",),
        (),
        "Say how the server is: version, uptime, people, sessions, rooms, messages, memory.",
        "status",
        status,
        Role.MODERATOR,
        changes=False,
    ),
    Command(
        ("announce",),
        (Parameter("text", TEXT),),
        "Tell everybody who is present.",
        "announce The server moves at noon",
        announce,
    ),
    Command(
        ("settings",),
        (Parameter("part", NEW_NAME, required=False),),
        "List the settings, or those with this in their name.",
        "settings files",
        settings,
        changes=False,
    ),
    Command(
        ("set", "setting"),
        (Parameter("setting", NEW_NAME), Parameter("value", TEXT)),
        "Give a setting another value; it is written into the settings' file.",
        "set setting server.network School of Music",
        set_setting,
    ),
    Command(("reload",), (), "Read the settings again.", "reload", reload),
    Command(
        ("backup",),
        (Parameter("file", FILE),),
        "Copy all the data into a new file while the server runs.",
        "backup hubbub-backup.db",
        backup,
    ),
    Command(("shutdown",), (), "Tell everybody, and end the server.", "shutdown", shutdown),
)
