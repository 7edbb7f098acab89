"""Webhooks in: what is posted to an address is said in a room, in the simple form of Slack's and Mattermost's."""

import re
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from aiohttp import web

from hubbub.engine.messages import NothingSaid
from hubbub.engine.refusals import Refusal
from hubbub.engine.tokens import digest_of
from hubbub.engine.webhooks import SayByWebhook, by_digest
from hubbub.node.limits import Bucket
from hubbub.web import request_bodies
from hubbub.web.errors import NODE, Failure, peer_of, refused, settle
from hubbub.web.rate_limits import Paces

POSTS_A_SECOND: Final = 2
BURST_POSTS: Final = 40
FIELDS_MAX: Final = 20
"""Of a form."""
READ_TIMES: Final = 8
"""So many times the longest message is read of a text: in words it becomes shorter, `&amp;` a fifth."""
SENDER_CHARACTERS_MAX: Final = 200

_PACES: Final = web.AppKey("paces of webhooks", Paces)
# Slack writes a `<` that is none of these as `&lt;`: to look no further than the next one keeps a text of them cheap.
_LINK: Final = re.compile(r"<(?P<url>(?:https?|mailto):[^<|>\s]++)(?:\|(?P<label>[^<>]*+))?>")
_CALL: Final = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*+)?>")
_ESCAPED: Final = re.compile(rb"(?:%[0-9A-Fa-f]{2})++")
_ESCAPES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ESCAPE: Final = re.compile("|".join(_ESCAPES))


class Attachment(msgspec.Struct):
    """Of what programs attach, what can be said in words."""

    pretext: str | None = None
    title: str | None = None
    title_link: str | None = None
    text: str | None = None
    fallback: str | None = None

    def __str__(self) -> str:
        title = f"**{self.title}**" if self.title else ""
        if self.title and self.title_link:
            title = f"**{self.title}** {self.title_link}"
        said = [part for part in (self.pretext, title, self.text) if part]
        return "\n".join(said) or self.fallback or ""


class Post(msgspec.Struct):
    """The accepted fields of a post; others (a channel, an icon …) are ignored."""

    text: str | None = None
    username: str | None = None
    attachments: Annotated[list[Attachment], msgspec.Meta(max_length=20)] | None = None


async def take(request: web.Request) -> web.Response:
    """Answers `ok`, which is what those programs wait for."""
    node = request.app[NODE]
    webhook = by_digest(node.state, digest_of(request.match_info["secret"]))
    if webhook is None:
        node.journal.request_refused(peer_of(request).address, "webhook")
        raise Failure(
            HTTPStatus.NOT_FOUND, "There is no such webhook. Ask an administrator for a new address."
        )
    settle(request)
    now = node.clock.monotonic()
    fresh = Bucket(POSTS_A_SECOND, BURST_POSTS, now)
    request.app[_PACES].keep(webhook.number, fresh, now, "This webhook posts too fast.")
    post = await _post(request)
    said = [post.text or "", *map(str, post.attachments or ())]
    whole = "\n".join(part for part in said if part)
    text = in_words(whole[: READ_TIMES * node.state.rules.multiline_bytes])
    sender = (post.username or "")[:SENDER_CHARACTERS_MAX]
    answer = node.ask(SayByWebhook(webhook.number, text, sender))
    if isinstance(answer, NothingSaid):
        raise Failure(HTTPStatus.UNPROCESSABLE_ENTITY, "The message is empty. Send a text.")
    if isinstance(answer, Refusal):
        raise refused(answer)
    await node.gate.settled()
    return web.Response(text="ok")


async def _post(request: web.Request) -> Post:
    """JSON as it is, or as `payload` of a form."""
    text = await request_bodies.whole(request)
    if request_bodies.kind_of(request) == "application/x-www-form-urlencoded":
        text = _payload(text)
    post: Post = request_bodies.decoded(text, Post, "The message was refused")
    return post


def _payload(form: bytes) -> bytes:
    """Python's own reading takes a second for a megabyte of `%`, on the loop."""
    fields = form.split(b"&", FIELDS_MAX)
    if len(fields) > FIELDS_MAX:
        raise Failure(HTTPStatus.BAD_REQUEST, "The form must have exactly one field: payload.")
    values = (value for name, _, value in (field.partition(b"=") for field in fields) if name == b"payload")
    return _ESCAPED.sub(_unescaped, next(filter(None, values), b"").replace(b"+", b" "))


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[0].replace(b"%", b"").decode())


def in_words(text: str) -> str:
    """Slack writes `<address|words>`, `<!here>` and `&lt;`; others write what they mean."""
    plain = _CALL.sub(lambda found: f"@{found[1]}", text)
    plain = _LINK.sub(_link, plain)
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], plain)


def _link(found: re.Match[str]) -> str:
    url, label = found["url"], found["label"]
    return f"{label} ({url})" if label and label != url else url


def prepare(app: web.Application) -> None:
    app[_PACES] = Paces()


ROUTES: Final = (web.post("/hooks/{secret:[A-Za-z0-9_-]{20,64}}", take),)
