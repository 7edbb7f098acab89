"""Custom emoji over HTTP: added by whoever may, seen by everybody, and really gone when they are deleted."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hubbub.engine import custom_emoji
from hubbub.web import emoji_picture
from hubbub.web.blob_store import Vault
from hubbub.web.custom_emoji import BURST_CHANGES
from hubbub.web.emoji_picture import FRAMES_MAX, KEPT_BYTES_MAX, SENT_BYTES_MAX, SIDE_MAX
from hubbub.web.files import COOKIE, tidy
from tests.server_harness import ServerHarness, told
from tests.web.http_client import Answer, HttpClient
from tests.web.pictures import PNG

NewClient = Callable[..., HttpClient]


def moving(frames: int, side: int = 32) -> bytes:
    out = io.BytesIO()
    made = [
        Image.new("RGB", (side, side), (number * 37 % 256, number * 91 % 256, number))
        for number in range(frames)
    ]
    made[0].save(out, "GIF", save_all=True, append_images=made[1:], duration=50)
    return out.getvalue()


async def member(harness: ServerHarness, new_client: NewClient, name: str, role: str = "") -> HttpClient:
    await harness.account(name, role=role)
    client = new_client()
    client.sign(name, "correct horse")
    return client


async def add(client: HttpClient, name: str, picture: bytes = PNG) -> Answer:
    return await client.post(f"/api/v1/emoji/{name}", body=picture, Content_Type="image/png")


@pytest.fixture
async def ann(harness: ServerHarness, new_client: NewClient) -> HttpClient:
    return await member(harness, new_client, "ann")


async def test_added_listed_seen_renamed_deleted(
    harness: ServerHarness, new_client: NewClient, ann: HttpClient
) -> None:
    bob = await member(harness, new_client, "bob")
    made = await add(ann, "party")
    assert made.status == 201 and made.json["name"] == "party" and made.json["by"] == "ann"
    listed = await bob.get("/api/v1/emoji")
    assert listed.json == {"emoji": [made.json], "makers": "members", "limit": 1000}
    again = await bob.get("/api/v1/emoji", If_None_Match=listed.headers["etag"])
    assert again.status == 304 and not again.body

    picture = await bob.get(made.json["url"])
    assert picture.status == 200 and picture.headers["content-type"] == "image/webp"
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert (await new_client().get(made.json["url"])).status == 401

    renamed = await ann.ask("PATCH", "/api/v1/emoji/party", as_json={"name": "feast"})
    assert renamed.status == 200 and renamed.json == {**made.json, "name": "feast"}
    changed = await bob.get("/api/v1/emoji", If_None_Match=listed.headers["etag"])
    assert [one["name"] for one in changed.json["emoji"]] == ["feast"]

    vault = Vault(harness.node.loaded.data / "files")
    assert [path for path in vault.folder.rglob("*") if path.is_file()]
    assert (await ann.ask("DELETE", "/api/v1/emoji/feast")).status == 204
    await tidy(harness.node, vault)
    assert not [path for path in vault.folder.rglob("*") if path.is_file()]
    assert (await bob.get(made.json["url"])).status == 404
    assert (await bob.get("/api/v1/emoji")).json["emoji"] == []
    acts = [(act.by, act.act, act.subject) for act in harness.node.storage.acts(9) if "emoji" in act.act]
    assert acts == [
        ("ann", "add emoji", "party"),
        ("ann", "rename emoji", "party"),
        ("ann", "delete emoji", "feast"),
    ]


async def test_a_guest_sees_them_and_adds_none(
    harness: ServerHarness, new_client: NewClient, ann: HttpClient
) -> None:
    made = await add(ann, "party")
    await harness.irc("gus", "hubbub/ticket")
    [line] = told(await harness.ask("gus", "TICKET"), "gus")
    gus = new_client()
    gus.bear(line.split(" ")[-1])
    assert (await gus.get(made.json["url"])).status == 200
    assert (await gus.get("/api/v1/emoji")).status == 200
    cookie = (await gus.post("/api/v1/files/cookie")).headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    for answer in (await add(gus, "mine"), await gus.ask("DELETE", "/api/v1/emoji/party")):
        assert answer.status == 403 and answer.error.endswith(".")


@pytest.mark.parametrize("name", ["a", "x" * 33, "Party", "caf%C3%A9", "a%20b", "%3Cb%3E", "a:b"])
async def test_what_is_no_name(ann: HttpClient, name: str) -> None:
    answer = await add(ann, name)
    assert answer.status == 422 and "2 to 32 lowercase letters" in answer.error
    assert (await ann.get("/api/v1/emoji")).json["emoji"] == []


async def test_names_that_are_taken(ann: HttpClient) -> None:
    answer = await add(ann, "wave")
    assert answer.status == 409 and answer.error.startswith("The emoji :wave: already exists.")
    assert (await add(ann, "party")).status == 201
    assert (await add(ann, "party")).status == 409
    for new, status in (("wave", 409), ("party", 409), ("X", 422)):
        answer = await ann.ask("PATCH", "/api/v1/emoji/party", as_json={"name": new})
        assert answer.status == status
    assert (await ann.ask("PATCH", "/api/v1/emoji/none", as_json={"name": "feast"})).status == 404
    assert (await ann.ask("DELETE", "/api/v1/emoji/none")).status == 404


async def test_only_who_has_added_one_and_administrators_change_it(
    harness: ServerHarness, new_client: NewClient, ann: HttpClient
) -> None:
    bob, root = await member(harness, new_client, "bob"), await member(harness, new_client, "root", "admin")
    mod = await member(harness, new_client, "mod", "moderator")
    await add(ann, "party")
    for other in (bob, mod):
        answer = await other.ask("DELETE", "/api/v1/emoji/party")
        assert answer.status == 403 and answer.error.startswith("ann added :party:.")
        answer = await other.ask("PATCH", "/api/v1/emoji/party", as_json={"name": "feast"})
        assert answer.status == 403
    assert (await root.ask("PATCH", "/api/v1/emoji/party", as_json={"name": "feast"})).status == 200
    assert (await root.ask("DELETE", "/api/v1/emoji/feast")).status == 204


@pytest.mark.parametrize(("makers", "may"), [("moderators", "mod"), ("administrators", "root")])
async def test_who_may_add_is_a_setting(
    harness: ServerHarness, new_client: NewClient, makers: str, may: str
) -> None:
    harness.change("files", emoji=makers)
    for name, role in (("ann", ""), ("mod", "moderator"), ("root", "admin")):
        answer = await add(await member(harness, new_client, name, role), f"of_{name}")
        assert (answer.status == 201) is (name in (may, "root")), answer.body
        if answer.status != 201:
            assert answer.status == 403 and "can do this." in answer.error


async def test_a_place_has_so_many(ann: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_emoji, "EMOJI_MAX", 1)
    assert (await add(ann, "mine")).status == 201
    answer = await add(ann, "more")
    assert answer.status == 409 and answer.error.startswith("There are already 1 emoji.")


@pytest.mark.parametrize(
    ("picture", "status"),
    [
        (b"", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415),
        (b"\xff\xd8\xff\xe0 a JPEG", 415),
        (PNG[:40], 422),
        (b"GIF89a" + bytes(60), 422),
        (b"\x89PNG\r\n\x1a\n" + bytes(SENT_BYTES_MAX), 413),
    ],
)
async def test_what_is_no_picture(
    harness: ServerHarness, ann: HttpClient, picture: bytes, status: int
) -> None:
    said = {
        415: "An emoji must be a PNG, GIF or WebP picture.",
        422: "This picture can't be used as an emoji: it can't be read, or its animation is too long. ",
        413: "This picture is too large. Choose one of at most ",
    }
    answer = await add(ann, "party", picture)
    assert answer.status == status and answer.error.startswith(said[status])
    folder = harness.node.loaded.data / "files"
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert (await ann.get("/api/v1/emoji")).json["emoji"] == []


async def test_one_that_is_deleted_before_the_answer(
    harness: ServerHarness, ann: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else is faster than the disk."""
    await add(ann, "party")
    account, settled = harness.node.state.account_named("ann"), harness.node.gate.settled
    assert account is not None

    async def deleted_meanwhile() -> None:
        for name in list(harness.node.state.emoji):
            harness.node.ask(custom_emoji.DeleteEmoji(name), account=account.id)
        await settled()

    # Not while the server stops: a fixture that all tests have keeps its patches until then.
    with monkeypatch.context() as patch:
        patch.setattr(harness.node.gate, "settled", deleted_meanwhile)
        renamed = await ann.ask("PATCH", "/api/v1/emoji/party", as_json={"name": "feast"})
        assert renamed.status == 200 and renamed.json["name"] == "feast"
        assert (await add(ann, "again")).status == 201


