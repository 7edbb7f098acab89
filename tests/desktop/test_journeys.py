"""The chat window: from the door to the goodbye, with somebody at netcat at the other end."""

import asyncio
import base64
import sys
import urllib.request
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem

from hubbub.connection.files import file_host, upload
from tests.desktop.desktop_harness import (  # first: it says whether there is Qt
    DesktopHarness,
    open_desktop,
    outside,
    story,
    until,
)
from tests.server_process import Line, ServerProcess


async def somebody(server: ServerProcess, name: str) -> Line:
    line = await server.connect()
    line.type(name)
    await line.until("help")
    return line


@story
async def test_make_an_account_chat_and_come_again(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        bob = await somebody(server, "bob")
        async with open_desktop(tmp_path / "client") as ann:
            await ann.fill(address="a b", name="ann")
            await ann.click("come")
            await ann.until("Enter the server's address", lambda: ann.find("address").hasActiveFocus())
            await ann.fill(address=f"localhost:{server.port}", name="an n")
            await ann.click("come")
            await ann.until("Enter a name", lambda: ann.find("name").hasActiveFocus())
            await ann.fill(name="ann", password="short")
            await ann.click("register")
            await ann.dismiss("password")
            assert ann.has("error") and ann.find("password").property("text") == "short", (
                "nothing is to be written again"
            )
            await ann.come(server.port, "ann", "correct horse", registers=True)
            await ann.until("#Général", "Members · 2", "bob")
            bob.type("hello ann")
            await ann.until("hello ann")
            await ann.say("hello bob")
            await bob.until("ann: hello bob")
            await ann.until("hello bob")
            theirs, own = ann.message("hello ann"), ann.message("hello bob")
            assert (theirs.property("own"), own.property("own")) == (False, True)
            assert _left(theirs) < _left(own)
            await ann.say("/exit")
            await bob.until("ann has left the chat")
            await until(ann.windows.ended.is_set)
        async with open_desktop(tmp_path / "client") as ann:
            await ann.until("ann", f"localhost:{server.port}")
            await ann.press("enter")
            await until(lambda: ann.find("password").hasActiveFocus())
            await ann.type("wrong horse", "enter")
            await ann.dismiss("Try again")
            await until(lambda: ann.find("password").hasActiveFocus())
            await ann.fill(password="correct horse")
            await ann.click("come")
            await ann.until("hello ann", "hello bob")


def _left(row: QQuickItem) -> float:
    """Where the ground of a message begins."""
    pending = [row]
    while pending:
        item = pending.pop()
        if item.objectName() == "bubble":
            return item.mapToScene(QPointF(0, 0)).x()
        pending += item.childItems()
    raise AssertionError("The row is no message.")


@story
async def test_every_word_that_leaves(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        bob = await somebody(server, "bob")
        for word in ("exit", "!exit", "/exit"):
            async with open_desktop(tmp_path / word.strip("!/")) as ann:
                await ann.come(server.port, "ann")
                await ann.say(word)
                await until(ann.windows.ended.is_set)
            await bob.until("ann has left the chat")


@story
async def test_what_is_typed_in_a_room_stays_there_or_is_kept(tmp_path: Path) -> None:
    """Nothing goes private by its first word; what looks like a command stays written, and can be sent as text."""
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await somebody(server, "bob")
        await ann.come(server.port, "ann", "correct horse", registers=True)
        await ann.say("@tom can you bring the key")
        await bob.until("ann: @tom can you bring the key")
        await ann.say("/etc/hosts has a wrong line")
        await ann.until("There is no command /etc/hosts.")
        assert ann.find("editor").property("text") == "/etc/hosts has a wrong line"
        await ann.click_on("Send as text")
        await bob.until("ann: /etc/hosts has a wrong line")
        assert ann.find("editor").property("text") == "" and ann.chat.writing.doubt == ""


@story
async def test_replies_reactions_edits_and_deletions_by_keyboard(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await somebody(server, "bob")
        await ann.come(server.port, "ann", "correct horse", registers=True)
        bob.type("who is for tea?")
        await ann.until("who is for tea?")
        await ann.press("shift+up")
        await ann.until("Replying to bob: who is for tea?")
        await ann.type("me, pleese", "enter")
        await ann.until("me, pleese", "bob: who is for tea?")
        await ann.press("up")
        await ann.until("Editing.", lambda: ann.find("editor").property("text") == "me, pleese")
        await ann.press("escape")
        await ann.until(lambda: ann.find("editor").property("text") == "")
        await ann.press("up")
        await ann.fill(editor="me, please")
        await ann.press("enter")
        await ann.until("me, please", "edited · ")
        await ann.press("f6", "up")
        await ann.until(lambda: ann.message("who is for tea?").property("isChosen"))
        await ann.press("+")
        await ann.until(lambda: ann.has("wantedEmoji") and ann.find("wantedEmoji").hasActiveFocus())
        await ann.type("teacup", "enter")
        await ann.until("🍵")
        await ann.press("f6", "down")
        await ann.until(lambda: ann.message("me, please").property("isChosen"))
        await ann.press("d")
        await ann.until("Delete this message?", lambda: ann.find("no").hasActiveFocus())
        await ann.press("enter")
        await ann.until("me, please", lambda: not ann.has("no"))
        await ann.press("f6")
        await ann.press("d")
        await ann.until(lambda: ann.has("yes"))
        await ann.click("yes")
        await ann.until("deleted", lambda: "me, please" not in ann.screen())


def add_emoji(port: int, name: str) -> None:
    """Ann adds one of the place's own."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn = QImage(40, 40, QImage.Format.Format_RGB32)
    drawn.fill(QColor("#f2b233"))
    assert drawn.save(buffer, "PNG")  # type: ignore[call-overload]
    proof = base64.b64encode(b"ann:correct horse").decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/emoji/{name}",
        data.data(),
        {"Content-Type": "image/png", "Authorization": f"Basic {proof}"},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201


@story
async def test_emoji_of_the_place_are_offered_with_their_pictures(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await ann.come(server.port, "ann", "correct horse", registers=True)
        await asyncio.to_thread(add_emoji, server.port, "_own_cat_")
        await ann.until(lambda: ann.chat.client.emoji.known)
        await ann.say("look")
        await ann.press("f6", "up", "+")
        await ann.until(lambda: ann.has("wantedEmoji") and ann.find("wantedEmoji").hasActiveFocus())
        await ann.until("👍", lambda: ann.has("ownEmoji"))
        await ann.type("own c")
        await ann.until(lambda: "👍" not in ann.screen(), lambda: ann.find("ownEmoji").property("source"))
        await ann.press("enter")
        assert ann.chat.here is not None
        message = ann.chat.here.timeline.messages[-1]
        await ann.until(lambda: message.reactions.get(":_own_cat_:") == ["ann"])


@story
async def test_nothing_is_lost_when_the_server_dies(tmp_path: Path) -> None:
    async with open_desktop(tmp_path / "client") as ann:
        async with ServerProcess(tmp_path / "data") as server:
            await ann.come(server.port, "ann", "correct horse", registers=True)
            await ann.say("before")
            await ann.until("before", lambda: not ann.chat.client.outbox.entries)
            server.kill()
            await server.ended()
            await ann.until("Reconnecting in", "Retry now", "not connected")
            await ann.say("meanwhile")
            await ann.until("waiting")
        async with ServerProcess(tmp_path / "data", "-p", str(server.port)) as server:
            await ann.press("ctrl+r")
            await ann.until(lambda: not ann.has("alert") and not ann.chat.client.outbox.entries)
            bob = await somebody(server, "bob")
            await ann.say("afterwards")
            await bob.until("ann: afterwards")
            await ann.until("afterwards")
            said = [
                line for line in ann.screen().split("\n") if line in ("before", "meanwhile", "afterwards")
            ]
            assert said == ["before", "meanwhile", "afterwards"]


@story
async def test_what_is_written_is_there_the_next_time(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        async with open_desktop(tmp_path / "client") as ann:
            await ann.come(server.port, "ann", "correct horse", registers=True)
            ann.find("editor").forceActiveFocus()
            await ann.type("not yet said")
        async with open_desktop(tmp_path / "client") as ann:
            await ann.come(server.port, "ann", "correct horse")
            await until(lambda: ann.find("editor").property("text") == "not yet said")


@story
async def test_going_and_searching(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await somebody(server, "bob")
        await ann.come(server.port, "ann", "correct horse", registers=True)
        await ann.press("ctrl+k")
        await ann.until(lambda: ann.find("wanted").hasActiveFocus())
        await ann.type("tea")
        await ann.until("Create or join #tea", lambda: "privately" not in ann.screen())
        await ann.press("enter")
        await ann.until("Members · 1", lambda: ann.chat.values["title"] == "#tea")
        bob.type("ann, where are you?")
        await until(lambda: ann.chat.values["mentions"] == 1)
        assert ann.window.title().startswith("(1) ")
        await ann.press("alt+m")
        await ann.until("Mentions of you.", "ann, where are you?")
        await ann.press("enter")
        await ann.until(lambda: ann.chat.values["title"] == "#Général")
        await ann.until(lambda: ann.message("where are you").property("isChosen"))
        await ann.press("alt+left")
        await ann.until(lambda: ann.chat.values["title"] == "#tea")
        await ann.press("ctrl+f")
        await ann.type("where", "enter")
        await ann.until("1 found.")
        await ann.type("nowhere", "enter")
        await ann.until("No matches. Try fewer words.")
        await ann.press("escape", "alt+down")
        await ann.until(lambda: ann.chat.values["title"] == "#Général")
        await ann.press("f1")
        await ann.until("Go to a room or a person")
        await ann.press("escape")
        bob.type("@ann just for you")
        await until(lambda: ann.chat.values["unread"] == 1)
        await ann.press("alt+a")
        await ann.until("just for you", lambda: ann.chat.values["title"] == "bob")


@story
async def test_completion(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await somebody(server, "robert")
        await ann.come(server.port, "ann")
        await ann.until("robert")
        editor = ann.find("editor")
        editor.forceActiveFocus()
        await ann.type("rob", "tab")
        await until(lambda: editor.property("text") == "robert: ")
        await ann.type("good :tad")
        await ann.until(":tada:")
        await ann.press("enter")
        await until(lambda: editor.property("text") == "robert: good 🎉 ")
        await ann.press("enter")
        await ann.until("robert: good 🎉", lambda: editor.property("text") == "")
        await ann.press("ctrl+up")
        await until(lambda: editor.property("text") == "robert: good 🎉 ")
        await ann.press("ctrl+down")
        await until(lambda: editor.property("text") == "")
        await ann.say("/nonsense")
        await ann.until("There is no command /nonsense", lambda: editor.property("text") == "/nonsense")


@story
async def test_a_picture_is_sent_and_seen(tmp_path: Path) -> None:
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#5142cf"))
    picture.save(str(tmp_path / "holiday.png"))
    (tmp_path / "notes.txt").write_text("what to buy", "utf-8")
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await ann.come(server.port, "ann", "correct horse", registers=True)
        files = [QUrl.fromLocalFile(str(tmp_path / name)) for name in ("holiday.png", "notes.txt")]
        ann.chat.send_files([*files, QUrl.fromLocalFile(str(tmp_path / "missing"))])
        await ann.until("There is no file", "notes.txt", lambda: _picture(ann))
        assert not ann.chat.values["alert"]


def _picture(desktop: DesktopHarness) -> bool:
    found = [item for item in desktop.items() if isinstance(item.property("source"), QUrl)]
    shown = [item for item in found if item.property("source").toString().endswith(".png")]
    return any((item.width(), item.height()) == (300, 200) for item in shown)


async def _administer(server: ServerProcess, *words: str) -> str:
    """What the console answers."""
    told = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hubbub", "admin", "--data", str(server.data), *words),
        stdout=asyncio.subprocess.PIPE,
    )
    return (await told.communicate())[0].decode()


@story
async def test_a_link_opens_the_room_and_an_invitation(tmp_path: Path) -> None:
    settings = {"HUBBUB_ACCOUNTS_REGISTRATION": "invitation"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        code = (
            (await _administer(server, "add", "invitation", "2", "1d")).split("#/invitation/")[1].split()[0]
        )
        async with open_desktop(
            tmp_path / "client", f"hubbub://localhost:{server.port}/invitation/wrong"
        ) as ann:
            await ann.until("You are invited", lambda: ann.find("name").hasActiveFocus())
            await ann.fill(name="ann", password="correct horse")
            await ann.click("register")
            await ann.dismiss("nvitation")
            ann.windows.wanted(f"hubbub://localhost:{server.port}/invitation/{code}")
            await ann.fill(name="ann", password="correct horse")
            await ann.click("register")
            await ann.until(lambda: ann.desk.values["is_in"])
            await until(lambda: ann.chat.client.account == "ann")
            ann.windows.wanted(f"hubbub://localhost:{server.port}/tea")
            await ann.until("There is no room #tea in the list", lambda: ann.find("yes").hasActiveFocus())
            await ann.press("enter")
            await ann.until(lambda: ann.chat.values["title"] == "#tea")


@story
async def test_another_server_and_back(tmp_path: Path) -> None:
    async with (
        ServerProcess(tmp_path / "one") as one,
        ServerProcess(tmp_path / "two") as two,
        open_desktop(tmp_path / "client") as ann,
    ):
        bob = await somebody(one, "bob")
        await ann.come(one.port, "ann", "correct horse", registers=True)
        bob.type(f"come over to hubbub://localhost:{two.port}/tea")
        await ann.until("come over")
        ann.chat.doing.open(f"hubbub://localhost:{two.port}/tea")
        await ann.until("This leaves Hubbub.")
        await ann.press("escape")
        await ann.until(lambda: not ann.has("yes"))
        assert ann.desk.values["is_in"]
        ann.chat.doing.open(f"hubbub://localhost:{two.port}/tea")
        await ann.until(lambda: ann.has("yes"))
        await ann.press("enter")
        await ann.until("Sign in to chat.", lambda: ann.find("password").hasActiveFocus())
        await bob.until("ann has left the chat")
        await ann.press("enter")
        await ann.until(lambda: ann.desk.values["is_in"] and ann.chat.values["title"] == "#tea")
        ann.desk.go_out()
        await ann.until(f"localhost:{one.port}", f"localhost:{two.port}")
        await ann.click_on(f"localhost:{two.port} · a guest")
        await ann.until(lambda: ann.desk.values["is_in"])


@story
async def test_files_are_pasted(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("what to buy", "utf-8")
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await ann.come(server.port, "ann", "correct horse", registers=True)
        ann.find("editor").forceActiveFocus()
        clipboard = QGuiApplication.clipboard()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
        clipboard.setMimeData(data)
        await ann.press("ctrl+v")
        await ann.until("notes.txt")
        clipboard.setText("just words")
        await ann.press("ctrl+v")
        await until(lambda: ann.find("editor").property("text") == "just words")
        clipboard.setImage(QImage(300, 200, QImage.Format.Format_RGB32))
        await ann.press("ctrl+v")
        await ann.until("Send this picture to #Général?", lambda: ann.find("caption").hasActiveFocus())
        await ann.press("enter")
        await until(lambda: _picture(ann))
        assert ann.find("editor").property("text") == "just words"


@story
async def test_files_are_dropped(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("what to buy", "utf-8")
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await ann.come(server.port, "ann", "correct horse", registers=True)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
        middle = QPoint(560, 300)
        held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        await outside(lambda: QGuiApplication.sendEvent(ann.window, QDragEnterEvent(middle, *held)))
        await ann.until("Drop the files to send them to #Général")
        await outside(lambda: QGuiApplication.sendEvent(ann.window, QDropEvent(QPointF(middle), *held)))
        await ann.until("/notes.txt", lambda: "Drop the files" not in ann.screen())


@story
async def test_who_is_typing(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        bob = await server.connect()
        bob.type("CAP REQ :message-tags", "NICK bob", "USER bob 0 * :Bob", "CAP END", "JOIN #Général")
        await bob.until(" 366 ")
        await ann.come(server.port, "ann", "correct horse", registers=True)
        bob.type("@+typing=active TAGMSG #Général")
        await ann.until("bob is typing…")
        ann.find("editor").forceActiveFocus()
        await ann.type("me too")
        await bob.until("+typing=active")
        bob.type("PRIVMSG #Général :done")
        await ann.until("done", lambda: "is typing" not in ann.screen())


@story
async def test_people_have_faces_and_names(tmp_path: Path) -> None:
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff8800"))
    picture.save(str(tmp_path / "face.png"))
    async with (
        ServerProcess(tmp_path / "data") as server,
        open_desktop(tmp_path / "one") as ann,
        open_desktop(tmp_path / "two") as bob,
    ):
        await ann.come(server.port, "ann", "correct horse", registers=True)
        await bob.come(server.port, "bob", "correct horse", registers=True)
        await bob.say("it is me")
        await ann.until("it is me")
        client = bob.chat.client
        host, known = file_host(client.server.support), bob.desk.remembered.known
        link = await upload(host, tmp_path / "face.png", client.web_identity, known)
        bob.chat.speech.say(f"/raw METADATA * SET avatar :{link}")
        bob.chat.speech.say("/name Robert")
        await ann.until("Robert", lambda: ann.message("it is me").property("face"))
        shown = QImage(QUrl(ann.message("it is me").property("face")).toLocalFile())
        assert shown.width() == shown.height()
        assert shown.pixelColor(0, 0).alpha() == 0 and shown.pixelColor(48, 48) == QColor("#ff8800")
        await bob.until(lambda: bob.chat.values["face"])


@story
async def test_the_fingerprint_is_shown_and_a_change_is_an_alarm(tmp_path: Path) -> None:
    async with open_desktop(tmp_path / "client") as ann:
        async with ServerProcess(tmp_path / "data") as server:
            fingerprint = server.greeting.split("SHA-256 ")[1][:4]
            await ann.fill(address=f"ircs://localhost:{server.port}", name="ann")
            await ann.click("come")
            await ann.until("Do you trust this server?", fingerprint)
            await ann.press("escape")
            await ann.dismiss("not trusted")
            assert ann.has("error") and not ann.desk.values["is_in"]
            await ann.click("come")
            await ann.until("Do you trust this server?", lambda: ann.find("yes").hasActiveFocus())
            await ann.press("enter")
            await ann.until("a guest", "TLS", lambda: ann.desk.values["is_in"])
            ann.desk.go_out()
            await ann.until("Sign in to chat.")
        async with ServerProcess(tmp_path / "other", "-p", str(server.port)):
            for answer in ("no", "yes"):
                await ann.fill(address=f"ircs://localhost:{server.port}", name="ann")
                await ann.click("come")
                await ann.until(
                    "The server's certificate has changed", "Before:", lambda: ann.find("no").hasActiveFocus()
                )
                await ann.click(answer)
                if answer == "no":
                    await ann.until("certificate has changed", lambda: not ann.has("no"))
                    assert not ann.desk.values["is_in"]
            await ann.until("Do you trust this server?")
            await ann.press("enter")
            await ann.until("a guest", "TLS", lambda: ann.desk.values["is_in"])


@story
async def test_a_draft_is_on_all_devices_until_it_is_sent(tmp_path: Path) -> None:
    """Another device sees what is written here, goes on with it, and sends it: then it is gone here."""
    async with ServerProcess(tmp_path / "data") as server, open_desktop(tmp_path / "client") as ann:
        await ann.come(server.port, "ann", "correct horse", registers=True)
        await ann.until("#Général", "Members · 1")
        phone = await server.connect()
        phone.type(
            "CAP REQ :batch hubbub/drafts", "PASS :ann:correct horse", "NICK ann", "USER x 0 * x", "CAP END"
        )
        await phone.until("JOIN #Général")
        await ann.type("tea?")
        version = (await phone.until(" :tea?"))[-1].split()[3]
        phone.type(f"DRAFT #Général {version} :tea at five?")
        await ann.until(lambda: ann.find("editor").property("text") == "tea at five?")
        version = (await phone.until(" :tea at five?"))[-1].split()[3]
        phone.type("PRIVMSG #Général :tea at five?")
        phone.type(f"DRAFT #Général {version}")
        await ann.until("tea at five?", lambda: ann.find("editor").property("text") == "")
