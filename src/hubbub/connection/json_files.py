"""Small JSON files that only their user may read, in which a client keeps what it has to know the next time."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hubbub import durable

ENVIRONMENT: Final = "HUBBUB_CLIENT_DATA"


def client_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of this user's clients, by the customs of the system; `HUBBUB_CLIENT_DATA` names another one."""
    if chosen := environment.get(ENVIRONMENT):
        return Path(chosen)
    home = Path.home()
    if sys.platform == "win32":
        return Path(environment.get("APPDATA", home / "AppData" / "Roaming")) / "hubbub"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "hubbub"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "hubbub"


def read(path: Path) -> dict[str, Any]:
    """Read a JSON file; a file that is missing or has another shape reads as empty."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Put a new file in the place of the old one, whole or not at all; OSError where that can't be."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    durable.write(path, [json.dumps(content, ensure_ascii=False, indent=1).encode()])
