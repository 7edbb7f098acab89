"""Known servers: their certificates from earlier connections, and whether they are reached by TLS only."""

import contextlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from hubbub.connection.address import Address
from hubbub.connection.json_files import read, write


class CertificateAlarm(ConnectionError):
    """The server's certificate has changed."""

    def __init__(self, known: str, shown: str) -> None:
        super().__init__("The server's certificate has changed.")
        self.known = known
        self.shown = shown


@dataclass(frozen=True, slots=True)
class KnownServer:
    """`fingerprint` is the SHA-256 of the certificate that was trusted on first use, in hexadecimal digits.

    A server whose certificate an authority has signed needs none, and may change it.
    """

    fingerprint: str = ""
    by_authority: bool = False
    tls_until_ms: int = 0
    """sts: until then its host is reached by TLS only, at this port."""


class KnownServers:
    """Kept in a file, or for this run only."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, KnownServer] = {}
        for key, fields in (read(path) if path else {}).items():
            with contextlib.suppress(msgspec.ValidationError):
                self._known[key] = msgspec.convert(fields, KnownServer)

    def find(self, address: Address) -> KnownServer:
        return self._known.get(address.key, KnownServer())

    def _keep(self, address: Address, known: KnownServer) -> None:
        self._known[address.key] = known
        if self._path:
            write(self._path, {key: asdict(one) for key, one in self._known.items()})

    def trust(self, address: Address, fingerprint: str) -> None:
        """Take only this certificate from now on."""
        self._keep(address, replace(self.find(address), fingerprint=fingerprint, by_authority=False))

    def trust_authority(self, address: Address) -> None:
        """Take any certificate that an authority has signed for this server, and no other."""
        known = self.find(address)
        if not known.by_authority:
            self._keep(address, replace(known, fingerprint="", by_authority=True))

    def forget(self, address: Address) -> None:
        """Take whatever it shows the next time, as if for the first time."""
        self._keep(address, replace(self.find(address), fingerprint="", by_authority=False))

    def promise(self, address: Address, seconds: int, now_ms: int) -> None:
        """sts: reach it by TLS only, for so long; 0 takes it back."""
        until = now_ms + seconds * 1000 if seconds else 0
        known = self.find(address)
        if until or known.tls_until_ms:
            self._keep(address, replace(known, tls_until_ms=until))

    def secured(self, address: Address, now_ms: int) -> Address:
        """The address as a server's promise has it, which is for its host whatever the port."""
        for key, known in self._known.items():
            host, _, port = key.rpartition(":")
            if host == address.host.casefold() and known.tls_until_ms > now_ms and not address.websocket:
                return replace(address, port=int(port), tls=True)
        return address
