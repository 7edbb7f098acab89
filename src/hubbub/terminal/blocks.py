"""How each message is drawn: the lines of one block, for a width."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from hubbub.client import telling
from hubbub.client.client import Client
from hubbub.client.formatting import Look, plain, spans
from hubbub.client.model import Conversation, Delivery, Kind, Message, Outgoing
from hubbub.terminal.look import Palette

PREVIEW_CELLS: Final = 60

_INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """What the drawing depends on beside the message."""

    width: int
    palette: Palette
    is_24h: bool = True


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
        if telling.is_own_doing(message):
            return strips
        if message.kind in telling.COMINGS:
            following = messages[at + 1] if at + 1 < len(messages) else None
            if following is not None and telling.continues(message, following, unread):
                return strips
            run = telling.run_until(messages, at, unread)
            above = messages[at - len(run)] if at >= len(run) else None
            if not strips and above is not None and above.is_talk:
                strips.append(Strip.blank(setting.width))
            text = Text().append(telling.came_and_went(run), Style(color=setting.palette.dim))
            return strips + self._wrapped(text, setting, Style(), " ", chosen, "")
        is_grouped = not strips and telling.is_grouped(before, message)
        is_note = message.kind is Kind.NOTE and before is not None and before.kind is Kind.NOTE
        if not is_grouped and not strips and before is not None and not is_note:
            strips.append(Strip.blank(setting.width))
        if not is_grouped and message.is_talk and message.kind is not Kind.ACTION:
            strips += self._lines(self._head(message, setting), setting, message, chosen, indent=0)
        return strips + self._body(conversation, message, setting, chosen)

    def pending(self, entry: Outgoing, setting: Setting, *, chosen: bool) -> list[Strip]:
        """The lines of something that is not shown by the server yet."""
        colours = setting.palette
        is_failed = entry.delivery is Delivery.FAILED
        body = self._text(entry.text, setting, colours.dim)
        if is_failed:
            body.append(f"\n✗ not sent: {entry.error}", Style(color=colours.error))
            body.append("  /again sends it, /drop takes it back", Style(color=colours.dim))
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
        if before is None or telling.day(before.time_ms) != telling.day(message.time_ms):
            yield self._rule(telling.day_name(message.time_ms), setting, colours.dim)
        if message.follows_gap:
            yield self._rule("something may be missing here", setting, colours.dim, "┄")
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
        person = self._client.people.find(message.sender)
        name = person.display_name if person else message.sender
        text = Text()
        text.append(name, Style(color=colours.nick(self._client.fold(message.sender)), bold=True))
        if name != message.sender:
            text.append(f" @{message.sender}", Style(color=colours.dim))
        if message.is_own:
            text.append(" (you)", Style(color=colours.dim))
        if message.is_bot:
            text.append(" bot", Style(color=colours.dim, italic=True))
        if message.kind is Kind.NOTICE:
            text.append(" notice", Style(color=colours.dim, italic=True))
        text.append(f"  {telling.clock(message.time_ms, setting.is_24h)}", Style(color=colours.dim))
        return text

    def _body(
        self, conversation: Conversation, message: Message, setting: Setting, chosen: bool
    ) -> list[Strip]:
        colours = setting.palette
        strips: list[Strip] = []
        if message.reply_to:
            strips += self._reply(conversation, message, setting, chosen)
        if message.is_deleted:
            by = f" by {message.deleted_by}" if message.deleted_by else ""
            body = Text().append(f"✕ deleted{by}", Style(color=colours.dim, italic=True))
        elif message.kind is Kind.NOTE:
            body = Text().append(plain(message.text), Style(color=colours.dim))
        elif message.is_talk:
            body = self._said(message, setting)
        else:
            body = Text().append(telling.happened(message), Style(color=colours.dim))
        strips += self._lines(body, setting, message, chosen)
        if message.reactions:
            strips += self._lines(self._reactions(message, setting), setting, message, chosen)
        return strips

    def _said(self, message: Message, setting: Setting) -> Text:
        colours = setting.palette
        body = Text()
        if message.kind is Kind.ACTION:
            nick = Style(color=colours.nick(self._client.fold(message.sender)), bold=True)
            body.append("* ", Style(color=colours.dim))
            body.append(f"{message.sender} ", nick)
        body.append_text(self._text(message.text, setting, colours.text))
        if message.edited_ms:
            body.append("  (edited)", Style(color=colours.dim, italic=True))
        return body

    def _reply(
        self, conversation: Conversation, message: Message, setting: Setting, chosen: bool
    ) -> list[Strip]:
        text = Text(f"↳ {telling.answered(conversation, message, setting.width)}")
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
        self, text: Text, setting: Setting, message: Message, chosen: bool, indent: int = _INDENT
    ) -> list[Strip]:
        colours = setting.palette
        bar, ground = " ", ""
        style = Style()
        if message.is_mention:
            bar, style, ground = "┃", Style(color=colours.accent, bold=True), colours.mention
        elif message.is_own:
            bar, style = "▎", Style(color=colours.nick(self._client.fold(message.sender)))
        return self._wrapped(text, setting, style, bar, chosen, ground, indent)

    def _wrapped(
        self,
        text: Text,
        setting: Setting,
        bar_style: Style,
        bar: str,
        chosen: bool,
        ground: str,
        indent: int = _INDENT,
    ) -> list[Strip]:
        ground = setting.palette.chosen if chosen else ground
        room = max(setting.width - indent - 2, 4)
        text.expand_tabs(4)
        lead = Text().append(("▸" if chosen else bar) + " " * (indent or 1), bar_style)
        strips = []
        for line in text.wrap(self._console, room, tab_size=4) or [Text()]:
            segments = [*lead.render(self._console), *line.render(self._console)]
            strip = Strip(segments).adjust_cell_length(setting.width)
            strips.append(strip.apply_style(Style(bgcolor=ground)) if ground else strip)
        return strips
