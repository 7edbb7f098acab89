"""The API: rooms and messages read and said, the server administered, and tokens that are for some of that only."""

from collections.abc import Callable
from typing import Any

import pytest

from hubbub.engine.accounts import ChangeRole
from hubbub.engine.state import Role
from hubbub.web import rooms
from tests.server_harness import ServerHarness, told
from tests.web.http_client import HttpClient

NewClient = Callable[..., HttpClient]


async def ticket(harness: ServerHarness, name: str) -> str:
    [line] = told(await harness.ask(name, "TICKET"), name)
    return line.split(" ")[-1]


async def member(harness: ServerHarness, name: str, new_client: NewClient) -> HttpClient:
    """Somebody with an account who is in the chat, and asks with the ticket of that session."""
    await harness.account(name)
    harness.connect(name).type(
        f"CAP REQ :hubbub/ticket message-tags\nPASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * x\nCAP END"
    )
    await harness.look()
    client = new_client()
    client.bear(await ticket(harness, name))
    return client


async def program(client: HttpClient, new_client: NewClient, *scopes: str) -> HttpClient:
    """With a token of somebody's, who is not there for it."""
    made = await client.post("/api/v1/tokens", {"name": "+".join(scopes), "scopes": list(scopes)})
    assert made.status == 201, made.body
    other = new_client()
    other.bear(made.json["token"])
    return other


async def test_what_is_said_is_read(harness: ServerHarness, new_client: NewClient) -> None:
    """By a program whose owner is away: it speaks as its owner, and those in the room hear it."""
    ann, bob = await member(harness, "ann", new_client), await member(harness, "bob", new_client)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    speaker, reader = await program(ann, new_client, "post"), await program(bob, new_client, "read")
    harness.people["ann"].hang_up()
    await harness.look()
    said = await speaker.post("/api/v1/rooms/tea/messages", {"text": "the build\nis green"})
    assert said.status == 201
    heard = told(await harness.look(), "bob")
    assert [line.partition(" PRIVMSG ")[2] for line in heard] == ["#tea :the build", "#tea :is green"]
    answer = await speaker.post("/api/v1/rooms/tea/messages", {"text": "again", "reply_to": said.json["id"]})
    page = (await reader.get("/api/v1/rooms/tea/messages")).json["messages"]
    assert [(one["sender"], one["text"], one["reply_to"]) for one in page] == [
        ("ann", "the build\nis green", None),
        ("ann", "again", said.json["id"]),
    ]
    assert page[0]["id"] == said.json["id"] and page[0]["time"] == said.json["time"]
    assert (await reader.get("/api/v1/rooms/tea/messages?limit=1")).json["messages"] == page[1:]
    before = await reader.get(f"/api/v1/rooms/tea/messages?before={answer.json['id']}")
    after = await reader.get(f"/api/v1/rooms/tea/messages?after={said.json['id']}")
    assert (before.json["messages"], after.json["messages"]) == (page[:1], page[1:])


@pytest.mark.parametrize("direction", ["before", "after"])
async def test_a_page_of_long_messages_is_a_short_one(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch, direction: str
) -> None:
    """What waits for who reads nothing is bounded; who goes on until a page is empty has everything."""
    monkeypatch.setattr(rooms, "PAGE_BYTES_MAX", 700)
    ann = await member(harness, "ann", new_client)
    await harness.ask("ann", "JOIN #tea")
    for number in range(7):
        await harness.ask("ann", f"PRIVMSG #tea :{number}{300 * '-'}")
    found: list[Any] = []
    query = "?after=0000000000000" if direction == "after" else ""
    while page := (await ann.get(f"/api/v1/rooms/tea/messages{query}")).json["messages"]:
        assert len(page) <= 2
        found = found + page if direction == "after" else page + found
        query = f"?{direction}={page[-1 if direction == 'after' else 0]['id']}"
    assert [one["text"][0] for one in found] == [*"0123456"]


