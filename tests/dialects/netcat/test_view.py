"""The view: shared by all who stand in the same room, and able to show whatever somebody may be shown."""

from hubbub.dialects.netcat.rendering import KIND_MARKS, SENTENCES
from hubbub.dialects.netcat.view import NetcatView
from hubbub.engine.away import AwaySet
from hubbub.engine.custom_emoji import EmojiAdded, EmojiDeleted, EmojiRenamed
from hubbub.engine.drafts import DraftSet
from hubbub.engine.engine import EVENT_RULES
from hubbub.engine.entering import SessionEntered
from hubbub.engine.event import Event, Origin
from hubbub.engine.members import MemberTold
from hubbub.engine.membership import MemberAppeared
from hubbub.engine.message_kinds import KINDS
from hubbub.engine.messages import MessageSaid, ToRoom
from hubbub.engine.metadata import MetadataSet, MetadataTold
from hubbub.engine.modes import ModeChange, ModesChanged
from hubbub.engine.monitors import NickAppeared, NickVanished
from hubbub.engine.notifications import LevelSet
from hubbub.engine.readmarkers import ReadMarked
from hubbub.engine.room_requests import RequestMade
from hubbub.engine.rooms import RoomConfigured
from hubbub.engine.signin import UserSignedIn
from hubbub.engine.threads import FollowSet, ThreadChanged, ThreadUnread
from hubbub.engine.topics import TopicSet
from hubbub.engine.user_profile import RealnameSet, UserModesSet

ANN = Origin(7, "ann")
HERE, ELSEWHERE = 1, 2

SILENT = {
    AwaySet,
    DraftSet,
    EmojiAdded,
    EmojiDeleted,
    EmojiRenamed,
    FollowSet,
    LevelSet,
    MemberTold,
    MetadataSet,
    MetadataTold,
    NickAppeared,
    NickVanished,
    ReadMarked,
    RealnameSet,
    RoomConfigured,
    SessionEntered,
    ThreadChanged,
    ThreadUnread,
    UserModesSet,
    UserSignedIn,
}
"""What is shown to nobody in words."""


def shown(event: Event) -> list[str]:
    return NetcatView.of(HERE, "Général").render(event).decode().splitlines()


def test_who_stands_in_the_same_room_shares_a_view() -> None:
    one = NetcatView.of(HERE, "Général")
    assert one is NetcatView.of(HERE, "Général")
    assert one is not NetcatView.of(ELSEWHERE, "Général")
    assert not one.echo


def test_every_event_that_is_shown_has_its_words_or_is_left_out_on_purpose() -> None:
    visible = {kind for kind, effect in EVENT_RULES.items() if effect.audience is not None}
    assert SENTENCES.keys() | SILENT == visible
    assert not SENTENCES.keys() & SILENT


def test_what_has_no_words_is_nothing() -> None:
    assert shown(AwaySet(1, ANN, "lunch")) == []


def test_a_message_here_and_elsewhere() -> None:
    assert shown(MessageSaid(1, ANN, ToRoom(HERE, "tea"), "hi")) == ["ann: hi"]
    assert shown(MessageSaid(1, ANN, ToRoom(ELSEWHERE, "coffee"), "hi")) == ["[coffee] ann: hi"]


def test_somebody_comes_back_to_all_their_rooms_and_it_is_said_once() -> None:
    assert shown(MemberAppeared(1, ANN, ELSEWHERE, "Général", "")) == ["ann has joined the chat."]
    assert shown(MemberAppeared(1, ANN, HERE, "tea", "")) == ["ann has joined tea."]
    assert shown(MemberAppeared(1, ANN, ELSEWHERE, "coffee", "")) == []


def test_only_ranks_are_told_of_modes() -> None:
    changes = (
        ModeChange(True, "m"),
        ModeChange(True, "o", "bob", 8),
        ModeChange(True, "k", "secret"),
        ModeChange(False, "v", "eve", 9),
    )
    assert shown(ModesChanged(1, ANN, HERE, "tea", changes)) == [
        "bob is now an operator in tea.",
        "eve is no longer voiced in tea.",
    ]
    assert shown(ModesChanged(1, ANN, HERE, "tea", changes[:1])) == []


def test_a_topic_taken_away() -> None:
    assert shown(TopicSet(1, ANN, HERE, "tea", "")) == ["ann cleared the topic of tea."]


def test_a_request_with_a_wish() -> None:
    assert shown(RequestMade(1, ANN, HERE, "tea", "I like it")) == [
        "ann asks to join the room tea: I like it",
        "To accept, write: /accept ann tea",
    ]


def test_every_kind_of_message_has_its_mark_or_none_on_purpose() -> None:
    assert KIND_MARKS.keys() == KINDS.keys()
