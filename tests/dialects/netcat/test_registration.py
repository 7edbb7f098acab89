"""Coming in by plain words: greeted, named or logged in, welcomed, shown what was said, and gone again."""

from pathlib import Path

import pytest

from hubbub.dialects.password_words import NOTE
from hubbub.transports.base import Peer, WireProtocol
from tests.server_harness import ServerHarness

PROMPT = "eve < Choose your nickname:"
WELCOME = [
    "eve < Welcome to Hubbub, eve. Type /help for help, /exit to leave.",
    "eve < eve has joined the chat.",
    "eve < You are in the room Général.",
]
RETURNED = [
    "eve < Logged in as eve.",
    "eve < Welcome to Hubbub, eve. Type /help for help, /exit to leave.",
    "eve < You are in the room Général.",
]
NO_NAME = "eve < This name can't be used. Names are 3 to 20 letters, digits or underscores."


@pytest.fixture
async def door(harness: ServerHarness) -> ServerHarness:
    """Ann is inside; eve is asked for her nickname."""
    await harness.netcat("ann")
    harness.connect("eve", WireProtocol.NETCAT)
    assert await harness.look() == [PROMPT]
    return harness


async def test_a_nickname_is_all_it_takes(door: ServerHarness) -> None:
    assert await door.ask("eve", "eve") == ["ann < eve has joined the chat.", *WELCOME]


async def test_a_line_of_spaces_is_asked_again(door: ServerHarness) -> None:
    assert await door.ask("eve", "   ") == [PROMPT]


@pytest.mark.parametrize("line", ["/help", "?list", "@ann hi", "hello everybody", "/join tea", "//x"])
async def test_nothing_but_a_name_is_understood_before(door: ServerHarness, line: str) -> None:
    assert await door.ask("eve", line) == [NO_NAME, PROMPT]


@pytest.mark.parametrize("word", ["!exit", "/exit", "exit", "/quit"])
async def test_who_has_no_name_yet_may_leave_and_nobody_is_told(door: ServerHarness, word: str) -> None:
    assert await door.ask("eve", word) == ["eve < Goodbye."]
    assert door.people["eve"].connection.closed


async def test_registering_comes_in_too(door: ServerHarness) -> None:
    registered = "eve < Registered as eve."
    lines = await door.ask("eve", "register eve correct horse")
    assert lines == ["ann < eve has joined the chat.", registered, WELCOME[0], WELCOME[2]]


@pytest.mark.parametrize(
    "line", ["login eve correct horse", "LOGIN\teve\t correct horse", "/login eve correct horse"]
)
async def test_logging_in(door: ServerHarness, line: str) -> None:
    await door.account("eve")
    assert await door.ask("eve", line) == ["ann < eve has joined the chat.", *RETURNED]


@pytest.mark.parametrize("word", ["login", "register"])
@pytest.mark.parametrize("rest", ["", " eve"])
async def test_half_a_login_is_no_nickname(door: ServerHarness, word: str, rest: str) -> None:
    assert await door.ask("eve", word + rest) == [f"eve < Write {word} NAME PASSWORD."]
    assert door.node.state.user_named(word) is None


@pytest.mark.parametrize(
    ("name", "host"), [("chat.hubbub", "HOST"), ("chat.example.org", "chat.example.org")]
)
async def test_who_comes_in_clear_is_told_of_no_name_that_leads_nowhere(
    tmp_path: Path, name: str, host: str
) -> None:
    async with ServerHarness(tmp_path, {"server.name": name}) as harness:
        peer = Peer("192.0.2.7", 40000, False, WireProtocol.NETCAT, "main")
        told = harness.node.endpoint.how_to_encrypt(peer)
        assert told.startswith(f"Use: openssl s_client -quiet -connect {host}:")


async def test_passwords_are_refused_where_they_can_be_overheard(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path) as harness:
        eve = harness.connect("eve", WireProtocol.NETCAT, "192.0.2.7", secure=True)
        eve.receiver.private = False  # type: ignore[union-attr]
        await harness.look()
        told = "eve < This server accepts passwords and messages only over an encrypted connection. "
        for line in ("login eve correct horse", "register eve correct horse"):
            lines = await harness.ask("eve", line)
            assert lines == [f"{told}Connect with: openssl s_client -quiet -connect HOST:PORT"]
        await harness.ask("eve", "eve")
        assert await harness.ask("eve", "/password battery staple") == [
            "eve < Write /password OLD NEW [keep], over an encrypted connection.",
            f"eve < {NOTE}",
        ]
        assert harness.node.state.accounts == {}


async def test_where_guests_are_not_allowed(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"accounts.guests": False}) as harness:
        harness.connect("eve", WireProtocol.NETCAT)
        await harness.look()
        assert await harness.ask("eve", "eve") == [
            "eve < This server doesn't admit guests. Register an account, or log in to yours.",
            PROMPT,
        ]
        assert (await harness.ask("eve", "register eve correct horse"))[0] == "eve < Registered as eve."


async def test_where_the_server_has_a_password_it_takes_an_account(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"server.password": "open sesame"}) as harness:
        await harness.account("ann")
        harness.connect("eve", WireProtocol.NETCAT)
        await harness.look()
        assert await harness.ask("eve", "eve") == [
            "eve < This server has a password. Log in to an account instead: login NAME PASSWORD",
            PROMPT,
        ]
        assert (await harness.ask("eve", "login ann correct horse"))[0] == "eve < Logged in as ann."