async def test_a_page_is_empty_only_where_nothing_more_is(
    harness: ServerHarness, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said to operators alone counts for nobody else."""
    monkeypatch.setattr(rooms, "MESSAGES_MAX", 2)
    clients = [await member(harness, name, new_client) for name in ("ann", "bob")]
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    for text in ("#tea :one", *["@#tea :psst"] * 5, "#tea :two"):
        await harness.ask("ann", f"PRIVMSG {text}")
    for direction, pages in (("before", ["two", "one", ""]), ("after", ["one", "two", ""])):
        for client, found in zip(clients, ("psst", ""), strict=True):
            query = f"{direction}=0000000000000" if direction == "after" else ""
            said: list[str] = []
            while not said or said[-1]:
                page = (await client.get(f"/api/v1/rooms/tea/messages?limit=1&{query}")).json["messages"]
                said.append(page[0]["text"] if page else "")
                query = f"{direction}={page[0]['id']}" if page else ""
            assert said == [pages[0], *[found] * 5 * bool(found), *pages[1:]]


async def test_private_messages(harness: ServerHarness, new_client: NewClient) -> None:
    ann, bob = await member(harness, "ann", new_client), await member(harness, "bob", new_client)
    assert (await ann.post("/api/v1/people/bob/messages", {"text": "psst"})).status == 201
    assert told(await harness.look(), "bob")[-1].endswith("PRIVMSG bob :psst")
    [one] = (await bob.get("/api/v1/people/ann/messages")).json["messages"]
    assert (one["sender"], one["text"]) == ("ann", "psst")
    eve = await member(harness, "eve", new_client)
    assert (await eve.get("/api/v1/people/ann/messages")).json["messages"] == []
    assert (await ann.post("/api/v1/people/nobody/messages", {"text": "psst"})).status == 404


async def test_no_faster_than_on_irc(harness: ServerHarness, new_client: NewClient) -> None:
    """A program writes at the pace of its account, however many tokens there are."""
    ann = await member(harness, "ann", new_client)
    await harness.ask("ann", "JOIN #tea")
    speakers = [await program(ann, new_client, "post"), await program(ann, new_client, "post", "read")]
    most = harness.node.settings.limits.burst_lines
    path = "/api/v1/rooms/tea/messages"
    answers = [await speakers[number % 2].post(path, {"text": "x"}) for number in range(most + 1)]
    assert [answer.status for answer in answers] == [201] * most + [429]
    assert answers[-1].error.startswith("You are sending messages too fast.")
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await speakers[1].get(path)).status == 200
    harness.wait(60)
    assert (await speakers[0].post(path, {"text": "again"})).status == 201


async def test_only_rooms_that_are_ones_own(harness: ServerHarness, new_client: NewClient) -> None:
    """A room that is not listed is not there for others; one that is may be read and spoken in by its members only."""
    await member(harness, "ann", new_client)
    await harness.ask("ann", "JOIN #tea\nJOIN #secret\nMODE #secret +s")
    await harness.ask("ann", "PRIVMSG #secret :hidden\nPRIVMSG #tea :among us")
    eve = await member(harness, "eve", new_client)
    names = [room["name"] for room in (await eve.get("/api/v1/rooms")).json["rooms"]]
    assert "tea" in names and "secret" not in names
    bodies = {}
    for path, statuses in (("tea", (403, 403)), ("secret", (404, 404)), ("none", (404, 404))):
        read = await eve.get(f"/api/v1/rooms/{path}/messages")
        said = await eve.post(f"/api/v1/rooms/{path}/messages", {"text": "hello"})
        assert (read.status, said.status) == statuses, path
        assert "hidden" not in str(read.body)
        bodies[path] = [str(answer.body).replace(path, "ROOM") for answer in (read, said)]
    assert bodies["secret"] == bodies["none"]
    answer = await eve.get("/api/v1/rooms/tea/messages")
    assert answer.error.startswith("You can't read the room tea.")


@pytest.mark.parametrize("is_present", [True, False])
@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("moderator", 403), ("", 403)])
async def test_who_reads_a_room_that_they_are_not_in(
    harness: ServerHarness, new_client: NewClient, role: str, status: int, is_present: bool
) -> None:
    """An administrator, present or not."""
    await member(harness, "ann", new_client)
    await harness.ask("ann", "JOIN #tea")
    await harness.account("eve", role=role)
    if is_present:
        await harness.netcat("eve", "login eve correct horse")
    client = new_client()
    client.sign("eve", "correct horse")
    assert (await client.get("/api/v1/rooms/tea/messages")).status == status


async def test_a_program_is_kept_to_what_its_token_is_for(
    harness: ServerHarness, new_client: NewClient
) -> None:
    root = await member(harness, "root", new_client)
    harness.node.ask(ChangeRole("root", Role.ADMIN))
    await harness.ask("root", "JOIN #tea")
    statuses, sentences = {}, set[str]()
    for scope in ("read", "post", "admin", "chat"):
        one = await program(root, new_client, scope)
        answers = (
            await one.get("/api/v1/rooms"),
            await one.post("/api/v1/rooms/tea/messages", {"text": scope}),
            await one.get("/api/v1/admin/users"),
        )
        statuses[scope] = tuple(answer.status for answer in answers)
        sentences |= {answer.error for answer in answers if answer.status == 403}
    assert statuses == {
        "read": (200, 403, 403),
        "post": (403, 201, 403),
        "admin": (403, 403, 200),
        "chat": (200, 201, 200),
    }
    assert sentences == {
        f"This token lacks the scope {scope}. Create one that has it." for scope in ("read", "post", "admin")
    }


async def test_a_token_for_less_does_not_sign_in_to_the_chat(
    harness: ServerHarness, new_client: NewClient
) -> None:
    ann = await member(harness, "ann", new_client)
    secret = (await ann.post("/api/v1/tokens", {"name": "r", "scopes": ["read"]})).json["token"]
    harness.connect("thief").type(f"PASS :ann:{secret}\nNICK ann\nUSER ann 0 * x")
    assert not any(" 900 " in line for line in told(await harness.look(), "thief"))


async def test_when_a_token_was_used_last(harness: ServerHarness, new_client: NewClient) -> None:
    ann = await member(harness, "ann", new_client)
    reader = await program(ann, new_client, "read")

    async def used() -> Any:
        [token] = (await ann.get("/api/v1/tokens")).json["tokens"]
        return token["used"]

    assert await used() is None
    await reader.get("/api/v1/rooms")
    first = await used()
    harness.wait(60)
    await reader.get("/api/v1/rooms")
    assert await used() == first, "to the hour: not every use is written"
    harness.wait(7200)
    await reader.get("/api/v1/rooms")
    assert await used() > first


async def test_administration(harness: ServerHarness, new_client: NewClient) -> None:
    """Each command of the tree is an operation for whoever may use it; what it does is theirs in the audit trail."""
    root, bob = await member(harness, "root", new_client), await member(harness, "bob", new_client)
    for path in ("users", "bans"):
        assert (await bob.get(f"/api/v1/admin/{path}")).status == 403
    harness.node.ask(ChangeRole("root", Role.ADMIN))
    admin = await program(root, new_client, "admin")
    people = (await admin.get("/api/v1/admin/users")).json
    assert people["columns"][0] == "name" and [row[0] for row in people["rows"]] == ["bob", "root"]
    assert (await admin.post("/api/v1/admin/add-room", {"rooms": ["Sales", "Archives"]})).status == 200
    assert harness.node.state.room_named("archives") is not None
    again = await admin.post("/api/v1/admin/add-room", {"rooms": ["Sales"]})
    assert again.status == 409 and "Sales" in again.error
    banned = await admin.post("/api/v1/admin/ban", {"username": "bob", "reason": 'shouts; and "quotes"'})
    assert banned.status == 200
    [row] = (await admin.get("/api/v1/admin/bans")).json["rows"]
    assert row[0] == "bob" and row[-1] == 'shouts; and "quotes"'
    assert (await admin.post("/api/v1/admin/unban", {"username": "bob"})).json["lines"] == [
        "bob is no longer banned."
    ]
    trail = (await admin.get("/api/v1/admin/audit?number=2")).json["rows"]
    assert [(row[1], row[2]) for row in trail] == [("root", "ban"), ("root", "unban")]


async def test_moderators_have_what_is_theirs(harness: ServerHarness, new_client: NewClient) -> None:
    bob = await member(harness, "bob", new_client)
    harness.node.ask(ChangeRole("bob", Role.MODERATOR))
    assert (await bob.get("/api/v1/admin/bans")).status == 200
    refused = await bob.post("/api/v1/admin/add-room", {"rooms": ["Sales"]})
    assert refused.status == 403 and "administrator" in refused.error
    names = [one["command"] for one in (await bob.get("/api/v1/admin/commands")).json["commands"]]
    assert "kick" in names and "add room" not in names


async def test_a_line_of_the_console(harness: ServerHarness, new_client: NewClient) -> None:
    root = await member(harness, "root", new_client)
    harness.node.ask(ChangeRole("root", Role.ADMIN))
    done = (await root.post("/api/v1/admin", {"line": "add room Sales"})).json
    assert done["ok"] and done["lines"] == ["The room Sales was created and is open."]
    mistake = (await root.post("/api/v1/admin", {"line": "add rom Sales"})).json
    assert not mistake["ok"] and mistake["lines"]
    words = (await root.post("/api/v1/admin/complete", {"line": "delete room Sa"})).json["words"]
    assert words == ["Sales"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/rooms/tea/messages", {"text": ""}, 422),
        ("POST", "/api/v1/rooms/tea/messages", {"text": "\x02\x02"}, 422),
        ("POST", "/api/v1/rooms/tea/messages", {"text": "\u202e"}, 422),
        ("POST", "/api/v1/rooms/tea/messages", {"text": "x" * 20_001}, 422),
        ("POST", "/api/v1/rooms/tea/messages", {"text": "x", "reply_to": "y"}, 422),
        ("POST", "/api/v1/rooms/tea/messages", {"text": "x", "as": "ann"}, 422),
        ("GET", "/api/v1/rooms/tea/messages?limit=0", None, 422),
        ("GET", "/api/v1/rooms/tea/messages?limit=5&limit=6", None, 422),
        ("GET", "/api/v1/rooms/tea/messages?offset=5", None, 422),
        ("GET", "/api/v1/rooms/tea/messages?before=0", None, 422),
        ("POST", "/api/v1/admin/ban", {"username": "bob", "reason": "a\nkick ann"}, 422),
        ("POST", "/api/v1/admin/ban", {"username": "bob"}, 422),
        ("POST", "/api/v1/admin/ban", {"username": "bob", "reason": "  "}, 409),
        ("POST", "/api/v1/admin/kick", {"username": "bob", "timeout": "soon", "reason": "x"}, 409),
        ("GET", "/api/v1/admin/audit?number=many", None, 409),
        ("POST", "/api/v1/tokens", {"name": "x", "scopes": ["everything"]}, 422),
        ("POST", "/api/v1/tokens", {"name": "x", "scopes": []}, 422),
    ],
)
async def test_what_can_not_be_asked(
    harness: ServerHarness, new_client: NewClient, method: str, path: str, body: Any, status: int
) -> None:
    root = await member(harness, "root", new_client)
    harness.node.ask(ChangeRole("root", Role.ADMIN))
    await harness.account("bob")
    await harness.ask("root", "JOIN #tea")
    answer = await root.ask(method, path, b"", body)
    assert answer.status == status, answer.body
    assert not harness.node.state.names_kept_out


async def test_the_page_about_the_api(client: HttpClient) -> None:
    """By itself, without scripts, with every operation; and the document that it was made of."""
    page = await client.get("/api")
    document = (await client.get("/api/openapi.json")).json
    assert page.status == 200 and b"<script" not in page.body
    for path in document["paths"]:
        assert path.encode() in page.body, path
    assert (await client.get("/api/style.css")).headers["content-type"].startswith("text/css")


async def test_a_conversation_is_for_those_who_are_in_it(
    harness: ServerHarness, new_client: NewClient
) -> None:
    """Its members read and write there; to everybody else, administrators included, there is no such room."""
    ann, root = await member(harness, "ann", new_client), await member(harness, "root", new_client)
    for name in ("bob", "carol"):
        await harness.account(name)
    harness.node.ask(ChangeRole("root", Role.ADMIN))
    await harness.ask("ann", "CONVERSE bob,carol")
    [name] = [room.name.text for room in harness.node.state.rooms.values() if room.conversation]
    said = await ann.post(f"/api/v1/rooms/{name}/messages", {"text": "supper?"})
    assert said.status == 201
    page = (await ann.get(f"/api/v1/rooms/{name}/messages")).json["messages"]
    assert [one["text"] for one in page] == ["supper?"]
    answers = [await root.get(f"/api/v1/rooms/{one}/messages") for one in (name, "nowhere")]
    answers += [await root.post(f"/api/v1/rooms/{one}/messages", {"text": "x"}) for one in (name, "nowhere")]
    assert [answer.status for answer in answers] == [404] * 4
    assert answers[0].json["error"].replace(name, "nowhere") == answers[1].json["error"]
    for who in (ann, root):
        assert name not in (await who.get("/api/v1/rooms")).body.decode()
