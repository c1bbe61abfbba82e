"""A span of each request for a collector of traces (OpenTelemetry), where the operator names one.

A span holds what the line in the log holds: method, route, status, time and the request's id; never
an address, a name or a figure. It is made when the answer begins, so nothing is carried through the
request, and sent from a thread of its own: a collector that is slow or away costs no request.
"""

import time
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service import __version__
from service.serving.logs import log_as_lines

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from service.api.observe import ObservedRequest

_NANOSECONDS = 1_000_000_000
_EXPORT_SECONDS = 5.0


class RequestSpans:
    """Made in the process that serves, after it was forked: it starts a thread."""

    def __init__(self, collector: str) -> None:
        """`collector`: where it takes OTLP by HTTP, such as http://127.0.0.1:4318/v1/traces. The
        SDK's own variables (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS …) hold, too."""
        log_as_lines("opentelemetry")
        resource = Resource.create({"service.name": "huice", "service.version": __version__})
        exporter = OTLPSpanExporter(endpoint=collector, timeout=_EXPORT_SECONDS)
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("huice", __version__)
        self._propagator = TraceContextTextMapPropagator()

    def record(self, environ: "WSGIEnvironment", answered: "ObservedRequest") -> str:
        """Have the span of an answered request sent; the id of its trace, which is the caller's
        where the request belongs to one."""
        # Not what else is sent for a trace (tracestate, baggage): it may say anything.
        given = {"traceparent": environ.get("HTTP_TRACEPARENT", "")}
        ended = time.time_ns()
        span = self._tracer.start_span(
            f"{answered.method} {answered.route}",
            self._propagator.extract(given),
            SpanKind.SERVER,
            {
                "http.request.method": answered.method,
                "http.route": answered.route,
                "http.response.status_code": answered.status,
                "huice.request_id": answered.identity,
            },
            start_time=ended - int(answered.seconds * _NANOSECONDS),
        )
        if answered.status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)
        return format_trace_id(span.get_span_context().trace_id)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()
