"""The API described: an OpenAPI document made of its operations, and a page that people can read."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web

import hubbub
from hubbub.engine.state import Scope
from hubbub.web import admin, custom_emoji, previews, rooms, server_info, sessions, tokens
from hubbub.web.operation import Operation

OPERATIONS: Final[Sequence[Operation]] = (
    *server_info.OPERATIONS,
    *sessions.OPERATIONS,
    *tokens.OPERATIONS,
    *rooms.OPERATIONS,
    *custom_emoji.OPERATIONS,
    *previews.OPERATIONS,
    *admin.OPERATIONS,
)

_TAGS: Final = {
    "place": "The server",
    "me": "The server",
    "sessions": "Sessions and tokens",
    "password": "Sessions and tokens",
    "tokens": "Sessions and tokens",
    "rooms": "Rooms and messages",
    "people": "Rooms and messages",
    "preview": "Rooms and messages",
    "emoji": "Emoji",
    "admin": "Administration",
}
SCOPES: Final = {
    Scope.CHAT: "Sign in as a client, and do everything that its owner may do.",
    Scope.READ: "Read rooms, messages and files.",
    Scope.POST: "Send messages and files, and add emoji.",
    Scope.ADMIN: "Administer the server, as far as its owner may.",
}
_REFS: Final = "#/components/schemas/{name}"
_VARIABLE: Final = re.compile(r"{(\w+)}")


class Problem(msgspec.Struct):
    """The problem in a sentence for people."""

    error: str


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    answers = [Problem, *dict.fromkeys(one.answer for one in OPERATIONS if one.answer)]
    takes = dict.fromkeys(one.takes for one in OPERATIONS if one.takes)
    _, schemas = msgspec.json.schema_components(answers, ref_template=_REFS)
    for schema in schemas.values():
        if "properties" in schema:
            # An answer has each of its fields, also one that has a default.
            schema["required"] = list(schema["properties"])
    schemas |= msgspec.json.schema_components(takes, ref_template=_REFS)[1]
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hubbub",
            "version": hubbub.__version__,
            "description": "Read, send and administer over HTTP. The chat itself is IRC.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token, or the ticket of a session of the chat.",
                },
                "password": {"type": "http", "scheme": "basic", "description": "Name and password."},
            },
        },
    }


def _operation(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _operation_id(one),
        "summary": one.summary,
        "tags": [_tag(one)],
        "responses": _responses(one),
        "security": [{"token": [one.scope.value]}, {"password": []}] if one.scope else [],
    }
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _text(one.patterns.get(name))}
        for name in _VARIABLE.findall(one.path)
    ]
    if one.takes and one.method == "GET":
        parameters += _query(schemas[one.takes.__name__])
    elif one.takes:
        described["requestBody"] = {"required": True, "content": _json(one.takes)}
    elif one.media:
        described["requestBody"] = {"required": True, "content": dict.fromkeys(one.media, _BYTES)}
    if parameters:
        described["parameters"] = parameters
    return described


_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}


def _text(pattern: str | None) -> dict[str, str]:
    return {"type": "string", "pattern": f"^{pattern}$"} if pattern else {"type": "string"}


def _operation_id(one: Operation) -> str:
    words = re.findall(r"\w+", one.path.removeprefix("/api/v1/"))
    return "_".join([one.method.lower(), *words])


def _tag(one: Operation) -> str:
    return _TAGS[one.path.split("/")[3]]


def _json(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFS.format(name=kind.__name__)}}}


def _query(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": kind}
        for name, kind in schema.get("properties", {}).items()
    ]


def _responses(one: Operation) -> dict[str, Any]:
    good = one.status if one.answer else HTTPStatus.NO_CONTENT
    content = {"content": _json(one.answer)} if one.answer else {}
    refusals = [HTTPStatus.TOO_MANY_REQUESTS]
    if one.scope:
        refusals += [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT]
    if _VARIABLE.search(one.path):
        refusals += [HTTPStatus.NOT_FOUND]
    if one.takes or one.media:
        refusals += [HTTPStatus.UNPROCESSABLE_ENTITY]
    if one.media or (one.takes and one.method != "GET"):
        refusals += [
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ]
    found: dict[str, dict[str, Any]] = {str(good.value): {"description": good.phrase, **content}}
    if one.is_tagged:
        found["304"] = {"description": HTTPStatus.NOT_MODIFIED.phrase}
    for status in sorted(refusals):
        found[str(status.value)] = {"description": status.phrase, "content": _json(Problem)}
    return found


async def as_json(request: web.Request) -> web.Response:
    return web.Response(body=_encoded(), content_type="application/json")


@cache
def _encoded() -> bytes:
    """Once: anybody may ask for it as often as for a page, and it takes a millisecond to write."""
    return msgspec.json.encode(document())


async def as_page(request: web.Request) -> web.Response:
    return web.Response(body=_page(), content_type="text/html", charset="utf-8")


async def style(request: web.Request) -> web.Response:
    return web.Response(text=_STYLE, content_type="text/css")


@cache
def _page() -> bytes:
    """Once: its readers share the bytes."""
    parts = dict.fromkeys(map(_tag, OPERATIONS))
    scopes = "".join(f"<dt><code>{scope.value}</code></dt><dd>{text}</dd>" for scope, text in SCOPES.items())
    chapters = "".join(_chapter(tag, [one for one in OPERATIONS if _tag(one) == tag]) for tag in parts)
    contents = "".join(f'<li><a href="#{_anchor(tag)}">{tag}</a></li>' for tag in parts)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>The API of Hubbub</title><link rel="stylesheet" href="/api/style.css"><link rel="icon" href="/icon.svg"></head>
<body><header><h1>The API of Hubbub</h1>
<p>What programs can do with this server over HTTP. They send a token: create one in the page’s settings, or with
<code>/msg NickServ TOKEN ADD &lt;name&gt;</code>. For example:</p>
<pre tabindex="0"><code>curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
     -d '{{"text": "The build is green."}}' /api/v1/rooms/Informatique/messages</code></pre>
<p>A refused request gets a status from 400 up and <code>{{"error": "a sentence"}}</code>.
The same as an <a href="/api/openapi.json">OpenAPI document</a>.</p>
<nav aria-label="Contents"><ul>{contents}</ul></nav></header>
<main><section><h2>Scopes of a token</h2><dl>{scopes}</dl></section>{chapters}</main></body></html>
""".encode()


