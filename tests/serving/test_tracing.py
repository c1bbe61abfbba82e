"""Spans of requests reach a collector; they hold what the log holds, and no request waits."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from structlog.testing import capture_logs

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context
from service.serving import tracing
from service.serving.tracing import RequestSpans
from tests.api.sample import settings_for
from tests.contract.conftest import free_port

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass
class Collector:
    """Takes OTLP by HTTP, as the address says, and keeps what came."""

    address: str
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Any]:
        sent = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            s for one in sent for r in one.resource_spans for c in r.scope_spans for s in c.spans
        ]


@pytest.fixture(scope="module")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The made-up catalogue in use."""
    with closing(open_services(settings_for(tmp_path_factory.mktemp("traced") / "db"))) as opened:
        yield opened


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers["Content-Encoding"] == "gzip"
            taking.bodies.append(gzip.decompress(body) if is_packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        taking = Collector(f"http://127.0.0.1:{server.server_port}/v1/traces")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield taking
        server.shutdown()
        thread.join()


@contextmanager
def traced(huice: Services, collector: str) -> Iterator[Any]:
    """A client of the service with a collector; at the end what waits has been sent."""
    with closing(RequestSpans(collector)) as spans:
        yield create_app(api_context(huice), spans).test_client()


def test_a_span_tells_the_route_and_nothing_that_was_sent(
    huice: Services, collector: Collector
) -> None:
    """Neither names, figures, searches nor addresses; the trace is the caller's, and in the log."""
    headers = {
        "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
        "tracestate": "vendor=LEAKED1",
        "baggage": "name=LEAKED2",
        "User-Agent": "LEAKED3",
    }
    company = {"name": "LEAKED4", "revenue": "52123456.78"}
    with traced(huice, collector.address) as client, capture_logs() as logs:
        body = {"profile": {"company": company}, "as_of": "2026-06-01"}
        assert client.post("/api/v1/match", json=body, headers=headers).status_code == 200
        client.get("/api/v1/programmes?q=LEAKED5", headers=headers)
        client.get("/api/v1/receipts/LEAKED6")
        client.open("/LEAKED7", method="LEAKED8")
    spans = {span.name: span for span in collector.spans()}
    assert set(spans) >= {"POST /api/v1/match", "GET /api/v1/programmes", "other unknown"}
    match = spans["POST /api/v1/match"]
    assert match.trace_id.hex() == TRACE
    assert match.parent_span_id.hex() == "00f067aa0ba902b7"
    assert match.start_time_unix_nano < match.end_time_unix_nano
    sent = b"".join(collector.bodies)
    assert b"LEAKED" not in sent
    assert b"52123456" not in sent
    assert {line["trace_id"] for line in logs} > {TRACE}


def test_a_request_of_no_trace_begins_one_that_the_log_tells(
    huice: Services, collector: Collector
) -> None:
    with traced(huice, collector.address) as client, capture_logs() as logs:
        client.get("/healthz")
    (span,) = collector.spans()
    assert logs[-1]["trace_id"] == span.trace_id.hex()


def test_a_collector_that_is_away_costs_no_request(
    huice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be sent is dropped."""
    monkeypatch.setattr(tracing, "_EXPORT_SECONDS", 0.1)
    with traced(huice, f"http://127.0.0.1:{free_port()}/v1/traces") as client:
        assert client.get("/healthz").status_code == 200
