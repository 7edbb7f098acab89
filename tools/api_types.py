"""The page's types of the HTTP API, written from the server's OpenAPI document."""

import json
from typing import Any

from hubbub.web.openapi import document

HEAD = """/**
 * The HTTP API's types, written by `make docs` from the server's OpenAPI document: change the operation, not this file.
 */"""


def api_types() -> str:
    """A TypeScript module: an interface or a union for each schema, and a row for each operation."""
    described = document()
    schemas = [_declaration(name, schema) for name, schema in described["components"]["schemas"].items()]
    rows = [
        f'  "{method.upper()} {path}": {{ asked: {_asked(operation)}; answer: {_answer(operation)} }};'
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    table = "\n".join(
        [
            "/** Method and path → what is asked with it, and what is answered. */",
            "export interface Operations {",
            *rows,
            "}",
        ]
    )
    return "\n\n".join([HEAD, *schemas, table])


def _declaration(name: str, schema: dict[str, Any]) -> str:
    comment = f"/** {' '.join(schema['description'].split())} */\n" if "description" in schema else ""
    if "properties" not in schema:
        return f"{comment}export type {name} = {_type(schema)};"
    fields = _fields(schema["properties"].items(), schema["required"])
    return f"{comment}export interface {name} {{\n{fields}\n}}"


def _fields(properties: Any, required: Any) -> str:
    return "\n".join(
        f"  readonly {key}{'' if key in required else '?'}: {_type(kind)};" for key, kind in properties
    )


_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def _type(schema: dict[str, Any]) -> str:
    """Raises KeyError for a schema that no operation has had yet."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if schema["type"] == "array":
        inner = _type(schema["items"])
        return f"readonly ({inner})[]" if " " in inner else f"readonly {inner}[]"
    return "Blob" if schema.get("format") == "binary" else _PLAIN[schema["type"]]


def _asked(operation: dict[str, Any]) -> str:
    """The body, or the query; `undefined` for neither."""
    query = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    if query:
        fields = [
            f"readonly {one['name']}{'' if one['required'] else '?'}: {_type(one['schema'])}" for one in query
        ]
        return f"{{ {'; '.join(fields)} }}"
    return _content(operation.get("requestBody"))


def _answer(operation: dict[str, Any]) -> str:
    return _content(next(one for status, one in operation["responses"].items() if status.startswith("2")))


def _content(message: dict[str, Any] | None) -> str:
    kinds = {_type(one["schema"]) for one in (message or {}).get("content", {}).values()}
    return " | ".join(sorted(kinds)) or "undefined"
