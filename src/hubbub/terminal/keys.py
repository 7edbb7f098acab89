"""The keys of the terminal client, and what the command palette offers."""

from typing import Final

KEYS: Final = (
    (
        "Everywhere",
        (
            ("Ctrl+K", "go to a room or a person, join one"),
            ("Alt+Up, Alt+Down", "previous and next room"),
            ("Alt+Shift+Up/Down", "previous and next room with something unread"),
            ("Alt+A", "the first room with something unread, mentions first"),
            ("Alt+M", "your mentions"),
            ("Ctrl+F", "search; once more: only here"),
            ("Alt+S, Alt+U", "show or hide rooms, members"),
            ("Page Up, Page Down", "scroll; at the top older messages come"),
            ("Shift+Page Up", "to the oldest unread message"),
            ("F6", "to the next part of the screen"),
            ("Ctrl+R", "send again what failed, connect now"),
            ("Ctrl+P", "everything that can be done"),
            ("F1, Ctrl+/", "these keys"),
            ("Ctrl+Q", "leave"),
        ),
    ),
    (
        "Where you write",
        (
            ("Enter", "send"),
            ("Shift+Enter, Ctrl+J", "a new line"),
            ("Ctrl+T", "send it as text, whatever it begins with"),
            ("Tab", "complete a name, room, command or :emoji:"),
            ("Up, in an empty line", "edit your last message"),
            ("Shift+Up, empty", "reply to the last message"),
            ("Ctrl+Up, Ctrl+Down", "what you have sent before"),
            ("Escape", "to the end, everything read"),
        ),
    ),
    (
        "Among the messages (F6)",
        (
            ("Up, Down", "choose a message"),
            ("r", "reply"),
            ("e", "edit"),
            ("+", "react"),
            ("d", "delete"),
            ("c", "copy"),
            ("o", "open its link"),
            ("U", "unread from here"),
        ),
    ),
)

ACTIONS: Final = (
    ("Go to a room or a person  (Ctrl+K)", "Also to join one", "switch"),
    ("Search  (Ctrl+F)", "In all that you may read", "search"),
    ("Mentions  (Alt+M)", "Where you were spoken to", "mentions"),
    ("First unread room  (Alt+A)", "Mentions first", "first_unread"),
    ("Previous room  (Alt+Up)", "", "step(-1)"),
    ("Next room  (Alt+Down)", "", "step(1)"),
    ("Oldest unread message  (Shift+Page Up)", "", "jump_unread"),
    ("Rooms at the left  (Alt+S)", "Show or hide", "toggle_list('rooms')"),
    ("Members at the right  (Alt+U)", "Show or hide", "toggle_list('members')"),
    ("Reply  (r)", "To the chosen message", "reply"),
    ("Edit  (e, or Up in an empty line)", "The chosen message", "edit"),
    ("React  (+)", "To the chosen message", "react"),
    ("Delete  (d)", "The chosen message", "delete"),
    ("Copy  (c)", "The chosen message", "copy"),
    ("Open the link  (o)", "Of the chosen message", "open_link"),
    ("Unread from here  (U)", "From the chosen message on", "mark_unread"),
    ("Send again, connect now  (Ctrl+R)", "What has failed", "again"),
    ("Keys  (F1)", "All of them", "keys"),
)
"""(title with its key, what it does, action of the chat's screen)."""
