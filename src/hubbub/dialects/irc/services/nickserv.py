"""NickServ: accounts, for clients that can only send private messages."""

import re
from typing import Final

from hubbub.dialects.password_words import NOTE, USAGE, changed, wish
from hubbub.dialects.session_api import Register, SignInByPassword
from hubbub.engine.accounts import AccountUnknown
from hubbub.engine.entering import NotApproved, SignedInAlready
from hubbub.engine.ids import time_of
from hubbub.engine.refusals import NotSignedIn, Refusal, with_article
from hubbub.engine.revocation import SIGNED_OUT, EndSessions, Revoked
from hubbub.engine.state import Account, Session, TokenKind
from hubbub.engine.tokens import AddToken, RemoveToken, digest_of, key_digest, tokens_of
from hubbub.wire.ssh_keys import key_fingerprint
from hubbub.wire.times import format_time

from ..secure_only import overheard
from ..signing_in import show_logged_in, sign_in
from .service import Line, Service, Word


def _register(line: Line) -> None:
    """The e-mail address is what other networks ask for: it is taken, and not kept."""
    if len(line.words) > 2 or (len(line.words) == 2 and "@" not in line.words[1]):
        line.answer("A password can't contain spaces here. Write: /msg NickServ REGISTER <password> [email]")
        return
    name = line.talk.nick

    def then(refusal: Refusal | None) -> None:
        if isinstance(refusal, NotApproved):
            line.answer(f"You are registered. {refusal}")
        elif refusal:
            line.answer(refusal)
        else:
            show_logged_in(line.talk)
            line.answer(f"The account {name} is registered, and you are logged in.")

    if _may_sign_in(line):
        sign_in(line.talk, Register(name, line.words[0]), then)


def _identify(line: Line) -> None:
    """With several words the first one is the account, and all the rest the password."""
    name, password = (line.words[0], line.after(1)) if len(line.words) > 1 else (line.talk.nick, line.rest)

    def then(refusal: Refusal | None) -> None:
        account = line.talk.user.account
        if refusal is None:
            show_logged_in(line.talk)
        line.answer(refusal or f"You are logged in as {account.name if account else name}.")

    if _may_sign_in(line):
        sign_in(line.talk, SignInByPassword(name, password), then)


def _may_sign_in(line: Line) -> bool:
    account = line.talk.user.account
    refusal = SignedInAlready(account.name.text) if account else overheard(line.talk)
    if refusal:
        line.answer(refusal)
    return refusal is None


def _set(line: Line) -> None:
    if line.words[0].upper() == "PASSWORD":
        _change_password(line, line.after(1), "SET PASSWORD")
    else:
        line.answer(f"You can set only the password. Write: /msg NickServ SET PASSWORD {USAGE}")


def _change_password(line: Line, text: str, word: str = "PASSWD") -> None:
    asked = wish(text)

    def then(answer: Revoked | Refusal) -> None:
        if isinstance(answer, Refusal):
            line.answer(answer)
        elif asked:
            line.answer(changed(asked, answer))

    if refusal := overheard(line.talk):
        line.answer(refusal)
    elif asked is None:
        line.answer(f"Write: /msg NickServ {word} {USAGE}", NOTE)
    else:
        line.talk.host.begin(asked, then)


def _token(line: Line) -> None:
    """Secrets for programs, which can be taken back one by one."""
    word, name = line.words[0].upper(), line.after(1)
    if word == "ADD" and (refusal := overheard(line.talk)):
        line.answer(refusal)
    elif word == "ADD" and name:
        secret = line.talk.host.nonce()
        result = line.talk.host.ask(AddToken(name, digest_of(secret)))
        if isinstance(result, Refusal):
            line.answer(result)
        else:
            line.answer(
                f"The token {name} is {secret} - it is shown only once.",
                "It signs in to your account by SASL OAUTHBEARER, or in place of a password.",
            )
    elif not _listed_or_deleted(line, TokenKind.SECRET, "token"):
        line.answer("Write: /msg NickServ TOKEN ADD <name>, TOKEN DEL <name>, or TOKEN LIST")


