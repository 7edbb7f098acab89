"""The machine's own addresses."""

import ipaddress
import socket
import sys
from pathlib import Path

import pytest

from hubbub.transports import own_addresses as module
from hubbub.transports.own_addresses import is_own, own_addresses, own_networks


def test_every_address_is_one_that_others_can_use() -> None:
    found = own_addresses()
    assert len(found) == len(set(found))
    for text in found:
        address = ipaddress.ip_address(text)
        assert not address.is_loopback and not address.is_link_local
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        with socket.socket(family) as sock:
            sock.bind((text, 0))


def test_the_way_out_comes_first_and_the_useless_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_outward", lambda: ["192.0.2.7"])
    found = ("127.0.0.1", "169.254.3.4", "10.0.0.5", "192.0.2.7", "0.0.0.0", "::1", "fe80::1", "fd00::5")
    monkeypatch.setattr(module, "_interfaces", lambda: map(ipaddress.ip_interface, found))
    assert own_addresses() == ["192.0.2.7", "10.0.0.5", "fd00::5"]


def test_linux_lists_its_newer_addresses_in_a_table(tmp_path: Path) -> None:
    table = tmp_path / "if_inet6"
    table.write_text(
        "00000000000000000000000000000001 01 80 10 80       lo\n"
        "fd000000000000000000000000000005 02 30 00 80     eth0\n"
    )
    assert list(map(str, module._of_interfaces_6(table))) == ["::1/64", "fd00::5/48"]
    assert list(module._of_interfaces_6(tmp_path / "none")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="interfaces are asked in Linux's way")
def test_the_interfaces_know_loopback() -> None:
    assert "127.0.0.1/8" in map(str, module._of_interfaces())
    assert ipaddress.ip_network("127.0.0.0/8") in own_networks()


def test_what_is_sent_to_oneself_comes_from_there() -> None:
    """So an address that no interface lists is known as one's own."""
    assert all(is_own(ipaddress.ip_address(text)) for text in ("127.0.0.1", *own_addresses()))


def test_what_is_sent_to_others_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda probe, address: probe.bind(("127.0.0.1", 0)))
    assert not is_own(ipaddress.ip_address("198.51.100.7"))


def test_a_machine_without_a_network_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert list(module._outward()) == []
