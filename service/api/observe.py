"""What is told of requests: a line each in the access log, counts and times in the metrics.

Neither ever holds a body, a search text, a name or a figure: only the route, not the address.
"""

import os
import re
import time
from functools import cache

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

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
_log = structlog.get_logger("huice.access")


@cache
def _template(rule: str) -> str:
    """A route as documented."""
    return _PLACE.sub(r"{\1}", rule)


@cache
def _meters(route: str, status: str) -> tuple[Counter, Histogram]:
    """What counts and times the answers of one route and status."""
    return _requests.labels(route, status), _seconds.labels(route, status)


def route_template() -> str:
    """The route of the request as documented; one word for everything that has none."""
    rule = request.url_rule
    return _template(rule.rule) if rule else "unknown"


def metrics_text() -> bytes:
    """Prometheus' text format; of all processes together where they share a folder."""
    if _MULTIPROCESS not in os.environ:
        return generate_latest(_registry)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def register_observers(app: Flask) -> None:
    """Measure and log every request."""

    def begin() -> None:
        g.began = time.perf_counter()

    def note(response: Response) -> Response:
        seconds = time.perf_counter() - g.began
        route = route_template()
        counted, timed = _meters(route, str(response.status_code))
        counted.inc()
        timed.observe(seconds)
        _log.info(
            "request",
            method=request.method if request.method in _METHODS else "other",
            route=route,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 2),
            request_id=g.request_id,
        )
        return response

    app.before_request(begin)
    app.after_request(note)
