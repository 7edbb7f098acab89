"""The programs in C that measure, and the one that is the limit: compiled when they are needed."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).parent / "native"
CACHE: Final = Path(__file__).parent.parent / ".cache" / "bench"
_LIBRARIES: Final = {"load": ("-lssl", "-lcrypto"), "limit": ()}


class NoCompiler(Exception):
    """The programs can't be compiled; the text says what to install."""


def program(name: str) -> Path:
    """`limit` or `load`, compiled from its source unless that is done already. Raises NoCompiler."""
    source, made = SOURCES / f"{name}.c", CACHE / name
    if made.exists() and made.stat().st_mtime > source.stat().st_mtime:
        return made
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NoCompiler(
            "Measuring needs a C compiler and OpenSSL. Install them: apt-get install gcc libc6-dev libssl-dev"
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-o", str(made), str(source), *_LIBRARIES[name]],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NoCompiler(
            f"{source.name} can't be compiled. Are OpenSSL's headers there (libssl-dev)?\n{done.stderr}"
        )
    return made
