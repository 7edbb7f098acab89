"""Commands about the server itself: its state, its settings, its data and its end."""

from typing import Final

from hubbub.engine.announcements import Announce
from hubbub.engine.state import Role

from .answers import Mistake, Result, done, refused, said
from .columns import table
from .command import Command, Parameter
from .desk import Desk
from .kinds import FILE, TEXT


def status(desk: Desk) -> Result:
    rows = [(name, str(value)) for name, value in desk.status().items()]
    return said(*table(("what", "is"), rows))


def announce(desk: Desk, text: str) -> Result:
    return done(desk, Announce(text), "Everybody who is present is told.")


def reload(desk: Desk) -> Result:
    return said(*(desk.reload() or ["The settings are read again: nothing has changed."]))


async def backup(desk: Desk, path: str) -> Result:
    why = await desk.backup(path)
    return refused(Mistake(why)) if why else said(f"The data is copied into {path}.")


def shutdown(desk: Desk) -> Result:
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
    ),
    Command(
        ("announce",),
        (Parameter("text", TEXT),),
        "Tell everybody who is present.",
        "announce The server moves at noon",
        announce,
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
