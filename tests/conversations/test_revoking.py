"""What a password, a token, a certificate or a session has opened ends at once when that is revoked."""

import base64
from typing import Any

import pytest

from hubbub.engine.accounts import PASSWORD_CHANGED, PASSWORD_RESET, RenewCredential, ResetCredential
from hubbub.engine.refusals import Refusal
from hubbub.engine.revocation import SIGNED_OUT
from hubbub.engine.state import Credential, TokenKind
from hubbub.engine.tokens import digest_of, tokens_of
from hubbub.node.password_queue import Asker
from hubbub.node.session import LiveSession
from hubbub.transports.base import WireProtocol
from hubbub.wire.scram import ClientExchange
from tests.server_harness import House, told

CHANGE = 'NS SET PASSWORD "correct horse" "battery staple"'
PUSH = f"https://push.example.net/abc p256dh={'B' * 87};auth={'A' * 22}"


async def ann(house: House, *names: str) -> None:
    """Ann comes in by her password under each of these names; the first one asks for standard replies as well."""
    if house.node.state.account_named("ann") is None:
        await house.account("ann")
    for name in names:
        house.connect(name).type(
            "CAP REQ standard-replies\nPASS :ann:correct horse\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await house.look()


async def by_token(house: House, name: str, secret: str, *, enters: bool = True) -> None:
    bearer = base64.b64encode(f"n,a=ann,\x01auth=Bearer {secret}\x01\x01".encode()).decode()
    house.connect(name).type("CAP REQ :sasl standard-replies draft/webpush\nAUTHENTICATE OAUTHBEARER")
    await house.look()
    end = "\nNICK ann\nUSER a 0 * :A\nCAP END" if enters else ""
    assert any(" 900 " in line for line in await house.ask(name, f"AUTHENTICATE {bearer}{end}"))


async def token(house: House, name: str, called: str) -> str:
    lines = told(await house.ask(name, f"NS TOKEN ADD {called}"), name)
    return lines[0].partition(" is ")[2].partition(" ")[0]


def farewell(name: str, sentence: str) -> list[str]:
    return [
        f"{name} < :hubbub FAIL * SIGNED_OUT :{sentence}",
        f"{name} < ERROR :Closing link: (127.0.0.1) [{sentence}]",
    ]


def sessions(house: House) -> int:
    user = house.node.state.user_named("ann")
    return len(user.sessions) if user else 0


def shows(house: House, name: str, fingerprint: str) -> None:
    """Their client shows a certificate."""
    session = house.people[name].receiver
    assert isinstance(session, LiveSession)
    session.fingerprint = fingerprint


async def test_a_new_password_ends_everything_else(house: House) -> None:
    """Other sessions on every face, also one that has not come in yet, and every token; not the session that asks."""
    await ann(house, "home", "work")
    secret = await token(house, "home", "phone")
    await by_token(house, "phone", secret)
    await by_token(house, "late", secret, enters=False)
    await house.ask("phone", f"WEBPUSH REGISTER {PUSH}")
    await house.netcat("cat", "login ann correct horse")
    shows(house, "home", "ab" * 32)
    await house.ask("home", "NS CERT ADD")
    assert sessions(house) == 4 and house.node.state.pushes

    lines = await house.ask("home", CHANGE)
    for name in ("work", "phone", "late"):
        assert [line for line in lines if line.startswith(f"{name} <")] == farewell(name, PASSWORD_CHANGED)
    assert f"cat < {PASSWORD_CHANGED}" in lines
    assert told(lines, "home")[-1].endswith(
        "Your password was changed. 4 other sessions ended, and 2 tokens, certificates or keys were revoked."
    )
    assert sessions(house) == 1 and not house.node.state.tokens and not house.node.state.pushes
    assert all(house.people[name].connection.closed for name in ("work", "phone", "late", "cat"))
    house.connect("thief").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    await house.look()
    assert sessions(house) == 1


async def test_the_token_of_the_session_that_asks_stays(house: House) -> None:
    await ann(house, "home")
    await by_token(house, "phone", await token(house, "home", "phone"))
    await token(house, "home", "bot")
    await house.ask("phone", f"WEBPUSH REGISTER {PUSH}")
    await house.ask("phone", CHANGE)
    [kept] = house.node.state.tokens.values()
    assert kept.name == "phone" and house.node.state.pushes and sessions(house) == 1


async def test_a_token_was_used_where_it_signs_in_and_not_where_it_is_refused(house: House) -> None:
    await ann(house, "home")
    secret = await token(house, "home", "phone")

    def used() -> bool:
        [one] = house.node.state.tokens.values()
        return one.used > 0

    house.connect("thief").type("CAP REQ sasl\nAUTHENTICATE OAUTHBEARER")
    await house.look()
    bearer = _encoded(f"n,a=bob,\x01auth=Bearer {secret}\x01\x01".encode())
    refused = await house.ask("thief", f"AUTHENTICATE {bearer}")
    assert not any(" 900 " in line for line in refused) and sessions(house) == 1, refused
    assert not used()
    await by_token(house, "phone", secret)
    assert used()


async def test_what_is_kept_open_on_purpose(house: House) -> None:
    await ann(house, "home", "work")
    await token(house, "home", "phone")
    lines = await house.ask("home", f"{CHANGE} keep")
    assert told(lines, "home")[-1].endswith("Your password was changed. Your other sessions stay signed in.")
    assert sessions(house) == 2 and house.node.state.tokens


async def test_the_old_password_is_guessed_no_faster_than_at_the_door(house: House) -> None:
    """Whoever sits before an open session knows no more than a stranger."""
    await ann(house, "home")
    for _ in range(house.node.settings.limits.signin_failures):
        (line,) = told(await house.ask("home", 'NS PASSWD wrong "battery staple"'), "home")
        assert line.endswith(
            "That is not your current password. Nothing has changed. Try again, or ask an administrator for a new one."
        )
    (line,) = told(await house.ask("home", CHANGE), "home")
    assert "Too many attempts" in line
    house.wait(60)
    await house.look()
    lines = told(await house.ask("home", CHANGE), "home")
    assert lines[-1].endswith("Your password was changed. No other sessions were signed in.")


async def test_an_administrators_reset(house: House) -> None:
    """It is the answer to a stolen account: everything ends, and the administrator reads how much that was."""
    await ann(house, "home", "work")
    await by_token(house, "phone", await token(house, "home", "phone"))
    await house.account("root", role="admin")
    house.connect("root").type("PASS :root:correct horse\nNICK root\nUSER r 0 * :R")
    await house.look()
    lines = await house.ask("root", "PRIVMSG Hubbub :reset password ann")
    for name in ("home", "work", "phone"):
        assert [line for line in lines if line.startswith(f"{name} <")] == farewell(name, PASSWORD_RESET)
    assert any(
        "ann has a new password. 3 sessions ended, and 1 token, certificate or key was revoked." in line
        for line in lines
    )
    assert sessions(house) == 0 and not house.node.state.tokens
    (line,) = told(await house.ask("root", "PRIVMSG Hubbub :reset password root"), "root")
    assert "This is your own account. Change your password with the old one" in line


async def test_a_token_that_is_revoked_ends_what_it_has_opened(house: House) -> None:
    await ann(house, "home")
    secret = await token(house, "home", "phone")
    await by_token(house, "phone", secret)
    await by_token(house, "late", secret, enters=False)
    house.connect("cat", WireProtocol.NETCAT).type(f"login ann {secret}")
    await house.look()
    assert sessions(house) == 3
    lines = await house.ask("home", "NS TOKEN DEL phone")
    sentence = "The token phone was revoked. Sign in again."
    assert [line for line in lines if line.startswith("phone <")] == farewell("phone", sentence)
    assert f"cat < {sentence}" in lines and house.people["late"].connection.closed
    assert told(lines, "home")[-1].endswith("The token phone was revoked. 3 sessions ended.")
    assert sessions(house) == 1


async def test_a_certificate_that_is_revoked(house: House) -> None:
    await ann(house, "home")
    shows(house, "home", "ab" * 32)
    await house.ask("home", "NS CERT ADD")
    house.connect("phone", fingerprint="ab" * 32).type("CAP REQ sasl\nAUTHENTICATE EXTERNAL")
    await house.look()
    await house.ask("phone", "AUTHENTICATE +")
    await house.ask("phone", "NICK ann\nUSER a 0 * :A\nCAP END")
    assert sessions(house) == 2
    lines = await house.ask("home", "NS CERT DEL " + "ab" * 32)
    sentence = "The certificate that you signed in with was revoked. Sign in again."
    assert f"phone < ERROR :Closing link: (127.0.0.1) [{sentence}]" in lines


async def test_a_session_that_is_ended_does_not_come_back_by_itself(house: House) -> None:
    """Its token goes with it; the one of the session that asks never does."""
    await ann(house, "home")
    await by_token(house, "phone", await token(house, "home", "phone"))
    user = house.node.state.user_named("ann")
    assert user
    number = max(user.sessions)
    lines = await house.ask("home", f"NS LOGOUT {number}")
    assert [line for line in lines if line.startswith("phone <")] == farewell("phone", SIGNED_OUT)
    assert not tokens_of(house.node.state, house.node.state.accounts[user.person], TokenKind.SECRET)


async def test_a_ban_ends_also_who_has_not_come_in(house: House) -> None:
    await ann(house, "home")
    await by_token(house, "late", await token(house, "home", "phone"), enters=False)
    await house.account("root", role="admin")
    house.connect("root").type("PASS :root:correct horse\nNICK root\nUSER r 0 * :R")
    await house.look()
    await house.ask("root", "PRIVMSG Hubbub :ban ann spam")
    assert house.people["late"].connection.closed and house.people["home"].connection.closed


async def test_a_password_that_is_replaced_while_it_is_proved(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.account("ann")

    look = house.node.proofs.passwords.fits

    async def fits(password: str, credential: Credential | None, asker: Asker) -> bool:
        fitted = await look(password, credential, asker)
        if fitted:
            reset = ResetCredential("ann", house.node.proofs.passwords.make("another one"))
            assert not isinstance(house.node.ask(reset), Refusal)
        return fitted

    monkeypatch.setattr(house.node.proofs.passwords, "fits", fits)
    house.connect("thief").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    await house.look()
    assert sessions(house) == 0


@pytest.mark.parametrize(
    ("meanwhile", "answer"),
    [("correct horse", "Your password was changed."), ("another one", "That is not your current password.")],
)
async def test_a_password_that_is_replaced_while_the_new_one_is_hashed(
    house: House, monkeypatch: pytest.MonkeyPatch, meanwhile: str, answer: str
) -> None:
    """By its own hash as it is made today, and the old one still holds; or by another one."""
    await ann(house, "home")
    made = house.node.proofs.passwords.credential

    async def credential(password: str, asker: Asker) -> Credential:
        account = house.node.state.account_named("ann")
        assert account
        house.node.ask(
            RenewCredential(account.id, account.credential, house.node.proofs.passwords.make(meanwhile))
        )
        return await made(password, asker)

    monkeypatch.setattr(house.node.proofs.passwords, "credential", credential)
    assert answer in told(await house.ask("home", CHANGE), "home")[-1]
    monkeypatch.undo()
    kept = "battery staple" if "changed" in answer else meanwhile
    await house.netcat("cat", f"login ann {kept}")
    assert sessions(house) == 2


async def test_a_new_password_that_will_not_do_changes_nothing(house: House) -> None:
    await ann(house, "home", "work")
    lines = await house.ask("home", 'NS SET PASSWORD "correct horse" iloveyou')
    assert "most common" in told(lines, "home")[-1]
    assert sessions(house) == 2


async def test_an_exchange_that_began_with_the_old_password(house: House) -> None:
    await house.account("ann")
    exchange = ClientExchange("ann", "correct horse", "r" * 24)
    house.connect("thief").type("CAP REQ sasl\nAUTHENTICATE SCRAM-SHA-256")
    await house.look()
    [challenge] = told(await house.ask("thief", f"AUTHENTICATE {_encoded(exchange.first())}"), "thief")
    proof = exchange.final(base64.b64decode(challenge.split(" ")[-1]))
    house.node.ask(ResetCredential("ann", house.node.proofs.passwords.make("another one")))
    lines = await house.ask("thief", f"AUTHENTICATE {_encoded(proof)}")
    assert any(" 904 " in line for line in lines) and not any(" 900 " in line for line in lines)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def test_what_opened_a_push_is_known_after_a_restart(house: House) -> None:
    await ann(house, "home")
    secret = await token(house, "home", "phone")
    await by_token(house, "phone", secret)
    await house.ask("phone", f"WEBPUSH REGISTER {PUSH}")
    await house.restart()
    await ann(house, "home")
    [push] = house.node.state.pushes.values()
    assert push.proof == digest_of(secret)
    await house.ask("home", "NS TOKEN DEL phone")
    assert not house.node.state.pushes


async def test_the_log_knows_of_it_and_no_password(house: House, caplog: Any) -> None:
    await ann(house, "home")
    with caplog.at_level("INFO"):
        await house.ask("home", CHANGE)
        house.node.journal.flush()
    assert "New password of account" in caplog.text and "staple" not in caplog.text
