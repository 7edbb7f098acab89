"""Rows of a room's history as servers have written them: they are read for ever, whatever the code calls things."""

import msgspec
import pytest

from hubbub.storage.subjects.room_events import AMENDMENTS, HAPPENINGS, room_event

ANN = (
    '{"person":7,"nick":"ann","username":"ann","host":"h","account":"ann","realname":"Ann","away":null,'
    '"bot":false,"operator":false}'
)
WHERE = '"room":3,"room_name":"#tea"'
OF_MESSAGE = f'"id":9,"by":{ANN},"message":4,"author":"ann","room":3,"to":0,"name":"#tea","to_rank":""'

STORED = {
    "MemberJoined": f'{{"id":9,"origin":{ANN},{WHERE},"modes":"qo","lasting":true}}',
    "MemberLeft": f'{{"id":9,"origin":{ANN},{WHERE},"reason":"late"}}',
    "MemberKicked": f'{{"id":9,"by":{ANN},"person":8,"nick":"bob",{WHERE},"reason":"loud"}}',
    "TopicSet": f'{{"id":9,"by":{ANN},{WHERE},"text":"tea"}}',
    "ModesChanged": f'{{"id":9,"by":{ANN},{WHERE},"changes":[]}}',
    "RoomRenamed": f'{{"id":9,"by":{ANN},{WHERE},"new":{{"text":"coffee","key":"coffee"}},"reason":"tired"}}',
    "MessageEdited": f'{{{OF_MESSAGE},"text":"","kind":"message","joints":[],"cut":true}}',
    "MessageRedacted": f'{{{OF_MESSAGE},"reason":"mistake"}}',
}
"""Kind of row → its fields, as version 0.2.0 writes them."""


def test_every_kind_of_row_is_here() -> None:
    assert STORED.keys() == set((HAPPENINGS | AMENDMENTS).values())


@pytest.mark.parametrize("kind", STORED)
def test_a_row_is_read_with_all_that_it_says(kind: str) -> None:
    fields = msgspec.json.decode(STORED[kind])
    event = msgspec.json.decode(msgspec.json.encode(room_event(kind, STORED[kind])))
    # Where a long line was split is a column of the message; its field here was always empty.
    fields.pop("joints", None), event.pop("line_breaks", None)
    # So is whom it mentions.
    if kind == "MessageEdited":
        assert (event.pop("mentions"), event.pop("concerned")) == ([], [])
    assert event == fields
