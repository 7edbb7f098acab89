"""Folders that only their owner may look into."""

from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make the folder where there is none, and close it to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
