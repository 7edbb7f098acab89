"""Guessing is slowed where it comes from, at every door; the owner of what is guessed at is not."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hubbub.engine.state import TokenKind
from hubbub.engine.tokens import AddToken, digest_of
from hubbub.node.attempt_counters import SCATTERED_MAX
from hubbub.node.password_queue import Asker
from hubbub.transports.base import WireProtocol
from tests.server_harness import Person, ServerHarness, told

PASSWORD = "open-sesame"
HASH = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
SETTINGS = f"""
[operators.boss]
password = "{HASH}"
[gateways.webchat]
password = "{HASH}"
networks = ["192.0.2.0/24"]
"""
WRONG = "The name or the password is wrong. Try again."
TOO_MANY = "Too many attempts. Try again in"
HERE, THERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    """With an operator and a gateway in its settings, and Ann's account."""
    (tmp_path / "hubbub.toml").write_text(SETTINGS)
    async with ServerHarness(tmp_path) as harness:
        await harness.account("ann")
        yield harness


async def come(
    harness: ServerHarness,
    name: str,
    address: str,
    kind: WireProtocol = WireProtocol.NETCAT,
    fingerprint: str = "",
) -> Person:
    person = harness.connect(name, kind, address, secure=True, fingerprint=fingerprint)
    await harness.look()
    return person


async def login(harness: ServerHarness, address: str, name: str, password: str, times: int = 1) -> str:
    """What somebody is told at last who types this over netcat, on connections of their own."""
    said = ""
    for _ in range(times):
        await come(harness, "visitor", address)
        said = (await harness.ask("visitor", f"login {name} {password}"))[0].removeprefix("visitor < ")
        harness.people.pop("visitor").hang_up()
    return said


def plain(name: str, password: str) -> str:
    return base64.b64encode(f"\0{name}\0{password}".encode()).decode()


async def test_who_guesses_has_to_wait_and_the_owner_does_not(harness: ServerHarness) -> None:
    assert await login(harness, HERE, "ann", "guess", 5) == WRONG
    assert (await login(harness, HERE, "ann", "correct horse")).startswith(TOO_MANY)
    assert await login(harness, THERE, "ann", "correct horse") == "Logged in as ann."
    harness.wait(31)
    assert await login(harness, HERE, "ann", "correct horse") == "Logged in as ann."


async def test_signing_in_between_ones_guesses_forgives_no_guess(harness: ServerHarness) -> None:
    await harness.account("eve")
    for victim in ("v1", "v2", "v3", "v4", "v5"):
        assert await login(harness, HERE, victim, "guess") == WRONG
        assert await login(harness, HERE, "eve", "correct horse") == "Logged in as eve."
    assert (await login(harness, HERE, "v6", "guess")).startswith(TOO_MANY)


async def test_where_the_owner_has_signed_in_before_others_failures_are_not_theirs(
    harness: ServerHarness,
) -> None:
    """Also when the server was restarted in between; nothing in its data tells where that was."""
    assert await login(harness, HERE, "ann", "correct horse") == "Logged in as ann."
    await harness.restart()
    assert await login(harness, HERE, "nobody", "guess", 5) == WRONG
    assert (await login(harness, HERE, "nobody", "guess")).startswith(TOO_MANY)
    assert await login(harness, HERE, "ann", "correct horse") == "Logged in as ann."
    await harness.settle()
    for file in harness.data.rglob("*"):
        if file.is_file():
            assert HERE.encode() not in file.read_bytes(), file.name


async def test_whoever_registers_is_known_where_that_was(harness: ServerHarness) -> None:
    await come(harness, "bob", HERE)
    await harness.ask("bob", "register bob battery staple")
    assert await login(harness, HERE, "nobody", "guess", 5) == WRONG
    assert await login(harness, HERE, "bob", "battery staple") == "Logged in as bob."


