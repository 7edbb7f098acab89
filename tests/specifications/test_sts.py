"""sts: who comes in clear is told to come over TLS."""

from pathlib import Path

from tests.server_harness import ServerHarness


async def _value(harness: ServerHarness, name: str, **how: object) -> str | None:
    harness.connect(name, address="192.0.2.7", **how)  # type: ignore[arg-type]
    words = " ".join(await harness.ask(name, "CAP LS 302")).replace(":", " ").split()
    return next((word.partition("=")[2] for word in words if word.startswith("sts=")), None)


async def test_the_port_in_clear(harness: ServerHarness) -> None:
    """ "To enforce an STS upgrade policy, servers MUST send this key to insecurely connected clients" """
    harness.node.endpoint.tls_port = 12345
    assert await _value(harness, "far") == "port=12345"


async def test_the_duration_over_tls(tmp_path: Path) -> None:
    """ "To enforce an STS persistence policy, servers MUST send this key to securely connected clients"; "If no
    hostname has been provided for the connection, an STS persistence policy SHOULD NOT be advertised."
    """
    async with ServerHarness(tmp_path, {"tls.sts_seconds": 2_592_000}) as harness:
        harness.node.endpoint.tls_port = 12345
        assert await _value(harness, "named", secure=True, server_name="chat.test") == "duration=2592000"
        assert await _value(harness, "unnamed", secure=True) == "duration=0"
        assert await _value(harness, "far") == "port=12345"


async def test_it_is_an_optional_setting(harness: ServerHarness) -> None:
    """ "In server software, this capability MUST be made available as an optional configuration setting." """
    harness.node.endpoint.tls_port = 12345
    assert await _value(harness, "named", secure=True, server_name="chat.test") == "duration=0"


async def test_nobody_can_ask_for_it(harness: ServerHarness) -> None:
    """ "Clients MUST NOT request this capability with `CAP REQ`. Servers MAY reply with a `CAP NAK`" """
    harness.node.endpoint.tls_port = 12345
    harness.connect("far", address="192.0.2.7")
    assert await harness.ask("far", "CAP REQ sts") == ["far < :hubbub CAP * NAK sts"]
    # Nor is it told to clients that understand no values.
    harness.connect("old", address="192.0.2.7")
    assert " sts" not in " ".join(await harness.ask("old", "CAP LS"))
