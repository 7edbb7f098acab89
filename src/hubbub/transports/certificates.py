"""The certificate that the server shows: a given one, or its own; read anew when it changes."""

import contextlib
import datetime
import hashlib
import json
import logging
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from hubbub import durable
from hubbub.transports.client_certificates import ask_for_certificates
from hubbub.transports.key_exchange import keep_to_curves
from hubbub.transports.key_updates import limit_key_updates
from hubbub.transports.own_addresses import own_addresses
from hubbub.transports.private_folders import make_private_folder
from hubbub.transports.tls_channel import remember_names

log = logging.getLogger("hubbub")

RENEWAL_DAYS: Final = 30
_ALPN: Final = ("irc", "http/1.1")
_MOMENT: Final = "%Y-%m-%d %H:%M UTC"
_PEM_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_PEM_END: Final = "-----END CERTIFICATE-----"

Now = Callable[[], datetime.datetime]


class CertificateUnusable(Exception):
    """A certificate or its key cannot be used; the text says why, and which file it is."""


class Source(Protocol):
    """The files of a certificate and its key."""

    @property
    def chain(self) -> Path:
        """The file with the certificate, and those between it and a known authority."""

    @property
    def key(self) -> Path:
        """The file with its key; it may be the same."""

    def renew(self) -> None:
        """Make a new one where it is needed; raises CertificateUnusable."""


class GivenCertificate:
    """A certificate that others take care of."""

    def __init__(self, chain: Path, key: Path) -> None:
        self.chain = chain
        self.key = key

    def renew(self) -> None:
        """Leave it to others."""


class OwnCertificate:
    """A certificate from the server's own authority, in a folder.

    `server.pem` is the certificate with its key, `server.json` what it is for and until when, `authority.key`
    the authority with its key, and `authority.pem` what people may import to trust this server.

    `names` are those that somebody has set: where the authority may not sign for one of them, there is another. The
    machine's own name and addresses are in the certificate as far as the authority may sign for them.
    """

    def __init__(self, folder: Path, names: Sequence[str] = (), now: Now | None = None) -> None:
        self.folder = folder
        self.names = tuple(names)
        self.chain = self.key = folder / "server.pem"
        self.authority = folder / "authority.pem"
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))
        self._notes = folder / "server.json"

    def renew(self) -> None:
        """Make a new certificate when there is none, it ends within 30 days, or a name is missing in it."""
        found = _found_names()
        if self._is_good(found):
            return
        try:
            self._issue(found)
        except OSError as error:
            where = error.filename or self.folder
            raise CertificateUnusable(
                f"The server can't create a certificate: {where} can't be written ({error.strerror})."
            ) from None

    def _is_good(self, found: Sequence[str]) -> bool:
        try:
            notes = json.loads(self._notes.read_text())
            expires = datetime.datetime.fromisoformat(notes["expires"])
            left = expires - self._now()
            # Made while the clock was ahead, it would not be valid yet.
            begins = datetime.datetime.fromisoformat(notes.get("begins", "1970-01-01T00:00:00+00:00"))
            return (
                begins <= self._now()
                and notes["sha256"] == hashlib.sha256(self.chain.read_bytes()).hexdigest()
                and set(self.names) <= set(notes["names"])
                and set(found) <= {*notes["names"], *notes.get("left_out", ())}
                and left >= datetime.timedelta(days=RENEWAL_DAYS)
            )
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _issue(self, found: Sequence[str]) -> None:
        from hubbub.transports.certificate_authority import (
            CERTIFICATE_DAYS,
            NameRefused,
            can_stand,
            open_authority,
        )

        make_private_folder(self.folder)
        now = self._now().replace(microsecond=0)
        least = datetime.timedelta(days=CERTIFICATE_DAYS)
        title = f"Hubbub on {socket.gethostname()}"
        try:
            possible = [name for name in found if can_stand(name)]
            authority = open_authority(self.folder / "authority.key", title, self.names, possible, now, least)
            allowed = [name for name in possible if authority.may_name(name)]
            names = list(dict.fromkeys([*allowed, *self.names]))
            issued = authority.issue(names, now)
        except NameRefused as refused:
            raise CertificateUnusable(str(refused)) from None
        left_out = [name for name in found if name not in names]
        notes = {
            "names": names,
            "left_out": left_out,
            "begins": now.isoformat(),
            "expires": issued.expires.isoformat(),
            "sha256": hashlib.sha256(issued.pem).hexdigest(),
        }
        durable.write(self.authority, [authority.pem])
        durable.write(self.chain, [issued.pem])
        durable.write(self._notes, [json.dumps(notes, indent=2).encode()])
        if left_out:
            log.warning(
                "The server's certificate authority may not sign for %s, so the certificate does not cover "
                "it. If people connect by that name, add it to tls.extra_names: the server then creates "
                "a new authority, which they import again.",
                ", ".join(left_out),
            )


