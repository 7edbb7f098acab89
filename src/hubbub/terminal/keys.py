"""The keys of the terminal client, and what the command palette offers."""

from typing import Final

KEYS: Final = (
    (
        "Everywhere",
        (
            ("Ctrl+K", "go to a room or a person, join a room"),
            ("Alt+Up, Alt+Down", "previous and next room"),
            ("Alt+Shift+Up/Down", "previous and next unread room"),
            ("Alt+A", "first unread room, mentions first"),
            ("Alt+M", "your mentions"),
            ("Ctrl+F", "search; again: only in this room"),
            ("Alt+S, Alt+U", "show or hide rooms, members"),
            ("Page Up, Page Down", "scroll; at the top, load older messages"),
            ("Shift+Page Up", "to the oldest unread message"),
            ("F6", "to the next part of the screen"),
            ("Ctrl+R", "retry failed messages, reconnect now"),
            ("Ctrl+P", "all actions"),
            ("F1, Ctrl+/", "show these keys"),
            ("Ctrl+Q", "leave"),
        ),
    ),
    (
        "Where you write",
        (
            ("Enter", "send"),
            ("Shift+Enter, Ctrl+J", "a new line"),
            ("Ctrl+T", "send as text, also with a leading slash"),
            ("Tab", "complete a name, room, command or :emoji:"),
            ("Up, in an empty line", "edit your last message"),
            ("Shift+Up, empty", "reply to the last message"),
            ("Ctrl+Up, Ctrl+Down", "recall what you sent before"),
            ("Escape", "go to the end, mark all as read"),
        ),
    ),
    (
        "Among the messages (F6)",
        (
            ("Up, Down", "select a message"),
            ("r", "reply"),
            ("e", "edit"),
            ("+", "react"),
            ("d", "delete"),
            ("c", "copy"),
            ("o", "open the link"),
            ("U", "mark as unread from here"),
        ),
    ),
    (
        "Among the members (F6)",
        (
            ("Enter", "message somebody; list who is offline"),
            ("Space", "all actions"),
            ("letters", "find somebody by name"),
            ("Escape", "list all again"),
        ),
    ),
)

ACTIONS: Final = (
    ("Go to a room or a person  (Ctrl+K)", "Or join a room", "switch"),
    ("Search  (Ctrl+F)", "All rooms that you may read", "search"),
    ("Mentions  (Alt+M)", "Messages that mention you", "mentions"),
    ("First unread room  (Alt+A)", "Mentions first", "first_unread"),
    ("Previous room  (Alt+Up)", "", "step(-1)"),
    ("Next room  (Alt+Down)", "", "step(1)"),
    ("Oldest unread message  (Shift+Page Up)", "", "jump_unread"),
    ("Rooms at the left  (Alt+S)", "Show or hide", "toggle_list('rooms')"),
    ("Members at the right  (Alt+U)", "Show or hide", "toggle_list('members')"),
    ("Reply  (r)", "To the selected message", "reply"),
    ("Edit  (e, or Up in an empty line)", "The selected message", "edit"),
    ("React  (+)", "To the selected message", "react"),
    ("Delete  (d)", "The selected message", "delete"),
    ("Copy  (c)", "The selected message", "copy"),
    ("Open the link  (o)", "Of the selected message", "open_link"),
    ("Mark as unread from here  (U)", "From the selected message on", "mark_unread"),
    ("Retry, reconnect now  (Ctrl+R)", "Messages that were not sent", "again"),
    ("Keys  (F1)", "Show all keys", "keys"),
)
"""(title with its key, what it does, action of the chat's screen)."""
