"""Sending a file to the place that the server names for files (`soju.im/FILEHOST`, `draft/FILEHOST`)."""

import asyncio
import base64
import hashlib
import http.client
import mimetypes
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from hubbub.client.identity import Identity, Password, Token
from hubbub.connection.address import Address
from hubbub.connection.known import KnownServers

TOKENS: Final = ("draft/FILEHOST", "soju.im/FILEHOST")
_SECONDS: Final = 60


class UploadFailed(Exception):
    """The file was not taken; the text says why, and what to do."""


def file_host(support: Mapping[str, str]) -> str:
    """Where the server takes files; empty where it takes none."""
    return next((support[token] for token in TOKENS if support.get(token)), "")


async def upload(url: str, path: Path, identity: Identity, known: KnownServers) -> str:
    """Send a file with one's own sign-in; the address under which it is found then. Raises UploadFailed."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise UploadFailed("The server names no place for files that this client knows.")
    if parts.scheme == "http" and identity.secret and not Address(parts.hostname).is_local:
        raise UploadFailed("The server takes files only in clear: your password is not sent there.")
    try:
        return await asyncio.to_thread(_post, url, path, identity, known)
    except FileNotFoundError:
        raise UploadFailed(f"There is no file {path}. Check its name.") from None
    except (OSError, http.client.HTTPException) as error:
        raise UploadFailed(f"{path.name} could not be sent: {error}.") from None


def _post(url: str, path: Path, identity: Identity, known: KnownServers) -> str:
    parts = urlsplit(url)
    with path.open("rb") as file:
        size = path.stat().st_size
        connection = _connect(parts.hostname or "", parts.port, parts.scheme, known)
        try:
            target = parts.path or "/"
            target = f"{target}?{parts.query}" if parts.query else target
            connection.request("POST", target, body=file, headers=_headers(path, size, identity))
            answer = connection.getresponse()
            words = answer.read(500).decode(errors="replace").strip()
        finally:
            connection.close()
    location = answer.headers.get("Location", "")
    if answer.status == 201 and location:
        return urljoin(url, location)
    reasons = {
        401: "sign in first",
        403: "you may not send files",
        413: "it is too large",
        415: "not of that kind",
    }
    why = reasons.get(answer.status) or words.split("\n")[0][:200] or str(answer.status)
    raise UploadFailed(f"The server did not take {path.name}: {why}.")


def _headers(path: Path, size: int, identity: Identity) -> dict[str, str]:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {
        "Content-Type": kind,
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.name)}",
    }
    if isinstance(identity.secret, Password):
        pair = f"{identity.account_name}:{identity.secret.text}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    elif isinstance(identity.secret, Token):
        headers["Authorization"] = f"Bearer {identity.secret.text}"
    return headers


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
        raise UploadFailed("The place for files shows another certificate than the server.")
    return connection
