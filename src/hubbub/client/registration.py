"""Coming in: capabilities, signing in, making an account, nickname, until the server's welcome."""

import base64
import binascii
from enum import Enum
from typing import TYPE_CHECKING, Final

from hubbub.client import events
from hubbub.client.identity import Certificate, Identity, Password, Secret, Token
from hubbub.client.names import is_name, why_refused
from hubbub.client.server_features import wanted
from hubbub.client.sts import Policy, parse_sts
from hubbub.wire.message import Message as Line
from hubbub.wire.scram import MECHANISM as SCRAM
from hubbub.wire.scram import ClientExchange, ScramError

if TYPE_CHECKING:
    from hubbub.client.client import Client

_REQUEST_BYTES_MAX: Final = 400
_CHUNK: Final = 400
"""SASL: "The response is encoded in Base64 … then split to 400-byte chunks"."""


class Stage(Enum):
    """The stage of a registration."""

    OFFLINE = "offline"
    ASKING = "asking"
    ENABLING = "enabling"
    PROVING = "proving"
    REGISTERING = "registering"
    ENTERING = "entering"
    HERE = "here"


class Registration:
    """The way from an open connection to the welcome."""

    def __init__(self, client: "Client", identity: Identity) -> None:
        self.stage = Stage.OFFLINE
        self.identity = identity
        self._client = client
        self._open_requests = 0
        self._nick = identity.nick
        self._mechanism = ""
        self._exchange: ClientExchange | None = None
        self._has_challenged = False
        """Whether the server has answered a SCRAM exchange as one that knows SCRAM does."""
        self._received = ""
        self._refusal = ""
        """Why the nickname can't be had; empty while it may be."""
        self._is_failure_known = False
        """Whether a failure is to come that belongs to a mechanism which another one has taken the place of."""

    @property
    def is_here(self) -> bool:
        return self.stage is Stage.HERE

    def begin(self) -> None:
        """Request the server's capabilities, and send NICK and USER.

        capability-negotiation: CAP LS makes the server "not complete registration until the client sends CAP END"; one
        that knows nothing of this welcomes at once, so that nobody has to wait for what it does not say.
        """
        self.stage = Stage.ASKING
        self._open_requests = 0
        self._mechanism, self._exchange, self._refusal = "", None, ""
        self._is_failure_known = self._has_challenged = False
        self._nick = self.identity.nick if self.identity.varies else self._client.nick
        if not (is_name(self._nick) and is_name(self.identity.account_name)):
            self._refuse_nick("A name can't contain spaces. Choose another one.")
            self._client.close()
            return
        self._client.send("CAP", "LS", "302")
        self._send_nick()
        self._client.send("USER", _username(self._nick), "0", "*", self.identity.real_name or self._nick)

    def end(self) -> None:
        self.stage = Stage.OFFLINE

    def welcome(self) -> bool:
        """Take the welcome; whether it is under the wanted identity. A server without CAP authenticates no account."""
        if self.stage is Stage.ASKING and self.identity.secret:
            self._fail_sign_in("This server offers no way to sign in. Join as a guest.")
            return False
        self.stage = Stage.HERE
        return True

    # Capabilities

    def cap(self, line: Line) -> None:
        """Take one line of CAP."""
        subcommand, words = line.param(1).upper(), line.last.split()
        if subcommand == "LS":
            self._list(words, is_last=line.param(2) != "*")
        elif subcommand == "NEW":
            self._offer(words)
            self._request(wanted(_names(words), self._client.server.enabled))
        elif subcommand == "ACK":
            self._enable(words)
            self._answered()
        elif subcommand == "NAK":
            self._answered()
        elif subcommand == "DEL":
            for name in words:
                self._client.server.offered.pop(name, None)
                self._client.server.enabled.discard(name)

    def _list(self, words: list[str], is_last: bool) -> None:
        self._offer(words)
        if not is_last or self.stage is not Stage.ASKING:
            return
        if self._follows_sts():
            return
        self.stage = Stage.ENABLING
        self._request(wanted(self._client.server.offered, ()))
        if not self._open_requests:
            self._prove()

    def _offer(self, words: list[str]) -> None:
        for word in words:
            name, _, value = word.partition("=")
            self._client.server.offered[name] = value

    def _follows_sts(self) -> bool:
        """sts: over a connection that is not secure the client "MUST … connect securely on the specified port"."""
        policy = parse_sts(self._client.server.offered.get("sts", ""))
        if policy is None:
            return False
        if self._client.is_secure:
            if policy.seconds is not None:
                self._client.happened(events.TlsPromised(policy.seconds))
            return False
        return self._upgrades(policy)

    def _upgrades(self, policy: Policy) -> bool:
        if policy.port is None:
            return False
        self._client.happened(events.TlsRequired(policy.port))
        self._client.close()
        return True

    def _request(self, names: list[str]) -> None:
        line = ""
        for name in names:
            if len(line) + len(name) > _REQUEST_BYTES_MAX:
                self._send_request(line)
                line = ""
            line = f"{line} {name}" if line else name
        if line:
            self._send_request(line)

    def _send_request(self, names: str) -> None:
        self._open_requests += 1
        self._client.send("CAP", "REQ", names)

    def _enable(self, words: list[str]) -> None:
        for word in words:
            if word.startswith("-"):
                self._client.server.enabled.discard(word[1:])
            else:
                self._client.server.enabled.add(word)

    def _answered(self) -> None:
        self._open_requests = max(0, self._open_requests - 1)
        if not self._open_requests and self.stage is Stage.ENABLING:
            self._prove()

    # Accounts

    def _prove(self) -> None:
        """Sign in, or make the account first; then come in."""
        if self.identity.registers and isinstance(self.identity.secret, Password):
            self._register(self.identity.secret)
        elif self.identity.secret:
            self._sign_in(self.identity.secret)
        else:
            self._enter()

    def _register(self, password: Password) -> None:
        if not self._client.server.has("draft/account-registration"):
            self._fail_registration(
                "This server doesn't let you create an account here. Ask its administrator for one."
            )
        elif not self._client.is_private:
            self._fail_registration("Passwords are sent only over TLS. Connect with TLS to register.")
        elif self._refusal:
            # Nobody can register who has no nickname, and the server would say that instead of why.
            self._refuse_nick(self._refusal)
            self._client.close()
        else:
            self.stage = Stage.REGISTERING
            if self.identity.invitation and self._client.server.has("hubbub/invitation"):
                self._client.send("INVITATION", self.identity.invitation)
            email = self.identity.email or "*"
            self._client.send("REGISTER", self.identity.account_name, email, password.text)

    def _fail_registration(self, reason: str) -> None:
        self._client.happened(events.RegistrationFailed(reason))
        self._client.close()

    def registered(self, line: Line) -> None:
        """`REGISTER SUCCESS <account> <message>`, or VERIFICATION_REQUIRED."""
        is_ready = line.param(0) == "SUCCESS"
        self._client.happened(events.Registered(line.param(1), line.last, is_ready))
        if self.stage is not Stage.REGISTERING:
            return
        if is_ready and self.identity.secret and self._client.account.casefold() != line.param(1).casefold():
            self._sign_in(self.identity.secret)
        elif is_ready:
            self._enter()
        else:
            self._client.close()

    def failed_to_register(self, line: Line) -> None:
        """`FAIL REGISTER <code> …`, or of the invitation that it needs."""
        if self.stage is Stage.REGISTERING:
            self._fail_registration(line.last)
        else:
            self._client.happened(events.RegistrationFailed(line.last))

    def _sign_in(self, secret: Secret) -> None:
        if not self._client.server.has("sasl"):
            self._fail_sign_in("This server offers no way to sign in. Join as a guest.")
        elif not isinstance(secret, Certificate) and not self._client.is_private:
            self._fail_sign_in("Passwords are sent only over TLS. Connect with TLS to sign in.")
        else:
            self.stage = Stage.PROVING
            self._try(secret, self._client.server.mechanisms)

    def _try(self, secret: Secret, offered: list[str]) -> None:
        known = ("PLAIN",) if isinstance(secret, Password) and secret.is_said else _MECHANISMS[type(secret)]
        mechanism = next((name for name in known if not offered or name in offered), None)
        if mechanism is None or mechanism == self._mechanism:
            self._fail_sign_in("This server doesn't accept these credentials. Use a password.")
            return
        self._mechanism = mechanism
        self._received = ""
        self._exchange, self._has_challenged = None, False
        self._client.send("AUTHENTICATE", mechanism)

    def _fail_sign_in(self, reason: str) -> None:
        self._client.happened(events.SignInFailed(reason))
        if not self.is_here:
            self._client.close()

    def authenticate(self, line: Line) -> None:
        """The server's part of the exchange, in pieces of 400 bytes."""
        piece = line.param(0)
        if self.stage is not Stage.PROVING:
            return
        self._is_failure_known = False
        self._received += "" if piece == "+" else piece
        if len(piece) == _CHUNK:
            return
        received, self._received = self._received, ""
        try:
            self._say(self._response(base64.b64decode(received, validate=True)))
        except (ScramError, binascii.Error, ValueError):
            self._client.send("AUTHENTICATE", "*")
            self._fail_sign_in(
                "The server failed to prove that it knows your password. Ask its administrator."
            )

    def _response(self, challenge: bytes) -> bytes:
        secret, account = self.identity.secret, self.identity.account_name
        if self._mechanism == SCRAM:
            assert isinstance(secret, Password)
            return self._scram(secret, challenge)
        if self._mechanism == "PLAIN":
            assert isinstance(secret, Password)
            return f"{account}\0{account}\0{secret.text}".encode()
        if self._mechanism == "OAUTHBEARER":
            assert isinstance(secret, Token)
            if challenge:
                return b"\x01"  # RFC 7628: the server has said why not, and waits for this
            return f"n,a={account},\x01auth=Bearer {secret.text}\x01\x01".encode()
        return account.encode()

    def _scram(self, password: Password, challenge: bytes) -> bytes:
        """RFC 5802: the client begins, and from then on each message of the server says something."""
        if self._exchange is None and not challenge and not self._has_challenged:
            self._exchange = ClientExchange(self.identity.account_name, password.text, self._client.entropy())
            return self._exchange.first()
        if self._exchange is None or not challenge:
            raise ScramError(
                "the server says something where nothing, or nothing where something has to come"
            )
        if challenge.startswith(b"v="):
            if not self._exchange.accepts(challenge):
                raise ScramError("the server's signature is wrong")
            self._exchange = None
            return b""
        self._has_challenged = True
        return self._exchange.final(challenge)

    def _say(self, response: bytes) -> None:
        text = base64.b64encode(response).decode()
        for start in range(0, len(text), _CHUNK):
            self._client.send("AUTHENTICATE", text[start : start + _CHUNK])
        # "If the last chunk is exactly 400 bytes, it must be followed by" an empty one.
        if len(text) % _CHUNK == 0:
            self._client.send("AUTHENTICATE", "+")

    def signed_in(self) -> None:
        """903: the account is proved."""
        if self.stage is Stage.PROVING and self._exchange is not None:
            # SCRAM proves both sides: one who lets in without the signature may be anybody.
            self._fail_sign_in(
                "The server failed to prove that it knows your password. Ask its administrator."
            )
        elif self.stage is Stage.PROVING:
            self._enter()

    def sign_in_failed(self, line: Line) -> None:
        """904 and its like."""
        if self._is_failure_known:
            self._is_failure_known = False
        elif self.stage is Stage.PROVING and self._may_be_unknown():
            self._try(Password("", is_said=True), [])
        elif self.stage is Stage.PROVING:
            self._exchange = None
            self._fail_sign_in(line.last)

    def _may_be_unknown(self) -> bool:
        """Whether it was the mechanism, perhaps: the server names none, and has not shown that it knows SCRAM."""
        return self._mechanism == SCRAM and not self._client.server.mechanisms and not self._has_challenged

    def other_mechanisms(self, line: Line) -> None:
        """908: the mechanism was none of these; a failure follows, and is not told if another mechanism does."""
        offered = line.param(1).split(",")
        if self.stage is Stage.PROVING and self.identity.secret and self._mechanism not in offered:
            self._exchange = None
            self._is_failure_known = True
            self._try(self.identity.secret, offered)

    # The nickname

    def _enter(self) -> None:
        self.stage = Stage.ENTERING
        if self._refusal:
            self._refusal = ""
            self._send_nick()
        self._client.send("CAP", "END")

    def _send_nick(self) -> None:
        self._client.send("NICK", self._nick)

    def take_nick(self, nick: str) -> None:
        """Try another nickname while coming in."""
        self._nick = nick
        if self.stage is not Stage.OFFLINE:
            self._send_nick()

    def nick_refused(self, line: Line) -> None:
        """432, 433, 436, 437: the nickname can't be had; one that is an account's can, once that is proved."""
        reason = why_refused(line.verb, line.last)
        if self.identity.secret and self.stage is not Stage.ENTERING:
            self._refusal = reason
        elif self.identity.varies and line.verb == "433":
            self.take_nick(f"{self._nick}_")
        else:
            self._refuse_nick(reason)

    def _refuse_nick(self, reason: str) -> None:
        self._client.happened(events.NicknameRefused(self._nick, reason))


_MECHANISMS: Final[dict[type[Secret], tuple[str, ...]]] = {
    Password: (SCRAM, "PLAIN"),
    Token: ("OAUTHBEARER",),
    Certificate: ("EXTERNAL",),
}


def _names(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words}


def _username(nick: str) -> str:
    """A user name that every server takes: letters and digits."""
    return "".join(letter for letter in nick if letter.isascii() and letter.isalnum())[:10].lower() or "user"
