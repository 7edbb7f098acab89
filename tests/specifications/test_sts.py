"""sts: who comes in clear is told to come over TLS."""

from pathlib import Path

from tests.server_harness import House


async def _value(house: House, name: str, **how: object) -> str | None:
    house.connect(name, address="192.0.2.7", **how)  # type: ignore[arg-type]
    words = " ".join(await house.ask(name, "CAP LS 302")).replace(":", " ").split()
    return next((word.partition("=")[2] for word in words if word.startswith("sts=")), None)


async def test_the_port_in_clear(house: House) -> None:
    """ "To enforce an STS upgrade policy, servers MUST send this key to insecurely connected clients" """
    house.node.endpoint.tls_port = 12345
    assert await _value(house, "far") == "port=12345"


async def test_the_duration_over_tls(tmp_path: Path) -> None:
    """ "To enforce an STS persistence policy, servers MUST send this key to securely connected clients"; "If no
    hostname has been provided for the connection, an STS persistence policy SHOULD NOT be advertised."
    """
    async with House(tmp_path, {"tls.sts_seconds": 2_592_000}) as house:
        house.node.endpoint.tls_port = 12345
        assert await _value(house, "named", secure=True, server_name="chat.test") == "duration=2592000"
        assert await _value(house, "unnamed", secure=True) == "duration=0"
        assert await _value(house, "far") == "port=12345"


async def test_it_is_an_optional_setting(house: House) -> None:
    """ "In server software, this capability MUST be made available as an optional configuration setting." """
    house.node.endpoint.tls_port = 12345
    assert await _value(house, "named", secure=True, server_name="chat.test") == "duration=0"


async def test_nobody_can_ask_for_it(house: House) -> None:
    """ "Clients MUST NOT request this capability with `CAP REQ`. Servers MAY reply with a `CAP NAK`" """
    house.node.endpoint.tls_port = 12345
    house.connect("far", address="192.0.2.7")
    assert await house.ask("far", "CAP REQ sts") == ["far < :hubbub CAP * NAK sts"]
    # Nor is it told to clients that understand no values.
    house.connect("old", address="192.0.2.7")
    assert " sts" not in " ".join(await house.ask("old", "CAP LS"))
