"""AUTHENTICATE: signing in by SASL, before or after connection registration."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from msgspec import structs

from hubbub.dialects.session_api import (
    Effect,
    SignInByCertificate,
    SignInByPassword,
    SignInByProof,
    SignInByToken,
)
from hubbub.engine.bans import KeptOut
from hubbub.engine.entering import NotApproved, SignedInAlready
from hubbub.engine.names import fold
from hubbub.engine.refusals import Refusal
from hubbub.wire import numerics
from hubbub.wire.message import Message
from hubbub.wire.scram import MECHANISM as SCRAM
from hubbub.wire.scram import ScramError, ServerExchange, Stored

from .secure_only import overheard
from .signing_in import show_logged_in, sign_in
from .verb import Verb

if TYPE_CHECKING:
    from .session import IrcSession

CHUNK_BYTES: Final = 400
"""sasl-3.1: a response is "split to 400-byte chunks"."""

RESPONSE_BYTES_MAX: Final = 5 * CHUNK_BYTES
"""sasl-3.1: "The server MAY place a limit on the total length of a response." """

Step = Callable[["IrcSession", bytes], None]
"""The step that takes the client's next complete response."""


@dataclass(slots=True)
class Exchange:
    """A sign-in under way: what comes next, and as much as has come of the response to it.

    `is_proved` once the client is signed in, and has only to accept the server's own proof. It `is_over` where a
    response was too long: that is answered, and the rest of the response is still to come.
    """

    step: Step
    received: str = ""
    is_proved: bool = False
    is_over: bool = False


def authenticate(talk: "IrcSession", message: Message) -> None:
    data, exchange = message.params[0], talk.sasl
    if exchange and exchange.is_over:
        if _is_rest(talk, data):
            return
        exchange = None
    if exchange is None and talk.account and talk.cap_version < 302:
        # sasl-3.1: after "already authenticating successfully, the server MUST reject it with a 907"; from sasl-3.2 on
        # servers "SHOULD allow a client, authenticated or otherwise, to reauthenticate".
        talk.numeric(numerics.ERR_SASLALREADY)
    elif data == "*":
        _abort(talk)
    elif exchange is None:
        _choose(talk, data.upper())
    else:
        _receive(talk, exchange, data)


def _is_rest(talk: "IrcSession", data: str) -> bool:
    """Whether a chunk is of a response that was refused already, up to its last one; else something begins anew."""
    is_rest = not _MECHANISM_OR_ABORT.fullmatch(data)
    if not is_rest or len(data) < CHUNK_BYTES:
        talk.sasl = None
    return is_rest


# RFC 4422, 3.1: a mechanism's name has 1 to 20 capital letters, digits, hyphens and underscores.
_MECHANISM_OR_ABORT: Final = re.compile(r"[A-Z0-9_-]{1,20}|\*")


def abandon(talk: "IrcSession") -> None:
    """End an exchange that the client left open at registration.

    sasl-3.1: "the server SHOULD abort it and send a 906 numeric, then register the client without authentication."
    Of one that has proved its password nothing is missing but a word that nobody needs.
    """
    exchange, talk.sasl = talk.sasl, None
    if exchange and exchange.is_proved:
        _succeed(talk)
    elif exchange and not exchange.is_over:
        talk.numeric(numerics.ERR_SASLABORTED)


def _abort(talk: "IrcSession") -> None:
    exchange, talk.sasl = talk.sasl, None
    talk.numeric(numerics.ERR_SASLABORTED)
    if exchange and exchange.is_proved:
        # It was signed in by then, and does not want to be: that can't be taken back.
        talk.host.leave("The client did not accept the server's proof")


