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
from tests.server_harness import ServerHarness, told

CHANGE = 'NS SET PASSWORD "correct horse" "battery staple"'
PUSH = f"https://push.example.net/abc p256dh={'B' * 87};auth={'A' * 22}"


async def ann(harness: ServerHarness, *names: str) -> None:
    """Ann comes in by her password under each of these names; the first one asks for standard replies as well."""
    if harness.node.state.account_named("ann") is None:
        await harness.account("ann")
    for name in names:
        harness.connect(name).type(
            "CAP REQ standard-replies\nPASS :ann:correct horse\nNICK ann\nUSER a 0 * :A\nCAP END"
        )
        await harness.look()


async def by_token(harness: ServerHarness, name: str, secret: str, *, enters: bool = True) -> None:
    bearer = base64.b64encode(f"n,a=ann,\x01auth=Bearer {secret}\x01\x01".encode()).decode()
    harness.connect(name).type("CAP REQ :sasl standard-replies draft/webpush\nAUTHENTICATE OAUTHBEARER")
    await harness.look()
    end = "\nNICK ann\nUSER a 0 * :A\nCAP END" if enters else ""
    assert any(" 900 " in line for line in await harness.ask(name, f"AUTHENTICATE {bearer}{end}"))


async def token(harness: ServerHarness, name: str, called: str) -> str:
    lines = told(await harness.ask(name, f"NS TOKEN ADD {called}"), name)
    return lines[0].partition(" is ")[2].partition(" ")[0]


def farewell(name: str, sentence: str) -> list[str]:
    return [
        f"{name} < :hubbub FAIL * SIGNED_OUT :{sentence}",
        f"{name} < ERROR :Closing link: (127.0.0.1) [{sentence}]",
    ]


def sessions(harness: ServerHarness) -> int:
    user = harness.node.state.user_named("ann")
    return len(user.sessions) if user else 0


def shows(harness: ServerHarness, name: str, fingerprint: str) -> None:
    """Their client shows a certificate."""
    session = harness.people[name].receiver
    assert isinstance(session, LiveSession)
    session.fingerprint = fingerprint


async def test_a_new_password_ends_everything_else(harness: ServerHarness) -> None:
    """Other sessions on every face, also one that has not come in yet, and every token; not the session that asks."""
    await ann(harness, "home", "work")
    secret = await token(harness, "home", "phone")
    await by_token(harness, "phone", secret)
    await by_token(harness, "late", secret, enters=False)
    await harness.ask("phone", f"WEBPUSH REGISTER {PUSH}")
    await harness.netcat("cat", "login ann correct horse")
    shows(harness, "home", "ab" * 32)
    await harness.ask("home", "NS CERT ADD")
    assert sessions(harness) == 4 and harness.node.state.pushes

    lines = await harness.ask("home", CHANGE)
    for name in ("work", "phone", "late"):
        assert [line for line in lines if line.startswith(f"{name} <")] == farewell(name, PASSWORD_CHANGED)
    assert f"cat < {PASSWORD_CHANGED}" in lines
    assert told(lines, "home")[-1].endswith(
        "Your password was changed. 4 other sessions ended, and 2 tokens, certificates or keys were revoked."
    )
    assert sessions(harness) == 1 and not harness.node.state.tokens and not harness.node.state.pushes
    assert all(harness.people[name].connection.closed for name in ("work", "phone", "late", "cat"))
    harness.connect("thief").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    await harness.look()
    assert sessions(harness) == 1


async def test_the_token_of_the_session_that_asks_stays(harness: ServerHarness) -> None:
    await ann(harness, "home")
    await by_token(harness, "phone", await token(harness, "home", "phone"))
    await token(harness, "home", "bot")
    await harness.ask("phone", f"WEBPUSH REGISTER {PUSH}")
    await harness.ask("phone", CHANGE)
    [kept] = harness.node.state.tokens.values()
    assert kept.name == "phone" and harness.node.state.pushes and sessions(harness) == 1


async def test_a_token_was_used_where_it_signs_in_and_not_where_it_is_refused(harness: ServerHarness) -> None:
    await ann(harness, "home")
    secret = await token(harness, "home", "phone")

    def used() -> bool:
        [one] = harness.node.state.tokens.values()
        return one.used > 0

    harness.connect("thief").type("CAP REQ sasl\nAUTHENTICATE OAUTHBEARER")
    await harness.look()
    bearer = _encoded(f"n,a=bob,\x01auth=Bearer {secret}\x01\x01".encode())
    refused = await harness.ask("thief", f"AUTHENTICATE {bearer}")
    assert not any(" 900 " in line for line in refused) and sessions(harness) == 1, refused
    assert not used()
    await by_token(harness, "phone", secret)
    assert used()