async def test_changes_have_a_pace(ann: HttpClient) -> None:
    answers = [await ann.ask("DELETE", "/api/v1/emoji/party") for _ in range(BURST_CHANGES + 1)]
    assert {answer.status for answer in answers[:-1]} == {404}
    assert answers[-1].status == 429 and answers[-1].error.startswith("You are changing emoji too fast.")


async def test_what_is_kept_is_small_and_goes_on_moving(ann: HttpClient) -> None:
    url = (await add(ann, "party", moving(12, 400))).json["url"]
    kept = (await ann.get(url)).body
    assert len(kept) <= KEPT_BYTES_MAX
    with Image.open(io.BytesIO(kept)) as opened:
        assert max(opened.size) == SIDE_MAX and getattr(opened, "n_frames", 1) == 12
    assert (await add(ann, "long", moving(FRAMES_MAX + 1))).status == 422


def test_frames_that_are_larger_than_the_picture_are_not_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes of them would take a gigabyte, and their process for as long as it may live."""
    drawn: list[tuple[int, int]] = []
    convert = Image.Image.convert

    def record(picture: Image.Image, mode: str) -> Image.Image:
        drawn.append(picture.size)
        return convert(picture, mode)

    monkeypatch.setattr(Image.Image, "convert", record)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)  # `draw` sets it, for the process.
    monkeypatch.setattr(emoji_picture, "PIXELS_MAX", 500)
    (head, small), (_, large) = _gif_of(1, 1), _gif_of(20, 20)
    bomb = tmp_path / "bomb"
    bomb.write_bytes(head + small + large + large + b";")
    with Image.open(bomb) as opened:
        assert opened.size == (1, 1)
    assert not emoji_picture.draw(bomb, tmp_path / "drawn")
    assert drawn == [(1, 1), (20, 20)]
    bomb.write_bytes(head + small + small + b";")
    assert emoji_picture.draw(bomb, tmp_path / "drawn")


def _gif_of(width: int, height: int) -> tuple[bytes, bytes]:
    """What stands before the first frame, and the frame."""
    out = io.BytesIO()
    Image.new("P", (width, height)).save(out, "GIF")
    start = out.getvalue().index(b"\x2c\x00\x00\x00\x00")
    return out.getvalue()[:start], out.getvalue()[start:-1]


async def test_metadata_is_gone(ann: HttpClient) -> None:
    from tests.web.pictures import SECRET, png

    url = (await add(ann, "party", png())).json["url"]
    assert SECRET not in (await ann.get(url)).body


async def test_tokens_need_their_scopes(
    harness: ServerHarness, new_client: NewClient, ann: HttpClient
) -> None:
    harness.connect("ann").type(
        "CAP REQ hubbub/ticket\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann\nCAP END"
    )
    await harness.look()
    [line] = told(await harness.ask("ann", "TICKET"), "ann")
    session, tokens = new_client(), {}
    session.bear(line.split(" ")[-1])
    for scope in ("read", "post", "chat"):
        made = await session.post("/api/v1/tokens", {"name": scope, "scopes": [scope]})
        tokens[scope] = new_client()
        tokens[scope].bear(made.json["token"])
    assert (await add(tokens["read"], "party")).status == 403
    assert (await add(tokens["post"], "party")).status == 201
    assert (await tokens["read"].get("/api/v1/emoji")).status == 200
    assert (await tokens["post"].ask("DELETE", "/api/v1/emoji/party")).status == 403
    assert (await tokens["chat"].ask("DELETE", "/api/v1/emoji/party")).status == 204
    assert (await new_client().get("/api/v1/emoji")).status == 401


async def test_a_message_that_named_the_picture_takes_nothing_with_it(
    harness: ServerHarness, ann: HttpClient
) -> None:
    url = (await add(ann, "party")).json["url"]
    harness.connect("ann").type(
        "CAP REQ :message-tags echo-message draft/message-redaction\nPASS :ann:correct horse\nNICK ann\nUSER a 0 * x"
        "\nCAP END\nJOIN #tea"
    )
    await harness.look()
    lines = told(await harness.ask("ann", f"PRIVMSG #tea :https://chat.test{url}/x"), "ann")
    number = lines[0].partition("msgid=")[2].partition(" ")[0].partition(";")[0]
    await harness.ask("ann", f"REDACT #tea {number}")
    await tidy(harness.node, Vault(harness.node.loaded.data / "files"))
    assert (await ann.get(url)).status == 200