def _choose(talk: "IrcSession", mechanism: str) -> None:
    step = MECHANISMS.get(mechanism) if mechanism in mechanisms(talk) else None
    if refusal := overheard(talk):
        _fail(talk, str(refusal))
    elif not talk.caps.sasl:
        # sasl-3.1: "The client MUST enable the sasl capability before using the AUTHENTICATE command"
        _fail(talk, "Request the capability sasl first: CAP REQ sasl")
    elif step is None:
        talk.numeric(numerics.RPL_SASLMECHS, ",".join(mechanisms(talk)))
        _fail(talk, "Choose another mechanism.")
    else:
        _challenge(talk, b"", step)


def mechanisms(talk: "IrcSession") -> list[str]:
    """Those that this client can use; EXTERNAL with a certificate that it has shown."""
    lacking = {"EXTERNAL": not talk.host.fingerprint, SCRAM: not talk.host.facts.scram}
    return [name for name in MECHANISMS if not lacking.get(name)]


def _challenge(talk: "IrcSession", data: bytes, step: Step, is_proved: bool = False) -> None:
    """Say something of the mechanism, in chunks, and wait for the client's response to it."""
    talk.sasl = Exchange(step, is_proved=is_proved)
    text = base64.b64encode(data).decode()
    for start in range(0, len(text), CHUNK_BYTES):
        talk.send("AUTHENTICATE", text[start : start + CHUNK_BYTES])
    # "If the last chunk was exactly 400 bytes long, it must also be followed by `AUTHENTICATE +`"
    if len(text) % CHUNK_BYTES == 0:
        talk.send("AUTHENTICATE", "+")


def _receive(talk: "IrcSession", exchange: Exchange, chunk: str) -> None:
    if len(chunk) > CHUNK_BYTES:
        # "the parameter longer than 400 bytes"
        talk.numeric(numerics.ERR_SASLTOOLONG)
        exchange.is_over = True
        return
    if chunk != "+" and len(exchange.received) + len(chunk) > RESPONSE_BYTES_MAX:
        _fail(talk, f"The response is longer than {RESPONSE_BYTES_MAX} bytes in total.")
        if len(chunk) == CHUNK_BYTES:
            talk.sasl, exchange.is_over = exchange, True
        return
    if chunk != "+":
        exchange.received += chunk
    if len(chunk) == CHUNK_BYTES:
        return
    text, exchange.received = exchange.received, ""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        _fail(talk, "The response is not base64.")
    else:
        exchange.step(talk, data)


def _plain(talk: "IrcSession", data: bytes) -> None:
    """RFC 4616: `[authzid] NUL authcid NUL passwd`."""
    parts = data.decode(errors="replace").split("\0")
    if len(parts) != 3 or not (parts[1] and parts[2]) or fold(parts[0]) not in ("", fold(parts[1])):
        _fail(talk, "The response does not contain exactly one account and its password.")
        return
    _sign_in(talk, SignInByPassword(parts[1], parts[2]))


def _scram(talk: "IrcSession", data: bytes) -> None:
    """RFC 5802: the client's first message, answered with salt and iterations, whether there is the account or not.

    Where the account has no keys, as after the loss of what they were sealed with, the client is sent to the other
    mechanisms: the password that it says there makes new ones.
    """
    exchange = ServerExchange(talk.host.nonce())
    try:
        name = exchange.read_name(data)
    except ScramError as error:
        _fail(talk, f"The client's first message is not valid: {error}.")
        return
    stored = talk.host.challenge(name)
    if stored is None:
        others = [mechanism for mechanism in mechanisms(talk) if mechanism != SCRAM]
        talk.numeric(numerics.RPL_SASLMECHS, ",".join(others))
        _fail(talk, "Sign in once with PLAIN before you use SCRAM-SHA-256.")
        return
    _challenge(talk, exchange.first(stored), lambda talk, data: _proof(talk, exchange, stored, data))


