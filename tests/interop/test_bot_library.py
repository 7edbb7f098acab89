"""A bot written with the library `irc` from PyPI: over TLS with SASL, in a room with others, answering them."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import irc.bot  # type: ignore[import-untyped]
import irc.connection  # type: ignore[import-untyped]

from tests.server_process import ServerProcess


class Parrot(irc.bot.SingleServerIRCBot):  # type: ignore[misc]
    """Says again what it hears, knows who is there, comes back when it is put out, and leaves when it is told to."""

    def __init__(self, port: int) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        tls = irc.connection.Factory(wrapper=partial(context.wrap_socket, server_hostname="localhost"))
        server = irc.bot.ServerSpec("127.0.0.1", port, "correct horse")
        super().__init__([server], "parrot", "A parrot", connect_factory=tls, sasl_login="parrot")

    def on_welcome(self, connection: Any, event: Any) -> None:
        connection.mode(connection.get_nickname(), "+B")
        connection.join("#lab")

    def on_pubmsg(self, connection: Any, event: Any) -> None:
        words = event.arguments[0].split()
        if words == ["who"]:
            room = self.channels["#lab"]
            names = [f"@{name}" if room.is_oper(name) else name for name in sorted(room.users())]
            connection.privmsg(event.target, f"here are {' '.join(names)}")
        elif words[0] == "nick":
            connection.nick(words[1])
        elif words[0] == "away":
            connection.send_raw("AWAY :with the birds")
        else:
            connection.privmsg(event.target, f"{event.source.nick} says {event.arguments[0]}")

    def on_privmsg(self, connection: Any, event: Any) -> None:
        if event.arguments[0] == "leave":
            connection.quit("told to")
            return
        connection.notice(event.source.nick, event.arguments[0])

    def on_invite(self, connection: Any, event: Any) -> None:
        connection.join(event.arguments[0])

    def on_kick(self, connection: Any, event: Any) -> None:
        connection.join("#lab")

    def on_bannedfromchan(self, connection: Any, event: Any) -> None:
        connection.privmsg("ann", "I can't come in")

    def run(self) -> None:
        """Until it has left."""
        self._connect()
        while self.connection.is_connected():
            self.reactor.process_once(timeout=0.05)


@asynccontextmanager
async def parrot(port: int) -> AsyncIterator[None]:
    """The bot in a thread of its own, which ends when the bot leaves."""
    thread = threading.Thread(target=Parrot(port).run, daemon=True)
    thread.start()
    yield
    await asyncio.to_thread(thread.join, 20)
    assert not thread.is_alive()


async def test_a_bot_that_others_have_written(tmp_path: Path) -> None:
    settings = {"HUBBUB_LIMITS_EXEMPT": "127.0.0.1"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        ann = await server.connect()
        ann.type("NICK parrot", "USER p 0 * :P", "REGISTER * * :correct horse", "QUIT")
        await ann.until("ERROR")
        ann = await server.connect()
        ann.type("CAP REQ :message-tags away-notify", "NICK ann", "USER ann 0 * :Ann", "CAP END", "JOIN #lab")
        await ann.until(" 366 ann #lab")
        async with parrot(server.port):
            await ann.until("parrot!parrot@local JOIN #lab")
            ann.type("PRIVMSG #lab :grüße ☕")
            *_, line = await ann.until("ann says grüße ☕")
            assert line.startswith("@msgid=") and ";bot :parrot!parrot@local PRIVMSG #lab :" in line
            ann.type("PRIVMSG #lab :who")
            await ann.until("PRIVMSG #lab :here are @ann parrot")
            ann.type("PRIVMSG #lab :nick polly")
            await ann.until(":parrot!parrot@local NICK polly")
            ann.type("PRIVMSG #lab :who")
            await ann.until("PRIVMSG #lab :here are @ann polly")
            ann.type("PRIVMSG polly :just you")
            await ann.until("polly!parrot@local NOTICE ann :just you")
            ann.type("WHOIS polly")
            lines = await ann.until(" 318 ann polly ")
            assert any(" 335 ann polly :is a Bot on Hubbub" in line for line in lines)
            assert any(" 330 ann polly parrot " in line for line in lines)
            ann.type("PRIVMSG #lab :away")
            await ann.until("polly!parrot@local AWAY :with the birds")
            ann.type("PRIVMSG polly :hello?")
            await ann.until(" 301 ann polly :with the birds")
            ann.type("KICK #lab polly :for a moment")
            await ann.until("polly!parrot@local JOIN #lab")
            ann.type("MODE #lab +b polly!*@*", "KICK #lab polly :for longer")
            await ann.until("polly!parrot@local PRIVMSG ann :I can't come in")
            ann.type("MODE #lab -b polly!*@*", "INVITE polly #lab")
            await ann.until("polly!parrot@local JOIN #lab")
            ann.type("PRIVMSG polly :\x01VERSION\x01")
            await ann.until("NOTICE ann :\x01VERSION")
            for number in range(1000):
                ann.type(f"PRIVMSG polly :line {number}")
            for number in range(1000):
                await ann.until(f"NOTICE ann :line {number}")
            ann.type("PRIVMSG polly :leave")
            await ann.until("QUIT :Quit: told to")
