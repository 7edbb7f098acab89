"""Acts of people at every door, one after the other as fast as they are confirmed, until the server is killed."""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

from tests.crash.doors import PASSWORD, PLACE, PRIVATE, Chat, Gone, Lines, by_tcp
from tests.crash.ledger import Ledger
from tests.server_process import ServerProcess


async def talk_on_irc(chat: Chat, name: str, numbers: Iterator[int]) -> None:
    """Say, react, edit, delete, set, read. Raises Gone."""
    ledger, own = chat.ledger, f"#{name}room"
    for number in numbers:
        what = f"{name}-{number}"
        ledger.asked(("message", what), "first")
        chat.type(f"PRIVMSG {PLACE} :{what} first")
        await chat.until(" PRIVMSG ", what)
        msgid = chat.ids[what]
        ledger.asked(("reaction", what), "👍")
        ledger.asked(("message", what), "second")
        chat.type(
            f"@+draft/react=👍;+draft/reply={msgid} TAGMSG {PLACE}", f"EDIT {PLACE} {msgid} :{what} second"
        )
        await chat.until(" EDIT ", what)
        if number % 2:
            ledger.asked(("message", what), "(deleted)")
            chat.type(f"REDACT {PLACE} {msgid}")
            await chat.until(" REDACT ", msgid)
        marker = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:23] + "Z"
        ledger.asked(("topic", own[1:]), f"topic {number}")
        ledger.asked(("limit", own[1:]), str(1000 + number))
        ledger.asked(("marker", own[1:]), marker)
        chat.type(f"TOPIC {own} :topic {number}", f"MODE {own} +l {1000 + number}")
        chat.type(f"MARKREAD {own} timestamp={marker}")
        await chat.until(" MARKREAD ", marker)


async def found_on_irc(chat: Chat, lines: Lines, name: str, run: int) -> None:
    """Make an account and a room. Raises Gone."""
    account, room = f"{name}_{run}", f"{name}room{run}"
    chat.ledger.asked(("account", account), "made")
    chat.ledger.asked(("room", room), "made")
    newcomer = Chat(lines, chat.ledger)
    newcomer.type("CAP REQ :draft/account-registration", f"NICK {account}", "USER n 0 * :new", "CAP END")
    newcomer.type(f"REGISTER * * :{PASSWORD}", f"JOIN #{room}")
    await newcomer.until(" 366 ", f"#{room} ")


async def talk_on_netcat(chat: Chat, server: ServerProcess, run: int, numbers: Iterator[int]) -> None:
    """Say, say privately, make a room, set its topic. Raises Gone."""
    ledger, room = chat.ledger, f"catroom{run}"
    for number in numbers:
        what = f"cat-{number}"
        ledger.asked(("message", what), "first")
        ledger.asked(("private", what), PRIVATE)
        chat.type("/join Général", f"{what} first", f"@ear {what} {PRIVATE}")
        await chat.until("Private message sent to ear")
        ledger.confirmed(("private", what), PRIVATE)
        if ("room", room) not in ledger.touched:
            ledger.asked(("room", room), "made")
            await _register_by_netcat(server, ledger, f"cat_{run}")
        ledger.asked(("topic", room), f"topic {number}")
        chat.type(f"/make {room}", f"/topic topic {number}")
        await chat.until("has set the topic", f"topic {number}")


async def _register_by_netcat(server: ServerProcess, ledger: Ledger, account: str) -> None:
    ledger.asked(("account", account), "made")
    try:
        newcomer = Chat(await by_tcp(server), ledger)
    except OSError:
        raise Gone from None
    newcomer.type(f"register {account} {PASSWORD}")
    await newcomer.until(f"Welcome to Hubbub, {account}")
    ledger.confirmed(("account", account), "made")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Api:
    """An administrator who asks over HTTP, with the ticket of a session."""

    def __init__(self, http: aiohttp.ClientSession, port: int, ticket: str) -> None:
        self._http = http
        self._base = f"http://127.0.0.1:{port}"
        self._headers = {"Authorization": f"Bearer {ticket}"}

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        """The whole answer. Raises Gone."""
        headers = {**self._headers, **more.pop("headers", {})}
        try:
            async with self._http.request(method, f"{self._base}{path}", headers=headers, **more) as answer:
                return Answer(answer.status, answer.headers, await answer.read())
        except aiohttp.ClientError:
            raise Gone from None

    async def do(self, method: str, path: str, **more: Any) -> Answer:
        answer = await self.ask(method, path, **more)
        assert answer.status < 400, (path, answer)
        return answer

    async def rows(self, command: str) -> list[list[str]]:
        """Of a list of the administrator's."""
        found: list[list[str]] = (await self.do("GET", f"/api/v1/admin/{command}")).json["rows"]
        return found


async def ask_over_http(api: Api, ledger: Ledger, numbers: Iterator[int]) -> None:
    """Say, send files, make and revoke tokens, ban and unban, change a setting, make rooms. Raises Gone."""
    for number in numbers:
        what = f"api-{number}"
        ledger.asked(("message", what), "first")
        await api.do("POST", f"/api/v1/rooms/{PLACE[1:]}/messages", json={"text": f"{what} first"})
        ledger.confirmed(("message", what), "first")
        await _send_a_file(api, ledger, what)
        await _sign(api, ledger, what, number % 2 == 0)
        await _administer(api, ledger, number)


async def _send_a_file(api: Api, ledger: Ledger, what: str) -> None:
    body = what.encode() * 5_000
    headers = {"Content-Disposition": f'attachment; filename="{what}.txt"', "Content-Type": "text/plain"}
    answer = await api.do("POST", "/files", data=body, headers=headers)
    path = answer.headers["Location"].partition("/files/")[2]
    ledger.asked(("file", path), hashlib.sha256(body).hexdigest())
    ledger.confirmed(("file", path), hashlib.sha256(body).hexdigest())


async def _sign(api: Api, ledger: Ledger, what: str, is_revoked: bool) -> None:
    key = ("token", what)
    ledger.asked(key, "made")
    await api.do("POST", "/api/v1/tokens", json={"name": what})
    ledger.confirmed(key, "made")
    if is_revoked:
        ledger.asked(key, "revoked")
        await api.do("DELETE", f"/api/v1/tokens/{what}")
        ledger.confirmed(key, "revoked")


async def _administer(api: Api, ledger: Ledger, number: int) -> None:
    address, network = f"10.9.{number // 250}.{number % 250}", f"Network {number}"
    steps: list[tuple[tuple[str, str], str, str, dict[str, Any]]] = [
        (("ban", address), "banned", "ban-ip", {"ip": address, "reason": "Trying"}),
        (
            ("setting", "server.network"),
            network,
            "set-setting",
            {"setting": "server.network", "value": network},
        ),
        (("room", f"apiroom{number}"), "made", "add-room", {"rooms": [f"apiroom{number}"]}),
    ]
    if number % 2:
        steps.append((("ban", address), "lifted", "unban-ip", {"ip": address}))
    for key, value, command, given in steps:
        ledger.asked(key, value)
        await api.do("POST", f"/api/v1/admin/{command}", json=given)
        ledger.confirmed(key, value)


async def until_gone(*acting: Any) -> None:
    """All of them at once, until each has met the end of the server; what else is raised is raised."""
    for error in await asyncio.gather(*acting, return_exceptions=True):
        if isinstance(error, BaseException) and not isinstance(error, Gone):
            raise error
