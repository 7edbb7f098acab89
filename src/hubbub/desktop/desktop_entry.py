"""A place in the menu of a Linux desktop, which opens `hubbub://` links as well."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hubbub.desktop.tray import drawn

NAME: Final = "hubbub.desktop"
ICON_SIZES: Final = (32, 48, 128, 256)

_ENTRY: Final = """[Desktop Entry]
Type=Application
Name=Hubbub
Comment=Chat on a machine of your own
Exec={command} %u
Icon=hubbub
Terminal=false
Categories=Network;Chat;InstantMessaging;
MimeType=x-scheme-handler/hubbub;
StartupWMClass=hubbub
Actions=server;

[Desktop Action server]
Name=Run a server
Exec={command} --server
"""
"""Desktop Entry Specification, 1.5; "The Exec key": a quoted argument escapes what is special in it."""


def register(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Put Hubbub into its user's menu; what was done, in sentences. Qt's application has to be there, to draw icons."""
    home = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    entry = home / "applications" / NAME
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(_ENTRY.format(command=f"{_quoted(sys.executable)} -m hubbub desktop"), "utf-8")
    for size in ICON_SIZES:
        icon = home / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "hubbub.png"
        icon.parent.mkdir(parents=True, exist_ok=True)
        drawn(size).save(str(icon))
    told = [f"Hubbub was added to the menu: {entry}"]
    if tool := shutil.which("xdg-mime", path=environment.get("PATH")):
        done = subprocess.run(
            [tool, "default", NAME, "x-scheme-handler/hubbub"],
            env=dict(environment),
            capture_output=True,
            check=False,
        )
        if done.returncode == 0:
            told.append("It opens links that begin with hubbub://.")
    return told


def _quoted(path: str) -> str:
    """As one argument, whatever is in it; a percent sign would begin a field code."""
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in path).replace("%", "%%")
    # The file itself takes a backslash for two.
    return f'"{escaped}"'.replace("\\", "\\\\")
