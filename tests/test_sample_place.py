"""The place that is made to look at and to measure (`tools/sample_place.py`)."""

from pathlib import Path

import pytest

from hubbub.node.sealing_keys import NAME as KEY_NAME
from hubbub.node.sealing_keys import read_seal
from hubbub.storage import open_storage
from tools.sample_place import ACCOUNTS, fill


def test_its_data_is_whole_and_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    fill(folder, messages=300)
    storage = open_storage(folder / "hubbub.db", read_seal(folder / KEY_NAME))
    try:
        state, _ = storage.load()
        assert (len(state.accounts), len(state.rooms)) == (ACCOUNTS, 40)
        assert (
            len(storage.since(0, 1_000)) + len(storage.history(limit=1_000, room=next(iter(state.rooms))))
            > 300
        )
        assert storage.check() == []
    finally:
        storage.close()
    with pytest.raises(FileExistsError):
        fill(folder)
