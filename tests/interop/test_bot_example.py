"""The example of a bot, as it stands in the documentation: it runs, it answers, and it is short."""

import asyncio
import os
import sys
from pathlib import Path

from tests.server_process import ServerProcess

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "answer.py"


async def test_the_bot_answers(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            *(str(EXAMPLE), f"localhost:{server.port}", "#tea"),
            env={**os.environ, "HUBBUB_CLIENT_DATA": str(tmp_path / "client")},
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            ann = await server.connect()
            ann.type("CAP REQ :message-tags", "NICK ann", "USER ann 0 * :Ann", "CAP END", "JOIN #tea")
            await ann.until("366")
            ann.type("WHO #tea")
            lines = await ann.until("315")
            if not any(" echo " in line for line in lines):
                await ann.until("echo!")
            ann.type("PRIVMSG #tea :hello", "PRIVMSG #tea :echo: are you there?")
            lines = await ann.until("PRIVMSG #tea :ann: you said “echo: are you there?”")
            assert any("+draft/react=👋" in line for line in lines)
            assert not any("you said “hello”" in line for line in lines)
        finally:
            bot.kill()
            await bot.communicate()


def test_it_is_short() -> None:
    assert len(EXAMPLE.read_text("utf-8").splitlines()) < 30
