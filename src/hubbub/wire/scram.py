"""SCRAM-SHA-256 (RFC 5802, RFC 7677): what is stored of a password, and the exchange that proves knowing it."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from .saslprep import prepare

MECHANISM: Final = "SCRAM-SHA-256"
_GS2_HEADER: Final = "n,,"
ITERATIONS_MIN: Final = 4096
"""The fewest that a server should announce (RFC 5802, section 5.1); with less a password is guessed from its proof."""
ITERATIONS_MAX: Final = 1_000_000
"""More work than that no server asks for in earnest: a second and more of a slow machine's time."""


class ScramError(ValueError):
    """The peer's message is not the expected step of the exchange."""


@dataclass(frozen=True, slots=True, repr=False)
class Stored:
    """A server's stored verifier: it checks a password and does not reveal it."""

    iterations: int
    salt: bytes
    stored_key: bytes
    server_key: bytes

    def __str__(self) -> str:
        salt, stored, server = map(_to_text, (self.salt, self.stored_key, self.server_key))
        return f"{MECHANISM}${self.iterations}:{salt}${stored}:{server}"

    @classmethod
    def parse(cls, text: str) -> "Stored":
        """Read what `str()` wrote; raises ScramError."""
        try:
            _, head, keys = text.split("$")
            iterations, salt = head.split(":")
            stored, server = keys.split(":")
            return cls(int(iterations), _from_text(salt), _from_text(stored), _from_text(server))
        except ValueError:
            raise ScramError("these are no stored keys") from None


def derive(password: str, salt: bytes, iterations: int) -> str:
    """Derive the stored verifier of a password, in RFC 5803's form. Takes time in proportion to `iterations`."""
    salted = _salted(password, salt, iterations)
    stored_key = hashlib.sha256(_mac(salted, b"Client Key")).digest()
    return str(Stored(iterations, salt, stored_key, _mac(salted, b"Server Key")))


def iterations_of(stored: str) -> int:
    """The iterations of stored keys, also where the keys themselves cannot be read; 0 for none."""
    digits = stored.partition("$")[2].partition(":")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


class ServerExchange:
    """The server's side: `read_name` takes the client's first message, `first` answers it, `final` takes its proof.

    `proved` tells afterwards whether the client knows the password of `name`.
    """

    def __init__(self, nonce: str) -> None:
        self.name = ""
        self.proved = False
        self._nonce = nonce
        self._header = self._bare = self._said = ""
        self._stored = Stored(0, b"", b"", b"")

    def read_name(self, client_first: bytes) -> str:
        """The name that the client's first message gives; the caller then finds its keys. Raises ScramError."""
        text = _decode(client_first)
        flag, _, rest = text.partition(",")
        authorization, _, self._bare = rest.partition(",")
        if flag not in ("n", "y"):
            raise ScramError("channel binding is not supported")
        fields = _fields(self._bare)
        if not fields.get("n") or not fields.get("r") or "m" in fields:
            raise ScramError("name and nonce are missing")
        if authorization not in ("", f"a={fields['n']}"):
            raise ScramError("an authorization identity is not supported")
        self.name = fields["n"].replace("=2C", ",").replace("=3D", "=")
        self._nonce = fields["r"] + self._nonce
        self._header = f"{flag},{authorization},"
        return self.name

    def first(self, stored: Stored) -> bytes:
        """The server's first message, with the salt of the keys that the proof has to fit."""
        self._stored = stored
        self._said = f"r={self._nonce},s={_to_text(stored.salt)},i={stored.iterations}"
        return self._said.encode()

    def final(self, client_final: bytes) -> bytes:
        """The server's signature if the proof is right; `proved` tells. Raises ScramError."""
        text = _decode(client_final)
        without_proof, comma, proof_text = text.rpartition(",p=")
        fields = _fields(without_proof)
        if not comma or fields.get("r") != self._nonce:
            raise ScramError("the nonce does not match")
        if fields.get("c") != _to_text(self._header.encode()):
            raise ScramError("the channel binding does not match")
        everything = f"{self._bare},{self._said},{without_proof}".encode()
        proof = _from_text(proof_text)
        signature = _mac(self._stored.stored_key, everything)
        if len(proof) != len(signature):
            raise ScramError("the proof has the wrong length")
        client_key = _xor(proof, signature)
        self.proved = hmac.compare_digest(hashlib.sha256(client_key).digest(), self._stored.stored_key)
        return f"v={_to_text(_mac(self._stored.server_key, everything))}".encode()


class ClientExchange:
    """The client's side: `first`, then `final` with the server's first, then `accepts` its final message."""

    def __init__(self, name: str, password: str, nonce: str) -> None:
        self._name = name.replace("=", "=3D").replace(",", "=2C")
        self._password = password
        self._nonce = nonce
        self._signature = b""

    def first(self) -> bytes:
        return f"{_GS2_HEADER}{self._bare}".encode()

    @property
    def _bare(self) -> str:
        return f"n={self._name},r={self._nonce}"

    def final(self, server_first: bytes) -> bytes:
        """Raises ScramError where the server's message is not one, or it asks for more work than is sane."""
        said = _decode(server_first)
        fields = _fields(said)
        nonce, iterations = fields.get("r", ""), fields.get("i", "")
        if not nonce.startswith(self._nonce) or nonce == self._nonce:
            raise ScramError("the nonce does not match")
        is_number = iterations.isascii() and iterations.isdigit() and len(iterations) < 10
        if not is_number or not ITERATIONS_MIN <= int(iterations) <= ITERATIONS_MAX:
            raise ScramError("the number of iterations is not within reason")
        salted = _salted(self._password, _from_text(fields.get("s", "")), int(iterations))
        without_proof = f"c={_to_text(_GS2_HEADER.encode())},r={nonce}"
        everything = f"{self._bare},{said},{without_proof}".encode()
        client_key = _mac(salted, b"Client Key")
        proof = _xor(client_key, _mac(hashlib.sha256(client_key).digest(), everything))
        self._signature = _mac(_mac(salted, b"Server Key"), everything)
        return f"{without_proof},p={_to_text(proof)}".encode()

    def accepts(self, server_final: bytes) -> bool:
        """Whether the server has proved that it knows the password too."""
        signature = _fields(_decode(server_final)).get("v", "")
        return bool(self._signature) and hmac.compare_digest(_from_text(signature), self._signature)


def _salted(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", prepare(password).encode(errors="replace"), salt, iterations)


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _fields(text: str) -> dict[str, str]:
    pairs = (field.partition("=") for field in text.split(","))
    return {key: value for key, _, value in pairs}


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ScramError("the message is not UTF-8") from None


def _to_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_text(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ScramError("this is not valid base64") from None
