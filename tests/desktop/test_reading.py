"""Where one looks stays: at the end, or at a row, whatever changes around it."""

import functools
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from tests.desktop.desktop_harness import DesktopHarness, open_desktop, story, until
from tests.server_process import Line, ServerProcess


async def _talker(server: ServerProcess) -> Line:
    bob = await server.connect()
    bob.type("NICK bob", "USER bob 0 * :Bob", "JOIN #Général")
    await bob.until(" 366 ")
    return bob


def _say(bob: Line, first: int, last: int) -> None:
    """Messages of one line, and of several."""
    bob.type(
        *(f"PRIVMSG #Général :line {number}{' and more' * (number % 7 * 8)}" for number in range(first, last))
    )


def _below(desktop: DesktopHarness, words: str) -> float:
    """How far the foot of a message is above the foot of the list."""
    shown, row = desktop.find("messages"), desktop.message(words)
    foot = row.mapToItem(shown, QPointF(0, row.height())).y()
    return float(shown.height() - foot)


def _where(desktop: DesktopHarness, words: str) -> str:
    shown = desktop.find("messages")
    names = ("isAtEnd", "contentY", "originY", "contentHeight", "height", "heldRow", "heldBelow")
    return f"{words} is {_below(desktop, words)} above the foot of {[(name, shown.property(name)) for name in names]}"


async def _stays_at_end(desktop: DesktopHarness, words: str) -> None:
    await until(lambda: _is_at_end(desktop, words), lambda: _where(desktop, words))


def _is_at_end(desktop: DesktopHarness, words: str) -> bool:
    """Whether this message, the newest, stands at the foot of the list."""
    return desktop.find("messages").property("isAtEnd") is True and -1 < _below(desktop, words) < 10


def _has_come(desktop: DesktopHarness, words: str) -> bool:
    here = desktop.chat.here
    return here is not None and here.timeline.messages[-1].text.startswith(words)


def _banner(desktop: DesktopHarness, words: str) -> None:
    """Something above the list takes some of its room, or gives it back."""
    desktop.chat.put(alert=words)


@story
async def test_who_is_at_the_end_stays_there(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await _talker(server)
        await ann.come(server.port, "ann", "correct horse", registers=True)
        _say(bob, 0, 60)
        await ann.until("line 59")
        await _stays_at_end(ann, "line 59")
        for height, width in ((430, 1100), (900, 700), (500, 450), (740, 1120)):
            ann.window.resize(width, height)
            await ann.drawn()
            await _stays_at_end(ann, "line 59")
        for words in ("Offline since 11:40. " * 12, ""):
            _banner(ann, words)
            await ann.drawn()
            await _stays_at_end(ann, "line 59")
        _say(bob, 60, 75)
        await ann.until("line 74")
        await _stays_at_end(ann, "line 74")


@story
async def test_who_reads_above_is_not_moved(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await _talker(server)
        await ann.come(server.port, "ann", "correct horse", registers=True)
        _say(bob, 0, 90)
        await ann.until("line 89")
        await _stays_at_end(ann, "line 89")
        await ann.press("pageup", "pageup")
        await ann.drawn()
        shown = ann.find("messages")
        assert shown.property("isAtEnd") is False
        words = next(f"line {n}" for n in range(84, 0, -7) if f"line {n}\n" in ann.screen() + "\n")
        before = _below(ann, words)

        async def stays() -> None:
            await ann.drawn()
            await until(
                lambda: abs(_below(ann, words) - before) < 2, lambda: f"{before}: {_where(ann, words)}"
            )

        for number in range(90, 106):
            _say(bob, number, number + 1)
            await until(functools.partial(_has_come, ann, f"line {number}"))
            await stays()
        for height, width in ((430, 1100), (900, 1100), (740, 1120)):
            ann.window.resize(width, height)
            await stays()
        for banner in ("Offline since 11:40. " * 12, ""):
            _banner(ann, banner)
            await stays()
        ann.chat.restyle()
        await stays()
        assert shown.property("isAtEnd") is False
        await ann.press("escape")
        await _stays_at_end(ann, "line 105")


@story
async def test_a_pasted_picture_is_seen_and_gets_words_before_it_is_sent(tmp_path: Path) -> None:
    picture = QImage(900, 700, QImage.Format.Format_RGB32)
    picture.fill(QColor("#22aa55"))
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await _talker(server)
        await ann.come(server.port, "ann", "correct horse", registers=True)
        _say(bob, 0, 40)
        await ann.until("line 39")
        for caption in ("", "the garden"):
            QApplication.clipboard().setImage(picture)
            await ann.press("ctrl+v")
            await ann.until(
                "Send this picture to #Général?", lambda: ann.find("picture").property("sourceSize").width()
            )
            assert not ann.chat._sendings._under_way, "nothing is sent yet"
            if not caption:
                await ann.press("escape")
                await ann.until(lambda: "Send this picture" not in ann.screen())
                continue
            await ann.type(caption, "enter")
        await bob.until("the garden")
        await ann.until("the garden", lambda: ann.message("the garden").property("picture"))
        await ann.drawn()
        newest = ann.message("the garden")
        await until(lambda: newest.height() > 200)
        await _stays_at_end(ann, "the garden")
        assert "http" not in newest.property("html"), "the picture stands there in place of its address"
