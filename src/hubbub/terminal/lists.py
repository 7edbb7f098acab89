"""The lists at the sides: rooms and conversations at the left, members at the right."""

from collections.abc import Sequence
from typing import Final

from rich.style import Style
from rich.text import Text
from textual.message import Message as Said
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from hubbub.client.client import Client
from hubbub.client.model import Conversation, Member
from hubbub.client.rooms import sorted_members
from hubbub.terminal.look import Palette

MEMBERS_MAX: Final = 500
"""How many members are listed; of more it is told how many."""


def in_order(client: Client) -> list[Conversation]:
    """Rooms first, then people, each by name."""
    conversations = client.conversations.values()
    return sorted(conversations, key=lambda c: (not c.is_room, c.name.casefold()))


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

    def update_rows(self, here: Conversation | None) -> None:
        """Draw it again; `here` is what is looked at."""
        rows: list[Conversation | None] = []
        options: list[Option] = []
        before: bool | None = None
        for conversation in in_order(self._client):
            if conversation.is_room is not before:
                before = conversation.is_room
                rows.append(None)
                title = Text("Rooms" if before else "People", Style(color=self.palette.dim, bold=True))
                options.append(Option(title, disabled=True))
            rows.append(conversation)
            options.append(Option(self._row(conversation, conversation is here)))
        kept = self.highlighted
        self._rows = rows
        self.clear_options()
        self.add_options(options)
        at = next((at for at, row in enumerate(rows) if row is here and row is not None), None)
        self.highlighted = kept if self.has_focus and kept is not None and kept < len(rows) else at

    def _row(self, conversation: Conversation, is_here: bool) -> Text:
        palette = self.palette
        gone = conversation.is_room and not conversation.is_joined
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
    """Who is in the room: the ranks first, then by name; who is away is dimmed."""

    class Picked(Said):
        """Its user has picked somebody."""

        def __init__(self, nick: str) -> None:
            super().__init__()
            self.nick = nick

    def __init__(self, client: Client, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client = client
        self.palette = palette
        self._members: Sequence[Member] = ()

    def update_members(self, here: Conversation | None) -> None:
        members = sorted_members(self._client, here.members.values()) if here else []
        self._members = members[:MEMBERS_MAX]
        kept = self.highlighted
        self.clear_options()
        self.border_title = f"{len(members)} here" if here and here.is_room else ""
        self.add_options([Option(self._row(member)) for member in self._members])
        if len(members) > MEMBERS_MAX:
            self.add_option(Option(f"and {len(members) - MEMBERS_MAX} more", disabled=True))
        self.highlighted = kept if kept is not None and kept < len(self._members) else None

    def _row(self, member: Member) -> Text:
        person, palette = member.person, self.palette
        colour = palette.dim if person.is_away else palette.nick(self._client.fold(person.nick))
        text = Text(f"{member.ranks[:1] or ' '}", Style(color=palette.accent, bold=True))
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
