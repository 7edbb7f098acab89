"""Requirements D: rooms, requests, the absent, moderation, history."""

import re
from pathlib import Path

from hubbub.admin.interpreter import run
from hubbub.node.admin_context import ConsoleContext
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness


async def console(harness: ServerHarness, line: str) -> list[str]:
    """What the administrator's console answers."""
    result = await run(ConsoleContext(harness.node), line)
    return list(result.lines)


async def test_d1_a_server_is_born_with_its_rooms(harness: ServerHarness) -> None:
    rooms = {room.name.text: room.access.value for room in harness.node.state.rooms.values()}
    assert rooms == {
        "Blabla": "open",
        "Comptabilité": "approval",
        "Général": "open",
        "Informatique": "approval",
        "Marketing": "approval",
    }
    await harness.restart()
    assert {room.name.text for room in harness.node.state.rooms.values()} == set(rooms)


async def test_d1_the_set_of_rooms_is_a_setting(tmp_path: Path) -> None:
    rooms = ("Thé", "Équipe: invitation secret")
    async with ServerHarness(tmp_path, {"rooms.default": rooms, "server.welcome_room": "Thé"}) as harness:
        await harness.netcat("ann", "register ann correct horse")
        assert await harness.ask("ann", "/rooms") == ["ann < Rooms:", "ann <   Thé (1 online, joined)"]