async def test_a_second_session_is_no_arrival(door: ServerHarness) -> None:
    await door.account("eve")
    await door.ask("eve", "login eve correct horse")
    second = door.connect("second", WireProtocol.NETCAT)
    await door.look()
    lines = await door.ask("second", "login eve correct horse")
    assert lines == [line.replace("eve <", "second <") for line in RETURNED]
    second.hang_up()
    assert await door.look() == ["second < Connection closed"]


async def test_a_guest_who_logs_in_later_is_renamed(door: ServerHarness) -> None:
    await door.account("carl")
    await door.ask("eve", "eve")
    assert await door.ask("eve", "login carl correct horse") == [
        "ann < eve is now carl.",
        "eve < eve is now carl.",
        "eve < Logged in as carl.",
    ]


async def test_a_guest_who_registers_keeps_the_rooms(door: ServerHarness) -> None:
    await door.ask("eve", "eve")
    await door.ask("eve", "/make tea")
    assert await door.ask("eve", "/register eve correct horse") == ["eve < Registered as eve."]
    assert await door.ask("eve", "/whoami") == ["eve < You are eve (account eve), in the room tea."]


async def test_a_guest_who_goes_over_to_an_account_that_is_there_stands_in_its_rooms(
    door: ServerHarness,
) -> None:
    await door.netcat("carl", "register carl correct horse")
    await door.ask("eve", "eve")
    await door.ask("ann", "@carl seen already")
    await door.ask("eve", "/make tea")
    assert await door.ask("eve", "login carl correct horse") == [
        "ann < eve has left the chat.",
        "eve < Logged in as carl.",
        "eve < You are in the room Général.",
        "carl < eve has left the chat.",
    ]
    assert await door.ask("eve", "hello") == ["ann < carl: hello", "carl < carl: hello"]


async def test_a_wrong_password_later_changes_nothing(door: ServerHarness) -> None:
    await door.account("carl")
    await door.ask("eve", "eve")
    assert await door.ask("eve", "login carl guess") == [
        "eve < The name or the password is wrong. Try again."
    ]
    assert await door.ask("eve", "/whoami") == ["eve < You are eve (a guest), in the room Général."]


async def test_logging_in_twice(door: ServerHarness) -> None:
    await door.account("eve")
    await door.ask("eve", "login eve correct horse")
    assert await door.ask("eve", "login eve correct horse") == ["eve < You are already logged in as eve."]


async def test_an_account_that_has_left_the_welcome_room_stands_in_another(door: ServerHarness) -> None:
    await door.ask("eve", "register eve correct horse")
    for line in ("/make tea", "/leave Général", "/exit"):
        await door.ask("eve", line)
    door.connect("eve", WireProtocol.NETCAT)
    await door.look()
    assert (await door.ask("eve", "login eve correct horse"))[-1] == "eve < You are in the room tea."


async def test_an_account_without_any_room_comes_into_the_welcome_room(door: ServerHarness) -> None:
    await door.ask("eve", "register eve correct horse")
    for line in ("/leave", "/exit"):
        await door.ask("eve", line)
    door.connect("eve", WireProtocol.NETCAT)
    await door.look()
    assert await door.ask("eve", "login eve correct horse") == [
        "ann < eve has joined the chat.",
        RETURNED[0],
        *WELCOME,
    ]


async def test_the_message_of_the_day(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"server.motd": "Be kind.\nTea at four."}) as harness:
        harness.connect("eve", WireProtocol.NETCAT)
        await harness.look()
        motd = ["eve < Be kind.", "eve < Tea at four."]
        assert await harness.ask("eve", "eve") == [WELCOME[0], *motd, *WELCOME[1:]]


async def test_without_a_welcome_room_one_is_told_where_to_go(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"rooms.default": ("Thé",), "server.welcome_room": "Thé"}) as harness:
        await harness.netcat("ann", "register ann correct horse")
        await harness.account("root1", role="admin")
        await harness.netcat("root1", "login root1 correct horse")
        await harness.ask("root1", "/admin delete room Thé")
        harness.connect("eve", WireProtocol.NETCAT)
        await harness.look()
        nowhere = "eve < You are not in a room. Join one with /join ROOM. To list the rooms, write /rooms."
        assert (await harness.ask("eve", "eve")) == [WELCOME[0], nowhere]
        assert await harness.ask("eve", "hello?") == [nowhere]


async def test_only_the_last_lines_of_the_room_are_shown(door: ServerHarness) -> None:
    for number in range(12):
        await door.ask("ann", f"line {number}")
    shown = [f"eve < [2026-11-18 11:06] ann: line {number}" for number in range(2, 12)]
    lines = await door.ask("eve", "eve")
    assert lines[4:] == ["eve < --- earlier ---", *shown, "eve < --- now ---"]


async def test_leaving_is_told_to_everybody_who_shares_a_room(door: ServerHarness) -> None:
    await door.irc("irc")
    await door.ask("irc", "JOIN #Général")
    assert "ann < irc has left the chat." in await door.ask("irc", "QUIT :bye")
    await door.ask("eve", "eve")
    await door.ask("ann", "/make tea")
    await door.ask("ann", "/leave Général")
    assert await door.ask("eve", "/exit") == ["eve < Goodbye."]


async def test_coming_by_irc_is_joining_the_chat_too(door: ServerHarness) -> None:
    await door.irc("irc")
    assert "ann < irc has joined the chat." in await door.ask("irc", "JOIN #Général")
