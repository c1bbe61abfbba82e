"""What goes round every request: its id, the headers of a careful service, a line in the log.

It stands before Flask, as WSGI has it: Flask's own hooks look the request up anew at every step.
"""

import random
import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from service.api.observe import Spans, record_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "X-Request-Id"
# Where the id of a request stands in its environment.
IDENTITY = "huice.request_id"
# Where a limiter has left its headers.
LIMITS = "huice.rate_limit"
# The caller's trace (W3C Trace Context), where a request belongs to one.
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_SOUND_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "x-content-type-options": ("X-Content-Type-Options", "nosniff"),
    "referrer-policy": ("Referrer-Policy", "no-referrer"),
    "content-security-policy": (
        "Content-Security-Policy",
        "default-src 'none'; frame-ancestors 'none'",
    ),
    "cache-control": ("Cache-Control", "no-store"),
}


class RequestMiddleware:
    """Gives each request an id, adds headers to the answer unless the application has set them, and
    writes the line in the log."""

    def __init__(self, application: "WSGIApplication", spans: Spans | None = None) -> None:
        """`spans`: where a collector of traces is named."""
        self._application = application
        self._spans = spans

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        identity = given if _SOUND_ID.fullmatch(given) else _new_id()
        environ[IDENTITY] = identity

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            code = int(status[:3])
            headers += environ.get(LIMITS, ())
            present = {name.lower() for name, _ in headers}
            headers += [pair for name, pair in _HEADERS.items() if name not in present]
            headers.append((REQUEST_ID, identity))
            seconds = time.perf_counter() - began
            record_request(environ, identity, trace_id(environ), code, seconds, self._spans)
            return start_response(status, headers, *error)

        return self._application(environ, start)


def trace_id(environ: "WSGIEnvironment") -> str | None:
    """The id of the caller's trace; None where none, or no sound one, was sent."""
    found = _TRACE.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    return found[1] if found else None


def deed_trace(environ: "WSGIEnvironment") -> str:
    """What a deed is traced by: the caller's trace id, else the request's own id."""
    return trace_id(environ) or str(environ[IDENTITY])


def _new_id() -> str:
    """Ids are no secrets; the system's own random numbers would cost a switch of threads each. The
    module's are seeded anew in every worker, which a generator of ours would not be."""
    return f"{random.getrandbits(64):016x}"
