"""Which event IRC shows: each that somebody may be shown reads as a line, or concerns a session by itself."""

from collections import Counter

from hubbub.dialects.irc import message_kinds
from hubbub.dialects.irc.events import EVENTS, PERSONAL_EVENTS
from hubbub.dialects.irc.subjects import SUBJECTS
from hubbub.dialects.irc.verbs import VERBS
from hubbub.engine.drafts import DraftSet
from hubbub.engine.engine import EVENT_RULES
from hubbub.engine.entering import SessionEntered
from hubbub.engine.message_kinds import KINDS
from hubbub.engine.monitors import NickAppeared, NickVanished
from hubbub.engine.rooms import RoomDeleted

CONCERNED_ALONE = {NickAppeared, NickVanished, RoomDeleted, SessionEntered}
"""What is no line that several share: numerics, a greeting or a PART, which each session is told by itself."""

OF_SEVERAL_LINES = {DraftSet}
"""What `IrcView` writes itself, since a text of several lines goes into a batch."""


def test_every_event_that_is_shown_has_its_place() -> None:
    visible = {kind for kind, effect in EVENT_RULES.items() if effect.audience is not None}
    assert EVENTS.keys() | CONCERNED_ALONE | OF_SEVERAL_LINES == visible
    assert PERSONAL_EVENTS.keys() - EVENTS.keys() == CONCERNED_ALONE


def test_each_event_and_each_verb_belongs_to_one_subject() -> None:
    for name, table in (("VERBS", VERBS), ("EVENTS", EVENTS), ("PERSONAL_EVENTS", PERSONAL_EVENTS)):
        keys = Counter(key for subject in SUBJECTS for key in getattr(subject, name, {}))
        assert keys.keys() <= table.keys() and set(keys.values()) == {1}, name


def test_every_kind_of_message_has_its_row() -> None:
    assert message_kinds.KINDS.keys() == KINDS.keys()