@pytest.mark.parametrize("guessed", ["bob", "nobody"])
async def test_who_registers_where_sign_ins_are_slowed_is_in_and_stays_so(
    harness: ServerHarness, guessed: str
) -> None:
    """What failed before under that name was nobody's: there was no such account."""
    assert await login(harness, HERE, guessed, "battery staple", 5) == WRONG
    assert (await login(harness, HERE, "bob", "battery staple")).startswith(TOO_MANY)
    await come(harness, "bob", HERE)
    assert (await harness.ask("bob", "register bob battery staple"))[0] == "bob < Registered as bob."
    assert await login(harness, HERE, "bob", "battery staple") == "Logged in as bob."
    assert (await login(harness, HERE, "ann", "guess")).startswith(TOO_MANY)
    await come(harness, "second", HERE, WireProtocol.IRC)
    proof = f"AUTHENTICATE PLAIN\nAUTHENTICATE {plain('bob', 'battery staple')}"
    lines = await harness.ask("second", f"CAP REQ :sasl\nNICK second\n{proof}")
    assert any(" 903 " in line for line in lines)


async def test_a_subnet_counts_as_one_address(harness: ServerHarness) -> None:
    for number in range(5):
        assert await login(harness, f"2001:db8::{number}", "ann", "guess") == WRONG
    assert (await login(harness, "2001:db8::ffff", "ann", "correct horse")).startswith(TOO_MANY)
    assert await login(harness, "2001:db8:0:1::1", "ann", "correct horse") == "Logged in as ann."


async def test_what_nobody_guesses_is_never_slowed(harness: ServerHarness) -> None:
    """Tokens, also in a password's place, and certificates."""
    account = harness.node.state.account_named("ann")
    assert account is not None
    await login(harness, THERE, "ann", "correct horse")
    owner = await come(harness, "owner", THERE)
    await harness.ask("owner", "login ann correct horse")
    session = next(iter(harness.node.live.values()))
    harness.node.ask(AddToken("bot", digest_of("a long secret")), session)
    harness.node.ask(AddToken("c" * 64, "c" * 64, TokenKind.CERTIFICATE), session)
    owner.hang_up()
    assert await login(harness, HERE, "ann", "guess", 5) == WRONG
    assert await login(harness, HERE, "ann", "a long secret") == "Logged in as ann."
    bearer = base64.b64encode(b"n,,\1auth=Bearer a long secret\1\1").decode()
    for mechanism, response in (("OAUTHBEARER", bearer), ("EXTERNAL", "+")):
        await come(harness, "web", HERE, WireProtocol.IRC, "c" * 64)
        answer = await harness.ask("web", f"CAP REQ sasl\nAUTHENTICATE {mechanism}\nAUTHENTICATE {response}")
        assert any(" 903 " in line for line in answer), answer


