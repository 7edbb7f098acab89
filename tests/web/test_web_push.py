"""Web Push: what a push service is sent, and what becomes of it when that is ill or the browser is gone."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hubbub.engine.edits import Edit, Redact
from hubbub.engine.event import Answer
from hubbub.engine.messages import MessageSaid, SayPrivately
from hubbub.engine.notifications import AddPush, RemovePush
from hubbub.engine.readmarkers import MarkRead
from hubbub.engine.refusals import Refusal
from hubbub.node.vapid import text_of
from hubbub.web import web_push
from hubbub.web.push_encryption import seal
from tests.full_disk import disk_takes_nothing
from tests.patience import PATIENCE_SECONDS
from tests.server_harness import ServerHarness
from tests.web.fake_internet import SOMEWHERE, Internet
from tests.web.http_client import HttpClient

UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_the_specification() -> None:
    """RFC 8291, appendix A."""
    own = ec.derive_private_key(
        int.from_bytes(_bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1()
    )
    salt = _bytes("DGv6ra1nlYgDCS1FRnbzlw")
    sealed = seal(b"When I grow up, I want to be a watermelon", UA_PUBLIC, AUTH, own, salt)
    assert text_of(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


class Service:
    """A push service."""

    def __init__(self) -> None:
        self.base = ""
        self.requests: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()
        self.statuses: list[int] = []
        """What it answers next; then 201."""
        self.is_slow: Callable[[str], bool] = lambda path: False
        self.go_on = asyncio.Event()
        """Until then it does not answer where it is slow."""

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.put_nowait((dict(request.headers), await request.read()))
        if self.is_slow(request.path):
            await self.go_on.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 201)

    async def told(self) -> tuple[dict[str, str], bytes]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.requests.get()


@pytest.fixture
async def service(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.setattr(web_push, "DELAY_SECONDS", 0.0)
    monkeypatch.setattr(web_push, "PAUSES_SECONDS", (0.0, 0.0))
    service, app = Service(), web.Application()
    app.router.add_post("/{browser}", service.handle)
    async with internet.website("push.example.net", app, secure=True) as service.base:
        yield service


async def _ann(harness: ServerHarness, client: HttpClient, service: Service) -> None:
    """Ann's browser wants to be told, and bob is there, too."""
    await client.get("/healthz")
    for name in ("ann", "bob"):
        await harness.account(name)
        harness.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER x 0 * x")
    await harness.look()
    session = next(iter(harness.node.state.users[harness.node.state.nicks["ann"]].sessions))
    harness.node.ask(AddPush(f"{service.base}/ann", UA_PUBLIC, AUTH), harness.node.live[session])


def _said(answer: Answer) -> MessageSaid:
    assert not isinstance(answer, Refusal) and isinstance(answer[0], MessageSaid)
    return answer[0]