async def test_what_is_kept_open_on_purpose(harness: ServerHarness) -> None:
    await ann(harness, "home", "work")
    await token(harness, "home", "phone")
    lines = await harness.ask("home", f"{CHANGE} keep")
    assert told(lines, "home")[-1].endswith("Your password was changed. Your other sessions stay signed in.")
    assert sessions(harness) == 2 and harness.node.state.tokens


async def test_the_old_password_is_guessed_no_faster_than_at_the_door(harness: ServerHarness) -> None:
    """Whoever sits before an open session knows no more than a stranger."""
    await ann(harness, "home")
    for _ in range(harness.node.settings.limits.signin_failures):
        (line,) = told(await harness.ask("home", 'NS PASSWD wrong "battery staple"'), "home")
        assert line.endswith(
            "That is not your current password. Nothing has changed. Try again, or ask an administrator for a new one."
        )
    (line,) = told(await harness.ask("home", CHANGE), "home")
    assert "Too many attempts" in line
    harness.wait(60)
    await harness.look()
    lines = told(await harness.ask("home", CHANGE), "home")
    assert lines[-1].endswith("Your password was changed. No other sessions were signed in.")


async def test_an_administrators_reset(harness: ServerHarness) -> None:
    """It is the answer to a stolen account: everything ends, and the administrator reads how much that was."""
    await ann(harness, "home", "work")
    await by_token(harness, "phone", await token(harness, "home", "phone"))
    await harness.account("root", role="admin")
    harness.connect("root").type("PASS :root:correct horse\nNICK root\nUSER r 0 * :R")
    await harness.look()
    lines = await harness.ask("root", "PRIVMSG Hubbub :reset password ann")
    for name in ("home", "work", "phone"):
        assert [line for line in lines if line.startswith(f"{name} <")] == farewell(name, PASSWORD_RESET)
    assert any(
        "ann has a new password. 3 sessions ended, and 1 token, certificate or key was revoked." in line
        for line in lines
    )
    assert sessions(harness) == 0 and not harness.node.state.tokens
    (line,) = told(await harness.ask("root", "PRIVMSG Hubbub :reset password root"), "root")
    assert "This is your own account. Change your password with the old one" in line


async def test_a_token_that_is_revoked_ends_what_it_has_opened(harness: ServerHarness) -> None:
    await ann(harness, "home")
    secret = await token(harness, "home", "phone")
    await by_token(harness, "phone", secret)
    await by_token(harness, "late", secret, enters=False)
    harness.connect("cat", WireProtocol.NETCAT).type(f"login ann {secret}")
    await harness.look()
    assert sessions(harness) == 3
    lines = await harness.ask("home", "NS TOKEN DEL phone")
    sentence = "The token phone was revoked. Sign in again."
    assert [line for line in lines if line.startswith("phone <")] == farewell("phone", sentence)
    assert f"cat < {sentence}" in lines and harness.people["late"].connection.closed
    assert told(lines, "home")[-1].endswith("The token phone was revoked. 3 sessions ended.")
    assert sessions(harness) == 1


async def test_a_certificate_that_is_revoked(harness: ServerHarness) -> None:
    await ann(harness, "home")
    shows(harness, "home", "ab" * 32)
    await harness.ask("home", "NS CERT ADD")
    harness.connect("phone", fingerprint="ab" * 32).type("CAP REQ sasl\nAUTHENTICATE EXTERNAL")
    await harness.look()
    await harness.ask("phone", "AUTHENTICATE +")
    await harness.ask("phone", "NICK ann\nUSER a 0 * :A\nCAP END")
    assert sessions(harness) == 2
    lines = await harness.ask("home", "NS CERT DEL " + "ab" * 32)
    sentence = "The certificate that you signed in with was revoked. Sign in again."
    assert f"phone < ERROR :Closing link: (127.0.0.1) [{sentence}]" in lines


async def test_a_session_that_is_ended_does_not_come_back_by_itself(harness: ServerHarness) -> None:
    """Its token goes with it; the one of the session that asks never does."""
    await ann(harness, "home")
    await by_token(harness, "phone", await token(harness, "home", "phone"))
    user = harness.node.state.user_named("ann")
    assert user
    number = max(user.sessions)
    lines = await harness.ask("home", f"NS LOGOUT {number}")
    assert [line for line in lines if line.startswith("phone <")] == farewell("phone", SIGNED_OUT)
    assert not tokens_of(harness.node.state, harness.node.state.accounts[user.person], TokenKind.SECRET)