def _proof(talk: "IrcSession", exchange: ServerExchange, stored: Stored, data: bytes) -> None:
    """The attempt is made before the answer: else who has to wait after failures would still learn what fits.

    Who has come in already is signed in at the end, so that the numerics come before what others are shown of it.
    """
    try:
        signature = exchange.final(data)
    except ScramError as error:
        _fail(talk, f"The client's proof is not valid: {error}.")
        return

    proof = SignInByProof(exchange.name, exchange.proved, stored)
    is_arriving = talk.arrival is not None

    def last(talk: "IrcSession", data: bytes) -> None:
        if is_arriving:
            _succeed(talk)
        else:
            _sign_in(talk, proof)

    def then(refusal: Refusal | None) -> None:
        if refusal is None:
            # "clients MUST still send an empty response" to the server's signature
            _challenge(talk, signature, last, is_proved=is_arriving)
        else:
            _fail_as(talk, refusal)

    talk.host.begin(structs.replace(proof, only_proves=not is_arriving), then)


def _external(talk: "IrcSession", data: bytes) -> None:
    """RFC 4422, Appendix A: the response is the name to act as, or empty; the proof is the TLS certificate."""
    name = data.decode(errors="replace")
    _sign_in(talk, SignInByCertificate(name))


def _oauthbearer(talk: "IrcSession", data: bytes) -> None:
    """RFC 7628, 3.1: `n,a=<name>,^A auth=Bearer <token> ^A^A`, with ^A after each field."""
    head, *fields = data.decode(errors="replace").split("\x01")
    name = _GS2_HEADER.fullmatch(head)
    values = dict(field.split("=", 1) for field in fields if "=" in field)
    scheme, _, token = values.get("auth", "").partition(" ")
    if name is None or scheme.lower() != "bearer" or not token.strip() or not data.endswith(b"\x01\x01"):
        _fail(talk, "The response contains no bearer token.")
        return

    def fail(talk: "IrcSession", refusal: Refusal) -> None:
        # 3.2.2: the server tells the error, and "the client MUST send … a dummy client response".
        error = b'{"status":"invalid_token","scope":"chat"}'
        _challenge(talk, error, lambda talk, data: _fail_as(talk, refusal))

    wanted = (name[1] or "").replace("=2C", ",").replace("=3D", "=")
    _sign_in(talk, SignInByToken(wanted, token.strip()), fail)


_GS2_HEADER: Final = re.compile(r"n,(?:a=([^,]*))?,")

MECHANISMS: Final[dict[str, Step]] = {
    "PLAIN": _plain,
    SCRAM: _scram,
    "EXTERNAL": _external,
    "OAUTHBEARER": _oauthbearer,
}


def _sign_in(
    talk: "IrcSession", thing: Effect, fail: Callable[["IrcSession", Refusal], None] | None = None
) -> None:
    def then(refusal: Refusal | None) -> None:
        if refusal is None:
            _succeed(talk)
        else:
            (fail or _fail_as)(talk, refusal)

    sign_in(talk, thing, then)


# 902 is for an account that "is currently locked out, held, or otherwise administratively made unavailable".
_CODES: Final[dict[type[Refusal], str]] = {
    SignedInAlready: numerics.ERR_SASLALREADY,
    KeptOut: numerics.ERR_NICKLOCKED,
    NotApproved: numerics.ERR_NICKLOCKED,
}


def _fail_as(talk: "IrcSession", refusal: Refusal) -> None:
    _fail(talk, str(refusal), _CODES.get(type(refusal), numerics.ERR_SASLFAIL))


def _fail(talk: "IrcSession", why: str, code: str = numerics.ERR_SASLFAIL) -> None:
    talk.sasl = None
    talk.numeric(code, text=f"SASL authentication failed: {why}")


def _succeed(talk: "IrcSession") -> None:
    talk.sasl = None
    show_logged_in(talk)
    talk.numeric(numerics.RPL_SASLSUCCESS)


VERBS: Final = {
    "AUTHENTICATE": Verb(
        authenticate,
        (
            "AUTHENTICATE <mechanism or data>",
            "Logs you in to your account by SASL: PLAIN, SCRAM-SHA-256, EXTERNAL or OAUTHBEARER. Clients send this",
            "themselves.",
        ),
        1,
        before=True,
        specification="sasl-3.1",
    ),
}
