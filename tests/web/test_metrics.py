"""The live figures, for Prometheus."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server_harness import ServerHarness
from tests.web.http_client import HttpClient


async def _figures(client: HttpClient) -> dict[str, float]:
    answer = await client.get("/metrics", Host="localhost:6667")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=")
    rows = (line.rpartition(" ") for line in answer.body.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


async def test_figures(harness: ServerHarness, client: HttpClient) -> None:
    await harness.account("ann")
    await harness.irc("bob")
    await harness.netcat("cleo")
    await harness.ask("bob", "JOIN #tea")
    await harness.ask("bob", "PRIVMSG #tea :a secret")
    figures = await _figures(client)
    assert figures['hubbub_sessions{kind="irc"}'] == figures['hubbub_sessions{kind="netcat"}'] == 1
    assert (figures["hubbub_users"], figures["hubbub_accounts"], figures["hubbub_messages_total"]) == (
        2,
        1,
        1,
    )
    assert figures["hubbub_rooms"] == len(harness.node.state.rooms)
    harness.wait(60)
    assert (await _figures(client))["hubbub_uptime_seconds"] == 60


async def test_nobody_is_named(harness: ServerHarness, client: HttpClient) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #tea")
    answer = await client.get("/metrics", Host="[::1]")
    assert answer.status == 200 and b"bob" not in answer.body and b"tea" not in answer.body


@pytest.mark.parametrize("harness", [{"server.metrics_networks": ("203.0.113.0/24",)}], indirect=True)
async def test_for_whom(harness: ServerHarness, new_client: Callable[..., HttpClient]) -> None:
    assert (await new_client("203.0.113.5", secure=True).get("/metrics")).status == 200
    answer = await new_client("198.51.100.1", secure=True).get("/metrics")
    sentence = (
        "Your address may not read the metrics. An administrator can add it to server.metrics_networks."
    )
    assert (answer.status, answer.error) == (403, sentence)


@pytest.mark.parametrize("name", ["Forwarded", "X_Forwarded_For", "X_Real_IP", "Via"])
async def test_a_proxy_on_this_machine_is_not_this_machine(client: HttpClient, name: str) -> None:
    """Anybody may ask through it."""
    assert (await client.get("/metrics", Host="localhost", **{name: "198.51.100.1"})).status == 403


async def test_nor_one_that_hides_for_whom_it_asks(client: HttpClient) -> None:
    """By which name somebody came to it, or that it speaks an old HTTP, tells it all the same."""
    for head in (b"HTTP/1.1\r\nHost: chat.test", b"HTTP/1.0\r\nHost: 127.0.0.1", b"HTTP/1.0"):
        answer = await client.raw(b"GET /metrics " + head + b"\r\nConnection: close\r\n\r\n")
        assert answer.status == 403, head
    assert (await client.get("/metrics", Host="127.0.0.1:6667")).status == 200


async def test_the_dashboard_shows_what_there_is(client: HttpClient) -> None:
    """Each figure that the ready dashboard asks for is one that the server gives."""
    path = Path(__file__).parents[2] / "docs" / "run" / "grafana.json"
    dashboard = json.loads(path.read_text("utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b((?:hubbub|process)_\w+)\{", target["expr"])
    }
    given = {
        re.split(r"[ {]", line)[0]
        for line in (await client.get("/metrics", Host="localhost")).body.decode().splitlines()
        if not line.startswith("#")
    }
    # Of sessions there is a row for each kind that is there.
    assert len(asked) >= 10 and asked - given <= {"hubbub_sessions"}