async def test_a_ban_ends_also_who_has_not_come_in(harness: ServerHarness) -> None:
    await ann(harness, "home")
    await by_token(harness, "late", await token(harness, "home", "phone"), enters=False)
    await harness.account("root", role="admin")
    harness.connect("root").type("PASS :root:correct horse\nNICK root\nUSER r 0 * :R")
    await harness.look()
    await harness.ask("root", "PRIVMSG Hubbub :ban ann spam")
    assert harness.people["late"].connection.closed and harness.people["home"].connection.closed


async def test_a_password_that_is_replaced_while_it_is_proved(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.account("ann")

    look = harness.node.proofs.passwords.fits

    async def fits(password: str, credential: Credential | None, asker: Asker) -> bool:
        fitted = await look(password, credential, asker)
        if fitted:
            reset = ResetCredential("ann", harness.node.proofs.passwords.make("another one"))
            assert not isinstance(harness.node.ask(reset), Refusal)
        return fitted

    monkeypatch.setattr(harness.node.proofs.passwords, "fits", fits)
    harness.connect("thief").type("PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A")
    await harness.look()
    assert sessions(harness) == 0


@pytest.mark.parametrize(
    ("meanwhile", "answer"),
    [("correct horse", "Your password was changed."), ("another one", "That is not your current password.")],
)
async def test_a_password_that_is_replaced_while_the_new_one_is_hashed(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch, meanwhile: str, answer: str
) -> None:
    """By its own hash as it is made today, and the old one still holds; or by another one."""
    await ann(harness, "home")
    made = harness.node.proofs.passwords.credential

    async def credential(password: str, asker: Asker) -> Credential:
        account = harness.node.state.account_named("ann")
        assert account
        harness.node.ask(
            RenewCredential(account.id, account.credential, harness.node.proofs.passwords.make(meanwhile))
        )
        return await made(password, asker)

    monkeypatch.setattr(harness.node.proofs.passwords, "credential", credential)
    assert answer in told(await harness.ask("home", CHANGE), "home")[-1]
    monkeypatch.undo()
    kept = "battery staple" if "changed" in answer else meanwhile
    await harness.netcat("cat", f"login ann {kept}")
    assert sessions(harness) == 2


async def test_a_new_password_that_will_not_do_changes_nothing(harness: ServerHarness) -> None:
    await ann(harness, "home", "work")
    lines = await harness.ask("home", 'NS SET PASSWORD "correct horse" iloveyou')
    assert "most common" in told(lines, "home")[-1]
    assert sessions(harness) == 2


async def test_an_exchange_that_began_with_the_old_password(harness: ServerHarness) -> None:
    await harness.account("ann")
    exchange = ClientExchange("ann", "correct horse", "r" * 24)
    harness.connect("thief").type("CAP REQ sasl\nAUTHENTICATE SCRAM-SHA-256")
    await harness.look()
    [challenge] = told(await harness.ask("thief", f"AUTHENTICATE {_encoded(exchange.first())}"), "thief")
    proof = exchange.final(base64.b64decode(challenge.split(" ")[-1]))
    harness.node.ask(ResetCredential("ann", harness.node.proofs.passwords.make("another one")))
    lines = await harness.ask("thief", f"AUTHENTICATE {_encoded(proof)}")
    assert any(" 904 " in line for line in lines) and not any(" 900 " in line for line in lines)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def test_what_opened_a_push_is_known_after_a_restart(harness: ServerHarness) -> None:
    await ann(harness, "home")
    secret = await token(harness, "home", "phone")
    await by_token(harness, "phone", secret)
    await harness.ask("phone", f"WEBPUSH REGISTER {PUSH}")
    await harness.restart()
    await ann(harness, "home")
    [push] = harness.node.state.pushes.values()
    assert push.proof == digest_of(secret)
    await harness.ask("home", "NS TOKEN DEL phone")
    assert not harness.node.state.pushes


async def test_the_log_knows_of_it_and_no_password(harness: ServerHarness, caplog: Any) -> None:
    await ann(harness, "home")
    with caplog.at_level("INFO"):
        await harness.ask("home", CHANGE)
        harness.node.journal.flush()
    assert "New password of account" in caplog.text and "staple" not in caplog.text
