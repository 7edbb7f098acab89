"""What is there after a kill, read by the doors that it may be read by, and compared with what was confirmed."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hubbub.config.sources import BUILT_IN
from tests.crash.acts import Api
from tests.crash.doors import IRC_DOORS, PASSWORD, PLACE, PRIVATE, Chat, by_tcp, come_in
from tests.crash.ledger import ABSENT, Key, Ledger
from tests.server_process import ServerProcess

_TAG = re.compile(r"@(?P<tags>\S+) :\S+ (?P<verb>PRIVMSG|TAGMSG) \S+(?: :(?P<text>.*))?")
_OF_A_ROOM = (
    ("topic", re.compile(r"\S+ 332 \S+ #(\S+) :(.+)")),
    ("limit", re.compile(r"\S+ 324 \S+ #(\S+) \+\w*l\w* (\d+)")),
    ("marker", re.compile(r"\S+ MARKREAD #(\S+) timestamp=(\S+)")),
)


class History:
    """One place's messages after those that were read before: each once, in the order of their ids."""

    def __init__(self) -> None:
        self.last = ""
        self.shell: Counter[str] = Counter()
        """Lines that were typed by ssh, which may arrive long after."""

    async def read_on(self, reader: Chat, place: str) -> tuple[dict[Key, str], list[str]]:
        """What is new by its name, with the reactions; and its ids."""
        found: dict[Key, str] = {}
        ids: list[str] = []
        reactions: dict[str, str] = {}
        quiet, is_at_end = Chat(reader.lines, Ledger()), False
        while not is_at_end:
            selector = f"msgid={self.last}" if self.last else "timestamp=2000-01-01T00:00:00.000Z"
            quiet.type(f"CHATHISTORY AFTER {place} {selector} 1000")
            is_at_end = True
            for match in [match for line in await quiet.until(" BATCH -") if (match := _TAG.match(line))]:
                tags = dict(tag.partition("=")[::2] for tag in match["tags"].split(";"))
                if "batch" not in tags:  # Said by somebody just now: the next page has it.
                    continue
                if match["verb"] == "TAGMSG":
                    # A page has the reactions to its messages, and the next one those that came after it.
                    reactions[tags["msgid"]] = reader.ledger.names[tags["+draft/reply"]]
                    found["reaction", reactions[tags["msgid"]]] = tags["+draft/react"]
                    continue
                is_at_end = False
                ids.append(tags["msgid"])
                key, value = self._said(reader.ledger, tags["msgid"], match["text"])
                assert key not in found, f"{key} is there twice, lastly as {match[0]}"
                found[key] = value
            self.last = max(ids or [self.last])
        assert ids == sorted(set(ids)), "message ids are in the order of the history, each once"
        assert len(set(reactions.values())) == len(reactions), "no reaction is there twice"
        return found, ids

    def _said(self, ledger: Ledger, msgid: str, text: str) -> tuple[Key, str]:
        if text == "(deleted)":
            return ("message", ledger.names[msgid]), text
        name, _, value = text.partition(" ")
        ledger.names[msgid] = name
        if name.startswith("shell-"):
            self.shell[name] += 1
            return ("shell", name), value
        return ("private" if value == PRIVATE else "message", name), value


async def audit_messages(server: ServerProcess, ledger: Ledger, room: History, seen: Sequence[str]) -> None:
    """`seen` are the ids that somebody was shown, in that order."""
    reader = await come_in(await by_tcp(server), ledger, "ear")
    found, ids = await room.read_on(reader, PLACE)
    if seen:
        start = ids.index(seen[0])
        assert ids[start : start + len(seen)] == list(seen), (
            "shown in the order of the history, without a gap"
        )
    ledger.check_all(found, "message", "reaction")
    reader.type("QUIT")


async def audit_private(server: ServerProcess, ledger: Ledger, conversation: History) -> None:
    reader = await come_in(await by_tcp(server), ledger, "ear")
    found, _ = await conversation.read_on(reader, "cat")
    ledger.check_all(found, "private")
    reader.type("QUIT")


async def audit_rooms(server: ServerProcess, ledger: Ledger) -> None:
    """What each has set in their own room, and how far they have read it."""
    for name in IRC_DOORS:
        chat = await come_in(await by_tcp(server), Ledger(), name)
        room, found = f"{name}room", dict[Key, str]()
        chat.type(f"TOPIC #{room}", f"MODE #{room}", f"MARKREAD #{room}", "PING read")
        for line in await chat.until(" PONG ", "read"):
            for kind, pattern in _OF_A_ROOM:
                if match := pattern.match(line):
                    found[kind, match[1]] = match[2]
        for kind in ("topic", "limit", "marker"):
            key: Key = (kind, room)
            if key in ledger.touched:
                value = found.get(key, ABSENT)
                # Whoever makes a room has read it until then: that marker stands until one is asked for.
                is_first = kind == "marker" and value not in ledger.possible(key)
                ledger.check(key, ABSENT if is_first else value)
        chat.type("QUIT")


async def audit_accounts(server: ServerProcess, ledger: Ledger) -> None:
    """Whoever was told that they are registered can sign in."""
    for key in ledger.of("account"):
        chat = Chat(await by_tcp(server), Ledger())
        chat.type(f"login {key[1]} {PASSWORD}")
        welcome = ("Welcome to ", f", {key[1]}.")
        told = (await chat.until_any(welcome, ("The name or the password is wrong.",)))[-1]
        ledger.check(key, "made" if "Welcome" in told else ABSENT)
        chat.type("!exit")


async def _every_room(api: Api) -> list[dict[str, Any]]:
    """All pages: a room that sorts behind the first page is there as well."""
    rooms: list[dict[str, Any]] = []
    where: dict[str, str] = {}
    while page := (await api.do("GET", "/api/v1/rooms", params=where)).json["rooms"]:
        rooms += page
        where = {"after": page[-1]["name"]}
    return rooms


async def audit_api(api: Api, ledger: Ledger) -> None:
    """Tokens, bans, settings, rooms and files."""
    found: dict[Key, str] = {}
    for token in (await api.do("GET", "/api/v1/tokens")).json["tokens"]:
        found["token", token["name"]] = "made"
    for row in await api.rows("bans"):
        found["ban", row[0]] = "banned"
    for name, value, source, *_ in await api.rows("settings"):
        if source != BUILT_IN:
            found["setting", name] = value.strip('"')  # as it is written in the file
    for room in await _every_room(api):
        found["room", room["name"]] = "made"
        found["topic", room["name"]] = room["topic"]
    for kind, name in ledger.of("file"):
        answer = await api.ask("GET", f"/files/{name}")
        if answer.status == 200:
            found[kind, name] = hashlib.sha256(answer.body).hexdigest()
    ledger.check_all(found, "token", "ban", "setting", "room", "file", "topic")
    for kind, name in found:
        if kind == "token" and name.startswith("api-"):
            await api.do("DELETE", f"/api/v1/tokens/{name}")  # An account has a few dozen at most.