async def test_sixty_at_once_are_not_sixty_guesses(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    hashing = harness.node.proofs.passwords._hashing
    fits = hashing.fits

    def counting(password: str, argon2: str | None) -> bool:
        checked.append(password)
        return fits(password, argon2)

    monkeypatch.setattr(hashing, "fits", counting)
    for number in range(60):
        harness.connect(f"eve{number}", WireProtocol.NETCAT, HERE, secure=True)
    await harness.look()
    for number in range(60):
        harness.people[f"eve{number}"].type(f"login ann guess{number}")
    lines = await harness.look()
    assert len(checked) == 5 and len(lines) == 60
    assert sum(WRONG in line for line in lines) == 5


async def test_a_class_that_signs_in_together_is_let_in(harness: ServerHarness) -> None:
    for number in range(12):
        await harness.account(f"pupil{number}")
        harness.connect(f"pupil{number}", WireProtocol.NETCAT, HERE, secure=True)
    await harness.look()
    for number in range(12):
        harness.people[f"pupil{number}"].type(f"login pupil{number} correct horse")
    lines = await harness.look()
    assert sum("Logged in as" in line for line in lines) == 12


async def test_nothing_is_hashed_for_who_has_left(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(
        harness.node.proofs.passwords._hashing, "fits", lambda password, argon2: checked.append(password)
    )
    harness.connect("eve", WireProtocol.NETCAT, HERE, secure=True)
    await harness.look()
    eve = harness.people["eve"]
    eve.type("login ann guess")
    eve.hang_up("reset")
    await harness.settle()
    assert checked == []
    assert await login(harness, HERE, "ann", "guess", 4) == WRONG
    assert checked == ["guess"] * 4


async def test_an_account_guessed_at_from_everywhere_keeps_its_owner_waiting_for_seconds(
    harness: ServerHarness,
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    harness.node.proofs.guarded.pause = pause
    assert await login(harness, HERE, "ann", "correct horse") == "Logged in as ann."
    for number in range(SCATTERED_MAX + 5):
        assert await login(harness, f"198.51.100.{number}", "ann", "guess") == WRONG
    assert pauses == [1, 2, 3, 4, 5]
    assert await login(harness, HERE, "ann", "correct horse") == "Logged in as ann."
    assert len(pauses) == 5, "where the owner has been, nothing has changed"
    assert await login(harness, THERE, "ann", "correct horse") == "Logged in as ann."
    assert pauses[5:] == [6]


async def test_guesses_at_an_operators_password_are_slowed_and_logins_are_not(harness: ServerHarness) -> None:
    await harness.irc("bob", address="127.0.0.1")
    for _ in range(5):
        (answer,) = await harness.ask("bob", "OPER boss guess")
        assert WRONG in answer
    (answer,) = await harness.ask("bob", f"OPER boss {PASSWORD}")
    assert TOO_MANY in answer
    assert await login(harness, "127.0.0.1", "ann", "correct horse") == "Logged in as ann."


async def test_guesses_at_a_gateways_password_are_slowed_and_its_people_are_not_mixed_up(
    harness: ServerHarness,
) -> None:
    async def through(password: str, real: str, more: str) -> list[str]:
        await come(harness, "web", "192.0.2.7", WireProtocol.IRC)
        return await harness.ask("web", f"WEBIRC {password} web h {real}{more}")

    login_plain = "\nCAP REQ sasl\nAUTHENTICATE PLAIN\nAUTHENTICATE "
    for _ in range(5):
        answer = await through(PASSWORD, HERE, " :secure" + login_plain + plain("ann", "guess"))
        assert any(WRONG in line for line in answer), answer
    assert TOO_MANY in await login(harness, HERE, "ann", "correct horse"), "counted where they really are"
    answer = await through(PASSWORD, THERE, " :secure" + login_plain + plain("ann", "correct horse"))
    assert any(" 903 " in line for line in answer), answer
    for _ in range(5):
        await through("guess", HERE, "")
    answer = await through(PASSWORD, HERE, "")
    assert TOO_MANY in answer[0]


async def test_guesses_at_the_servers_password_are_slowed(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"server.password": "open sesame"}) as harness:
        for number in range(6):
            person = await come(harness, f"g{number}", HERE, WireProtocol.IRC)
            (answer, *_) = await harness.ask(f"g{number}", f"PASS guess\nNICK g{number}x\nUSER g 0 * :g")
            assert ("Too many attempts" in answer) == (number == 5), answer
            assert person.connection.closed
        await come(harness, "bob", HERE, WireProtocol.IRC)
        assert TOO_MANY in (await harness.ask("bob", "PASS :open sesame\nNICK bob\nUSER b 0 * :b"))[0]
        await come(harness, "sue", THERE, WireProtocol.IRC)
        assert " 001 " in (await harness.ask("sue", "PASS :open sesame\nNICK sue\nUSER b 0 * :b"))[0]


async def test_guesses_at_a_rooms_key_are_slowed(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea\nMODE #tea +k oolong")
    await harness.irc("eve", address="127.0.0.2")
    await harness.irc("sue", address="127.0.0.3")
    for _ in range(5):
        assert " 475 " in (await harness.ask("eve", "JOIN #tea guess"))[0]
    assert TOO_MANY in (await harness.ask("eve", "JOIN #tea oolong"))[0]
    assert "JOIN #tea" in (await harness.ask("sue", "JOIN #tea oolong"))[0]


async def test_who_is_exempt_is_not_slowed(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.exempt": [HERE]}) as harness:
        await harness.account("ann")
        assert await login(harness, HERE, "ann", "guess", 8) == WRONG
        assert await login(harness, HERE, "ann", "correct horse") == "Logged in as ann."


async def test_sixty_registrations_at_once_are_counted_as_they_begin(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.accounts_an_address_a_day": 3}) as harness:
        for number in range(8):
            harness.connect(f"new{number}", WireProtocol.NETCAT, HERE, secure=True)
        await harness.look()
        for number in range(8):
            harness.people[f"new{number}"].type(f"register new{number} correct horse")
        await harness.look()
        assert len(harness.node.state.accounts) == 3


async def test_nobody_takes_back_guesses_at_others_by_failing_at_their_own(harness: ServerHarness) -> None:
    """Three accounts of the guesser's own, at which they fail and then sign in, between guesses at others."""
    for name in ("own1", "own2", "own3"):
        await harness.account(name)
        assert await login(harness, HERE, name, "correct horse") == f"Logged in as {name}."
    refused = 0
    for turn in range(6):
        for number in range(4):
            refused += await login(harness, HERE, f"victim{turn}{number}", "guess") != WRONG
        for name in ("own1", "own2", "own3"):
            for _ in range(4):
                await login(harness, HERE, name, "wrong")
            await login(harness, HERE, name, "correct horse")
    assert refused >= 24 - 5


async def test_a_secret_rooms_key_is_guessed_no_faster_than_another(harness: ServerHarness) -> None:
    """And whether it is one is not told by that: a name that can't be had counts alike."""
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #vault\nMODE #vault +sk sesame")
    await harness.irc("eve", address=HERE)
    for number in range(8):
        await harness.ask("eve", f"JOIN #vault guess{number}")
    assert not any(":eve!" in line for line in await harness.ask("eve", "JOIN #vault sesame"))


async def test_the_servers_password_is_asked_of_who_registers_by_netcat(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"server.password": "open sesame"}) as harness:
        harness.connect("eve", WireProtocol.NETCAT, secure=True)
        lines = await harness.ask("eve", "register eve battery staple")
        assert any("password" in line for line in lines)
        assert harness.node.state.account_named("eve") is None


async def test_the_right_key_takes_back_ones_guesses_and_another_refusal_does_not(
    harness: ServerHarness,
) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea\nMODE #tea +k oolong")
    await harness.irc("eve", address="127.0.0.2")

    async def guess(times: int) -> None:
        for _ in range(times):
            assert " 475 " in (await harness.ask("eve", "JOIN #tea guess"))[0]

    await guess(4)
    assert "eve < :eve!eve@local JOIN #tea" in await harness.ask("eve", "JOIN #tea oolong")
    await harness.ask("eve", "PART #tea")
    await guess(4)
    await harness.ask("bob", "MODE #tea +b eve")
    assert " 474 " in (await harness.ask("eve", "JOIN #tea oolong"))[0]
    await harness.ask("bob", "MODE #tea -b eve")
    await guess(1)
    assert TOO_MANY in (await harness.ask("eve", "JOIN #tea oolong"))[0]


async def test_where_somebody_may_make_no_room_a_key_for_one_that_is_not_there_is_a_guess(
    tmp_path: Path,
) -> None:
    """So nobody is told by it which names are those of secret rooms."""
    async with ServerHarness(tmp_path, {"rooms.creation": "members"}) as harness:
        await harness.irc("eve")
        for _ in range(6):
            assert " 403 " in (await harness.ask("eve", "JOIN #nowhere"))[0]
        for _ in range(5):
            assert " 403 " in (await harness.ask("eve", "JOIN #nowhere guess"))[0]
        assert TOO_MANY in (await harness.ask("eve", "JOIN #nowhere guess"))[0]


@pytest.mark.parametrize(
    "settings",
    [{"accounts_an_address_a_day": 1, "exempt": [HERE]}, {"accounts_an_address_a_day": 0}],
    ids=["exempt", "no limit"],
)
async def test_whose_registrations_are_not_counted(tmp_path: Path, settings: dict[str, object]) -> None:
    async with ServerHarness(
        tmp_path, {f"limits.{name}": value for name, value in settings.items()}
    ) as harness:
        for name in ("new1", "new2"):
            await come(harness, name, HERE)
            answer = told(await harness.ask(name, f"register {name} battery staple"), name)[0]
            assert answer == f"Registered as {name}."


async def test_the_log_names_what_there_is_and_no_other_word(
    harness: ServerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    """In the place of a name somebody may have typed a password."""
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea\nMODE #tea +k oolong")
    await harness.irc("eve")
    for line in ("OPER boss guess", "OPER slip1 guess", "JOIN #tea guess"):
        await harness.ask("eve", line)
    for name in ("ann", "slip2"):
        bearer = base64.b64encode(f"n,a={name},\1auth=Bearer guess\1\1".encode()).decode()
        await come(harness, "web", HERE, WireProtocol.IRC)
        await harness.ask("web", f"CAP REQ sasl\nAUTHENTICATE OAUTHBEARER\nAUTHENTICATE {bearer}")
    harness.node.journal.flush()
    for words in ('operator "boss"', "no such operator", 'room key "tea"', f'{HERE} (irc): token for "ann"'):
        assert words in caplog.text
    assert "slip" not in caplog.text


@pytest.mark.parametrize("line", [f"OPER boss {PASSWORD}", f"WEBIRC {PASSWORD} web h {HERE}"])
async def test_who_leaves_while_a_password_is_looked_at_becomes_nothing(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    look = harness.node.proofs.passwords.fits_hash
    fitted: list[bool] = []

    async def fits_hash(password: str, argon2: str | None, asker: Asker) -> bool:
        fitted.append(await look(password, argon2, asker))
        harness.people["web"].hang_up()
        return fitted[-1]

    monkeypatch.setattr(harness.node.proofs.passwords, "fits_hash", fits_hash)
    await come(harness, "web", "192.0.2.7", WireProtocol.IRC)
    await harness.ask("web", "NICK bob\nUSER bob 0 * :Bob" if line.startswith("OPER") else "")
    harness.people["web"].type(line)
    await harness.settle()
    assert fitted == [True] and not harness.node.live
    assert "bug" not in caplog.text


async def test_a_pass_for_an_accounts_key_signs_in_once(harness: ServerHarness) -> None:
    """The gateway of ssh gives it to whoever has proved the key."""
    owner = await come(harness, "owner", THERE)
    await harness.ask("owner", "login ann correct horse")
    session = next(iter(harness.node.live.values()))
    harness.node.ask(AddToken("laptop", "key of ann", TokenKind.KEY), session)
    owner.hang_up()

    async def come_with(secret: str) -> bool:
        bearer = base64.b64encode(f"n,a=ann,\1auth=Bearer {secret}\1\1".encode()).decode()
        await come(harness, "ssh", HERE, WireProtocol.IRC)
        lines = await harness.ask("ssh", f"CAP REQ sasl\nAUTHENTICATE OAUTHBEARER\nAUTHENTICATE {bearer}")
        return any(" 903 " in line for line in lines)

    secret = harness.node.proofs.give_pass("key of ann")
    assert await come_with(secret)
    assert not await come_with(secret)
    assert not await come_with(harness.node.proofs.give_pass("key that was revoked"))


async def test_an_account_counts_and_a_registration_that_comes_to_nothing_does_not(tmp_path: Path) -> None:
    """Of two who ask for a name at once, the later is told so once the slow part is done."""
    async with ServerHarness(tmp_path, {"limits.accounts_an_address_a_day": 2}) as harness:
        for name in ("first", "second"):
            await come(harness, name, HERE)
        for name in ("first", "second"):
            harness.people[name].type("register bob battery staple")
        lines = await harness.look()
        assert "first < Registered as bob." in lines
        assert "second < The name bob is already registered. Choose another one, or log in." in lines
        for name, is_made in (("carl", True), ("dora", False)):
            await come(harness, name, HERE)
            lines = await harness.ask(name, f"register {name} battery staple")
            assert (f"{name} < Registered as {name}." in lines) is is_made, lines
