"""How tests let people with accounts come in by IRC."""

from tests.server_harness import Person, ServerHarness


async def arrive(harness: ServerHarness, name: str, caps: str = "", account: str = "") -> list[str]:
    """Somebody comes in and signs in to their account, which is made if it is missing; what they are shown."""
    account = account or name
    if harness.node.state.account_named(account) is None:
        await harness.account(account)
    await harness.look()
    person: Person = harness.connect(name)
    person.type(f"PASS :{account}:correct horse")
    if caps:
        person.type(f"CAP REQ :{caps}")
    person.type(f"NICK {name}\nUSER {name} 0 * :{name.title()}")
    if caps:
        person.type("CAP END")
    return [line.removeprefix(f"{name} < ") for line in await harness.look() if line.startswith(f"{name} < ")]


async def depart(harness: ServerHarness, name: str) -> None:
    """They are gone, and what they were shown is noted."""
    await harness.ask(name, "QUIT")
    harness.people.pop(name, None)
