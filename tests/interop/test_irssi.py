"""irssi, as people have it: over TLS with SASL it signs in, chats with netcat, and is shown what it missed."""

from pathlib import Path

from tests.conftest import need_program
from tests.interop.test_clients import irssi
from tests.server_process import ServerProcess


async def test_irssi_signs_in_chats_with_netcat_and_reads_what_it_missed(tmp_path: Path) -> None:
    need_program("irssi")
    need_program("tmux")
    async with ServerProcess(tmp_path / "data") as server:
        bob = await server.connect()
        bob.type("register ann correct horse")
        await bob.until("ann")
        await bob.close()
        bob = await server.connect()
        bob.type("bob")
        await bob.until("help")

        with irssi(tmp_path / "irssi", server.port) as ann:
            await ann.until("Welcome to the Hubbub Network, ann")
            ann.type("/window goto #Général")
            await ann.until("Irssi: Join to #Général was synced")
            bob.type("hello from netcat")
            await ann.until("hello from netcat")
            ann.type("hello from irssi")
            await bob.until("ann: hello from irssi")
            ann.type("/msg bob psst")
            await bob.until("ann (private): psst")
            bob.type("@ann psst yourself")
            await bob.until("Private message sent to ann")
            ann.type("/quit goodbye")
            await bob.until("ann has left the chat.")

        bob.type("said while ann was away", "@ann and this to her alone")
        await bob.until("Private message sent to ann")
        with irssi(tmp_path / "irssi", server.port) as ann:
            await ann.until("Welcome to the Hubbub Network, ann")
            ann.type("/window goto #Général")
            await ann.until("said while ann was away")
            ann.type("/query bob")
            await ann.until("and this to her alone")
