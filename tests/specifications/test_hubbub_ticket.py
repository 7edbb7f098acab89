"""hubbub/ticket: a secret that proves a session to the website, worth as much as the session and ending with it."""

from hubbub.engine.tokens import digest_of
from tests.server_harness import ServerHarness, told


async def _ticket(harness: ServerHarness, name: str) -> str:
    [line] = told(await harness.ask(name, "TICKET"), name)
    source, verb, ticket = line.split(" ")
    assert (source, verb) == (":hubbub", "TICKET")
    return ticket


async def test_a_ticket(harness: ServerHarness) -> None:
    """ "at least 18 letters, digits, hyphens and underscores that nobody can guess" """
    await harness.irc("ann", "hubbub/ticket")
    ticket = await _ticket(harness, "ann")
    assert len(ticket) >= 18 and ticket.replace("-", "").replace("_", "").isalnum()
    [number] = [session.session for session in harness.node.live.values()]
    assert harness.node.proofs.tickets == {digest_of(ticket): number}


async def test_with_another_one_the_one_before_is_void(harness: ServerHarness) -> None:
    await harness.irc("ann", "hubbub/ticket")
    first, second = await _ticket(harness, "ann"), await _ticket(harness, "ann")
    assert first != second and set(harness.node.proofs.tickets) == {digest_of(second)}


async def test_when_the_session_ends_the_ticket_is_void(harness: ServerHarness) -> None:
    await harness.irc("ann", "hubbub/ticket")
    await _ticket(harness, "ann")
    harness.people["ann"].hang_up()
    await harness.settle()
    assert harness.node.proofs.tickets == {}


async def test_only_by_those_who_have_come_in(harness: ServerHarness) -> None:
    """ "Sent by a client that has come in" """
    harness.connect("ann").type("CAP REQ hubbub/ticket")
    assert "451" in told(await harness.ask("ann", "TICKET"), "ann")[-1]


async def test_without_the_capability_there_is_no_such_command(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert " 421 " in told(await harness.ask("ann", "TICKET"), "ann")[0]


async def test_not_where_somebody_could_listen(harness: ServerHarness) -> None:
    """ "Servers MUST NOT give a ticket over a connection that could be overheard." Nobody comes in over one."""
    await harness.irc("ann", "hubbub/ticket", address="203.0.113.9")
    assert told(await harness.ask("ann", "TICKET"), "ann") == [] and harness.node.proofs.tickets == {}
    assert harness.people["ann"].connection.closed