class Certificates:
    """The certificate in use. `context` belongs into `ListenerPolicy.context`; call `reload` now and then."""

    def __init__(self, source: Source) -> None:
        self.source = source
        source.renew()
        self._seen = self._look()
        self._context = _context(source)
        self._fingerprint = _fingerprint(source.chain)
        self._names: frozenset[str] | None = None
        self.refused = ""
        """Why the files as they are now are not in use; empty while they are."""

    def context(self) -> ssl.SSLContext:
        """Give what the next handshake uses."""
        return self._context

    def fingerprint(self) -> str:
        """Give the SHA-256 of the certificate in use, in lower-case hex, for people to compare."""
        return self._fingerprint

    def names(self) -> frozenset[str]:
        """Give the names that the certificate in use is for, `*.` for any one label; read when they are first asked."""
        if self._names is None:
            self._names = _certified_names(self.source.chain)
        return self._names

    def trouble(self) -> str | None:
        """The reason why clients would not trust a given certificate now, if any. The first call takes a while."""
        if isinstance(self.source, OwnCertificate):
            return None  # It is renewed in time.
        return _untimely(self.source.chain, datetime.datetime.now(datetime.UTC))

    def reload(self) -> str | None:
        """Use the files' new content, if it changed; a sentence says why the old one is kept."""
        try:
            self.source.renew()
            seen = self._look()
            if seen == self._seen:
                return None
            self._seen = seen
            context, fingerprint = _context(self.source), _fingerprint(self.source.chain)
        except CertificateUnusable as problem:
            self.refused = f"{problem} The server keeps using the current certificate."
            return self.refused
        self._context, self._fingerprint, self._names, self.refused = context, fingerprint, None, ""
        return None

    def _look(self) -> list[tuple[int, int, int]]:
        """Tell apart what the files held when; a missing one is as good as an empty one."""
        states = []
        for file in (self.source.chain, self.source.key):
            with contextlib.suppress(OSError):
                state = file.stat()
                states.append((state.st_mtime_ns, state.st_size, state.st_ino))
        return states


def _found_names() -> list[str]:
    """The names and addresses of this machine; they change with the network."""
    names = ["localhost", "127.0.0.1", "::1", *own_addresses()]
    host = socket.gethostname()
    if host.isascii() and host.replace("-", "").replace(".", "").isalnum():
        names.insert(1, host)
    return list(dict.fromkeys(names))


def _context(source: Source) -> ssl.SSLContext:
    for file in (source.chain, source.key):
        _read(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(list(_ALPN))
    keep_to_curves(context)
    limit_key_updates(context)
    remember_names(context)
    ask_for_certificates(context)
    try:
        context.load_cert_chain(source.chain, source.key, password=_refuse_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise CertificateUnusable(
                f"The key {source.key} does not belong to the certificate {source.chain}."
            ) from None
        raise CertificateUnusable(
            f"{source.chain} and {source.key} are not a certificate and its key in PEM form."
        ) from None
    return context


def _certified_names(chain: Path) -> frozenset[str]:
    # As late as this: its library takes as long to load as the whole server to start.
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(chain.read_bytes())
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return frozenset(found.get_values_for_type(x509.DNSName))
    except (OSError, ValueError, x509.ExtensionNotFound):
        return frozenset()


def _untimely(chain: Path, now: datetime.datetime) -> str | None:
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(chain.read_bytes())
    except (OSError, ValueError):
        return None  # It is told where it is loaded.
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if begins <= now < ends:
        return None
    when = f"is not valid before {begins:{_MOMENT}}" if now < begins else f"was valid until {ends:{_MOMENT}}"
    return (
        f"The certificate {chain} {when}, and the clock of this machine says {now:{_MOMENT}}: "
        "programs refuse it. Check the clock, or get another certificate."
    )


def _refuse_password() -> str:
    """Without this, a locked key would make the server wait for words at its terminal."""
    raise CertificateUnusable("The certificate's key is protected with a password. Use a key without one.")


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:
        raise CertificateUnusable(f"The file {file} does not exist.") from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CertificateUnusable(f"The file {file} cannot be read: {reason}.") from None


def _fingerprint(chain: Path) -> str:
    _, begin, rest = _read(chain).partition(_PEM_BEGIN)
    body, end, _ = rest.partition(_PEM_END)
    if not begin or not end:
        raise CertificateUnusable(f"{chain} contains no certificate in PEM form.")
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(begin + body + end)).hexdigest()
    except ValueError:
        raise CertificateUnusable(f"{chain} contains no certificate in PEM form.") from None
