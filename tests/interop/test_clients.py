"""irssi and WeeChat, as people have them: over TLS with SASL, through everything that one does in a chat."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import need_program
from tests.interop.tmux_terminal import Terminal
from tests.server_process import Line, ServerProcess

LINES = 10_000

IRSSI = """
servers = ( {{
  address = "127.0.0.1"; port = "{port}"; chatnet = "Hubbub"; use_tls = "yes"; tls_verify = "no"; autoconnect = "yes";
  cmd_queue_speed = "1"; cmds_max_at_once = "{lines}";
}} );
chatnets = {{
  Hubbub = {{
    type = "IRC"; nick = "ann";
    sasl_mechanism = "PLAIN"; sasl_username = "ann"; sasl_password = "correct horse";
  }};
}};
settings = {{
  core = {{ real_name = "Ann"; user_name = "ann"; nick = "ann"; }};
  "fe-text" = {{ paste_verify_line_count = "0"; }};
}};
"""

WEECHAT = (
    "/server add hubbub 127.0.0.1/{port} -ssl -ssl_verify=0",
    "/set irc.server.hubbub.nicks ann",
    "/set irc.server.hubbub.username ann",
    "/set irc.server.hubbub.sasl_username ann",
    '/set irc.server.hubbub.sasl_password "correct horse"',
    "/set irc.server.hubbub.anti_flood_prio_high 0",
    "/set weechat.look.paste_max_lines -1",
    "/connect hubbub",
)


def irssi(folder: Path, port: int) -> Terminal:
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(IRSSI.format(port=port, lines=LINES))
    return Terminal(f"irssi --home={folder}", {"TERM": "screen-256color", "LANG": "C.UTF-8"})


def weechat(folder: Path, port: int) -> Terminal:
    commands = ";".join(WEECHAT).format(port=port).replace("'", "")
    return Terminal(
        f"weechat --dir {folder} --run-command '{commands}'", {"TERM": "screen-256color", "LANG": "C.UTF-8"}
    )


@dataclass(frozen=True)
class Client:
    """How a client is started, what shows that it is there, and how one does what each does in its own way."""

    start: Callable[[Path, int], Terminal]
    is_in: str
    goto: str
    joined: str
    unban: str

    def open(self, folder: Path, port: int) -> Terminal:
        need_program(self.start.__name__)
        need_program("tmux")
        return self.start(folder, port)


CLIENTS = [
    pytest.param(
        Client(
            irssi,
            "You are now logged in as ann",
            "/window goto {}",
            "Irssi: Join to {} was synced",
            "/unban *!*@local",
        ),
        id="irssi",
    ),
    pytest.param(
        Client(
            weechat,
            "has joined #Général",
            "/buffer irc.hubbub.{}",
            "Channel {}: 1 nick",
            "/unban *!bob@local",
        ),
        id="weechat",
    ),
]


async def _come_in(server: ServerProcess, name: str) -> Line:
    line = await server.connect()
    line.type("CAP REQ away-notify", f"NICK {name}", f"USER {name} 0 * :{name.title()}", "CAP END")
    await line.until(" 422 ")
    return line


@pytest.mark.timeout(360)
@pytest.mark.parametrize("client", CLIENTS)
async def test_everything_that_one_does_in_a_chat(client: Client, tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data", settings={"HUBBUB_LIMITS_EXEMPT": "127.0.0.1"}) as server:
        bob = await server.connect()
        bob.type("NICK ann", "USER ann 0 * :Ann", "REGISTER * * :correct horse", "QUIT")
        await bob.until("ERROR")
        bob = await _come_in(server, "bob")

        with client.open(tmp_path / "client", server.port) as ann:
            await ann.until(client.is_in)
            # Joining and talking.
            ann.type("/join #lab")
            await ann.until(client.joined.format("#lab"))
            bob.type("JOIN #lab")
            await bob.until(" 366 bob #lab")
            bob.type("PRIVMSG #lab :grüße from bob ☕")
            await ann.until("grüße from bob ☕")
            ann.type("hello from ann ☕")
            await bob.until(":ann!ann@local PRIVMSG #lab :hello from ann ☕")
            ann.type("/me waves")
            await bob.until("PRIVMSG #lab :\x01ACTION waves\x01")
            ann.type("/topic the new topic")
            await bob.until("TOPIC #lab :the new topic")
            # Away and back.
            ann.type("/away lunch")
            await bob.until(":ann!ann@local AWAY :lunch")
            ann.type("/away")
            await bob.until(":ann!ann@local AWAY")
            # Another nickname.
            ann.type("/nick anna")
            await bob.until(":ann!ann@local NICK anna")
            await ann.until("known as anna")
            # A query.
            ann.type("/query bob just between us")
            await bob.until(":anna!ann@local PRIVMSG bob :just between us")
            bob.type("PRIVMSG anna :of course")
            await ann.until("of course")
            ann.type(client.goto.format("#lab"))
            # Ban and kick.
            ann.type("/ban bob")
            await bob.until("MODE #lab +b ")
            ann.type("/kick bob enough")
            await bob.until("KICK #lab bob :enough")
            bob.type("JOIN #lab")
            await bob.until(" 474 bob #lab :")
            ann.type(client.unban)
            await ann.until("-b")
            bob.type("JOIN #lab")
            await bob.until(" 366 bob #lab")
            # A long file.
            file = tmp_path / "long"
            file.write_text("".join(f"line {number} of many\n" for number in range(LINES)))
            ann.paste(file)
            for number in range(LINES):
                while (line := await bob.read()) == "PING chat.hubbub":
                    bob.type("PONG x")
                assert line == f":anna!ann@local PRIVMSG #lab :line {number} of many"
            ann.type("/quit goodbye")
            await bob.until(" QUIT :Quit: goodbye")

        # What was missed.
        bob.type("PRIVMSG #lab :said while you were away", "PRIVMSG ann :and this to you alone")
        await bob.until(" 301 bob ann")
        with client.open(tmp_path / "client", server.port) as ann:
            await bob.until(":ann!ann@local JOIN #lab")
            await ann.shows(client.goto.format("#lab"), "said while you were away")
            ann.type("/query bob")
            await ann.until("and this to you alone")
