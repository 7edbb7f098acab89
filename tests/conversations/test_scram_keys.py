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
from tests.client.client_harness import ClientHarness
from tests.server_harness import ServerHarness

PASSWORD = "correct horse"
OLD_ITERATIONS, ITERATIONS = 4096, 5000
NEWER = {"accounts.scram_iterations": ITERATIONS}


async def older(harness: ServerHarness, name: str = "ann", scram: str | None = None) -> None:
    """An account whose SCRAM keys were made as they were made once."""
    made = harness.node.proofs.passwords.make(PASSWORD)
    stored = derive(PASSWORD, bytes(16), OLD_ITERATIONS) if scram is None else scram
    answer = harness.node.ask(RegisterAccount(name, Credential(made.argon2, stored)))
    assert not isinstance(answer, Refusal)
    await harness.settle()


def iterations(harness: ServerHarness, name: str = "ann") -> int:
    account = harness.node.state.account_named(name)
    assert account
    return iterations_of(account.credential.scram)


async def begun(harness: ServerHarness, name: str, exchange: ClientExchange) -> list[str]:
    """What is answered to a client's first message."""
    harness.connect(name).type(f"CAP REQ sasl\nNICK {name}\nUSER {name} 0 * :x\nAUTHENTICATE SCRAM-SHA-256")
    await harness.look()
    return await harness.ask(name, f"AUTHENTICATE {base64.b64encode(exchange.first()).decode()}")


async def end(harness: ServerHarness, name: str, exchange: ClientExchange, challenge: list[str]) -> list[str]:
    final = exchange.final(base64.b64decode(challenge[-1].rpartition(" ")[2]))
    harness.people[name].type(f"AUTHENTICATE {base64.b64encode(final).decode()}")
    lines = await harness.ask(name, "AUTHENTICATE +")
    harness.people.pop(name).hang_up()
    return lines


async def by_scram(harness: ServerHarness, name: str = "ann", password: str = PASSWORD) -> str:
    """What comes of signing in, in one line."""
    exchange = ClientExchange(name, password, "nonce")
    challenge = await begun(harness, name, exchange)
    if "AUTHENTICATE" not in challenge[-1]:
        harness.people.pop(name).hang_up()
        return " | ".join(challenge)
    return " | ".join(await end(harness, name, exchange, challenge))


async def by_plain(harness: ServerHarness, name: str = "ann") -> str:
    harness.connect(name).type(f"CAP REQ sasl\nNICK {name}\nUSER {name} 0 * :x\nAUTHENTICATE PLAIN")
    pair = base64.b64encode(f"\0{name}\0{PASSWORD}".encode()).decode()
    lines = await harness.ask(name, f"AUTHENTICATE {pair}")
    harness.people.pop(name).hang_up()
    await harness.settle()
    return " | ".join(lines)


async def shown(harness: ServerHarness, name: str) -> str:
    """What a stranger learns of a name: salt and iterations, or that there are no keys."""
    lines = await begun(harness, name, ClientExchange(name, "x", "nonce"))
    harness.people.pop(name).hang_up()
    if "AUTHENTICATE" not in lines[-1]:
        return "; ".join(re.sub(f" {name} ", " * ", line.partition(" < ")[2]) for line in lines)
    return base64.b64decode(lines[-1].rpartition(" ")[2]).decode().partition(",")[2]


async def test_older_keys_still_sign_in_and_are_made_anew_by_a_password_that_is_said(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, NEWER) as harness:
        await older(harness)
        assert " 903 " in await by_scram(harness) and iterations(harness) == OLD_ITERATIONS
        assert " 903 " in await by_plain(harness) and iterations(harness) == ITERATIONS
        assert " 903 " in await by_scram(harness)
        credential = harness.node.state.account_named("ann").credential  # type: ignore[union-attr]
        assert " 903 " in await by_plain(harness)
        assert harness.node.state.account_named("ann").credential is credential  # type: ignore[union-attr]
        await harness.restart()
        assert iterations(harness) == ITERATIONS and " 903 " in await by_scram(harness)
        assert " 904 " in await by_scram(harness, password="wrong horse")


async def test_a_password_that_was_changed_meanwhile_stays_changed(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, NEWER) as harness:
        await older(harness)
        account = harness.node.state.account_named("ann")
        assert account
        harness.node.proofs.renew_credential(account, PASSWORD)
        harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another horse")))
        await harness.settle()
        assert await harness.node.proofs.passwords.fits("another horse", account.credential, CONSOLE)
        assert not await harness.node.proofs.passwords.fits(PASSWORD, account.credential, CONSOLE)


async def test_a_proof_of_a_password_that_was_changed_meanwhile_proves_nothing(
    harness: ServerHarness,
) -> None:
    await harness.account("ann", PASSWORD)
    exchange = ClientExchange("ann", PASSWORD, "nonce")
    challenge = await begun(harness, "ann", exchange)
    harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another horse")))
    assert " 904 " in " ".join(await end(harness, "ann", exchange, challenge))


