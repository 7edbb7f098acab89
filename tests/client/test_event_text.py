"""The words for what happens in a conversation."""

from hubbub.client.chat_model import Kind, Message
from hubbub.client.event_text import came_and_went


def test_whoever_is_back_has_not_left() -> None:
    happened = [
        ("ann", Kind.JOINED),
        ("bob", Kind.QUIT),
        ("ann", Kind.LEFT),
        ("bob", Kind.JOINED),
        ("ann", Kind.JOINED),
    ]
    run = [Message(kind, sender, "", 0) for sender, kind in happened]
    assert came_and_went(run) == "→ ann, bob joined"
    assert came_and_went(run[:-2]) == "← ann, bob left"