def _anchor(tag: str) -> str:
    return re.sub(r"\W+", "-", tag.lower())


def _chapter(tag: str, operations: Iterable[Operation]) -> str:
    return f'<section><h2 id="{_anchor(tag)}">{tag}</h2>{"".join(map(_entry, operations))}</section>'


def _entry(one: Operation) -> str:
    described = document()["paths"][one.path][one.method.lower()]
    schemas = document()["components"]["schemas"]
    rows = [
        (each["name"], each["in"], each["required"], each["schema"])
        for each in described.get("parameters", ())
    ]
    if one.takes and one.method != "GET":
        schema = schemas[one.takes.__name__]
        required = schema.get("required", ())
        rows += [(name, "body", name in required, kind) for name, kind in schema["properties"].items()]
    rows += [(media, "body", False, {"type": "picture"}) for media in one.media]
    cells = "".join(
        f"<tr><td><code>{name}</code></td><td>{where}{'' if required else ', optional'}</td>"
        f"<td>{escape(_kind(kind))}</td></tr>"
        for name, where, required, kind in rows
    )
    table = f"<table><tbody>{cells}</tbody></table>" if rows else ""
    scope = f' <span class="scope">{one.scope.value}</span>' if one.scope else ""
    answer = _fields(schemas[one.answer.__name__]) if one.answer else "nothing"
    return (
        f'<article><h3><span class="method">{one.method}</span> <code>{escape(one.path)}</code>{scope}</h3>'
        f'<p>{escape(one.summary)}</p>{table}<p class="answer">Returns {escape(answer)}.</p></article>'
    )


def _fields(schema: dict[str, Any]) -> str:
    return ", ".join(schema.get("properties", {}))


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    words = str(schema.get("type", "anything"))
    if words == "array":
        words = f"several: {_kind(schema['items'])}"
    least, most = schema.get("minimum"), schema.get("maximum")
    return f"{words} from {least} to {most}" if most is not None else words


_STYLE: Final = """
:root { color-scheme: light dark; --line: light-dark(#d8dade, #3a3d45); --soft: light-dark(#565b66, #a9adb8);
  --accent: light-dark(#3949c6, #a7b1ff); --ground: light-dark(#fff, #17181c); --side: light-dark(#f4f5f7, #202228); }
body { max-width: 60rem; margin: 0 auto; padding: 2rem 1.2rem 5rem; background: var(--ground);
  color: light-dark(#1c1e23, #eceef2); font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.9rem; } h2 { margin-top: 3rem; } a { color: var(--accent); }
code, pre { font-family: ui-monospace, monospace; font-size: 0.94em; }
pre { padding: 1rem; border-radius: 10px; background: var(--side); overflow-x: auto; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; padding: 0; list-style: none; }
article { margin: 1rem 0; padding: 0.8rem 1.1rem; border: 1px solid var(--line); border-radius: 10px; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
article p { margin: 0.3rem 0; } .answer { color: var(--soft); font-size: 0.9em; }
.method { display: inline-block; min-width: 3.6em; color: var(--accent); }
.scope { padding: 0 0.5em; border: 1px solid var(--line); border-radius: 1em; color: var(--soft); font-size: 0.85em; }
table { border-collapse: collapse; } td { padding: 0.15rem 1.2rem 0.15rem 0; vertical-align: top; }
dt { float: left; clear: left; width: 5em; } dd { margin: 0 0 0.3rem 6em; }
"""

ROUTES: Final = (
    *(one.route() for one in OPERATIONS),
    web.get("/api", as_page),
    web.get("/api/openapi.json", as_json),
    web.get("/api/style.css", style),
)
