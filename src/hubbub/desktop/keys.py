"""The keys of the chat window, as its help shows them; `Chat.qml` has the same."""

from typing import Final

KEYS: Final = (
    (
        "Going",
        (
            ("Ctrl+K", "Go to a room or a person"),
            ("Alt+Up, Alt+Down", "Previous and next room"),
            ("Alt+Shift+Up, Alt+Shift+Down", "Previous and next unread room"),
            ("Alt+A", "First unread room"),
            ("Alt+M", "Mentions of you"),
            ("Alt+Left, Alt+Right", "Go back and forward"),
            ("F6", "Next part of the window"),
        ),
    ),
    (
        "Writing",
        (
            ("Enter", "Send; Shift+Enter starts a new line"),
            ("Tab", "Complete a name, a room, a command or an emoji"),
            ("Up", "Edit your last message (in an empty box)"),
            ("Shift+Up", "Reply to the last message"),
            ("Ctrl+Up, Ctrl+Down", "Recall what you sent before"),
            ("Ctrl+B, Ctrl+I, Ctrl+E", "Bold, italic, code"),
            ("Ctrl+U", "Send files"),
            ("Ctrl+V", "Paste; a picture is shown first"),
        ),
    ),
    (
        "Reading",
        (
            ("Page Up, Page Down", "Scroll"),
            ("Shift+Page Up", "Go to the oldest unread message"),
            ("Escape", "Mark all as read and go to the latest message"),
            ("Ctrl+F", "Search"),
        ),
    ),
    (
        "The selected message (F6, then Up and Down)",
        (
            ("R", "Reply"),
            ("E", "Edit"),
            ("+", "React"),
            ("D", "Delete"),
            ("C", "Copy"),
            ("O", "Open the link"),
            ("Shift+U", "Mark as unread from here"),
            ("Menu", "All actions"),
        ),
    ),
    (
        "The window",
        (
            ("Alt+S, Alt+U", "Show or hide rooms, members"),
            ("Ctrl+R", "Reconnect now, retry failed messages"),
            ("Ctrl+/, F1", "Show these keys"),
            ("Ctrl+Q", "Leave"),
        ),
    ),
)
