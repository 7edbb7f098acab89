"""hubbub/ticket: a secret that proves a session to the website, worth as much as the session and ending with it."""

from hubbub.engine.tokens import digest_of
from tests.server_harness import House, told


async def _ticket(house: House, name: str) -> str:
    [line] = told(await house.ask(name, "TICKET"), name)
    source, verb, ticket = line.split(" ")
    assert (source, verb) == (":hubbub", "TICKET")
    return ticket


async def test_a_ticket(house: House) -> None:
    """ "at least 18 letters, digits, hyphens and underscores that nobody can guess" """
    await house.irc("ann", "hubbub/ticket")
    ticket = await _ticket(house, "ann")
    assert len(ticket) >= 18 and ticket.replace("-", "").replace("_", "").isalnum()
    [number] = [session.session for session in house.node.live.values()]
    assert house.node.proofs.tickets == {digest_of(ticket): number}


async def test_with_another_one_the_one_before_is_void(house: House) -> None:
    await house.irc("ann", "hubbub/ticket")
    first, second = await _ticket(house, "ann"), await _ticket(house, "ann")
    assert first != second and set(house.node.proofs.tickets) == {digest_of(second)}


async def test_when_the_session_ends_the_ticket_is_void(house: House) -> None:
    await house.irc("ann", "hubbub/ticket")
    await _ticket(house, "ann")
    house.people["ann"].hang_up()
    await house.settle()
    assert house.node.proofs.tickets == {}


async def test_only_by_those_who_have_come_in(house: House) -> None:
    """ "Sent by a client that has come in" """
    house.connect("ann").type("CAP REQ hubbub/ticket")
    assert "451" in told(await house.ask("ann", "TICKET"), "ann")[-1]


async def test_without_the_capability_there_is_no_such_command(house: House) -> None:
    await house.irc("ann")
    assert " 421 " in told(await house.ask("ann", "TICKET"), "ann")[0]


async def test_not_where_somebody_could_listen(house: House) -> None:
    """ "Servers MUST NOT give a ticket over a connection that could be overheard." Nobody comes in over one."""
    await house.irc("ann", "hubbub/ticket", address="203.0.113.9")
    assert told(await house.ask("ann", "TICKET"), "ann") == [] and house.node.proofs.tickets == {}
    assert house.people["ann"].connection.closed
