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
            ("Alt+Left, Alt+Right", "Back to where you were, and forward"),
            ("F6", "Next part of the window"),
        ),
    ),
    (
        "Writing",
        (
            ("Enter", "Send; Shift+Enter begins a line"),
            ("Tab", "Complete a name, a room, a command or an emoji"),
            ("Up", "Edit your last message, where nothing is written"),
            ("Shift+Up", "Reply to the last message"),
            ("Ctrl+Up, Ctrl+Down", "What you have sent before"),
            ("Ctrl+B, Ctrl+I, Ctrl+E", "Bold, italic, code"),
            ("Ctrl+U", "Send files"),
            ("Ctrl+V", "Paste; a picture is shown first"),
        ),
    ),
    (
        "Reading",
        (
            ("Page Up, Page Down", "Scroll"),
            ("Shift+Page Up", "The oldest unread message"),
            ("Escape", "Everything read, and to the newest message"),
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
            ("O", "Open its link"),
            ("Shift+U", "Unread from here"),
            ("Menu", "All that can be done with it"),
        ),
    ),
    (
        "The window",
        (
            ("Alt+S, Alt+U", "Show or hide rooms, members"),
            ("Ctrl+R", "Connect now, send again what failed"),
            ("Ctrl+/, F1", "These keys"),
            ("Ctrl+Q", "Leave"),
        ),
    ),
)
