"""Suspending, banning and killing, and each undo."""

import pytest
from msgspec.structs import replace

from hubbub.engine.state import Role
from tests.admin.admin_harness import AdminHarness


async def test_kick_suspends_and_says_until_when() -> None:
    harness = AdminHarness()
    harness.account("bob")
    harness.arrive("bob")
    assert await harness.says("kick BOB 10m Shouting  too   loud") == [
        "bob: Suspended until 2026-11-20 12:10:00 UTC: Shouting  too   loud",
        "1 session ended.",
    ]
    assert not harness.state.sessions
    assert await harness.says("bans") == [
        "who  is         until (UTC)          by       since (UTC)          reason",
        "bob  suspended  2026-11-20 12:10:00  Console  2026-11-20 12:00:00  Shouting  too   loud",
    ]
    assert await harness.refuses("unban bob") == ["bob is not banned."]
    assert await harness.says("unkick bob") == ["bob is no longer suspended."]
    assert await harness.says("bans") == ["There are no suspensions or bans."]
    assert await harness.refuses("unkick bob") == ["bob is not suspended."]


async def test_a_suspension_that_is_over_is_listed_no_more() -> None:
    harness = AdminHarness()
    harness.account("bob")
    await harness.says("kick bob 1h30m Shouting")
    await harness.says("kick ip 192.0.2.7 90m Flooding")
    assert len(await harness.says("bans")) == 3
    harness.time += 90 * 60_000
    assert await harness.says("bans") == ["There are no suspensions or bans."]


async def test_kick_ip() -> None:
    harness = AdminHarness()
    harness.arrive("guest", "192.0.2.7")
    assert await harness.says("kick ip 192.0.2.7 1d Flooding") == [
        "192.0.2.7: Suspended until 2026-11-21 12:00:00 UTC: Flooding",
        "1 session ended.",
    ]
    assert await harness.says("unkick ip 192.0.2.7") == ["192.0.2.7 is no longer suspended."]
    assert await harness.refuses("unkick ip 192.0.2.7") == ["192.0.2.7 is not suspended."]


async def test_ban_and_unban() -> None:
    harness = AdminHarness()
    harness.account("bob")
    assert await harness.says("ban bob Advertising") == [
        "bob: Banned until the ban is lifted: Advertising",
        "Nobody was connected.",
    ]
    assert "bob  banned  it is lifted" in (await harness.says("bans"))[1]
    assert await harness.refuses("unkick bob") == ["bob is not suspended."]
    assert await harness.says("unban bob") == ["bob is no longer banned."]


async def test_ban_ip_takes_a_network() -> None:
    harness = AdminHarness()
    harness.arrive("guest", "192.0.2.7")
    harness.arrive("other", "198.51.100.1")
    lines = await harness.says("BAN IP 192.0.2.9/24 Advertising")
    assert lines == ["192.0.2.0/24: Banned until the ban is lifted: Advertising", "1 session ended."]
    assert [user.nick.text for user in harness.state.users.values()] == ["other"]
    assert await harness.says("unban ip 192.0.2.0/24") == ["192.0.2.0/24 is no longer banned."]


async def test_kill() -> None:
    harness = AdminHarness()
    harness.arrive("bob")
    assert await harness.says("kill bob Your client repeats itself") == [
        "bob was disconnected. 1 session ended."
    ]
    assert await harness.refuses("kill bob Again") == ["User bob not found"]


async def test_somebody_called_ip_is_reached_in_quotes() -> None:
    harness = AdminHarness()
    assert await harness.refuses("kick ip 10m noise") == [
        (
            "10m is neither an address nor a network. Write 192.0.2.7 or 192.0.2.0/24. "
            "Write: kick ip <ip> <timeout> <reason>"
        )
    ]
    assert await harness.refuses('kick "ip" 10m noise') == ["User ip not found"]


async def test_a_moderator_cannot_reach_an_administrator() -> None:
    harness = AdminHarness()
    harness.account("root", Role.ADMIN)
    harness.act_as("mona", Role.MODERATOR)
    assert await harness.refuses("kick root 10m Revolt") == ["Only an administrator can do this."]
    assert await harness.refuses("ban root Revolt") == ["Only an administrator can do this."]
    harness.arrive("bob")
    assert (await harness.says("kick bob 10m Shouting"))[0].startswith("bob: Suspended")


