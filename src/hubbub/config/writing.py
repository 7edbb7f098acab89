"""Changing one setting in the settings' file: all that its owner has written around it stays."""

from pathlib import Path
from typing import Final

from hubbub import durable

from .loading import all_settings, wrong
from .sources import FILE_NAME, SettingsError, read_text, unknown
from .values import NotAllowed, accept

_FILE_BYTES_MAX: Final = 1_000_000


def write_setting(data: Path, key: str, words: str) -> str | None:
    """Write `section.name` as people say its value; the file's text before, None where there was none.

    Raises SettingsError, and then the file is as it was. Whether the whole still holds, reading it again shows.
    """
    import tomlkit
    import tomlkit.exceptions

    path = data / FILE_NAME
    known = {f"{section}.{one.name}": (section, one) for section, one in all_settings()}
    if key not in known:
        raise SettingsError([unknown(f"setting {key[:100]!r}", key, list(known), "the command")])
    section, setting = known[key]
    try:
        value = accept(setting, words, words=True)
    except NotAllowed:
        raise SettingsError([wrong(setting, key, words)]) from None
    try:
        before = read_text(path, _FILE_BYTES_MAX)
    except FileNotFoundError:
        before = None
    try:
        document = tomlkit.parse(before or "")
        if section not in document:
            document.add(section, tomlkit.table())
        document[section][setting.name] = list(value) if isinstance(value, tuple) else value
    except (tomlkit.exceptions.TOMLKitError, TypeError) as error:
        raise SettingsError([f"{path} can't be changed: {error}. Edit it by hand."]) from None
    put_back(data, tomlkit.dumps(document))
    return before


def put_back(data: Path, text: str | None) -> None:
    """Let the file have this text, or not be there; it is never half written. Raises SettingsError."""
    path = data / FILE_NAME
    try:
        if text is None:
            path.unlink(missing_ok=True)
        else:
            durable.write(path, [text.encode()])
    except OSError as error:
        raise SettingsError([f"{path} can't be written: {error.strerror}."]) from None
