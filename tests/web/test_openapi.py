"""The API keeps what its document promises, asked for by a program that tries everything that the document allows."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hubbub.node.admin_socket import LINE_BYTES_MAX
from hubbub.web import openapi
from tests.server_process import ServerProcess
from tests.web.pictures import PNG

EXAMPLES = 12
# No schema can say what a picture is.
schemathesis.openapi.media_type("image/png", st.just(PNG), aliases=["image/gif", "image/webp"])
NAME, PASSWORD = "root", "correct horse"


async def _administrator(server: ServerProcess) -> str:
    """There is one; the answer is a token of theirs."""
    reader, writer = await asyncio.open_unix_connection(server.data / "admin.sock", limit=LINE_BYTES_MAX)
    writer.write(json.dumps({"administrator": NAME, "password": PASSWORD}).encode() + b"\n")
    assert json.loads(await reader.readline())["ok"]
    writer.close()
    line = await server.connect()
    line.type(f"PASS :{NAME}:{PASSWORD}", f"NICK {NAME}", f"USER {NAME} 0 * x", "NS TOKEN ADD test")
    *_, answer = await line.until("shown only once")
    found = re.search(r"is (\S+) - it is", answer)
    assert found
    return found[1]


def test_an_answer_has_each_field() -> None:
    """What is sent may be left out where it has a default; what is answered never is."""
    schemas = openapi.document()["components"]["schemas"]
    assert schemas["Preview"]["required"] == ["title", "description", "site", "picture"]
    assert schemas["RoomsPage"]["required"] == []


async def test_the_document_is_kept(tmp_path: Path) -> None:
    """Statuses, kinds of content and bodies are those of the document; nothing makes the server fail."""
    quick = {
        "HUBBUB_LIMITS_EXEMPT": "127.0.0.0/8",
        "HUBBUB_LIMITS_SIGNIN_FAILURES": "0",
        "HUBBUB_WEB_PREVIEWS": "no",
    }
    async with ServerProcess(tmp_path / "data", settings=quick) as server:
        token = await _administrator(server)
        await asyncio.to_thread(_try_everything, f"http://127.0.0.1:{server.port}", token)


def _try_everything(base: str, token: str) -> None:
    schema: Any = schemathesis.openapi.from_url(f"{base}/api/openapi.json")
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path != "/api/v1/admin/shutdown":
            _try(base, token, operation)


def _try(base: str, token: str, operation: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(base_url=base, headers={"Authorization": f"Bearer {token}"})

    ask()