async def test_a_lost_key_locks_nobody_out(harness: ServerHarness) -> None:
    await harness.account("ann", PASSWORD)
    assert " 903 " in await by_scram(harness)
    (harness.data / NAME).unlink()
    await harness.restart()
    assert harness.storage.sealed_otherwise() == 1
    answer = await by_scram(harness)
    assert " 908 ann PLAIN,OAUTHBEARER " in answer and " 904 " in answer and "once with PLAIN" in answer
    assert " 903 " in await by_plain(harness)
    assert harness.storage.sealed_otherwise() == 0
    assert " 903 " in await by_scram(harness)
    await harness.restart()
    assert " 903 " in await by_scram(harness)


async def test_our_clients_come_in_after_the_key_was_lost_without_being_asked(harness: ServerHarness) -> None:
    await harness.account("ann", PASSWORD)
    (harness.data / NAME).unlink()
    await harness.restart()
    for _ in range(2):
        user = ClientHarness(harness, Identity("ann", Password(PASSWORD)))
        user.connect()
        await user.settle()
        assert user.client.is_here and user.client.account == "ann"
        user.cut()
    assert iterations(harness) == OLD_ITERATIONS and " 903 " in await by_scram(harness)


async def test_keys_that_were_tampered_with_are_made_anew(harness: ServerHarness) -> None:
    for name in ("ann", "bob"):
        await harness.account(name, PASSWORD)
    with closing(sqlite3.connect(harness.data / "hubbub.db", isolation_level=None)) as database:
        database.execute("UPDATE account SET scram = (SELECT scram FROM account WHERE name = 'bob')")
    await harness.restart()
    assert " 908 " in await by_scram(harness) and " 903 " in await by_scram(harness, "bob")
    assert " 903 " in await by_plain(harness) and " 903 " in await by_scram(harness)


async def test_a_key_that_is_of_no_use_stops_nobody(harness: ServerHarness) -> None:
    await harness.account("ann", PASSWORD)
    (harness.data / NAME).write_text("no key at all\n")
    await harness.restart()
    assert " 903 " in await by_plain(harness) and " 904 " in await by_scram(harness, "nobody")
    await harness.account("bob", PASSWORD)
    await harness.restart()
    assert " 903 " in await by_plain(harness, "bob")


async def test_a_new_key_is_taken_at_the_next_start(harness: ServerHarness) -> None:
    await harness.account("ann", PASSWORD)
    before = harness.storage.seal.id
    add_key(harness.data / NAME)
    assert (harness.data / NAME).stat().st_mode & 0o777 == 0o600
    await harness.restart()
    account = harness.node.state.account_named("ann")
    assert account and account.credential.sealed_by == harness.storage.seal.id != before
    assert " 903 " in await by_scram(harness)


async def test_scram_can_be_left_out(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"accounts.scram": False}) as harness:
        await older(harness)
        harness.connect("ann").type("CAP LS 302")
        assert "sasl=PLAIN,OAUTHBEARER " in " ".join(await harness.look())
        harness.people.pop("ann").hang_up()
        assert " 908 " in " ".join(await begun(harness, "ann", ClientExchange("ann", PASSWORD, "nonce")))
        harness.people.pop("ann").hang_up()
        assert " 903 " in await by_plain(harness)
        assert iterations(harness) == 0


async def test_names_without_an_account_are_answered_in_the_same_proportions(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, NEWER) as harness:
        for number in range(4):
            await older(harness, f"old{number}")
        for number in range(4):
            await older(harness, f"new{number}", derive(PASSWORD, bytes(16), ITERATIONS))
        for number in range(8):
            await older(harness, f"none{number}", "")
        kinds = {f"s=*,i={OLD_ITERATIONS}", f"s=*,i={ITERATIONS}", NONE}
        nobodys = [f"nobody{number}" for number in range(60)]
        seen = {name: await shown(harness, name) for name in ("new0", "old0", "none0", *nobodys)}
        for names in (["new0", "old0", "none0"], nobodys):
            assert {re.sub("s=[^,]*", "s=*", seen[name]) for name in names} == kinds
        assert 15 <= sum(seen[name] == NONE for name in nobodys) <= 45, "it is every second account"
        await harness.restart()
        assert {name: await shown(harness, name) for name in seen} == seen


NONE = (
    ":hubbub 908 * PLAIN,OAUTHBEARER :are available SASL mechanisms; "
    ":hubbub 904 * :SASL authentication failed: "
    "Sign in once with PLAIN before you use SCRAM-SHA-256."
)


async def test_a_name_without_an_account_gets_newer_keys_as_accounts_do(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, NEWER) as harness:
        for number in range(3):
            await older(harness, f"old{number}")
        names = [f"nobody{number}" for number in range(20)]
        steps = []
        for number in range(3):
            steps.append([f"i={ITERATIONS}" in await shown(harness, name) for name in names])
            await by_plain(harness, f"old{number}")
            harness.wait(61)
        steps.append([f"i={ITERATIONS}" in await shown(harness, name) for name in names])
        assert not any(steps[0]) and all(steps[-1])
        for before, after in itertools.pairwise(steps):
            assert all(later or not earlier for earlier, later in zip(before, after, strict=True))


async def test_without_accounts_a_name_is_answered_as_the_first_one_will_be(harness: ServerHarness) -> None:
    assert f"i={OLD_ITERATIONS}" in await shown(harness, "nobody")
