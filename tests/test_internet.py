"""What is on the Internet: every row of the table, and every form in which an address of one's own may come."""

import doctest
import ipaddress

import pytest

from hubbub import internet
from hubbub.addresses import parse_address, parse_network
from hubbub.internet import is_public, is_public_name, parse_web_address

ROWS = [*internet.SPECIAL_4, *internet.SPECIAL_6]
NEIGHBOURS = (
    *(
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
    ),
    *("168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"),
    *("191.255.255.255", "192.0.1.0", "192.0.3.0", "192.31.195.255", "192.31.197.0", "192.52.192.255"),
    *("192.52.194.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "192.175.47.255"),
    *("192.175.49.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255"),
    *("203.0.114.0", "223.255.255.255", "2000::", "2001:200::", "2001:db7:ffff::1", "2001:db9::"),
    *("2001:ffff::1", "2003::", "2620:4f:7fff::1", "2620:4f:8001::", "3ffd:ffff::1", "3fff:1000::"),
)
"""The addresses just outside the rows, which are the Internet's."""


def test_the_examples_in_the_module() -> None:
    assert doctest.testmod(internet).failed == 0


@pytest.mark.parametrize("row", ROWS)
def test_no_address_of_a_row_is_public(row: str) -> None:
    network = parse_network(row)
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        assert not is_public(address)


@pytest.mark.parametrize("text", NEIGHBOURS)
def test_what_lies_beside_a_row_is(text: str) -> None:
    assert is_public(parse_address(text))


@pytest.mark.parametrize("row", internet.SPECIAL_4)
@pytest.mark.parametrize("form", ["::ffff:{}", "64:ff9b::{}", "::{}", "::ffff:0:{}", "64:ff9b:1::{}"])
def test_nor_within_a_newer_address(row: str, form: str) -> None:
    """Mapped, for a gateway, compatible, translated, for a gateway of one's own."""
    assert not is_public(parse_address(form.format(parse_network(row)[1 if "/32" not in row else 0])))


@pytest.mark.parametrize("row", internet.SPECIAL_4)
def test_nor_by_6to4(row: str) -> None:
    inner = int(ipaddress.IPv4Address(str(parse_network(row)[0])))
    assert not is_public(ipaddress.IPv6Address((0x2002 << 112) | (inner << 80) | 1))


@pytest.mark.parametrize(
    "text", ["::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1", "1.1.1.1", "2606:4700:4700::1111"]
)
def test_what_is_public_is_so_in_other_forms(text: str) -> None:
    assert is_public(parse_address(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "::",
            "::1",
            "::7f00:1",
            "100::1",
            "64:ff9b:1::a00:1",
            "4000::",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
        ),
        *("fe80::1", "fec0::1", "ff02::1", "1fff:ffff::", "2001::1", "2001:20::1", "2001:1ff:ffff::"),
    ],
)
def test_of_ipv6_only_what_is_given_out(text: str) -> None:
    assert not is_public(parse_address(text))


def test_python_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own table is another one in each of its versions."""

    def fail(address: object) -> bool:
        raise AssertionError("asked")

    for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address):
        for name in ("is_global", "is_private", "is_reserved", "is_multicast", "is_loopback", "sixtofour"):
            monkeypatch.setattr(kind, name, property(fail), raising=False)
    assert not is_public(parse_address("192.88.99.1")) and is_public(parse_address("2606:4700::1"))


@pytest.mark.parametrize("name", ["example.org", "a.b.c.example.net.", "xn--mller-kva.de", "1.example.com"])
def test_a_name_of_the_dns(name: str) -> None:
    assert is_public_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "printer.local",
            "x.internal",
            "x.Internal.",
            "router.home.arpa",
        ),
        *("x.onion", "intranet", "a.lan", "a.corp", "a.test", "", ".", "..", "a..b", "-a.org", "a-.org"),
        *("127.0.0.1", "127.1", "0x7f.1", "a.0x7f", "2130706433", "0177.0.0.1", "127.0.0.1.", "1.2.3.4.5"),
        *(
            "%31.org",
            "a b.org",
            "a\tb.org",
            "é.org",
            "a/b.org",
            "[::1]",
            "x" * 64 + ".org",
            "a." * 130 + "org",
        ),
    ],
)
def test_what_is_none(name: str) -> None:
    assert not is_public_name(name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://example.org", ("http", "example.org", 80, False)),
        ("https://example.org:8443/a?b=c#d", ("https", "example.org", 8443, False)),
        ("https://ann:secret@example.org/", ("https", "example.org", 443, True)),
        ("http://[2606:4700::1]:81/", ("http", "2606:4700::1", 81, False)),
        ("http://10.0.0.1/x", ("http", "10.0.0.1", 80, False)),
        ("http://bot:8080/", ("http", "bot", 8080, False)),
        ("http://example.org/\\@evil", ("http", "example.org", 80, False)),
    ],
)
def test_an_address_of_the_web(text: str, found: tuple[str, str, int, bool]) -> None:
    where = parse_web_address(text)
    assert (where.scheme, where.host, where.port, where.user) == found


SPELLINGS = (
    *(
        "http://１２７.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://𝟏𝟐𝟕.0.0.1/",
        "http://127。0。0。1/",
        "http://ⓛocalhost/",
    ),
    *("http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.0.1./"),
    *(
        "http://[fe80::1%25eth0]/",
        "http://[::1%lo]/",
        "http://[::1].evil.org/",
        "http://[v1.x]/",
        "http://[1.2.3.4]/",
    ),
    *("http://a@b@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/"),
    *(
        "http://exa\tmple.org/",
        "http://example.org\n/",
        "http://ex ample.org/",
        "http://\x00example.org/",
        " http://a.b",
    ),
    *(
        "http://%31%32%37.0.0.1/",
        "http:/\\127.0.0.1",
        "http:127.0.0.1",
        "http:///x",
        "http://",
        "//example.org",
    ),
    *(
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:８０/",
        "http://example.org:/",
    ),
    *("ftp://example.org/", "file:///etc/passwd", "HTTP://example.org/", "http://ß.de/", "http://a..b/"),
    f"http://example.org/{'x' * 2_000}",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_what_others_could_read_differently_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_web_address(text)
