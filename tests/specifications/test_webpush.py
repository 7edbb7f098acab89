"""draft/webpush: a browser is registered with its push service, and what it is then told."""

from pathlib import Path

import pytest

from hubbub.engine.messages import MessageSaid
from hubbub.engine.notifications import PushAddressRefused, told_of
from tests.server_harness import ServerHarness, told

KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
KEYS = f"p256dh={KEY};auth=BTBZMqHH6r4Tts7J_aSIgg"
END = "https://push.example.net/abc"


async def _come(harness: ServerHarness, name: str) -> None:
    harness.connect(name).type(
        f"CAP REQ :draft/webpush hubbub/notify\nPASS :{name}:correct horse\nNICK {name}\nUSER x 0 * x\nCAP END"
    )
    await harness.look()


@pytest.fixture
async def ann(harness: ServerHarness) -> str:
    for name in ("ann", "bob"):
        await harness.account(name)
        await _come(harness, name)
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("bob", "JOIN #tea")
    return "ann"


async def _ask(harness: ServerHarness, name: str, line: str) -> list[str]:
    return told(await harness.ask(name, line), name)


async def test_registered_and_not_any_more(harness: ServerHarness, ann: str) -> None:
    """The server answers with the same words; the key that the subscription is bound to stands in VAPID."""
    assert any(" 005 " in line and " VAPID=B" in line for line in await _ask(harness, "ann", "VERSION"))
    assert await _ask(harness, "ann", f"WEBPUSH REGISTER {END} {KEYS}") == [f":hubbub WEBPUSH REGISTER {END}"]
    await harness.restart()
    [push] = harness.node.state.pushes.values()
    assert (push.endpoint, push.key) == (END, KEY) and KEY not in repr(harness.node.state)
    await _come(harness, "bob")
    await _ask(harness, "bob", f"WEBPUSH UNREGISTER {END}")
    assert harness.node.state.pushes, "nobody takes another one's away"
    await _come(harness, "ann")
    assert await _ask(harness, "ann", f"WEBPUSH UNREGISTER {END}") == [f":hubbub WEBPUSH UNREGISTER {END}"]
    assert not harness.node.state.pushes


@pytest.mark.parametrize(
    "line",
    [
        f"WEBPUSH REGISTER {END}",
        f"WEBPUSH REGISTER http://push.example.net/abc {KEYS}",
        f"WEBPUSH REGISTER file:///etc/passwd {KEYS}",
        f"WEBPUSH REGISTER {END} p256dh=x;auth=y",
        f"WEBPUSH REGISTER {END} auth=BTBZMqHH6r4Tts7J_aSIgg",
        f"WEBPUSH REGISTER {END} x",
        f"WEBPUSH NONSENSE {END} {KEYS}",
    ],
)
async def test_what_is_no_subscription(harness: ServerHarness, ann: str, line: str) -> None:
    [refused] = await _ask(harness, "ann", line)
    assert " FAIL WEBPUSH INVALID_PARAMS " in refused and not harness.node.state.pushes


@pytest.mark.parametrize(
    "endpoint",
    [
        *(
            "http://push.example.net/abc",
            "https://push.example.net:8443/abc",
            "https://push.example.net:0/abc",
        ),
        *(
            "https://127.0.0.1/",
            "https://１２７.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://127.1/",
        ),
        *(
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
            "https://localhost/",
            "https://push/",
            "https://a.local/",
        ),
        *(
            "https://db.internal/",
            "https://x.onion/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https:///x",
        ),
        *(
            "https://ann@push.example.net/",
            "https://push.example.net\\@127.0.0.1/",
            "https://müller.example.net/",
        ),
        *("ftp://push.example.net/", "push.example.net"),
    ],
)
async def test_what_is_no_push_service(harness: ServerHarness, ann: str, endpoint: str) -> None:
    """Refused when it is registered, and told why."""
    for keys in (KEYS, f"p256dh={KEY}"):
        [refused] = await _ask(harness, "ann", f"WEBPUSH REGISTER {endpoint} {keys}")
        assert " FAIL WEBPUSH INVALID_PARAMS " in refused
        assert refused.endswith(f":{PushAddressRefused()}") and not harness.node.state.pushes


@pytest.mark.parametrize("endpoint", [END, "https://push.example.net:443/a?b=c", "https://PUSH.example.net/"])
async def test_what_is_one(harness: ServerHarness, ann: str, endpoint: str) -> None:
    [answer] = await _ask(harness, "ann", f"WEBPUSH REGISTER {endpoint} {KEYS}")
    assert answer == f":hubbub WEBPUSH REGISTER {endpoint}" and endpoint in harness.node.state.pushes


async def test_guests_have_none(harness: ServerHarness) -> None:
    await harness.irc("gus", "draft/webpush")
    [refused] = await _ask(harness, "gus", f"WEBPUSH REGISTER {END} {KEYS}")
    assert " FAIL WEBPUSH FORBIDDEN " in refused


async def test_where_it_is_switched_off(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"web.push": False}) as harness:
        await harness.account("ann")
        await _come(harness, "ann")
        assert not any(" VAPID=" in line for line in await _ask(harness, "ann", "VERSION"))
        [refused] = await _ask(harness, "ann", f"WEBPUSH REGISTER {END} {KEYS}")
        assert " FAIL WEBPUSH FORBIDDEN " in refused


async def test_not_too_many_browsers(harness: ServerHarness, ann: str) -> None:
    """The one that came first makes way."""
    for number in range(22):
        await _ask(harness, "ann", f"WEBPUSH REGISTER {END}{number} {KEYS}")
    assert list(harness.node.state.pushes) == [f"{END}{number}" for number in range(2, 22)]


async def _tells(harness: ServerHarness, line: str) -> bool:
    """Whether ann's browser is to be told of what bob says."""
    heard: list[object] = []
    harness.node.listening.append(heard.append)
    await harness.ask("bob", line)
    harness.node.listening.pop()
    [event] = [event for event in heard if isinstance(event, MessageSaid)]
    return [account.name.text for account in told_of(harness.node.state, event)] == ["ann"]


@pytest.mark.parametrize(
    ("levels", "line", "is_told"),
    [
        ("", "PRIVMSG ann :psst", True),
        ("", "PRIVMSG #tea :ann: hello", True),
        ("", "PRIVMSG #tea :@Ann, hello", True),
        ("", "PRIVMSG #tea :annual report", False),
        ("", "PRIVMSG #tea :hello", False),
        ("", "NOTICE #tea :ann: from a program", False),
        ("", "PRIVMSG @#tea :ann: among operators", False),
        ("NOTIFY #tea all", "PRIVMSG #tea :hello", True),
        ("NOTIFY #tea none", "PRIVMSG #tea :ann: hello", False),
        ("NOTIFY #tea mentions", "PRIVMSG #tea :hello", False),
        ("NOTIFY bob none", "PRIVMSG ann :psst", False),
        ("NOTIFY * none", "PRIVMSG ann :psst", False),
        ("PART #tea", "PRIVMSG #tea :ann: hello", False),
    ],
)
async def test_of_what_a_browser_is_told(
    harness: ServerHarness, ann: str, levels: str, line: str, is_told: bool
) -> None:
    await harness.ask("bob", "MODE #tea -n")
    await _ask(harness, "ann", f"WEBPUSH REGISTER {END} {KEYS}")
    if levels:
        await harness.ask("ann", levels)
    if line.startswith("PRIVMSG @"):
        await harness.ask("ann", "MODE #tea +o bob")
    assert await _tells(harness, line) is is_told
