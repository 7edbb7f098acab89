"""Files: sent to the place that the server names for them (`soju.im/FILEHOST`, `draft/FILEHOST`), and fetched again."""

import asyncio
import base64
import hashlib
import http.client
import mimetypes
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from hubbub.client.identity import Identity, Password, Token
from hubbub.connection.address import Address
from hubbub.connection.known_servers import KnownServers
from hubbub.text import clean_lines

TOKENS: Final = ("draft/FILEHOST", "soju.im/FILEHOST")
_SECONDS: Final = 60


class UploadFailed(Exception):
    """The file was not taken; the text says why, and what to do."""


class FetchFailed(Exception):
    """The file did not come, or is larger than was wanted."""


class Sending:
    """The progress of an upload, reported from another thread."""

    def __init__(self) -> None:
        self.sent = 0
        """Bytes that are on their way."""
        self.is_cancelled = False
        """Set it, and no more is sent."""


class _Watched:
    """A file that reports how many of its bytes have been read."""

    def __init__(self, file: BinaryIO, sending: Sending) -> None:
        self._file = file
        self._sending = sending

    def read(self, size: int = -1) -> bytes:
        if self._sending.is_cancelled:
            raise UploadFailed("The file was not sent.")
        data = self._file.read(size)
        self._sending.sent += len(data)
        return data


def file_host(support: Mapping[str, str]) -> str:
    """The address for uploads; empty where the server takes none."""
    return next((support[token] for token in TOKENS if support.get(token)), "")


async def upload(
    url: str, path: Path, identity: Identity, known: KnownServers, sending: Sending | None = None
) -> str:
    """Upload a file with the user's sign-in and return its address. Raises UploadFailed."""
    parts = _place(url)
    if parts is None:
        raise UploadFailed("The server offers no file upload that this client supports.")
    if parts.scheme == "http" and identity.secret and not Address(parts.hostname or "").is_local:
        raise UploadFailed(
            "The server accepts files only over an unencrypted connection, so your password was not sent."
        )
    try:
        return await asyncio.to_thread(_post, url, path, identity, known, sending or Sending())
    except FileNotFoundError:
        raise UploadFailed(f"There is no file {path}. Check its name.") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise UploadFailed(f"{path.name} could not be sent: {error}.") from None


def _place(url: str) -> SplitResult | None:
    """None for what is no address of the web."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if is_web else None


def _post(url: str, path: Path, identity: Identity, known: KnownServers, sending: Sending) -> str:
    parts = urlsplit(url)
    with path.open("rb") as file:
        size = path.stat().st_size
        connection = _connect(parts.hostname or "", parts.port, parts.scheme, known)
        try:
            target = _target(parts)
            body: Any = _Watched(file, sending)
            connection.request("POST", target, body=body, headers=_headers(path, size, identity))
            answer = connection.getresponse()
            words = clean_lines(answer.read(500).decode(errors="replace")).strip()
        finally:
            connection.close()
    location = answer.headers.get("Location", "")
    if answer.status == 201 and location:
        return urljoin(url, location)
    reasons = {
        401: "sign in first",
        403: "you may not send files",
        413: "the file is too large",
        415: "this kind of file is not allowed",
    }
    why = reasons.get(answer.status) or words.split("\n")[0][:200] or str(answer.status)
    raise UploadFailed(f"The server did not accept {path.name}: {why}.")


async def fetch(url: str, identity: Identity, known: KnownServers, bytes_max: int) -> bytes:
    """Download a file with the user's sign-in, which only its own server may be sent. Raises FetchFailed."""
    try:
        return await asyncio.to_thread(_get, url, identity, known, bytes_max)
    except (OSError, UploadFailed, ValueError, http.client.HTTPException) as error:
        raise FetchFailed(str(error)) from None


def _get(url: str, identity: Identity, known: KnownServers, bytes_max: int) -> bytes:
    parts = urlsplit(url)
    if parts.scheme == "http" and identity.secret and not Address(parts.hostname or "").is_local:
        raise FetchFailed(
            "The server offers its files only over an unencrypted connection, so your password was not sent."
        )
    connection = _connect(parts.hostname or "", parts.port, parts.scheme, known)
    try:
        connection.request("GET", _target(parts), headers=_sign_in(identity))
        answer = connection.getresponse()
        data = answer.read(bytes_max + 1)
    finally:
        connection.close()
    if answer.status != 200 or len(data) > bytes_max:
        raise FetchFailed(f"The file can't be downloaded: {answer.status}.")
    return data


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _headers(path: Path, size: int, identity: Identity) -> dict[str, str]:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {
        **_sign_in(identity),
        "Content-Type": kind,
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.name)}",
    }


def _sign_in(identity: Identity) -> dict[str, str]:
    if isinstance(identity.secret, Password):
        pair = f"{identity.account_name}:{identity.secret.text}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    if isinstance(identity.secret, Token):
        return {"Authorization": f"Bearer {identity.secret.text}"}
    return {}


def _connect(host: str, port: int | None, scheme: str, known: KnownServers) -> http.client.HTTPConnection:
    """The same trust as for the chat: a certificate that was trusted there is trusted here, and no other."""
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=_SECONDS)
    pinned = known.find(Address(host, port or 443)).fingerprint
    context = ssl.create_default_context()
    if pinned:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    connection.connect()
    shown = connection.sock.getpeercert(binary_form=True) or b""
    if pinned and hashlib.sha256(shown).hexdigest() != pinned:
        connection.close()
        raise UploadFailed("The file server's certificate differs from the chat server's.")
    return connection
