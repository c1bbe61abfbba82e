"""What is told of requests: a line each in the access log, counts and times in the metrics.

Neither ever holds a body, a search text, a name or a figure: only the route, not the address.
"""

import os
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.api.metric_files import take_room_beforehand

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Where the route of a request stands that Flask never saw.
ROUTE = "huice.route"
_MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

take_room_beforehand()
_registry = CollectorRegistry()
_requests = Counter(
    "huice_http_requests", "Answered requests.", ("route", "status"), registry=_registry
)
_seconds = Histogram(
    "huice_http_request_seconds",
    "Seconds from the first line of a request to its answer.",
    ("route", "status"),
    buckets=_SECONDS,
    registry=_registry,
)
_degraded = Gauge(
    "huice_degraded",
    "1 where an earlier catalogue than today's files is in use.",
    multiprocess_mode="livemax",
    registry=_registry,
)
_log = structlog.get_logger("huice.access")


class ObservedRequest(NamedTuple):
    """What may be told of a request: its method, its route as documented, its answer's status, the
    id it was given, and the seconds it took."""

    method: str
    route: str
    status: int
    identity: str
    seconds: float


class Spans(Protocol):
    """Where spans of answered requests go."""

    def record(self, environ: "WSGIEnvironment", answered: ObservedRequest) -> str:
        """Record the span of an answered request; gives the id of its trace."""
        ...


def _route_found(environ: "WSGIEnvironment") -> str:
    """The route that Flask found for a request, which werkzeug keeps in the environment."""
    rule = environ["werkzeug.request"].url_rule
    return _documented_route(rule.rule) if rule else "unknown"


@cache
def _documented_route(rule: str) -> str:
    """A route as documented."""
    return _PLACE.sub(r"{\1}", rule)


@cache
def _meters_of(route: str, status: int) -> tuple[Counter, Histogram]:
    """What counts and times the answers of one route and status."""
    return _requests.labels(route, str(status)), _seconds.labels(route, str(status))


def metrics_text() -> bytes:
    """Prometheus' text format; of all processes together where they share a folder."""
    if _MULTIPROCESS not in os.environ:
        return generate_latest(_registry)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def record_degraded(*, degraded: bool) -> None:
    """Tell whether this process serves an earlier catalogue than today's files."""
    _degraded.set(degraded)


def record_request(
    environ: "WSGIEnvironment",
    identity: str,
    trace: str | None,
    status: int,
    seconds: float,
    spans: Spans | None,
) -> None:
    """Count, time and log one answered request, with its trace if it has one: the caller's, or
    that of its span. A route is told as documented, one word stands for everything that has
    none."""
    route = environ.get(ROUTE) or _route_found(environ)
    counted, timed = _meters_of(route, status)
    counted.inc()
    timed.observe(seconds)
    sent = environ["REQUEST_METHOD"]
    method = sent if sent in _METHODS else "other"
    if spans is not None:
        answered = ObservedRequest(method, route, status, identity, seconds)
        trace = spans.record(environ, answered)
    _log.info(
        "request",
        method=method,
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 2),
        request_id=identity,
        **({} if trace is None else {"trace_id": trace}),
    )
