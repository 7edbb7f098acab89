"""The server's own certificate authority: makes a certificate where none was given.

Importing this costs start-up time; it is imported only when a certificate must be made.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hubbub import durable
from hubbub.addresses import parse_address, parse_network

AUTHORITY_DAYS: Final = 3652
CERTIFICATE_DAYS: Final = 397
"""Clients refuse certificates that are valid for more than 398 days."""

LOCAL_NAMES: Final = ("localhost", "local", "internal", "lan", "home.arpa")
"""Names that mean something within a network alone (RFC 6761, 6762, 8375), with all below them."""
LOCAL_NETWORKS: Final = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)

_CLOCK_ERROR: Final = datetime.timedelta(days=1)
_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class NameRefused(ValueError):
    """A name that cannot stand in a certificate."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key in one PEM text, and until when it is valid."""

    pem: bytes
    expires: datetime.datetime


@dataclass(frozen=True, slots=True)
class Authority:
    """A key that signs, and the certificate that others trust."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def expires(self) -> datetime.datetime:
        """Until when it is valid."""
        return self.certificate.not_valid_after_utc

    @property
    def begins(self) -> datetime.datetime:
        """From when on it is valid."""
        return self.certificate.not_valid_before_utc

    @property
    def pem(self) -> bytes:
        """The certificate, for others."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def may_name(self, name: str) -> bool:
        """Whether its constraints allow a certificate for this name or address (RFC 5280, 4.2.1.10)."""
        try:
            constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints)
        except x509.ExtensionNotFound:
            return True
        wanted = _general_name(name)
        return any(_covers(one, wanted) for one in constraints.value.permitted_subtrees or ())

    def issue(self, names: Sequence[str], now: datetime.datetime) -> Issued:
        """Make a key and a certificate for these names and addresses; raises NameRefused."""
        key = ec.generate_private_key(ec.SECP256R1())
        expires = min(now - _CLOCK_ERROR + datetime.timedelta(days=CERTIFICATE_DAYS), self.expires)
        certificate = (
            _builder(key, _common_name("Hubbub"), self.certificate.subject, now, expires)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_usage("digital_signature"), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.certificate.public_key()),  # type: ignore[arg-type]
                False,
            )
            .sign(self.key, hashes.SHA256())
        )
        pem = _key_pem(key) + certificate.public_bytes(serialization.Encoding.PEM) + self.pem
        return Issued(pem, expires)


def can_stand(name: str) -> bool:
    """Whether a certificate can name this at all."""
    try:
        return bool(_general_name(name))
    except NameRefused:
        return False


def open_authority(
    file: Path,
    name: str,
    needed: Sequence[str],
    found: Sequence[str],
    now: datetime.datetime,
    least: datetime.timedelta,
) -> Authority:
    """Read the authority; make a new one where there is none that lasts at least this much longer and may name these.

    Only what is `needed` makes a new one, which people have to import again; of what was `found` at the machine, which
    changes by itself, it names as much as it may, and a new one all. One of an older version, which may name anything,
    is kept: people have imported it. One that was made while the clock was ahead is replaced: nobody's client takes it
    before its time.
    """
    try:
        authority = _read(file.read_bytes())
        lasts = authority.begins <= now and authority.expires - now >= least
        if lasts and all(map(authority.may_name, needed)):
            return authority
    except (FileNotFoundError, ValueError):
        pass
    authority = _make(name, [*needed, *found], now)
    durable.write(file, [_key_pem(authority.key), authority.pem])
    return authority


def _read(pem: bytes) -> Authority:
    key = serialization.load_pem_private_key(pem, password=None)
    certificate = x509.load_pem_x509_certificate(pem)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise ValueError("The authority's key does not belong to its certificate.")
    return Authority(key, certificate)


def _constraints(names: Sequence[str]) -> x509.NameConstraints:
    """The authority's name constraints: this server's names and their subdomains, and no others.

    Addresses that anybody may give themselves (of private networks, for one) are allowed as a whole, so that a machine
    that moves within its network needs no new authority; of all others only the server's own.
    """
    given = [_general_name(name) for name in (*names, *LOCAL_NAMES)]
    addresses = [one.value for one in given if isinstance(one, x509.IPAddress)]
    networks = [parse_network(network) for network in LOCAL_NETWORKS]
    networks += [
        parse_network(str(address))
        for address in addresses
        if not any(address in network for network in networks if network.version == address.version)
    ]
    permitted = [*(one for one in given if isinstance(one, x509.DNSName)), *map(x509.IPAddress, networks)]
    return x509.NameConstraints(list(dict.fromkeys(permitted)), None)


def _make(name: str, names: Sequence[str], now: datetime.datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _common_name(name)
    certificate = (
        _builder(key, subject, subject, now, now + datetime.timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), True)
        .add_extension(_constraints(names), True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def _covers(permitted: x509.GeneralName, wanted: x509.GeneralName) -> bool:
    if isinstance(permitted, x509.IPAddress) and isinstance(wanted, x509.IPAddress):
        return parse_address(str(wanted.value)) in parse_network(str(permitted.value))
    if isinstance(permitted, x509.DNSName) and isinstance(wanted, x509.DNSName):
        return f".{wanted.value.lower()}".endswith(f".{permitted.value.lower()}")
    return False


def _builder(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    issuer: x509.Name,
    now: datetime.datetime,
    expires: datetime.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_ERROR)
        .not_valid_after(expires)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in allowed for usage in _USAGES})


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(parse_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name.encode("idna").decode("ascii"))
    except ValueError:
        raise NameRefused(f"The name {name} can't be in a certificate.") from None


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
