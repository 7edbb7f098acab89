"""webirc: gateways that tell where somebody is who comes through them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hubbub.engine.moderation import KeepOutAddress
from tests.server_harness import ServerHarness, told

HASH = PasswordHasher(time_cost=1, memory_cost=8192).hash("hunter2")
GATEWAY = f'[gateways.webchat]\npassword = "{HASH}"\nnetworks = ["192.0.2.0/24"]\n'


@pytest.fixture
async def gated(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """A server with a gateway from 192.0.2.0/24 whose password is `hunter2`."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "hubbub.toml").write_text(GATEWAY)
    async with ServerHarness(data) as harness:
        yield harness


async def _come(
    harness: ServerHarness, text: str, address: str = "192.0.2.7", secure: bool = True
) -> list[str]:
    harness.connect("web", address=address, secure=secure)
    return told(await harness.ask("web", text), "web")


def _session(harness: ServerHarness) -> tuple[str, int, bool, str, str]:
    (session,) = harness.node.state.sessions.values()
    return session.address, session.port, session.secure, session.fingerprint, session.face


async def test_the_client_is_where_the_gateway_says(gated: ServerHarness) -> None:
    """ "Servers MUST ONLY treat the connection as secure if this flag is sent and the connection from the gateway
    to the server is also secure with TLS."
    """
    for options, port, secure in (
        ("", 0, False),
        (" secure", 0, True),
        (" :secure=examplevalue local-port=6697 remote-port=21726", 21726, True),
        (" :local-port=6697 later=x", 0, False),
    ):
        assert await _come(gated, f"WEBIRC hunter2 Example 198.51.100.3 198.51.100.3{options}") == []
        assert _session(gated) == ("198.51.100.3", port, secure, "", "irc through webchat")
        gated.people["web"].hang_up()
        await gated.settle()


async def test_not_secure_over_a_gateway_in_clear(gated: ServerHarness) -> None:
    await _come(gated, "WEBIRC hunter2 Example host 198.51.100.3 secure", secure=False)
    assert _session(gated)[2] is False


async def test_addresses(gated: ServerHarness) -> None:
    """ "If the IP address is an IPv6 address beginning with a colon, it MUST be sent with a … preceding zero." """
    for given, address in (
        ("0::1", "::1"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.3", "198.51.100.3"),
    ):
        text = f"WEBIRC hunter2 Example host {given if given[0] != ':' else f'0{given}'}"
        assert await _come(gated, text) == []
        assert _session(gated)[0] == address
        gated.people["web"].hang_up()
        await gated.settle()


async def test_the_fingerprint_of_the_clients_certificate(gated: ServerHarness) -> None:
    """ "Servers should accept either upper case or lower case hexadecimal characters." """
    await _come(gated, f"WEBIRC hunter2 Example host 198.51.100.3 :secure certfp-sha-256={'AB' * 32}")
    assert _session(gated)[3] == "ab" * 32


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("WEBIRC wrong Example host 198.51.100.3", "192.0.2.7"),
        ("WEBIRC hunter2 Example host 198.51.100.3", "203.0.113.9"),
    ],
)
async def test_who_is_no_gateway(gated: ServerHarness, text: str, address: str) -> None:
    """ "If the `WEBIRC` command does not originate from a whitelisted IP address or uses an incorrect password, the
    gateway SHOULD close any connections with an `ERROR` command."
    """
    (line,) = await _come(gated, text, address)
    assert line == f"ERROR :Closing link: ({address}) [Invalid WebIRC password]"
    assert gated.people["web"].connection.closed


async def test_an_address_that_is_none(gated: ServerHarness) -> None:
    (line,) = await _come(gated, "WEBIRC hunter2 Example host nowhere")
    assert "[Invalid WebIRC address]" in line


async def test_it_comes_first(gated: ServerHarness) -> None:
    """ "The `WEBIRC` command MUST be the first command sent from the WebIRC gateway" """
    *_, line = await _come(gated, "NICK ann\nWEBIRC hunter2 Example host 198.51.100.3")
    assert "[WEBIRC comes first]" in line


async def test_who_is_kept_out_is_so_behind_a_gateway_too(gated: ServerHarness) -> None:
    gated.node.ask(KeepOutAddress("198.51.100.0/24", None, "noise"))
    lines = await _come(gated, "WEBIRC hunter2 Example host 198.51.100.3")
    assert lines[0].startswith(":hubbub 465 * :") and lines[1].startswith("ERROR :Closing link: (192.0.2.7)")


async def test_secrets_only_over_tls_all_the_way(gated: ServerHarness) -> None:
    await _come(gated, "WEBIRC hunter2 Example host 198.51.100.3 secure")
    assert "sasl=" in " ".join(await gated.ask("web", "CAP LS 302"))
    gated.people["web"].hang_up()
    await _come(gated, "WEBIRC hunter2 Example host 198.51.100.3")
    assert "sasl=" not in " ".join(await gated.ask("web", "CAP LS 302"))