def _certificate(line: Line) -> None:
    """Fingerprints of the certificates with which clients log in; without one given, of this connection's."""
    word = line.words[0].upper()
    given = line.words[1].replace(":", "").lower() if len(line.words) > 1 else line.talk.host.fingerprint
    if word == "ADD" and not given:
        line.answer(
            "Your client sent no certificate. Connect over TLS with one, or write its SHA-256 fingerprint."
        )
    elif word == "ADD" and not _FINGERPRINT.fullmatch(given):
        line.answer(
            "The fingerprint is not valid. A SHA-256 fingerprint has 64 digits and letters from a to f."
        )
    elif word == "ADD" and line.talk.user.account and given != line.talk.host.fingerprint:
        # Another's certificate would be taken from them by whoever adds it first.
        line.answer(
            "Your client sent another certificate. Connect over TLS with the one that you want to add."
        )
    elif word == "ADD":
        done = f"Clients with the certificate {given} can now sign in to your account by SASL EXTERNAL."
        line.ask(AddToken(given, given, TokenKind.CERTIFICATE), done)
    elif not _listed_or_deleted(line, TokenKind.CERTIFICATE, "certificate"):
        line.answer("Write: /msg NickServ CERT ADD [fingerprint], CERT DEL <fingerprint>, or CERT LIST")


def _key(line: Line) -> None:
    """Keys with which people sign in by ssh: given whole, or by their fingerprints."""
    word, fingerprint = line.words[0].upper(), key_fingerprint(line.after(1))
    account = line.talk.user.account
    if word == "ADD" and account is None:
        line.answer(NotSignedIn())
    elif word == "ADD" and fingerprint is None:
        line.answer("The public key is not valid. Copy the line in a file such as ~/.ssh/id_ed25519.pub.")
    elif word == "ADD" and account and fingerprint:
        done = f"The key {fingerprint} can now sign in to your account by ssh."
        line.ask(AddToken(fingerprint, key_digest(account.id, fingerprint), TokenKind.KEY), done)
    elif not _listed_or_deleted(line, TokenKind.KEY, "key"):
        line.answer("Write: /msg NickServ KEY ADD <key or fingerprint>, KEY DEL <fingerprint>, or KEY LIST")


_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


def _listed_or_deleted(line: Line, kind: TokenKind, noun: str) -> bool:
    """The LIST and DEL that both share."""
    word, name = line.words[0].upper(), line.after(1)
    account = line.talk.user.account
    if account is None:
        line.answer(NotSignedIn())
    elif word == "LIST":
        held = tokens_of(line.talk.host.state, account, kind)
        listed = [f"{token.name}, since {format_time(token.at)}" for token in held]
        line.answer(*listed or [f"Your account has no {noun}."])
    elif word in ("DEL", "DELETE", "REMOVE") and name:
        wanted = name.replace(":", "").lower() if kind is TokenKind.CERTIFICATE else name
        _remove(line, RemoveToken(wanted, kind), noun)
    else:
        return False
    return True


def _remove(line: Line, command: RemoveToken, noun: str) -> None:
    answer = line.talk.host.ask(command)
    if isinstance(answer, Refusal):
        line.answer(answer)
        return
    sessions = Revoked.among(answer).sessions
    ended = f" {Revoked(sessions).sentence()}" if sessions else ""
    line.answer(f"The {noun} {command.name} was revoked.{ended}")


def _sessions(line: Line) -> None:
    sessions = line.talk.user.sessions
    count = "one session" if len(sessions) == 1 else f"{len(sessions)} sessions"
    own = line.talk.host.session
    line.answer(f"You have {count}:", *(_described(session, own) for session in sessions.values()))


def _log_out(line: Line) -> None:
    """End one of one's sessions, this one or all the others."""
    own, sessions = line.talk.host.session, line.talk.user.sessions
    word = line.words[0].lower() if line.words else str(own)
    if word == "others":
        result = line.talk.host.ask(EndSessions(_others(line), SIGNED_OUT, for_good=True))
        line.answer(result if isinstance(result, Refusal) else Revoked.among(result).sentence("other"))
    elif word.isdecimal() and int(word[:9]) in sessions:
        number = int(word[:9])
        reason = "You signed out." if number == own else SIGNED_OUT
        result = line.talk.host.ask(EndSessions((number,), reason, for_good=True))
        if number != own and not isinstance(result, Refusal):
            line.answer(Revoked.among(result).sentence())
    else:
        line.answer("You have no such session. To list your sessions, write: /msg NickServ SESSIONS")


def _others(line: Line) -> tuple[int, ...]:
    return tuple(number for number in line.talk.user.sessions if number != line.talk.host.session)


def _end_others(line: Line) -> None:
    """They may come back by themselves: it is what clients do that find a name taken."""
    others = _others(line)
    line.talk.host.ask(EndSessions(others, "Signed out by another session"))
    line.answer(f"{len(others)} other session{' was' if len(others) == 1 else 's were'} ended.")


