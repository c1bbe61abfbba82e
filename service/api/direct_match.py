"""The plainest of matches, answered before Flask is asked.

Most requests are such: JSON in and out, to be done once, of nobody in particular or with a key or a
signature. What Flask does for each is longer than finding the status of every programme. Whatever
is not plain, and whatever goes wrong, is left to Flask, which gets the body anew: faults and
refusals are told in one place. Who asks and how often is found by the functions that Flask's view
asks too, and not a second time.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_host

from service.api.compression import packed
from service.api.http import ANYTHING, JSON
from service.api.limiting import Limiter
from service.api.middleware import deed_trace
from service.api.observe import ROUTE
from service.api.openapi import PREFIX
from service.api.ports import ApiContext
from service.api.principals import find_matcher
from service.intake.json_reader import read_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = f"{PREFIX}/match"
# What a plain request has none of.
_UNUSUAL = (
    "HTTP_CONTENT_ENCODING", "HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING",
)  # fmt: skip


def with_direct_match(
    application: "WSGIApplication",
    service: ApiContext,
    limiter: Limiter,
    hosts: Sequence[str] | None,
) -> "WSGIApplication":
    """The application behind one that answers plain matches. `hosts` are the names it answers
    to."""
    matching, largest = service.matching, service.settings.max_body

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _is_plain(environ, largest):
            return application(environ, start_response)
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        try:
            get_host(environ, hosts)
            who = find_matcher(service, limiter, environ, lambda: content)
            answer = matching.match(read_json(content), who, deed_trace(environ))
            answer, told = packed(answer, environ.get("HTTP_ACCEPT_ENCODING"))
        except Exception:  # noqa: BLE001 - Flask meets it again, and tells of it
            environ["wsgi.input"] = BytesIO(content)
            return application(environ, start_response)
        environ[ROUTE] = PATH
        length = ("Content-Length", str(len(answer)))
        start_response("200 OK", [("Content-Type", JSON), *told, length])
        return [answer]

    return call


def _is_plain(environ: "WSGIEnvironment", largest: int) -> bool:
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["PATH_INFO"] == PATH
        and environ["REQUEST_METHOD"] == "POST"
        and environ.get("CONTENT_TYPE") == JSON
        and not environ.get("QUERY_STRING")
        and environ.get("HTTP_ACCEPT", ANYTHING) in (ANYTHING, JSON)
        and environ.keys().isdisjoint(_UNUSUAL)
        and length.isascii()
        and length.isdigit()
        and int(length) <= largest
    )