async def test_d1_everyone_is_put_into_the_welcome_room_on_signing_up(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.netcat("bob")
    ann = harness.connect("ann")
    ann.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    lines = await harness.look()
    assert "ann < :ann!ann@local JOIN #Général" in lines
    assert "bob < ann has joined the chat." in lines


async def test_d2_a_request_is_made_accepted_and_told(harness: ServerHarness) -> None:
    await harness.netcat("ann", "register ann correct horse")
    assert await harness.ask("ann", "/join Marketing") == [
        (
            "ann < The room Marketing requires approval. Its operators have your request; you are notified when "
            "they decide."
        )
    ]
    assert await harness.ask("ann", "/join Marketing") == [
        (
            "ann < You have already asked to join the room Marketing. Its operators have your request; you are "
            "notified when they decide."
        )
    ]
    assert any("Marketing" in line for line in await console(harness, "pending rooms ann"))
    await console(harness, "accept pending ann Marketing")
    lines = await harness.look()
    assert "ann < Console accepted your request. You are now a member of the room Marketing." in lines
    assert "Marketing" in {room.name.text for room in harness.node.state.user_named("ann").rooms.values()}  # type: ignore[union-attr]


async def test_d2_the_answer_reaches_who_is_offline(harness: ServerHarness) -> None:
    await harness.netcat("ann", "register ann correct horse")
    await harness.ask("ann", "/join Marketing")
    await harness.ask("ann", "/exit")
    await console(harness, "accept pending ann all")
    await harness.restart()
    harness.connect("ann", WireProtocol.NETCAT)
    await harness.look()
    lines = await harness.ask("ann", "login ann correct horse")
    assert any("Console accepted your request" in line for line in lines)
    assert "ann <   Marketing (1 online, by approval, joined)" in await harness.ask("ann", "/rooms")


async def test_d2_the_rooms_own_operator_answers(harness: ServerHarness) -> None:
    await harness.netcat("ann", "register ann correct horse")
    await harness.ask("ann", "/make tea")
    await console(harness, "set room tea access approval")
    await harness.netcat("bob", "register bob correct horse")
    assert "ann < bob asks to join the room tea. To accept, write: /accept bob tea" in await harness.ask(
        "bob", "/join tea"
    )
    assert await harness.ask("ann", "/requests") == ["ann < Requests:", "ann <   bob asks to join tea"]
    lines = await harness.ask("ann", "/accept bob tea")
    assert "bob < ann accepted your request. You are now a member of the room tea." in lines
    await harness.netcat("eve", "register eve correct horse")
    await harness.ask("eve", "/join tea")
    assert "bob < Only an operator of the room tea can do this." in await harness.ask(
        "bob", "/accept eve tea"
    )
    assert "eve < ann denied your request to join the room tea." in await harness.ask("ann", "/deny eve tea")


async def test_d3_private_messages_wait_for_the_absent(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.netcat("bob", "register bob correct horse")
    assert await harness.ask("bob", "@ann are you there?") == ["bob < Private message sent to ann"]
    await harness.restart()
    harness.connect("ann", WireProtocol.NETCAT)
    await harness.look()
    lines = await harness.ask("ann", "login ann correct horse")
    assert len([line for line in lines if line.endswith("bob (private): are you there?")]) == 1
    await harness.ask("ann", "/exit")
    harness.connect("ann", WireProtocol.NETCAT)
    await harness.look()
    lines = await harness.ask("ann", "login ann correct horse")
    assert not [line for line in lines if "are you there?" in line], "what was seen is not shown again"


async def test_d4_a_suspended_person_is_told_why_and_until_when(harness: ServerHarness) -> None:
    await harness.account("bob")
    await harness.netcat("ann")
    await harness.netcat("bob", "login bob correct horse")
    await console(harness, "kick bob 10m shouting")
    lines = await harness.look()
    assert "bob < Suspended until 2026-11-18 11:16:40 UTC: shouting" in lines
    assert "ann < bob has left the chat." in lines
    assert harness.people["bob"].connection.closed
    harness.connect("bob", WireProtocol.NETCAT)
    await harness.look()
    assert (await harness.ask("bob", "login bob correct horse"))[0] == (
        "bob < You are suspended until 2026-11-18 11:16:40 UTC: shouting"
    )
    harness.wait(600)
    harness.connect("bob", WireProtocol.NETCAT)
    await harness.look()
    assert "bob < Logged in as bob." in await harness.ask("bob", "login bob correct horse")


async def test_d4_undo_lets_them_in_again(harness: ServerHarness) -> None:
    await harness.account("bob")
    for keep, free, word in (
        ("kick bob 1y noise", "unkick bob", "suspended"),
        ("ban bob spam", "unban bob", "banned"),
    ):
        await console(harness, keep)
        harness.connect("bob", WireProtocol.NETCAT)
        await harness.look()
        assert f"You are {word} until" in (await harness.ask("bob", "login bob correct horse"))[0]
        await console(harness, free)
        assert (await harness.ask("bob", "login bob correct horse"))[0] == "bob < Logged in as bob."
        await harness.ask("bob", "/exit")


async def test_d4_an_address_and_a_network_are_kept_out(harness: ServerHarness) -> None:
    for line, undo in (
        ("ban ip 192.0.2.0/24 botnet", "unban ip 192.0.2.0/24"),
        ("kick ip 192.0.2.7 1h x", "unkick ip 192.0.2.7"),
    ):
        await harness.netcat("ann")
        await console(harness, line)
        turned_away = harness.connect("eve", WireProtocol.NETCAT, "192.0.2.7", secure=True)
        assert any(re.match(r"eve < You are (banned|suspended) until", text) for text in await harness.look())
        assert turned_away.connection.closed
        await console(harness, undo)
        harness.connect("eve", WireProtocol.NETCAT, "192.0.2.7", secure=True)
        assert "eve < Choose your nickname:" in await harness.look()
        await harness.ask("ann", "/exit")


async def test_d4_who_is_there_is_put_out_when_their_address_is_banned(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    eve = harness.connect("eve", WireProtocol.NETCAT, "192.0.2.7", secure=True)
    await harness.look()
    await harness.ask("eve", "eve")
    await console(harness, "ban ip 192.0.2.7 spam")
    lines = await harness.look()
    assert "ann < eve has left the chat." in lines
    assert "eve < Banned until the ban is lifted: spam" in lines
    assert eve.connection.closed


async def test_d4_kill_disconnects_now_with_a_reason(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    await console(harness, "kill bob enough")
    assert "bob < Killed by Console: enough" in await harness.look()
    await harness.netcat("bob")
    assert harness.node.state.user_named("bob")


async def test_d5_the_commands_are_spoken_in_the_chat_by_who_may(harness: ServerHarness) -> None:
    await harness.account("root1", role="admin")
    await harness.netcat("bob")
    await harness.netcat("root1", "login root1 correct horse")
    assert await harness.ask("bob", "/admin kill root1 revenge") == ["bob < Only a moderator can do this."]
    lines = await harness.ask("root1", "/admin kill bob enough")
    assert "bob < Killed by root1: enough" in lines
    irc = harness.connect("irc")
    irc.type("PASS :root1:correct horse\nNICK root1\nUSER r 0 * :R")
    await harness.look()
    lines = await harness.ask("irc", "PRIVMSG Hubbub :users")
    assert any("root1" in line and "NOTICE" in line for line in lines)


async def test_d6_who_comes_reads_the_rooms_history(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.ask("ann", "first")
    await harness.ask("ann", "second")
    await harness.restart()
    bob = harness.connect("bob", WireProtocol.NETCAT)
    await harness.look()
    lines = await harness.ask("bob", "bob")
    assert lines[-4:] == [
        "bob < --- earlier ---",
        "bob < [2026-11-18 11:06] ann: first",
        "bob < [2026-11-18 11:06] ann: second",
        "bob < --- now ---",
    ]
    assert not bob.connection.closed
    assert any(
        "#Général ann: first" in line or "Général" in line for line in await console(harness, "messages 1h")
    )


async def test_d6_private_words_are_never_shown_to_the_administrator(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.netcat("bob")
    await harness.ask("ann", "@bob a secret")
    told = "\n".join(await console(harness, "messages 1h"))
    assert "ann" in told and "secret" not in told


async def test_d7_who_is_connected_from_where_and_since_when(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    told = "\n".join(await console(harness, "connections"))
    assert "ann" in told and "127.0.0.1" in told and "2026-11-18 11:06:40" in told and "Général" in told


async def test_d9_everyone_is_told_when_the_server_stops(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.irc("bob")
    await harness.look()
    people = dict(harness.people)
    await harness.node.stop("The server stops for an hour.")
    assert people["ann"].seen() == ["The server stops for an hour."]
    assert people["bob"].seen() == ["ERROR :Closing link: (127.0.0.1) [The server stops for an hour.]"]
    harness.storage.close()
    harness._open()


async def test_d11_in_clear_from_another_machine_nothing_is_taken(harness: ServerHarness) -> None:
    harness.connect("far", WireProtocol.NETCAT, "192.0.2.7")
    lines = await harness.look()
    assert lines[0].startswith(
        "far < This server accepts passwords and messages only over an encrypted connection. Use: openssl"
    )
    assert harness.people["far"].connection.closed
    far = harness.connect("irc", WireProtocol.IRC, "192.0.2.7")
    far.type("NICK far\nUSER far 0 * :Far")
    lines = await harness.look()
    assert "encrypted connection" in lines[0]
    assert far.connection.closed
    harness.connect("safe", WireProtocol.NETCAT, "192.0.2.7", secure=True)
    assert await harness.look() == ["safe < Choose your nickname:"]


async def test_d11_nobody_speaks_in_anothers_name(harness: ServerHarness) -> None:
    await harness.netcat("ann")
    await harness.irc("eve")
    await harness.ask("eve", "JOIN #Général")
    assert await harness.ask("eve", ":ann!ann@local PRIVMSG #Général :it was me") == ["ann < eve: it was me"]
    assert await harness.ask("ann", "hi\rbob: forged") == [
        "eve < :ann!netcat@local PRIVMSG #Général :hi",
        "eve < :ann!netcat@local PRIVMSG #Général :bob: forged",
    ]


async def test_d3_what_was_sent_to_a_dead_connection_is_there_on_coming_back(harness: ServerHarness) -> None:
    await harness.account("ann")
    await harness.netcat("bob")
    ann = harness.connect("ann")
    ann.type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    await harness.look()
    await harness.ask("bob", "@ann into the void")
    harness.wait(61)
    ann.hang_up("Connection timed out")
    await harness.look()
    harness.connect("ann").type("PASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann")
    assert len([line for line in await harness.look() if "into the void" in line]) == 1
