"""The command `hubbub`, spelled so that it can be typed in the folder where this program was started.

It may be found by its name, be a file in a virtual environment, or be a module of some Python.
"""

import os
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Final

NAME: Final = "hubbub"
IS_WINDOWS: Final = os.name == "nt"


def typed(words: str) -> str:
    """The whole line for the words that follow `hubbub`; what needs it of them is `quoted` already."""
    return f"{program()} {words}"


def program() -> str:
    """The command prefix that runs this program again."""
    script = _script()
    if script is None:
        return f"{_near(Path(sys.executable))} -m {NAME}"
    found = shutil.which(NAME)
    return NAME if found and script.samefile(found) else _near(script)


def quoted(text: str) -> str:
    """One word, as the shell of this system takes it, which for Windows is its command prompt."""
    if not IS_WINDOWS:
        return shlex.quote(text)
    return f'"{text}"' if set(text) & set(" &()^,;=") else text


def _script() -> Path | None:
    """The file that was started, or where that was Python, the one that is installed beside it."""
    file = f"{NAME}.exe" if IS_WINDOWS else NAME
    started = Path(sys.argv[0])
    places = [started.absolute().parent] if started.stem == NAME else []
    scripts = (place / file for place in (*places, Path(sysconfig.get_path("scripts"))))
    return next((script for script in scripts if script.is_file()), None)


def _near(file: Path) -> str:
    """A path as short as it may be, which no shell takes for a name to look for."""
    try:
        near = file.relative_to(Path.cwd())
    except (ValueError, OSError):
        return quoted(str(file))
    return quoted(str(near) if len(near.parts) > 1 else f"{os.curdir}{os.sep}{near}")
