"""The list of messages alone: what is drawn, and that it is only what is seen."""

from textual.app import App, ComposeResult

from hubbub.client.chat_model import Conversation, Kind, Message
from hubbub.client.client import Client
from hubbub.client.identity import Identity
from hubbub.terminal.message_list import MessageList
from hubbub.terminal.themes import palette

MANY = 100_000


def conversation(count: int) -> Conversation:
    made = Conversation("#tea", is_room=True)
    messages = [
        Message(
            Kind.SAID,
            f"user{number % 7}",
            f"message {number}",
            1_795_000_000_000 + number * 1000,
            f"{number:07}",
        )
        for number in range(count)
    ]
    made.timeline.merge(messages)
    made.timeline.is_whole = True
    return made


class Alone(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.client = Client(Identity("ann"), lambda: "x")
        self.messages = MessageList(self.client, palette(is_dark=True))

    def compose(self) -> ComposeResult:
        yield self.messages

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_a_hundred_thousand_are_drawn_as_few_are() -> None:
    """Only what is in sight is drawn: the number of blocks says so, whatever the clock does."""
    app = Alone()
    async with app.run_test(size=(60, 20)) as pilot:
        app.messages.show(conversation(MANY))
        await pilot.pause()
        assert "message 99999" in app.text()[-1]
        assert len(app.messages._blocks) <= 20
        for _ in range(50):
            app.messages.scroll_lines(-15)
            await pilot.pause()
        assert len(app.messages._blocks) <= 600
        app.messages.action_top()
        await pilot.pause()
        assert any("message 0" in line for line in app.text())
        app.messages.action_bottom()
        await pilot.pause()
        assert "message 99999" in app.text()[-1]


async def test_scrolling_up_and_down_shows_each_message_once() -> None:
    app = Alone()
    async with app.run_test(size=(60, 20)) as pilot:
        app.messages.show(conversation(70))
        await pilot.pause()
        seen: list[str] = []
        for _ in range(200):
            lines = [line.strip() for line in app.text() if "message" in line]
            new = [line.rstrip("│┃ ") for line in lines if line.rstrip("│┃ ") not in seen]
            seen[:0] = new
            before = app.text()
            app.messages.scroll_lines(-1)
            await pilot.pause()
            if app.text() == before:
                break
        assert seen == [f"message {number}" for number in range(70)]


async def test_what_is_looked_at_stays_when_something_arrives() -> None:
    app = Alone()
    async with app.run_test(size=(60, 20)) as pilot:
        here = conversation(300)
        app.messages.show(here)
        app.messages.scroll_lines(-100)
        await pilot.pause()
        before = [line.rstrip("│┃ ") for line in app.text()]
        here.timeline.append(Message(Kind.SAID, "eve", "news", 1_796_000_000_000, "z"))
        app.messages.arrived()
        await pilot.pause()
        assert [line.rstrip("│┃ ") for line in app.text()] == before
        older = [Message(Kind.SAID, "old", f"older {n}", 1_794_000_000_000 + n, f"0-{n}") for n in range(50)]
        here.timeline.merge(older)
        app.messages.changed()
        await pilot.pause()
        assert [line.rstrip("│┃ ") for line in app.text()] == before


async def test_choosing_goes_over_what_nobody_has_said() -> None:
    app = Alone()
    async with app.run_test(size=(60, 20)) as pilot:
        here = conversation(3)
        here.timeline.append(Message(Kind.JOINED, "eve", "", 1_796_000_000_000, "j"))
        here.timeline.append(Message(Kind.SAID, "eve", "hello", 1_796_000_001_000, "k"))
        app.messages.show(here)
        app.messages.focus()
        await pilot.press("up", "up")
        await pilot.pause()
        assert app.messages.chosen is here.timeline.messages[2]
        assert any(line.startswith("▸") and "message 2" in line for line in app.text())
        await pilot.press("down", "down")
        await pilot.pause()
        assert app.messages.chosen is None
