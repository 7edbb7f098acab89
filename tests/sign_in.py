"""How tests let people with accounts come in by IRC."""

from tests.server_harness import House, Person


async def arrive(house: House, name: str, caps: str = "", account: str = "") -> list[str]:
    """Somebody comes in and signs in to their account, which is made if it is missing; what they are shown."""
    account = account or name
    if house.node.state.account_named(account) is None:
        await house.account(account)
    await house.look()
    person: Person = house.connect(name)
    person.type(f"PASS :{account}:correct horse")
    if caps:
        person.type(f"CAP REQ :{caps}")
    person.type(f"NICK {name}\nUSER {name} 0 * :{name.title()}")
    if caps:
        person.type("CAP END")
    return [line.removeprefix(f"{name} < ") for line in await house.look() if line.startswith(f"{name} < ")]


async def depart(house: House, name: str) -> None:
    """They are gone, and what they were shown is noted."""
    await house.ask(name, "QUIT")
    house.people.pop(name, None)
