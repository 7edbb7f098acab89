"""Data of every published version opens: nothing is lost, and what it said wrongly is put right."""

from pathlib import Path

import pytest

from hubbub.addresses import parse_network
from hubbub.engine.messages import MessageSaid
from hubbub.engine.state import Role
from hubbub.storage import open_storage
from hubbub.storage.schema import MIGRATIONS
from tests.storage.earlier_schemas import database_of

ROWS = """
INSERT INTO account (id, name, argon2, scram, role, approved, seen) VALUES (1, 'ann', 'a hash', 'some keys', 2, 1, 9);
INSERT INTO room (id, name, access, secret, history, kept) VALUES (2, 'Thé', 'open', 0, 'all', 1);
INSERT INTO member (room, account, since, modes) VALUES (2, 1, 3, 'q');
INSERT INTO message (id, room, kind, person, nick, username, host, to_name, to_rank, text, tags, cut)
    VALUES (4, 2, 'message', 1, 'ann', 'ann', 'local', 'Thé', '', 'où est le thé', '[]', 0);
INSERT INTO sanction (kind, subject, reason, by, at) VALUES ('network', '::ffff:192.0.2.7/128', 'spam', 'ann', 5);
INSERT INTO sanction (kind, subject, reason, by, at) VALUES ('name', 'bob', 'noise', 'ann', 5);
UPDATE progress SET last = 9;
"""


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_data_of_each_version_opens(tmp_path: Path, version: int) -> None:
    database = database_of(tmp_path / "hubbub.db", version)
    database.executescript(ROWS)
    database.close()
    for _ in range(2):  # What has been brought up to date opens as well.
        storage = open_storage(tmp_path / "hubbub.db")
        state, last = storage.load()
        account, room = state.accounts[1], state.rooms[2]
        assert last == 9 and account.name.text == "ann" and account.role is Role.ADMIN
        assert account.credential.argon2 == "a hash"
        assert room.name.text == "Thé" and room.members[1].modes == "q"
        (said,) = storage.history(limit=10, room=2)
        assert isinstance(said, MessageSaid) and said.text == "où est le thé"
        assert "bob" in state.names_kept_out
        if version < len(MIGRATIONS):
            assert list(state.networks_kept_out) == [parse_network("192.0.2.7")]
            assert [found.id for found in storage.search(text="the", limit=9, rooms=[(2, 0)])] == [4]
        assert storage.check() == []
        storage.close()


REPLIES = """
UPDATE message SET tags = '[]';
INSERT INTO message (id, room, kind, person, nick, username, host, to_name, to_rank, text, tags, cut, parent) VALUES
    (5, 2, 'message', 1, 'ann', 'ann', 'local', 'Thé', '', 'à la menthe', '[]', 0, 4),
    (6, 2, 'message', 1, 'ann', 'ann', 'local', 'Thé', '', 'merci', '[]', 0, 5),
    (7, 2, 'tags', 1, 'ann', 'ann', 'local', 'Thé', '', '', '[]', 0, 5),
    (8, 2, 'message', 1, 'ann', 'ann', 'local', 'Thé', 'o', 'psst', '[]', 0, 4),
    (9, 3, 'message', 1, 'ann', 'ann', 'local', 'Café', '', 'ailleurs', '[]', 0, 4);
"""


def test_the_replies_of_earlier_versions_belong_to_their_threads(tmp_path: Path) -> None:
    before = next(number for number, step in enumerate(MIGRATIONS) if "CREATE TABLE thread_follow" in step)
    database = database_of(tmp_path / "hubbub.db", before)
    database.executescript(ROWS + REPLIES)
    database.close()
    storage = open_storage(tmp_path / "hubbub.db")
    found = storage.thread(6)
    assert found and (found.root.id, found.summary.replies, found.summary.last) == (4, 2, 6)
    assert storage.thread_marks((4, 5, 6, 7, 8, 9)).roots == {5: 4, 6: 4}
    storage.close()