def _ghost(line: Line) -> None:
    """With a name and a password it also logs in, as people are used to have it done by their clients."""
    if line.talk.user.account:
        _end_others(line)
        return
    name, password = line.words[0] if line.words else line.talk.nick, line.after(1)

    def then(refusal: Refusal | None) -> None:
        if refusal:
            line.answer(refusal)
        else:
            show_logged_in(line.talk)
            _end_others(line)

    if not password:
        line.answer("Write: /msg NickServ GHOST <account> <password>")
    elif _may_sign_in(line):
        sign_in(line.talk, SignInByPassword(name, password), then)


def _status(line: Line) -> None:
    """ACC and STATUS, as programs read them: 3 for a signed-in user, 1 for a guest, 0 for no user."""
    nick = line.words[0] if line.words else line.talk.nick
    user = line.talk.host.state.user_named(nick)
    level = 0 if user is None else 3 if user.account else 1
    line.answer(f"{nick[:60]} {line.word} {level}")


def _described(session: Session, own: int) -> str:
    encrypted = "TLS" if session.secure else "not encrypted"
    client = f", {session.client}" if session.client else ""
    this = " (this one)" if session.id == own else ""
    where = f"{session.address} port {session.port}, {session.face}{client}, {encrypted}"
    return f"{session.id}: {where}, since {format_time(session.since)}{this}"


def _info(line: Line) -> None:
    state = line.talk.host.state
    user = state.user_named(line.words[0])
    account = user.account if user else state.account_named(line.words[0])
    if account:
        line.answer(*_told(line, account))
    elif user:
        line.answer(f"{user.nick} is online as a guest, without an account.")
    else:
        line.answer(AccountUnknown(line.words[0][:40]))


def _told(line: Line, account: Account) -> list[str]:
    user = line.talk.host.state.users.get(account.id)
    told = [f"{account.name} is an account, registered {format_time(time_of(account.id))}."]
    if account.role:
        told.append(f"{account.name} is {with_article(account.role.word)} on this server.")
    if not account.approved:
        told.append(f"{account.name} is waiting for an administrator's approval.")
    told.append(f"{account.name} is online as {user.nick}." if user else f"{account.name} is offline.")
    return told


_ABOUT: Final = (
    "I manage accounts. An account reserves your name, and keeps your rooms and messages while you are offline.",
    "You can sign in from several devices at once, under one name.",
)

NICKSERV: Final = Service(
    "NickServ",
    _ABOUT,
    (
        Word(
            "REGISTER <password> [email]",
            "Register your nickname as an account. The server does not store the email.",
            _register,
            1,
        ),
        Word(
            "IDENTIFY [account] <password>",
            "Log in to your nickname's account, or to another one.",
            _identify,
            1,
            aliases=("LOGIN", "ID"),
        ),
        Word(f"SET PASSWORD {USAGE}", f"Change your password. {NOTE}", _set, 1),
        Word(
            f"PASSWD {USAGE}",
            "Change your password, as SET PASSWORD does.",
            lambda line: _change_password(line, line.rest),
            1,
        ),
        Word("SESSIONS", "List your sessions.", _sessions, 0, 0),
        Word(
            "LOGOUT [number | others]",
            "End this session, another one, or all others. The tokens of other sessions are revoked.",
            _log_out,
            0,
            1,
        ),
        Word(
            "GHOST [account] [password]",
            "End your other sessions, which may sign in again. Signs you in first if needed.",
            _ghost,
            aliases=("RECOVER", "RELEASE", "REGAIN"),
        ),
        Word("STATUS [nick]", "Show whether somebody is logged in, in a form for programs.", _status, 0, 1),
        Word("ACC [nick]", "The same as STATUS, in the form that other programs expect.", _status, 0, 1),
        Word(
            "TOKEN ADD <name> | DEL <name> | LIST",
            "Create and revoke secrets with which programs sign in to your account.",
            _token,
            1,
        ),
        Word(
            "KEY ADD <key or fingerprint> | DEL <fingerprint> | LIST",
            "Manage the keys that sign in to your account by ssh.",
            _key,
            1,
        ),
        Word(
            "CERT ADD [fingerprint] | DEL <fingerprint> | LIST",
            "Manage the client certificates that sign in to your account.",
            _certificate,
            1,
            2,
        ),
        Word("INFO <name>", "Show information about an account.", _info, 1, 1),
    ),
)
