"""The clients' core at IRC servers that others have written: it does with them what they can."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.servers import free_port
from hubbub.client import events
from hubbub.client.chat_model import Delivery, Kind
from hubbub.client.identity import Identity, Password
from tests.conftest import need_program
from tests.connection.connected_client import ConnectedClient
from tests.patience import PATIENCE_SECONDS

INSPIRCD = """
<config format="xml">
<server name="irc.example.org" description="Test" network="Example" id="001">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="20" commandrate="100000" threshold="100" fakelag="no" useident="no" resolvehostnames="no"
         localmax="50" globalmax="50" modes="">
<options prefixquit="" syntaxhints="no" casemapping="rfc1459">
<performance softlimit="1000">
<dns timeout="1" server="127.0.0.1">
<pid file="{folder}/inspircd.pid">
<path configdir="{folder}" datadir="{folder}" logdir="{folder}" runtimedir="{folder}">
{modules}
"""
MODULES = (
    *("cap", "ircv3", "ircv3_batch", "ircv3_ctctags", "ircv3_echomessage", "ircv3_labeledresponse"),
    *("ircv3_msgid", "ircv3_servertime", "ircv3_capnotify", "ircv3_invitenotify", "namesx", "uhnames"),
)
NGIRCD = """
[Global]
Name = irc.example.org
Info = Test
Listen = 127.0.0.1
Ports = {port}
ServerUID = {user}
ServerGID = {user}
[Limits]
MaxConnectionsIP = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
ChrootDir =
PidFile =
"""


class OtherServer:
    """A server in a process of its own, which can be killed and started again on its port."""

    def __init__(self, command: list[str], port: int, folder: Path) -> None:
        self.command = command
        self.port = port
        self.folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"irc://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with (self.folder / "output").open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.command, stdout=output, stderr=asyncio.subprocess.STDOUT, cwd=self.folder
            )
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return
                except OSError:
                    assert self._process.returncode is None, (self.folder / "output").read_text("utf-8")
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        assert self._process
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@pytest.fixture(params=["inspircd", "ngircd"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OtherServer]:
    program, port = need_program(request.param), free_port()
    file = tmp_path / "server.conf"
    if request.param == "inspircd":
        modules = "\n".join(f'<module name="{name}">' for name in MODULES)
        file.write_text(INSPIRCD.format(port=port, folder=tmp_path, modules=modules), "utf-8")
        root = ["--runasroot"] if os.getuid() == 0 else []
        command = [program, "--nofork", "--nolog", *root, f"--config={file}"]
    else:
        file.write_text(NGIRCD.format(port=port, user="root" if os.getuid() == 0 else os.getuid()), "utf-8")
        command = [program, "--nodaemon", "--config", str(file)]
    made = OtherServer(command, port, tmp_path)
    await made.start()
    yield made
    await made.kill()


def guest(nick: str, *rooms: str) -> Identity:
    return Identity(nick, rooms=rooms, varies=True)


async def test_talking(server: OtherServer) -> None:
    async with (
        ConnectedClient(server.address, guest("ann", "#tea")) as ann,
        ConnectedClient(server.address, guest("bob", "#tea")) as bob,
    ):
        await ann.event(events.Welcomed)
        await bob.until(lambda: (room := bob.client.find("#tea")) and len(room.members) == 2)
        await ann.until(lambda: (room := ann.client.find("#tea")) and len(room.members) == 2)
        assert ann.client.server.network
        for number in range(8):
            ann.client.say(ann["#tea"], f"line {number}")
        wanted = [f"ann: line {number}" for number in range(8)]
        await bob.until(lambda: bob.texts("#tea") == wanted)
        await ann.until(lambda: ann.texts("#tea") == wanted and not ann["#tea"].pending)
        bob.client.say(bob["#tea"], "waves at ann", kind=Kind.ACTION)
        bob.client.say(bob.client.open("ann"), "psst")
        await ann.until(lambda: ann.texts("bob") == ["bob: psst"] and ann["#tea"].mentions == 1)
        ann.client.say(ann["#tea"], "one\n\ntwo " + "long words " * 100)
        await bob.until(lambda: not ann["#tea"].pending and "long" in bob.texts("#tea")[-1])
        said = "".join(text.removeprefix("ann: ") for text in bob.texts("#tea")[9:])
        assert said.replace(" ", "") == "onetwo" + "longwords" * 100


async def test_rooms_and_people(server: OtherServer) -> None:
    async with ConnectedClient(server.address, guest("ann", "#tea")) as ann:
        await ann.until(lambda: (room := ann.client.find("#tea")) and room.members)
        async with ConnectedClient(server.address, guest("ann", "#tea")) as other:
            await other.until(lambda: (room := other.client.find("#tea")) and len(room.members) == 2)
            assert other.client.nick == "ann_"
            await ann.until(lambda: "ann_" in ann["#tea"].members)
            assert ann["#tea"].members["ann"].ranks.startswith("@")
            ann.client.ask("TOPIC", "#tea", "Oolong")
            await other.until(lambda: other["#tea"].topic == "Oolong")
            ann.client.ask("MODE", "#tea", "+v", "ann_")
            await other.until(lambda: other["#tea"].members["ann_"].ranks == "+")
            other.client.take_nick("Robert")
            await ann.until(lambda: set(ann["#tea"].members) == {"ann", "robert"})
            other.client.look_at(other["#tea"])
            other.client.ask("AWAY", "lunch")
            ann.client.look_at(ann["#tea"])
            ann.client.ask("KICK", "#tea", "Robert", "out")
            await other.until(lambda: not other["#tea"].is_joined)
            other.client.ask("LIST")
            assert (await other.event(events.RoomsListed)).rooms[0].name == "#tea"
            entry = other.client.say(other.client.open("nobody"), "hello?")
            await other.until(lambda: entry.delivery is Delivery.FAILED)
        await ann.until(lambda: set(ann["#tea"].members) == {"ann"})


async def test_coming_back(server: OtherServer) -> None:
    async with ConnectedClient(server.address, guest("ann", "#tea")) as ann:
        await ann.until(lambda: (room := ann.client.find("#tea")) and room.is_joined)
        ann.client.say(ann["#tea"], "before")
        await ann.until(lambda: ann.texts("#tea") == ["ann: before"])
        await server.kill()
        await ann.event(events.Disconnected)
        ann.client.say(ann["#tea"], "meanwhile")
        await server.start()
        ann.connection.hurry()
        await ann.until(lambda: ann["#tea"].is_joined and not ann["#tea"].pending)
        assert ann.texts("#tea") == ["ann: before", "ann: meanwhile"]


async def test_what_may_have_arrived_is_not_said_twice(server: OtherServer) -> None:
    """Without history nobody can know: its user decides."""
    async with ConnectedClient(server.address, guest("ann", "#tea")) as ann:
        await ann.until(lambda: (room := ann.client.find("#tea")) and room.is_joined)
        entry = ann.client.say(ann["#tea"], "is this on?")
        await server.kill()
        await ann.event(events.Disconnected)
        if ann["#tea"].pending:
            await server.start()
            ann.connection.hurry()
            await ann.until(lambda: entry.delivery is Delivery.FAILED)
            assert "may have arrived" in entry.error
            ann.client.outbox.again(entry)
            await ann.until(lambda: not ann["#tea"].pending)


async def test_no_accounts(server: OtherServer) -> None:
    async with ConnectedClient(server.address, Identity("ann", Password("correct horse"))) as ann:
        failed = await ann.event(events.SignInFailed)
        assert "no way to sign in" in failed.reason
        assert "horse" not in repr(ann.events) + repr(ann.client.registration.identity)
