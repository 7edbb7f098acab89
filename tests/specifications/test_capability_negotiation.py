"""capability-negotiation: CAP in every order, and its two versions."""

import re

import pytest

from hubbub.wire.capabilities import CAPABILITIES
from tests.server_harness import ServerHarness, told


async def _cap(harness: ServerHarness, text: str, name: str = "ann") -> list[str]:
    return [line.removeprefix(":hubbub ") for line in told(await harness.ask(name, text), name)]


async def test_registration_waits_for_the_end(harness: ServerHarness) -> None:
    """ "Upon receiving either a `CAP LS` or `CAP REQ` command during connection registration, the server MUST not
    complete registration until the client sends a `CAP END` command".
    """
    for name, first in (("ann", "CAP LS 302"), ("bob", "CAP REQ batch"), ("eve", "CAP LS")):
        harness.connect(name)
        lines = await _cap(harness, f"{first}\nNICK {name}\nUSER {name} 0 * :X", name)
        assert not [line for line in lines if line.startswith("001")]
        assert (await _cap(harness, "CAP END", name))[0].startswith(f"001 {name} ")


async def test_list_does_not_begin_a_negotiation(harness: ServerHarness) -> None:
    harness.connect("ann")
    assert (await _cap(harness, "CAP LIST\nNICK ann\nUSER a 0 * :A"))[:1] == ["CAP * LIST :"]
    assert harness.node.state.user_named("ann")


async def test_long_lists_go_on_in_further_lines(harness: ServerHarness) -> None:
    """ "If the reply contains multiple lines …, and the client supports CAP version `302`, all but the last reply MUST
    have a parameter containing only an asterisk (`*`) preceding the capability list."
    """
    harness.connect("ann")
    *first, last = await _cap(harness, "CAP LS 302")
    assert first and all(re.match(r"CAP \* LS \* :", line) for line in first)
    assert re.match(r"CAP \* LS :", last) and all(len(line.encode()) < 500 for line in [*first, last])
    names = " ".join(line.split(" :", 1)[1] for line in [*first, last]).split()
    assert {name.partition("=")[0] for name in names} == CAPABILITIES.keys() - {"sts"} | {"sts"} & set(names)


async def test_an_old_client_gets_one_line_without_values(harness: ServerHarness) -> None:
    """ "If a client has not indicated support for `CAP LS 302` features, the server MUST NOT send" them."""
    harness.connect("ann")
    (line,) = await _cap(harness, "CAP LS")
    assert "=" not in line and len(line.encode()) < 500
    assert {"message-tags", "server-time", "sasl", "echo-message"} <= set(line.split(" :", 1)[1].split())


@pytest.mark.parametrize(
    ("version", "has_values"), [("301", False), ("302", True), ("303", True), ("999999999", True)]
)
async def test_versions_are_numbers(harness: ServerHarness, version: str, has_values: bool) -> None:
    """ "The CAP version number argument MUST be treated as a number by the server. If the client's CAP version is not
    supported by the server, the server MUST enable the features it does support below the given version."
    """
    harness.connect("ann")
    assert ("sasl=PLAIN" in " ".join(await _cap(harness, f"CAP LS {version}"))) is has_values


async def test_the_higher_version_stays(harness: ServerHarness) -> None:
    """ "If a client sends a higher CAP version at any time, the server MUST store the higher version. If a client sends
    a lower CAP version (or omits the version number entirely), servers SHOULD return a `CAP LS` reply consistent with
    the request's version, but keep storing the original (higher) version."
    """
    harness.connect("ann")
    assert "sasl=PLAIN" in " ".join(await _cap(harness, "CAP LS 302"))
    for lower in ("CAP LS", "CAP LS 301", "CAP LS x"):
        (line,) = await _cap(harness, lower)
        assert "=" not in line and " * LS * " not in line
    assert "cap-notify" in (await _cap(harness, "CAP LIST"))[0]


async def test_all_or_nothing(harness: ServerHarness) -> None:
    """ "The server MUST NOT make any change to any capabilities if it replies with a NAK subcommand." """
    harness.connect("ann")
    assert await _cap(harness, "CAP REQ :batch no-such-thing") == ["CAP * NAK :batch no-such-thing"]
    assert await _cap(harness, "CAP LIST") == ["CAP * LIST :"]
    assert await _cap(harness, "CAP REQ :batch server-time") == ["CAP * ACK :batch server-time"]
    assert await _cap(harness, "CAP REQ :-batch -no-such-thing") == ["CAP * NAK :-batch -no-such-thing"]
    assert await _cap(harness, "CAP LIST") == ["CAP * LIST :server-time batch"]


async def test_what_is_so_already(harness: ServerHarness) -> None:
    """ "If a client requests a capability which is already enabled, or tries to disable a capability which is not
    enabled, the server MUST continue processing the REQ subcommand as though handling this capability was successful."
    """
    harness.connect("ann")
    await _cap(harness, "CAP REQ batch")
    assert await _cap(harness, "CAP REQ :batch -setname") == ["CAP * ACK :batch -setname"]


async def test_from_left_to_right_and_with_spaces_behind(harness: ServerHarness) -> None:
    """ "The list of capabilities MUST be parsed and processed from left to right" """
    harness.connect("ann")
    await _cap(harness, "CAP REQ :batch -batch setname ")
    assert await _cap(harness, "CAP LIST") == ["CAP * LIST setname"]


async def test_names_are_opaque(harness: ServerHarness) -> None:
    """ "The full capability name MUST be treated as an opaque identifier", "case-sensitive"."""
    harness.connect("ann")
    for name in ("BATCH", "metadata-2", "draft/batch", "multiline"):
        assert (await _cap(harness, f"CAP REQ {name}"))[0].startswith("CAP * NAK ")


async def test_at_any_time(harness: ServerHarness) -> None:
    """ "The server MUST accept the `CAP` command at any time, including after registration."; END is ignored then."""
    await harness.irc("ann")
    assert await _cap(harness, "CAP REQ batch") == ["CAP ann ACK batch"]
    assert await _cap(harness, "CAP END") == []
    assert await _cap(harness, "CAP FOO") == ["410 ann FOO :Invalid CAP command"]
    assert await _cap(harness, "CAP") == ["461 ann CAP :Not enough parameters"]


async def test_cap_notify(harness: ServerHarness) -> None:
    """ "This capability MUST be implicitly enabled if the client requests `CAP LS` with a version of 302 or newer",
    "servers MUST NOT disable" it then; others "MAY explicitly disable the capability, and servers MUST allow" it.
    """
    harness.connect("ann")
    await _cap(harness, "CAP LS 302")
    assert await _cap(harness, "CAP REQ :-cap-notify") == ["CAP * NAK -cap-notify"]
    assert await _cap(harness, "CAP LIST") == ["CAP * LIST cap-notify"]
    harness.connect("old")
    assert await _cap(harness, "CAP REQ cap-notify", "old") == ["CAP * ACK cap-notify"]
    assert await _cap(harness, "CAP REQ :-cap-notify", "old") == ["CAP * ACK -cap-notify"]
