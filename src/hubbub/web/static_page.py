"""The built page: files in memory, compressed ones for those who take them, and what stands in for it."""

import hashlib
import html
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from hubbub.web.chat import Chat

FOLDER: Final = Path(__file__).with_name("page")
"""The folder of the built page; it is part of the package, not of the source."""

_KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class File:
    """`brotli` is empty where compressing gains nothing; a `lasting` one has its content's hash in its name."""

    body: bytes
    brotli: bytes
    kind: str
    tag: str
    is_lasting: bool


def read(folder: Path) -> dict[str, File]:
    """Every file of the page by its path, such as `/assets/index-1a2b3c.js`; none where it was not built."""
    found: dict[str, File] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".br":
            name = "/" + path.relative_to(folder).as_posix()
            found["/" if name == "/index.html" else name] = _file(path, name)
    return found


def _file(path: Path, name: str) -> File:
    body, compressed = path.read_bytes(), path.with_name(f"{path.name}.br")
    kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return File(
        body,
        compressed.read_bytes() if compressed.exists() else b"",
        kind,
        tag,
        name.startswith("/assets/"),
    )


def routes(node: Chat, folder: Path = FOLDER) -> list[web.RouteDef]:
    files = read(folder)
    if "/" not in files:
        files = {"/": _stand_in(node)}

    async def give(request: web.Request) -> web.Response:
        return _given(request, files)

    return [web.get(path, give) for path in files]


def _given(request: web.Request, files: Mapping[str, File]) -> web.Response:
    file = files[request.path]
    # A page that is shown again is asked for again, so that a new server is met by its own page.
    lasting = "public, max-age=31536000, immutable" if file.is_lasting else "no-cache"
    headers = {
        "Content-Type": file.kind,
        "ETag": file.tag,
        "Cache-Control": lasting,
        "Vary": "Accept-Encoding",
    }
    if file.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    takes = {word.strip() for word in request.headers.get("Accept-Encoding", "").split(",")}
    if file.brotli and "br" in takes:
        return web.Response(body=file.brotli, headers={**headers, "Content-Encoding": "br"})
    return web.Response(body=file.body, headers=headers)


def _stand_in(node: Chat) -> File:
    network = html.escape(node.settings.server.network)
    body = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{network}</title>
<h1>{network}</h1>
<p>This is a chat server, and its web page was not built. To build the page when running from source, use
<code>make serve</code>, which builds the page. Until then, connect with an IRC client to port {node.endpoint.port}.</p>
</html>
""".encode()
    return File(body, b"", "text/html; charset=utf-8", f'"{hashlib.sha256(body).hexdigest()[:20]}"', False)
