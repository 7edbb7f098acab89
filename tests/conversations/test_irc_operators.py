"""OPER, KILL, WALLOPS, REHASH and DIE: who may, and who is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hubbub.engine.user_profile import SetUserModes
from hubbub.node.session import LiveSession
from tests.server_harness import ServerHarness
from tests.sign_in import arrive

HASHED = PasswordHasher(1, 8192).hash("open sesame")
NO_PRIVILEGES = ":hubbub 481 bob :Permission Denied- You're not an IRC operator"


@pytest.fixture
async def staffed(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """A server with two operators in its settings, and Bob who may become one."""
    (tmp_path / "hubbub.toml").write_text(
        f'[operators.boss]\npassword = "{HASHED}"\nrole = "admin"\n'
        f'[operators.far]\npassword = "{HASHED}"\nnetworks = ["10.0.0.0/8"]\n'
        f'[operators.helper]\npassword = "{HASHED}"\n'
    )
    async with ServerHarness(tmp_path) as harness:
        await harness.irc("bob")
        yield harness


async def test_becoming_an_operator(staffed: ServerHarness) -> None:
    assert await staffed.ask("bob", "OPER boss :open sesame") == [
        "bob < :hubbub MODE bob +o",
        "bob < :hubbub 381 bob :You are now an IRC operator",
    ]


@pytest.mark.parametrize(
    "line",
    ["OPER boss wrong", "OPER nobody :open sesame", "OPER far :open sesame", "OPER boss :", "OPER * *"],
)
async def test_whoever_does_not_know_the_password_is_none(staffed: ServerHarness, line: str) -> None:
    assert await staffed.ask("bob", line) == [
        "bob < :hubbub 464 bob :The name or the password is wrong. Try again."
    ]
    assert await staffed.ask("bob", "DIE") == [f"bob < {NO_PRIVILEGES}"]


async def test_an_operator_from_where_they_may_come(staffed: ServerHarness) -> None:
    staffed.connect("eve", address="10.1.2.3", secure=True).type("NICK eve\nUSER eve 0 * :Eve")
    assert "eve < :hubbub 381 eve :You are now an IRC operator" in await staffed.ask(
        "eve", "OPER far :open sesame"
    )


async def test_the_verbs_are_for_those_who_may(staffed: ServerHarness) -> None:
    await staffed.irc("ann")
    for line in ("KILL ann :bye", "KILL nobody :bye", "WALLOPS :hello", "REHASH", "DIE"):
        assert await staffed.ask("bob", line) == [f"bob < {NO_PRIVILEGES}"]
    for line in ("KILL ann", "WALLOPS", "OPER boss"):
        verb = line.split()[0]
        assert await staffed.ask("bob", line) == [f"bob < :hubbub 461 bob {verb} :Not enough parameters"]
    assert not staffed.stopped_for
    # A moderator has some of it, and not all.
    await staffed.ask("bob", "OPER helper :open sesame")
    for line in ("REHASH", "DIE"):
        assert await staffed.ask("bob", line) == [f"bob < {NO_PRIVILEGES}"]


async def test_killing(staffed: ServerHarness) -> None:
    await staffed.irc("ann")
    await staffed.irc("eve")
    for name in ("ann", "eve"):
        await staffed.ask(name, "JOIN #tea")
    await staffed.ask("bob", "OPER helper :open sesame")
    assert await staffed.ask("bob", "KILL ANN :spam spam") == [
        "ann < :bob!bob@local KILL ann :Killed by bob: spam spam",
        "ann < ERROR :Closing link: (127.0.0.1) [Killed by bob: spam spam]",
        "eve < :ann!ann@local QUIT :Killed by bob: spam spam",
    ]
    assert staffed.people["ann"].connection.closed


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("hubbub", "483 bob :You cant kill a server!"),
        ("NickServ", "483 bob :You cant kill a server!"),
        ("nobody", "401 bob nobody :No such nick/channel"),
        ("#tea", "401 bob #tea :No such nick/channel"),
    ],
)
async def test_what_can_not_be_killed(staffed: ServerHarness, target: str, answer: str) -> None:
    await staffed.ask("bob", "OPER helper :open sesame")
    assert await staffed.ask("bob", f"KILL {target} :bye") == [f"bob < :hubbub {answer}"]


async def test_a_moderator_kills_no_administrator(staffed: ServerHarness) -> None:
    await staffed.irc("chief")
    await staffed.ask("chief", "OPER boss :open sesame")
    await staffed.ask("bob", "OPER helper :open sesame")
    assert await staffed.ask("bob", "KILL chief :bye") == [f"bob < {NO_PRIVILEGES}"]


async def test_wallops_reaches_those_who_listen(staffed: ServerHarness) -> None:
    """ "all currently connected users who have set the 'w' user mode for themselves", and the staff"""
    await staffed.irc("ann")
    await staffed.irc("eve")
    await staffed.ask("bob", "OPER helper :open sesame")
    ann = staffed.people["ann"].receiver
    assert isinstance(ann, LiveSession)
    staffed.node.ask(SetUserModes("w", ""), ann)
    assert await staffed.ask("bob", "WALLOPS :the tea is ready") == [
        "bob < :bob!bob@local WALLOPS :the tea is ready",
        "ann < :bob!bob@local WALLOPS :the tea is ready",
    ]
    assert await staffed.ask("bob", "WALLOPS :") == ["bob < :hubbub 412 bob :No text to send"]


async def test_reading_the_settings_again(staffed: ServerHarness) -> None:
    await staffed.ask("bob", "OPER boss :open sesame")
    lines = await staffed.ask("bob", "REHASH")
    assert lines[0] == "bob < :hubbub 382 bob hubbub.toml Rehashing"
    assert lines[1].startswith("bob < :hubbub NOTICE bob :")


async def test_ending_the_server(staffed: ServerHarness) -> None:
    await staffed.ask("bob", "OPER boss :open sesame")
    assert await staffed.ask("bob", "DIE") == ["bob < :hubbub NOTICE bob :The server is shutting down."]


async def test_before_coming_in_nobody_is_an_operator(staffed: ServerHarness) -> None:
    staffed.connect("eve").type("NICK eve")
    for line in ("OPER boss :open sesame", "KILL bob :x", "WALLOPS x", "REHASH", "DIE"):
        assert await staffed.ask("eve", line) == ["eve < :hubbub 451 eve :You have not registered"]


async def test_there_are_no_other_servers(staffed: ServerHarness) -> None:
    """modern-irc: ERR_NOSUCHSERVER, ERR_NEEDMOREPARAMS and ERR_NOPRIVILEGES of CONNECT and SQUIT."""
    for line in ("CONNECT elsewhere.test", "SQUIT elsewhere.test :gone"):
        assert await staffed.ask("bob", line) == [f"bob < {NO_PRIVILEGES}"]
    await staffed.ask("bob", "OPER boss :open sesame")
    for line in ("CONNECT elsewhere.test", "SQUIT elsewhere.test :gone"):
        assert await staffed.ask("bob", line) == ["bob < :hubbub 402 bob elsewhere.test :No such server"]
    assert await staffed.ask("bob", "SQUIT") == ["bob < :hubbub 461 bob SQUIT :Not enough parameters"]


@pytest.mark.parametrize(
    ("mode", "line", "seen"),
    [
        ("#tea +i", "JOIN #tea", "JOIN #tea"),
        ("#tea +is", "JOIN #tea", "JOIN #tea"),
        ("#tea +A", "JOIN #tea", "JOIN #tea"),
        ("#tea +k oolong", "JOIN #tea", "JOIN #tea"),
        ("#tea +l 1", "JOIN #tea", "JOIN #tea"),
        ("#tea +b bob", "JOIN #tea", "JOIN #tea"),
        ("#tea +nms", "PRIVMSG #tea :hi", "PRIVMSG #tea :hi"),
        ("#tea +b bob", "PRIVMSG #tea :hi", "PRIVMSG #tea :hi"),
        ("#tea +t", "TOPIC #tea :new", "TOPIC #tea :new"),
        ("#tea -t", "TOPIC #tea :new", "TOPIC #tea :new"),
        ("#tea +s", "MODE #tea +q-q ann ann", "MODE #tea +q-q ann ann"),
        ("#tea +q ann", "KICK #tea ann", "KICK #tea ann :bob"),
        ("ann +R", "PRIVMSG ann :hi", "PRIVMSG ann :hi"),
    ],
)
async def test_an_administrator_without_an_account_is_stopped_by_no_mode(
    staffed: ServerHarness, mode: str, line: str, seen: str
) -> None:
    await staffed.irc("ann")
    await staffed.ask("ann", f"JOIN #tea\nMODE {mode}")
    refused = await staffed.ask("bob", line)
    assert not any(one.startswith("ann < :bob!") for one in refused), "a guest is"
    await staffed.ask("bob", "OPER boss :open sesame")
    assert f"ann < :bob!bob@local {seen}" in await staffed.ask("bob", line)


async def test_the_invisible_are_seen_by_moderators_and_by_whoever_has_an_account(
    staffed: ServerHarness,
) -> None:
    """Each for a reason of their own: a moderator by OPER has no account."""
    await arrive(staffed, "ann")
    await staffed.irc("eve")
    await staffed.ask("eve", "MODE eve +i")
    assert " eve H" in (await staffed.ask("ann", "WHO ev*"))[0]
    assert " eve H" not in (await staffed.ask("bob", "WHO ev*"))[0]
    await staffed.ask("bob", "OPER helper :open sesame")
    assert " eve H" in (await staffed.ask("bob", "WHO ev*"))[0]


async def test_an_administrator_without_an_account_is_told_of_every_room(staffed: ServerHarness) -> None:
    await staffed.irc("eve", "draft/metadata-2 batch")
    await staffed.irc("ann", "draft/metadata-2 batch")
    await staffed.ask("ann", "JOIN #tea,#vault\nMODE #tea +i\nMODE #vault +s\nMETADATA #tea SET url :x")
    listed, read = ("eve < :hubbub 322 eve #vault 1 :", " 761 eve #tea url * x")
    for is_told in (False, True):
        assert (listed in await staffed.ask("eve", "LIST")) is is_told
        assert any(line.endswith(read) for line in await staffed.ask("eve", "METADATA #tea LIST")) is is_told
        await staffed.ask("eve", "OPER boss :open sesame")
