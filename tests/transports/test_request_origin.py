"""By which names a server goes, and whose pages may come: compared whole."""

import socket
from http import HTTPStatus
from pathlib import Path

import pytest

from hubbub.transports.request_origin import Sites, machine_names, parse_host, parse_origin


def sites(web_address: str = "", *origins: str) -> Sites:
    return Sites(("hubbub", "chat.test"), web_address, origins, lambda: {"given.test", "*.wild.test"})


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("chat.test", ("chat.test", None)),
        ("CHAT.test.:12345", ("chat.test", 12345)),
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[0:0::1]:80", ("::1", 80)),
        ("[::ffff:192.0.2.7]", ("192.0.2.7", None)),
        *(
            (text, None)
            for text in (
                "",
                ".",
                ":80",
                "a, b",
                "a b",
                "u@chat.test",
                "chat.test/x",
                "chat.test:x",
                "a:70000",
            )
        ),
        *(
            (text, None)
            for text in (
                "127.0.0.1%evil.test",
                "*.wild.test",
                "[::1",
                "::1",
                "chat.test:",
                "chat.test#",
                "chat.test\\x",
                "a:80:80",
            )
        ),
    ],
)
def test_hosts(text: str, host: tuple[str, int | None] | None) -> None:
    assert parse_host(text) == host


@pytest.mark.parametrize(
    "text", ["null", "", "chat.test", "://chat.test", "http://", "http://a/", "http://a b"]
)
def test_what_is_no_origin(text: str) -> None:
    assert parse_origin(text) is None


def test_other_schemes_have_origins_too() -> None:
    assert parse_origin("capacitor://localhost") == ("capacitor", "localhost", 0)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        *((name, True) for name in ("hubbub", "chat.test", "localhost", "127.0.0.1", "[::1]", "203.0.113.9")),
        ("given.test", True),
        ("a.wild.test", True),
        ("wild.test", False),
        ("a.b.wild.test", False),
        ("evil.test", False),
        ("chat.test.evil.test", False),
        ("localhost.evil.test", False),
        ("127.0.0.1.evil.test", False),
        ("127.1", False),
    ],
)
def test_its_own_names(host: str, known: bool) -> None:
    refused = sites().refusal(f"{host}:12345", None, secure=False)
    assert refused is None if known else refused and refused[0] is HTTPStatus.MISDIRECTED_REQUEST


def test_the_machines_own_name_needs_no_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Attic")
    for host in ("attic", "attic.local:12345", "ATTIC.lan", "attic.home.arpa."):
        assert sites().refusal(host, None, secure=False) is None
    for host in ("attic.evil.test", "cellar.local", "attic.com"):
        assert sites().refusal(host, None, secure=False)
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 192.0.2.1\nsearch fritz.box Office.example.org.\n")
    assert {"attic.fritz.box", "attic.office.example.org"} <= machine_names(resolver)
    assert machine_names(tmp_path / "none") >= {"attic", "attic.local"}


def test_one_host_is_named_once() -> None:
    for host in (None, "", "chat.test, evil.test", "chat.test, chat.test"):
        refused = sites().refusal(host, None, secure=False)
        assert refused and refused[0] is HTTPStatus.BAD_REQUEST
    assert sites().refusal(None, None, secure=False, old=True) is None
    assert sites().refusal(None, "http://chat.test", secure=False, old=True)


def test_behind_a_proxy_the_scheme_is_the_one_that_the_browser_used() -> None:
    behind = sites("https://talk.example.org/chat")
    for host in ("talk.example.org", "127.0.0.1:12345", "chat.test"):
        assert behind.refusal(host, "https://talk.example.org", secure=False) is None
    assert behind.refusal("talk.example.org", "http://talk.example.org:8080", secure=False)
    assert sites().refusal("chat.test", "https://chat.test", secure=False)
    assert sites().refusal("chat.test", "https://chat.test", secure=True) is None


def test_other_sites_that_are_named() -> None:
    named = sites("", "HTTPS://Other.example.org:443", "app://desk")
    assert named.refusal("chat.test", "https://other.example.org", secure=False) is None
    assert named.refusal("chat.test", "app://desk", secure=False) is None
    for origin in ("http://other.example.org", "https://other.example.org:8443", "null", "app://desks"):
        assert named.refusal("chat.test", origin, secure=False)
    assert sites("", "*").refusal("chat.test", "https://any.test", secure=False) is None
    assert sites("", "*").refusal("chat.test", "null", secure=False)
    assert sites("", "*").refusal("evil.test", "https://any.test", secure=False)
