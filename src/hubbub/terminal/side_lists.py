"""The lists at the sides: rooms and conversations at the left, members at the right."""

from collections.abc import Sequence
from typing import Final

from rich.style import Style
from rich.text import Text
from textual.message import Message as Said
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from hubbub.client import event_text
from hubbub.client.chat_model import Conversation, Member
from hubbub.client.client import Client
from hubbub.client.navigation import in_order
from hubbub.client.rooms import sorted_members
from hubbub.terminal.themes import Palette

MEMBERS_MAX: Final = 500
"""The most members that are listed; the rest is a count."""


def _is_same(one: Text, other: Text) -> bool:
    return one.plain == other.plain and one.spans == other.spans


class RoomList(OptionList):
    """Rooms and conversations, with how much is unread in them."""

    class Went(Said):
        """Its user wants to look at one."""

        def __init__(self, conversation: Conversation) -> None:
            super().__init__()
            self.conversation = conversation

    def __init__(self, client: Client, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client = client
        self.palette = palette
        self._rows: list[Conversation | None] = []
        self._texts: list[Text] = []

    def update_rows(self, here: Conversation | None) -> None:
        """Draw it again, where it has changed; `here` is what is looked at."""
        rows: list[Conversation | None] = []
        texts: list[Text] = []
        before: bool | None = None
        for conversation in in_order(self._client.conversations.values()):
            if conversation.is_room is not before:
                before = conversation.is_room
                rows.append(None)
                title = "Rooms" if before else "People"
                texts.append(Text().append(title, Style(color=self.palette.dim, bold=True)))
            rows.append(conversation)
            texts.append(self._row(conversation, conversation is here))
        if rows == self._rows:
            for at, (old, new) in enumerate(zip(self._texts, texts, strict=True)):
                if not _is_same(old, new):
                    self.replace_option_prompt_at_index(at, new)
        else:
            kept = self.highlighted
            self.clear_options()
            self.add_options(
                [Option(text, disabled=row is None) for row, text in zip(rows, texts, strict=True)]
            )
            if self.has_focus and kept is not None and kept < len(rows):
                self.highlighted = kept
        self._rows, self._texts = rows, texts
        place = next((at for at, row in enumerate(rows) if row is here and row is not None), None)
        if not self.has_focus and self.highlighted != place:
            self.highlighted = place

    def _row(self, conversation: Conversation, is_here: bool) -> Text:
        palette = self.palette
        gone = event_text.membership(conversation) != ""
        is_new = conversation.unread > 0
        name = conversation.name
        person = None if conversation.is_room else self._client.people.find(conversation.name)
        sign = " "
        if person is not None:
            sign = {True: "●", False: "○", None: " "}[person.is_online]
            sign = "◐" if person.is_away and person.is_online else sign
            name = person.display_name
        style = Style(
            color=palette.dim if gone else palette.text, bold=is_new or is_here, italic=gone or None
        )
        text = Text(
            ("▸" if is_here else sign) + " ", Style(color=palette.accent if is_here else palette.good)
        )
        text.append(name, style)
        count = ""
        if conversation.mentions:
            count = f" @{conversation.mentions}"
        if conversation.unread > conversation.mentions or (is_new and not conversation.mentions):
            count += f" {conversation.unread}" if conversation.unread < 1000 else " 999+"
        room = max(self.size.width - 3 - len(count), 6)
        text.truncate(room, overflow="ellipsis", pad=True)
        text.append(count, Style(color=palette.accent if conversation.mentions else palette.link, bold=True))
        if conversation.draft:
            text.append(" ✎", Style(color=palette.dim))
        return text

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        conversation = self._rows[event.option_index]
        if conversation is not None:
            self.post_message(self.Went(conversation))


class MemberList(OptionList):
    """The room's members: by rank, then by name; those away are dimmed."""

    class Picked(Said):
        """The user has selected a person in the list."""

        def __init__(self, nick: str) -> None:
            super().__init__()
            self.nick = nick

    def __init__(self, client: Client, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client = client
        self.palette = palette
        self._members: Sequence[Member] = ()
        self._texts: list[Text] = []

    def update_members(self, here: Conversation | None) -> None:
        """Draw it again, where it has changed."""
        members = sorted_members(self._client, here.present) if here else []
        shown = members[:MEMBERS_MAX]
        texts = [self._row(member) for member in shown]
        if len(members) > MEMBERS_MAX:
            texts.append(Text(f"and {len(members) - MEMBERS_MAX} more"))
        is_same = len(texts) == len(self._texts) and all(map(_is_same, texts, self._texts))
        self._members = shown
        if is_same:
            return
        kept = self.highlighted
        self._texts = texts
        self.clear_options()
        self.add_options([Option(text, disabled=at >= len(shown)) for at, text in enumerate(texts)])
        self.highlighted = kept if kept is not None and kept < len(shown) else None

    def _row(self, member: Member) -> Text:
        person, palette = member.person, self.palette
        colour = palette.dim if person.is_away else palette.nick(self._client.fold(person.nick))
        text = Text().append(member.ranks[:1] or " ", Style(color=palette.accent, bold=True))
        text.append(person.display_name, Style(color=colour, italic=person.is_away or None))
        if person.is_away:
            text.append(" away", Style(color=palette.dim, italic=True))
        if person.is_bot:
            text.append(" bot", Style(color=palette.dim))
        if status := person.metadata.get("status"):
            text.append(f" {status}", Style(color=palette.dim))
        text.truncate(max(self.size.width - 3, 8), overflow="ellipsis")
        return text

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index < len(self._members):
            self.post_message(self.Picked(self._members[event.option_index].nick))
