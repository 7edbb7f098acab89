"""What the tests of the settings share: a data folder, and reading it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hubbub.config import FILE_NAME, Loaded, SettingsError, load


class Folder:
    """A data folder with its settings' file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / FILE_NAME

    def write(self, content: str | bytes) -> None:
        self.file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def load(
        self, environment: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
    ) -> Loaded:
        return load(self.path, environment or {}, flags or {})

    def sentences(
        self, environment: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
    ) -> list[str]:
        """What is said of the settings' mistakes, with the file called FILE."""
        with pytest.raises(SettingsError) as stopped:
            self.load(environment, flags)
        assert str(stopped.value) == "\n".join(stopped.value.sentences)
        return [sentence.replace(str(self.file), "FILE") for sentence in stopped.value.sentences]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


Sentences = Callable[[str], list[str]]


@pytest.fixture
def sentences_of(folder: Folder) -> Sentences:
    """Write a file, and give what is said of it."""

    def of(content: str) -> list[str]:
        folder.write(content)
        return folder.sentences()

    return of