KICK = " Write: kick <username> <timeout> <reason>"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("kick", "The username is missing." + KICK),
        ("kick a", "The timeout is missing." + KICK),
        ("kick a 10m", "The reason is missing." + KICK),
        ("kick a 10m   ", "The reason is missing." + KICK),
        (
            "kick a 5x r",
            "5x is not a time. A time is a number with s, m, h, d or y, "
            "such as 30s, 10m, 2h, 1d, 1y or 1h30m." + KICK,
        ),
        ("kick a 0s r", "0s is too short. A time is at least 1s." + KICK),
        ("kick a 101y r", "101y is too long. A time is at most 100y." + KICK),
        ("kick a 1d r", "User a not found"),
        ("kick ip", "The ip is missing. Write: kick ip <ip> <timeout> <reason>"),
        ("unkick", "The username is missing. Write: unkick <username>"),
        ("unkick bob too much", "too much is one argument too many. Write: unkick <username>"),
        ("ban", "The username is missing. Write: ban <username> <reason>"),
        ("ban bob", "The reason is missing. Write: ban <username> <reason>"),
        ("kill bob", "The reason is missing. Write: kill <username> <reason>"),
        ('ban "" r', "This username is not valid. Write: ban <username> <reason>"),
        (
            'ban "bob r',
            ('A quote is not closed. Write " at the end of the quoted word. Write: ban <username> <reason>'),
        ),
        (
            'ban "bob"r r',
            (
                'A space is missing after a closing quote. Write one after the ". '
                "Write: ban <username> <reason>"
            ),
        ),
    ],
)
async def test_a_mistake_gets_a_sentence_that_says_how_to_write_it(line: str, sentence: str) -> None:
    assert await AdminHarness().refuses(line) == [sentence]


SAME = [
    "127.0.0.1!",
    "::ffff:127.0.0.1!",
    "::FFFF:7f00:1!",
    "0:0:0:0:0:ffff:7f00:0001!",
    "::ffff:127.0.0.1/128!",
]


@pytest.mark.parametrize("banned", SAME)
@pytest.mark.parametrize("lifted", SAME)
async def test_a_ban_is_of_an_address_and_not_of_its_spelling(banned: str, lifted: str) -> None:
    harness = AdminHarness()
    harness.arrive("guest", "127.0.0.1")
    lines = await harness.says(f"ban ip {banned} x")
    assert lines == ["127.0.0.1: Banned until the ban is lifted: x", "1 session ended."]
    assert await harness.says(f"unban ip {lifted.removesuffix('!')}") == ["127.0.0.1 is no longer banned."]


async def test_a_zone_is_no_part_of_a_ban() -> None:
    harness = AdminHarness()
    harness.arrive("guest", "fe80::7")
    assert (await harness.says("kick ip fe80::7%eth0 1h x"))[-1] == "1 session ended."
    assert await harness.says("unkick ip FE80::7%3") == ["fe80::7 is no longer suspended."]
    assert "is neither an address nor a network" in (await harness.refuses("ban ip 192.0.2.7%eth0 x"))[0]


async def test_a_ban_of_one_address_of_ipv6_tells_of_the_subnet() -> None:
    harness = AdminHarness()
    harness.arrive("guest", "2001:db8::8")
    lines = await harness.says("ban ip 2001:db8::7 x")
    assert lines == [
        "2001:db8::7: Banned until the ban is lifted: x",
        (
            "This is a single IPv6 address, and its owner can switch to any other in 2001:db8::/64. To "
            "block them all, write 2001:db8::/64 instead."
        ),
        "Nobody was connected.",
    ]
    assert (await harness.says("ban ip 2001:db8::/64 x"))[-1] == "1 session ended."


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        ("0.0.0.0/0", "0.0.0.0/0 covers a large part of all people, or everybody."),
        ("::ffff:0:0/96", "0.0.0.0/0 covers a large part of all people, or everybody."),
        ("::/0", "::/0 covers a large part of all people, or everybody."),
        ("128.0.0.0/1", "128.0.0.0/1 covers a large part of all people, or everybody."),
        ("2000::/3", "2000::/3 covers a large part of all people, or everybody."),
        (
            "127.0.0.1",
            "127.0.0.1 covers this machine itself, and everyone who connects through a proxy on it.",
        ),
        (
            "::ffff:127.9.9.9",
            "127.9.9.9 covers this machine itself, and everyone who connects through a proxy on it.",
        ),
        ("::1%lo", "::1 covers this machine itself, and everyone who connects through a proxy on it."),
        ("198.51.100.0/24", "198.51.100.0/24 covers your own address."),
    ],
)
@pytest.mark.parametrize("words", ["ban ip {} x", "kick ip {} 1d x"])
async def test_who_would_keep_out_many_or_themselves_is_asked(
    network: str, sentence: str, words: str
) -> None:
    harness = AdminHarness()
    harness.arrive("guest", "192.0.2.7")
    harness.act_as("mona", Role.MODERATOR, "198.51.100.1")
    subject = sentence.partition(" ")[0]
    assert await harness.refuses(words.format(network)) == [
        f"{sentence} To do it anyway, add an exclamation mark: {subject}!"
    ]
    assert await harness.says("bans") == ["There are no suspensions or bans."]
    assert (await harness.says(words.format(f"{network}!")))[0].startswith(f"{subject}: ")
    assert harness.session in harness.state.sessions, "who keeps an address out stays in"


async def test_a_gateway_is_not_kept_out_by_mistake() -> None:
    harness = AdminHarness()
    harness.state.rules = replace(harness.state.rules, gateways=("192.0.2.0/28",))
    (sentence,) = await harness.refuses("ban ip 192.0.2.7 x")
    assert sentence.startswith("192.0.2.7 covers a gateway, and nobody could connect through it")
    await harness.says("ban ip 192.0.2.17 x")
