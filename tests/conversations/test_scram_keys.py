"""SCRAM's keys through the front door: made anew by a password that is said, and alike for names without accounts."""

import base64
import itertools
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from hubbub.client.identity import Identity, Password
from hubbub.engine.accounts import RegisterAccount, ResetCredential
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Credential
from hubbub.node.password_queue import CONSOLE
from hubbub.node.sealing_keys import NAME, add_key
from hubbub.wire.scram import ClientExchange, derive, iterations_of
from tests.client.client_harness import Seat
from tests.server_harness import House

PASSWORD = "correct horse"
OLD_ITERATIONS, ITERATIONS = 4096, 5000
NEWER = {"accounts.scram_iterations": ITERATIONS}


async def older(house: House, name: str = "ann", scram: str | None = None) -> None:
    """An account whose SCRAM keys were made as they were made once."""
    made = house.node.proofs.passwords.make(PASSWORD)
    stored = derive(PASSWORD, bytes(16), OLD_ITERATIONS) if scram is None else scram
    answer = house.node.ask(RegisterAccount(name, Credential(made.argon2, stored)))
    assert not isinstance(answer, Refusal)
    await house.settle()


def iterations(house: House, name: str = "ann") -> int:
    account = house.node.state.account_named(name)
    assert account
    return iterations_of(account.credential.scram)


async def begun(house: House, name: str, exchange: ClientExchange) -> list[str]:
    """What is answered to a client's first message."""
    house.connect(name).type(f"CAP REQ sasl\nNICK {name}\nUSER {name} 0 * :x\nAUTHENTICATE SCRAM-SHA-256")
    await house.look()
    return await house.ask(name, f"AUTHENTICATE {base64.b64encode(exchange.first()).decode()}")


async def end(house: House, name: str, exchange: ClientExchange, challenge: list[str]) -> list[str]:
    final = exchange.final(base64.b64decode(challenge[-1].rpartition(" ")[2]))
    house.people[name].type(f"AUTHENTICATE {base64.b64encode(final).decode()}")
    lines = await house.ask(name, "AUTHENTICATE +")
    house.people.pop(name).hang_up()
    return lines


async def by_scram(house: House, name: str = "ann", password: str = PASSWORD) -> str:
    """What comes of signing in, in one line."""
    exchange = ClientExchange(name, password, "nonce")
    challenge = await begun(house, name, exchange)
    if "AUTHENTICATE" not in challenge[-1]:
        house.people.pop(name).hang_up()
        return " | ".join(challenge)
    return " | ".join(await end(house, name, exchange, challenge))


async def by_plain(house: House, name: str = "ann") -> str:
    house.connect(name).type(f"CAP REQ sasl\nNICK {name}\nUSER {name} 0 * :x\nAUTHENTICATE PLAIN")
    pair = base64.b64encode(f"\0{name}\0{PASSWORD}".encode()).decode()
    lines = await house.ask(name, f"AUTHENTICATE {pair}")
    house.people.pop(name).hang_up()
    await house.settle()
    return " | ".join(lines)


async def shown(house: House, name: str) -> str:
    """What a stranger learns of a name: salt and iterations, or that there are no keys."""
    lines = await begun(house, name, ClientExchange(name, "x", "nonce"))
    house.people.pop(name).hang_up()
    if "AUTHENTICATE" not in lines[-1]:
        return "; ".join(re.sub(f" {name} ", " * ", line.partition(" < ")[2]) for line in lines)
    return base64.b64decode(lines[-1].rpartition(" ")[2]).decode().partition(",")[2]


async def test_older_keys_still_sign_in_and_are_made_anew_by_a_password_that_is_said(tmp_path: Path) -> None:
    async with House(tmp_path, NEWER) as house:
        await older(house)
        assert " 903 " in await by_scram(house) and iterations(house) == OLD_ITERATIONS
        assert " 903 " in await by_plain(house) and iterations(house) == ITERATIONS
        assert " 903 " in await by_scram(house)
        credential = house.node.state.account_named("ann").credential  # type: ignore[union-attr]
        assert " 903 " in await by_plain(house)
        assert house.node.state.account_named("ann").credential is credential  # type: ignore[union-attr]
        await house.restart()
        assert iterations(house) == ITERATIONS and " 903 " in await by_scram(house)
        assert " 904 " in await by_scram(house, password="wrong horse")


async def test_a_password_that_was_changed_meanwhile_stays_changed(tmp_path: Path) -> None:
    async with House(tmp_path, NEWER) as house:
        await older(house)
        account = house.node.state.account_named("ann")
        assert account
        house.node.proofs.renew_credential(account, PASSWORD)
        house.node.ask(ResetCredential("ann", house.node.proofs.passwords.make("another horse")))
        await house.settle()
        assert await house.node.proofs.passwords.fits("another horse", account.credential, CONSOLE)
        assert not await house.node.proofs.passwords.fits(PASSWORD, account.credential, CONSOLE)


async def test_a_proof_of_a_password_that_was_changed_meanwhile_proves_nothing(house: House) -> None:
    await house.account("ann", PASSWORD)
    exchange = ClientExchange("ann", PASSWORD, "nonce")
    challenge = await begun(house, "ann", exchange)
    house.node.ask(ResetCredential("ann", house.node.proofs.passwords.make("another horse")))
    assert " 904 " in " ".join(await end(house, "ann", exchange, challenge))