def _opened(sealed: bytes) -> str:
    """As the browser reads it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt, theirs, content = sealed[:16], sealed[21:86], sealed[86:]
    own = ec.derive_private_key(int.from_bytes(_bytes(UA_PRIVATE)), ec.SECP256R1())
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    info = b"WebPush: info\0" + _bytes(UA_PUBLIC) + theirs
    material = HKDF(hashes.SHA256(), 32, _bytes(AUTH), info).derive(shared)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
    return AESGCM(key).decrypt(nonce, content, None).decode().removesuffix("\x02")


async def test_a_message_is_pushed(harness: ServerHarness, client: HttpClient, service: Service) -> None:
    """Sealed for the browser, signed with the server's key (RFC 8292): one line of IRC."""
    await _ann(harness, client, service)
    await harness.ask("bob", "PRIVMSG ann :psst ☕")
    headers, sealed = await service.told()
    line = _opened(sealed)
    assert line.startswith("@msgid=") and line.endswith("PRIVMSG ann :psst ☕") and ":bob!" in line
    assert "psst" not in str(headers) and headers["Content-Encoding"] == "aes128gcm"
    found = dict(
        part.strip().split("=", 1) for part in headers["Authorization"].removeprefix("vapid ").split(",")
    )
    signed, _, signature = found["t"].rpartition(".")
    claims = json.loads(_bytes(signed.split(".")[1]))
    assert claims["aud"] == service.base
    raw = _bytes(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(found["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))


async def test_a_long_one_is_cut(harness: ServerHarness, client: HttpClient, service: Service) -> None:
    await _ann(harness, client, service)
    session = next(iter(harness.node.state.users[harness.node.state.nicks["bob"]].sessions))
    harness.node.ask(SayPrivately("ann", "\n".join(["é" * 300] * 10)), harness.node.live[session])
    _, sealed = await service.told()
    assert len(sealed) <= 4096 and _opened(sealed).endswith("é")


async def test_what_was_read_meanwhile_is_not(
    harness: ServerHarness, client: HttpClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _ann(harness, client, service)
    ann = harness.node.live[next(iter(harness.node.state.users[harness.node.state.nicks["ann"]].sessions))]
    bob = harness.node.state.nicks["bob"]
    harness.people["bob"].type("PRIVMSG ann :one")
    harness.node.ask(MarkRead(bob, "bob", harness.now_ms), ann)
    await harness.settle()
    harness.wait(1)
    await harness.ask("bob", "PRIVMSG ann :two")
    _, sealed = await service.told()
    assert _opened(sealed).endswith(":two")


async def test_what_was_deleted_or_changed_meanwhile_is_not_told_as_it_was(
    harness: ServerHarness, client: HttpClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted before it left the server, it is nobody's any more."""
    await _ann(harness, client, service)
    settled, still = harness.node.gate.settled, asyncio.Event()

    async def later() -> None:
        await still.wait()
        await settled()

    bob = harness.node.state.nicks["bob"]
    live = harness.node.live[next(iter(harness.node.state.users[bob].sessions))]
    with monkeypatch.context() as patched:
        patched.setattr(harness.node.gate, "settled", later)
        first, second = (_said(harness.node.ask(SayPrivately("ann", text), live)) for text in ("one", "two"))
        harness.node.ask(Redact(first), live)
        harness.node.ask(Edit(second, "three"), live)
        still.set()
        assert _opened((await service.told())[1]).endswith(":three")
    await harness.settle()
    assert service.requests.empty()


async def test_a_browser_that_is_revoked_while_its_service_is_ill(
    harness: ServerHarness, client: HttpClient, service: Service
) -> None:
    """What is revoked ends at once: it is not tried again."""
    await _ann(harness, client, service)
    service.is_slow = lambda path: True
    service.statuses = [503]
    await harness.ask("bob", "PRIVMSG ann :psst")
    await service.told()
    harness.node.ask(RemovePush(f"{service.base}/ann"))
    service.go_on.set()
    while any("_tell" in str(task) for task in asyncio.all_tasks()):
        await asyncio.sleep(0)
    assert service.requests.empty()


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone(
    harness: ServerHarness, client: HttpClient, service: Service, status: int
) -> None:
    """RFC 8030: the subscription has ended; nothing is sent there any more."""
    await _ann(harness, client, service)
    service.statuses = [status]
    await harness.ask("bob", "PRIVMSG ann :one")
    await service.told()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while harness.node.state.pushes:
            await asyncio.sleep(0)


async def test_a_service_that_is_ill(harness: ServerHarness, client: HttpClient, service: Service) -> None:
    await _ann(harness, client, service)
    service.statuses = [503, 429]
    await harness.ask("bob", "PRIVMSG ann :one")
    for _ in range(3):
        _, sealed = await service.told()
        assert _opened(sealed).endswith(":one")
    assert harness.node.state.pushes


async def test_slow_services_of_one_keep_nobody_waiting(
    harness: ServerHarness,
    client: HttpClient,
    service: Service,
    internet: Internet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody may have a few connections at a time, and few messages that wait."""
    monkeypatch.setattr(web_push, "WAITING_AN_ACCOUNT_MAX", 3)
    await _ann(harness, client, service)
    ann, bob = (
        harness.node.live[next(iter(harness.node.state.users[harness.node.state.nicks[name]].sessions))]
        for name in ("ann", "bob")
    )
    for number in range(10):
        harness.node.ask(AddPush(f"{service.base}/slow{number}", UA_PUBLIC, AUTH), ann)
    harness.node.ask(AddPush(f"{service.base}/bob", UA_PUBLIC, AUTH), bob)
    service.is_slow = lambda path: path != "/bob"
    for number in range(6):
        await harness.ask("bob", f"PRIVMSG ann :{number}")
    for _ in range(web_push.AT_ONCE_AN_ACCOUNT_MAX):
        await service.told()
    await harness.ask("ann", "PRIVMSG bob :quick")
    _, sealed = await service.told()
    assert _opened(sealed).endswith("PRIVMSG bob :quick") and service.requests.empty()
    service.go_on.set()
    for _ in range(3 * 11 - web_push.AT_ONCE_AN_ACCOUNT_MAX):
        await service.told()
    await harness.settle()
    assert service.requests.empty()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "64:ff9b::7f00:1"])
async def test_never_into_the_own_network(
    harness: ServerHarness, client: HttpClient, service: Service, internet: Internet, address: str
) -> None:
    """Whatever the name of a push service resolves to when it is told something."""
    await _ann(harness, client, service)
    internet.names["push.example.net"] = [address]
    await harness.ask("bob", "PRIVMSG ann :one")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(internet.refused) < 1 + len(web_push.PAUSES_SECONDS):
            await asyncio.sleep(0)
    assert internet.dialled == [] and service.requests.empty()


async def test_nor_where_another_page_leads(
    harness: ServerHarness, client: HttpClient, service: Service, internet: Internet
) -> None:
    await _ann(harness, client, service)
    service.statuses = [307]
    await harness.ask("bob", "PRIVMSG ann :one")
    await service.told()
    await harness.ask("bob", "PRIVMSG ann :two")
    await service.told()
    assert set(internet.dialled) == {(SOMEWHERE, 443)} and service.requests.empty()


@pytest.mark.parametrize(
    "endpoint", ["http://push.example.net/ann", "https://push.example.net:8443/ann", "https://10.0.0.1/x"]
)
async def test_what_was_registered_before_and_does_not_fit_is_gone(
    harness: ServerHarness, client: HttpClient, service: Service, internet: Internet, endpoint: str
) -> None:
    """Older servers took more; it is not used, and not kept."""
    await _ann(harness, client, service)
    ann = next(iter(harness.node.state.accounts.values()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hubbub.engine.notifications.is_endpoint", lambda text: True)
        session = next(iter(harness.node.state.users[harness.node.state.nicks["ann"]].sessions))
        harness.node.ask(AddPush(endpoint, UA_PUBLIC, AUTH), harness.node.live[session])
    assert endpoint in ann.pushes
    await harness.ask("bob", "PRIVMSG ann :one")
    await service.told()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while endpoint in ann.pushes:
            await asyncio.sleep(0)
    assert list(ann.pushes) == [f"{service.base}/ann"] and set(internet.dialled) == {(SOMEWHERE, 443)}


async def test_what_is_not_kept_is_told_to_nobody(
    harness: ServerHarness, client: HttpClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the disk fails while it waits, and all goes on from what is there."""
    waited, sleep, line_of = asyncio.Event(), asyncio.sleep, web_push.line_of
    texts: list[str] = []

    def noted(event: MessageSaid) -> bytes:
        texts.append(event.text)
        return line_of(event)

    async def until_waited(seconds: float) -> None:
        await (waited.wait() if seconds == web_push.DELAY_SECONDS else sleep(seconds))

    await _ann(harness, client, service)
    await harness.look()
    monkeypatch.setattr(web_push, "DELAY_SECONDS", 8.25)
    monkeypatch.setattr(web_push, "line_of", noted)
    monkeypatch.setattr(asyncio, "sleep", until_waited)
    with disk_takes_nothing():
        harness.people["bob"].type("PRIVMSG ann :lost words")
        while not harness.node.disk.trouble:
            await harness.node.gate.ended()
    harness.wait(60)
    await harness.settle()
    assert not harness.node.disk.trouble
    harness.connect("bob").type("PASS :bob:correct horse\nNICK bob\nUSER x 0 * x")
    await harness.ask("bob", "PRIVMSG ann :kept words")
    waited.set()
    await service.told()
    assert texts == ["kept words"]
