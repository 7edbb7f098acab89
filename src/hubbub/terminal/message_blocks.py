"""A message as it is drawn: the lines of one block, for a width."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich.cells import chop_cells, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from hubbub.client import event_text
from hubbub.client.chat_model import Conversation, Delivery, Kind, Message, Outgoing, TalkLook
from hubbub.client.client import Client
from hubbub.client.formatting import Look, mentions, plain, spans
from hubbub.terminal.themes import Palette

PREVIEW_CELLS: Final = 60

_INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """The inputs of drawing besides the message."""

    width: int
    palette: Palette
    is_24h: bool = True
    comings: str = "all"
    """Whose joins and parts are shown, as `event_text.is_hidden` has it."""


class Painter:
    """Draws the messages of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._console = Console(
            width=1000, color_system="truecolor", force_terminal=True, legacy_windows=False
        )

    def message(
        self, conversation: Conversation, at: int, setting: Setting, *, chosen: bool, unread: Message | None
    ) -> list[Strip]:
        """The lines of a message, with what stands above it: the day, what is missing, what is new."""
        messages = conversation.timeline.messages
        message = messages[at]
        before = messages[at - 1] if at else None
        strips = list(self._above(before, message, setting, unread))
        if event_text.is_hidden(messages, at, setting.comings):
            return strips
        place = event_text.shown_from(messages, at, -1, setting.comings)
        before = None if place is None else messages[place]
        if message.kind in event_text.COMINGS:
            following = event_text.shown_from(messages, at, 1, setting.comings)
            if following is not None and event_text.continues(message, messages[following], unread):
                return strips
            run = event_text.run_until(messages, at, unread, setting.comings)
            place = event_text.shown_from(messages, messages.index(run[0]), -1, setting.comings)
            if not strips and place is not None and messages[place].is_talk:
                strips.append(Strip.blank(setting.width))
            text = Text().append(event_text.came_and_went(run), Style(color=setting.palette.dim))
            return strips + self._wrapped(text, setting, Style(), " ", chosen, "")
        is_grouped = not strips and event_text.is_grouped(before, message)
        is_note = message.kind is Kind.NOTE and before is not None and before.kind is Kind.NOTE
        if not is_grouped and not strips and before is not None and not is_note:
            strips.append(Strip.blank(setting.width))
        if not is_grouped and message.is_talk and message.look is not TalkLook.ACTION:
            strips += self._lines(self._head(message, setting), setting, message, chosen, indent=0)
        return strips + self._body(conversation, message, setting, chosen)

    def pending(self, entry: Outgoing, setting: Setting, *, chosen: bool) -> list[Strip]:
        """The lines of something that is not shown by the server yet."""
        colours = setting.palette
        is_failed = entry.delivery is Delivery.FAILED
        body = self._text(entry.text, setting, colours.dim)
        if is_failed:
            body.append(f"\n✗ not sent: {entry.error}", Style(color=colours.error))
            body.append("  /again retries, /drop discards", Style(color=colours.dim))
        else:
            body.append(
                "  ◌ sending" if entry.delivery is Delivery.SENT else "  ◌ waiting", Style(color=colours.dim)
            )
        bar = Style(color=colours.error if is_failed else colours.dim)
        return self._wrapped(body, setting, bar, "▎", chosen, "")

    # Above a message

    def _above(
        self, before: Message | None, message: Message, setting: Setting, unread: Message | None
    ) -> Iterable[Strip]:
        colours = setting.palette
        if before is None or event_text.day(before.time_ms) != event_text.day(message.time_ms):
            yield self._rule(event_text.day_name(message.time_ms), setting, colours.dim)
        if message.follows_gap:
            yield self._rule("messages may be missing here", setting, colours.dim, "┄")
        if message is unread:
            yield self._rule("new", setting, colours.accent, "━")

    def _rule(self, words: str, setting: Setting, colour: str, line: str = "─") -> Strip:
        room = max(setting.width - len(words) - 4, 2)
        left = room // 2
        text = Text().append(f" {line * left} {words} {line * (room - left)} ", Style(color=colour))
        return Strip(text.render(self._console)).adjust_cell_length(setting.width)

    # A message

    def _head(self, message: Message, setting: Setting) -> Text:
        colours = setting.palette
        name = self._client.people.name(message.sender)
        text = Text()
        text.append(name, Style(color=colours.nick(self._client.fold(message.sender)), bold=True))
        if name != message.sender:
            text.append(f" @{message.sender}", Style(color=colours.dim))
        if message.is_own:
            text.append(" (you)", Style(color=colours.dim))
        if message.is_bot:
            text.append(" bot", Style(color=colours.dim, italic=True))
        if message.look is TalkLook.NOTICE:
            text.append(" notice", Style(color=colours.dim, italic=True))
        text.append(f"  {event_text.clock(message.time_ms, setting.is_24h)}", Style(color=colours.dim))
        return text

    def _body(
        self, conversation: Conversation, message: Message, setting: Setting, chosen: bool
    ) -> list[Strip]:
        colours = setting.palette
        strips: list[Strip] = []
        if message.reply_to:
            strips += self._reply(conversation, message, setting, chosen)
        if message.is_talk and not message.is_deleted:
            for body, is_code in self._said(message, setting):
                strips += self._lines(body, setting, message, chosen, is_code=is_code)
            if message.reactions:
                strips += self._lines(self._reactions(message, setting), setting, message, chosen)
            return strips
        if message.is_deleted:
            by = f" by {message.deleted_by}" if message.deleted_by else ""
            body = Text().append(f"✕ deleted{by}", Style(color=colours.dim, italic=True))
        elif message.kind is Kind.NOTE:
            body = Text().append(plain(message.text), Style(color=colours.dim))
        else:
            body = Text().append(event_text.happened(message), Style(color=colours.dim))
        return strips + self._lines(body, setting, message, chosen)

    def _said(self, message: Message, setting: Setting) -> list[tuple[Text, bool]]:
        """The text in parts, each with whether it is a block of code."""
        colours = setting.palette
        body = Text()
        if message.look is TalkLook.ACTION:
            nick = Style(color=colours.nick(self._client.fold(message.sender)), bold=True)
            body.append("* ", Style(color=colours.dim))
            body.append(f"{message.sender} ", nick)
        parts = self._parts(body, message.text, setting)
        if message.edited_ms:
            if parts[-1][1]:
                parts.append((Text(), False))
            parts[-1][0].append("  (edited)", Style(color=colours.dim, italic=True))
        return parts

    def _parts(self, lead: Text, text: str, setting: Setting) -> list[tuple[Text, bool]]:
        """A text behind its lead; each block of code is a part, without the line breaks around it."""
        parts: list[tuple[Text, bool]] = []
        for span in spans(text):
            words = span.text
            if parts and parts[-1][1] and not span.look.block:
                words = words.removeprefix("\n")
            if span.look.block:
                if parts and parts[-1][0].plain.endswith("\n"):
                    parts[-1][0].right_crop(1)
                parts.append((Text(words.removesuffix("\n"), Style(color=setting.palette.text)), True))
            elif words:
                if not parts or parts[-1][1]:
                    parts.append((Text(), False))
                self._append(parts[-1][0], words, span.look, setting)
        if lead and parts and not parts[0][1]:
            return [(lead.append_text(parts[0][0]), False), *parts[1:]]
        return [(lead, False), *parts] if lead or not parts else parts

    def _append(self, part: Text, words: str, look: Look, setting: Setting) -> None:
        """Add words to a part; names of people that are mentioned stand out."""
        style = self._style(look, setting, setting.palette.text)
        named = style + Style(color=setting.palette.accent, bold=True)
        is_plain = not look.code and not look.link
        for piece, is_name in mentions(words, self._client.people.find) if is_plain else ((words, False),):
            part.append(piece, named if is_name else style)

    def _reply(
        self, conversation: Conversation, message: Message, setting: Setting, chosen: bool
    ) -> list[Strip]:
        text = Text(
            f"↳ {event_text.answered(conversation, message, setting.width, self._client.people.name)}"
        )
        text.truncate(max(min(setting.width - 6, PREVIEW_CELLS), 8), overflow="ellipsis")
        text.stylize(Style(color=setting.palette.dim, italic=True))
        return self._lines(text, setting, message, chosen)

    def _reactions(self, message: Message, setting: Setting) -> Text:
        colours = setting.palette
        text = Text()
        for reaction, nicks in message.reactions.items():
            mine = any(self._client.is_me(nick) for nick in nicks)
            count = f" {len(nicks)}" if len(nicks) > 1 else ""
            frame = "[{}]" if mine else " {} "
            style = Style(color=colours.accent if mine else colours.dim, bold=mine)
            text.append(frame.format(f"{plain(reaction)[:20]}{count}"), style)
            text.append(" ")
        return text

    # Text to lines

    def _text(self, text: str, setting: Setting, colour: str) -> Text:
        found = Text()
        for span in spans(text):
            found.append(span.text, self._style(span.look, setting, colour))
        return found

    def _style(self, look: Look, setting: Setting, colour: str) -> Style:
        ground = look.ground or (setting.palette.code if look.code else "")
        return Style(
            color=setting.palette.link if look.link else look.colour or colour,
            bgcolor=ground or None,
            bold=look.bold or None,
            italic=look.italic or None,
            underline=look.underline or None,
            strike=look.strike or None,
            reverse=look.reverse or None,
            link=look.link or None,
        )

    def _lines(
        self,
        text: Text,
        setting: Setting,
        message: Message,
        chosen: bool,
        indent: int = _INDENT,
        is_code: bool = False,
    ) -> list[Strip]:
        colours = setting.palette
        bar, ground = " ", ""
        style = Style()
        if message.is_mention:
            bar, style, ground = "┃", Style(color=colours.accent, bold=True), colours.mention
        elif message.is_own:
            bar, style = "▎", Style(color=colours.nick(self._client.fold(message.sender)))
        return self._wrapped(text, setting, style, bar, chosen, ground, indent, is_code)

    def _wrapped(
        self,
        text: Text,
        setting: Setting,
        bar_style: Style,
        bar: str,
        chosen: bool,
        ground: str,
        indent: int = _INDENT,
        is_code: bool = False,
    ) -> list[Strip]:
        ground = setting.palette.chosen if chosen else ground
        room = max(setting.width - indent - 2, 4)
        text.expand_tabs(4)
        lead = Text().append(("▸" if chosen else bar) + " " * (indent or 1), bar_style)
        strips = []
        lines = _block(text, room, setting) if is_code else text.wrap(self._console, room, tab_size=4)
        for line in lines or [Text()]:
            segments = [*lead.render(self._console), *line.render(self._console)]
            strip = Strip(segments).adjust_cell_length(setting.width)
            strips.append(strip.apply_style(Style(bgcolor=ground)) if ground else strip)
        return strips


def _block(text: Text, room: int, setting: Setting) -> list[Text]:
    """Code, line by line on a ground of its own as broad as the room; what is longer goes on below."""
    style = Style(color=setting.palette.text, bgcolor=setting.palette.code or None)
    pieces = [piece for line in text.plain.split("\n") for piece in chop_cells(line, room) or [""]]
    return [Text(set_cell_size(piece, room), style) for piece in pieces]