async def test_a_lost_key_locks_nobody_out(house: House) -> None:
    await house.account("ann", PASSWORD)
    assert " 903 " in await by_scram(house)
    (house.data / NAME).unlink()
    await house.restart()
    assert house.storage.sealed_otherwise() == 1
    answer = await by_scram(house)
    assert " 908 ann PLAIN,OAUTHBEARER " in answer and " 904 " in answer and "once with PLAIN" in answer
    assert " 903 " in await by_plain(house)
    assert house.storage.sealed_otherwise() == 0
    assert " 903 " in await by_scram(house)
    await house.restart()
    assert " 903 " in await by_scram(house)


async def test_our_clients_come_in_after_the_key_was_lost_without_being_asked(house: House) -> None:
    await house.account("ann", PASSWORD)
    (house.data / NAME).unlink()
    await house.restart()
    for _ in range(2):
        seat = Seat(house, Identity("ann", Password(PASSWORD)))
        seat.connect()
        await seat.settle()
        assert seat.client.is_here and seat.client.account == "ann"
        seat.cut()
    assert iterations(house) == OLD_ITERATIONS and " 903 " in await by_scram(house)


async def test_keys_that_were_tampered_with_are_made_anew(house: House) -> None:
    for name in ("ann", "bob"):
        await house.account(name, PASSWORD)
    with closing(sqlite3.connect(house.data / "hubbub.db", isolation_level=None)) as database:
        database.execute("UPDATE account SET scram = (SELECT scram FROM account WHERE name = 'bob')")
    await house.restart()
    assert " 908 " in await by_scram(house) and " 903 " in await by_scram(house, "bob")
    assert " 903 " in await by_plain(house) and " 903 " in await by_scram(house)


async def test_a_key_that_is_of_no_use_stops_nobody(house: House) -> None:
    await house.account("ann", PASSWORD)
    (house.data / NAME).write_text("no key at all\n")
    await house.restart()
    assert " 903 " in await by_plain(house) and " 904 " in await by_scram(house, "nobody")
    await house.account("bob", PASSWORD)
    await house.restart()
    assert " 903 " in await by_plain(house, "bob")


async def test_a_new_key_is_taken_at_the_next_start(house: House) -> None:
    await house.account("ann", PASSWORD)
    before = house.storage.seal.id
    add_key(house.data / NAME)
    assert (house.data / NAME).stat().st_mode & 0o777 == 0o600
    await house.restart()
    account = house.node.state.account_named("ann")
    assert account and account.credential.sealed_by == house.storage.seal.id != before
    assert " 903 " in await by_scram(house)


async def test_scram_can_be_left_out(tmp_path: Path) -> None:
    async with House(tmp_path, {"accounts.scram": False}) as house:
        await older(house)
        house.connect("ann").type("CAP LS 302")
        assert "sasl=PLAIN,OAUTHBEARER " in " ".join(await house.look())
        house.people.pop("ann").hang_up()
        assert " 908 " in " ".join(await begun(house, "ann", ClientExchange("ann", PASSWORD, "nonce")))
        house.people.pop("ann").hang_up()
        assert " 903 " in await by_plain(house)
        assert iterations(house) == 0


async def test_names_without_an_account_are_answered_in_the_same_proportions(tmp_path: Path) -> None:
    async with House(tmp_path, NEWER) as house:
        for number in range(4):
            await older(house, f"old{number}")
        for number in range(4):
            await older(house, f"new{number}", derive(PASSWORD, bytes(16), ITERATIONS))
        for number in range(8):
            await older(house, f"none{number}", "")
        kinds = {f"s=*,i={OLD_ITERATIONS}", f"s=*,i={ITERATIONS}", NONE}
        nobodys = [f"nobody{number}" for number in range(60)]
        seen = {name: await shown(house, name) for name in ("new0", "old0", "none0", *nobodys)}
        for names in (["new0", "old0", "none0"], nobodys):
            assert {re.sub("s=[^,]*", "s=*", seen[name]) for name in names} == kinds
        assert 15 <= sum(seen[name] == NONE for name in nobodys) <= 45, "it is every second account"
        await house.restart()
        assert {name: await shown(house, name) for name in seen} == seen


NONE = (
    ":hubbub 908 * PLAIN,OAUTHBEARER :are available SASL mechanisms; "
    ":hubbub 904 * :SASL authentication failed: "
    "Sign in once with PLAIN before you use SCRAM-SHA-256."
)


async def test_a_name_without_an_account_gets_newer_keys_as_accounts_do(tmp_path: Path) -> None:
    async with House(tmp_path, NEWER) as house:
        for number in range(3):
            await older(house, f"old{number}")
        names = [f"nobody{number}" for number in range(20)]
        steps = []
        for number in range(3):
            steps.append([f"i={ITERATIONS}" in await shown(house, name) for name in names])
            await by_plain(house, f"old{number}")
            house.wait(61)
        steps.append([f"i={ITERATIONS}" in await shown(house, name) for name in names])
        assert not any(steps[0]) and all(steps[-1])
        for before, after in itertools.pairwise(steps):
            assert all(later or not earlier for earlier, later in zip(before, after, strict=True))


async def test_without_accounts_a_name_is_answered_as_the_first_one_will_be(house: House) -> None:
    assert f"i={OLD_ITERATIONS}" in await shown(house, "nobody")
