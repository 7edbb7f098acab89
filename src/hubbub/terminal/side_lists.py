"""The lists at the sides: rooms and conversations at the left, members at the right."""

from typing import Final

from rich.style import Style
from rich.text import Text
from textual.events import Key
from textual.message import Message as Said
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from hubbub.client import event_text
from hubbub.client.chat_model import Conversation, Member
from hubbub.client.client import Client
from hubbub.client.member_list import Group, MemberList, shown_members
from hubbub.client.navigation import in_order
from hubbub.terminal.themes import Palette

MEMBERS_MAX: Final = 500
"""The most members that are listed; the rest is a count, and is found by name."""


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


class MemberRows(OptionList):
    """The room's members in groups: operators, who is here, who is away, and, dimmed, who is offline.

    Letters that are typed here find members by name. Enter and a click on «Offline» list those, or their number.
    """

    class Picked(Said):
        """The user has selected a person in the list."""

        def __init__(self, nick: str, wants_menu: bool = False) -> None:
            super().__init__()
            self.nick = nick
            self.wants_menu = wants_menu

    def __init__(self, client: Client, shown: MemberList, palette: Palette, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client = client
        self._shown = shown
        self.palette = palette
        self._rows: list[Member | Group | None] = []
        self._texts: list[Text] = []

    def update_members(self, here: Conversation | None) -> None:
        """Draw it again, where it has changed; the row that is highlighted stays so."""
        rows, texts = self._list(here)
        is_same = len(texts) == len(self._texts) and all(map(_is_same, texts, self._texts))
        before, self._rows = self._rows, rows
        if is_same:
            return
        kept = _key(before[self.highlighted]) if self.highlighted is not None else None
        place = self.highlighted if kept is not None else None
        self._texts = texts
        self.clear_options()
        self.add_options(
            [Option(text, disabled=not _can_choose(row)) for row, text in zip(rows, texts, strict=True)]
        )
        same = (at for at, row in enumerate(rows) if kept is not None and _key(row) == kept)
        self.highlighted = next(same, place if self._can_highlight(place) else None)

    def _can_highlight(self, place: int | None) -> bool:
        return place is not None and place < len(self._rows) and _can_choose(self._rows[place])

    def _list(self, here: Conversation | None) -> tuple[list[Member | Group | None], list[Text]]:
        """The rows, and their texts."""
        dim = Style(color=self.palette.dim)
        rows: list[Member | Group | None] = []
        texts: list[Text] = []

        def add(row: Member | Group | None, text: Text) -> None:
            rows.append(row)
            texts.append(text)

        if self._shown.wanted:
            add(None, Text(f"/{self._shown.wanted}▏", Style(color=self.palette.accent)))
        groups = self._shown.groups(here)
        for group, members, more in shown_members(groups, MEMBERS_MAX):
            sign = ("▸ " if group.is_folded else "▾ ") if group.can_fold else ""
            add(group, Text(f"{sign}{group.words}", Style(color=self.palette.dim, bold=True)))
            for member in members:
                add(member, self._row(member))
            if more:
                add(None, Text(f"and {more} more: type a name", dim))
        if self._shown.wanted and not groups:
            add(None, Text("No matches.", dim))
        return rows, texts

    def _row(self, member: Member) -> Text:
        person, palette = member.person, self.palette
        is_dim = person.is_away or not member.is_present
        colour = palette.dim if is_dim else palette.nick(self._client.fold(person.nick))
        text = Text().append(member.ranks[:1] or " ", Style(color=palette.accent, bold=True))
        text.append(person.display_name, Style(color=colour, italic=is_dim or None))
        if person.is_bot:
            text.append(" bot", Style(color=palette.dim))
        if status := person.metadata.get("status"):
            text.append(f" {status}", Style(color=palette.dim))
        text.truncate(max(self.size.width - 3, 8), overflow="ellipsis")
        return text

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        row = self._rows[event.option_index] if event.option_index < len(self._rows) else None
        if isinstance(row, Member):
            self.post_message(self.Picked(row.nick))
        elif isinstance(row, Group):
            self.post_message(self.Toggled())

    class Toggled(Said):
        """The user wants to see those who are offline, or only their number."""

    class Sought(Said):
        """The user has changed the text that shown members have in their names."""

    def _seek(self, text: str) -> None:
        """At once: the next key may be there before the message is read."""
        self._shown.wanted = text
        self.post_message(self.Sought())

    async def _on_key(self, event: Key) -> None:
        """What is typed finds members; Space opens the menu of the highlighted one."""
        wanted = self._shown.wanted
        row = None if self.highlighted is None else self._rows[self.highlighted]
        if event.key == "space" and not wanted and isinstance(row, Member):
            self.post_message(self.Picked(row.nick, wants_menu=True))
        elif event.key == "backspace" and wanted:
            self._seek(wanted[:-1])
        elif event.key == "escape" and wanted:
            self._seek("")
        elif event.is_printable and event.character and (wanted or event.character != " "):
            self._seek(wanted + event.character)
        else:
            return
        event.stop()
        event.prevent_default()


def _can_choose(row: Member | Group | None) -> bool:
    return isinstance(row, Member) or (isinstance(row, Group) and row.can_fold)


def _key(row: Member | Group | None) -> str | None:
    return row.nick if isinstance(row, Member) else f" {row.title}" if isinstance(row, Group) else None
