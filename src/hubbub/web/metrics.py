"""The live figures at /metrics, as Prometheus reads them: for this machine, and for those whom the settings name."""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion11, web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import hubbub
from hubbub.node.limits import Networks
from hubbub.transports.request_origin import parse_host
from hubbub.web.chat import Chat
from hubbub.web.errors import NODE, Failure, peer_of

REGISTRY: Final = web.AppKey("registry", CollectorRegistry)

_HERE: Final = ("127.0.0.0/8", "::1")
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""The headers that a proxy on this machine adds (RFC 7239; RFC 9110, 7.6.3): the client behind it may be anybody."""


class Figures(Collector):
    """The metrics, read from the node on request; no person's name is in them."""

    def __init__(self, node: Chat) -> None:
        self._node = node

    def collect(self) -> Iterator[Metric]:
        node, state = self._node, self._node.state
        info = GaugeMetricFamily("hubbub_info", "The server.", labels=["version"])
        info.add_metric([hubbub.__version__], 1)
        yield info
        sessions = GaugeMetricFamily("hubbub_sessions", "Live connections by protocol.", labels=["kind"])
        for kind, count in sorted(Counter(session.face for session in state.sessions.values()).items()):
            sessions.add_metric([kind], count)
        yield sessions
        yield GaugeMetricFamily("hubbub_users", "People online.", len(state.users))
        yield GaugeMetricFamily("hubbub_accounts", "Accounts.", len(state.accounts))
        yield GaugeMetricFamily("hubbub_rooms", "Rooms.", len(state.rooms))
        yield GaugeMetricFamily(
            "hubbub_file_bytes", "Total size of all files.", sum(state.file_bytes.values())
        )
        yield GaugeMetricFamily("hubbub_disk_free_bytes", "Free disk space.", node.disk.free_bytes())
        reserve = node.settings.files.reserve_bytes
        yield GaugeMetricFamily(
            "hubbub_disk_reserve_bytes",
            "Below this amount of free disk space, the server accepts no files.",
            reserve,
        )
        yield GaugeMetricFamily(
            "hubbub_events_unfolded",
            "Events in the log that are not in the database tables yet.",
            node.storage.unfolded,
        )
        yield CounterMetricFamily(
            "hubbub_messages", "Messages since startup.", node.health.counters["messages"]
        )
        uptime = (node.clock.now() - node.clock.started_at) / 1000
        yield GaugeMetricFamily("hubbub_uptime_seconds", "Uptime.", uptime)


def registry(node: Chat) -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(Figures(node))
    ProcessCollector(registry=made)
    PlatformCollector(registry=made)
    return made


async def metrics(request: web.Request) -> web.Response:
    address, others = peer_of(request).address, Networks(request.app[NODE].settings.server.metrics_networks)
    if not (_is_here(request, address) or others.holds(address)):
        raise Failure(
            HTTPStatus.FORBIDDEN,
            "Your address may not read the metrics. An administrator can add it to server.metrics_networks.",
        )
    return web.Response(
        body=generate_latest(request.app[REGISTRY]), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


def _is_here(request: web.Request, address: str) -> bool:
    """Whether the request comes from a program on this machine, and not through a proxy on it."""
    if not Networks(_HERE).holds(address) or any(name in request.headers for name in _FORWARDED):
        return False
    host = parse_host(request.headers.get("Host", ""))
    # Most proxies pass on by which name somebody came, or speak HTTP/1.0.
    is_own = host is not None and (host[0] == "localhost" or Networks(_HERE).holds(host[0]))
    return is_own and request.version >= HttpVersion11


ROUTES: Final = (web.get("/metrics", metrics),)
