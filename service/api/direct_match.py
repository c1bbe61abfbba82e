"""The plainest of matches, answered before Flask is asked.

Most requests are such: JSON in and out, of nobody in particular, to be done once. What Flask does
for each is longer than finding the status of every programme. Whatever is not plain, and whatever
goes wrong, is left to Flask, which gets the body anew: faults are told in one place.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_host

from service.api.compression import packed
from service.api.http import ANYTHING, JSON
from service.api.middleware import deed_trace
from service.api.observe import ROUTE
from service.api.openapi import PREFIX
from service.api.ports import ApiContext
from service.domain.principal import ANONYMOUS
from service.intake.json_reader import read_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = f"{PREFIX}/match"
# What a plain request has none of.
_UNUSUAL = (
    "HTTP_AUTHORIZATION", "HTTP_CONTENT_ENCODING", "HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING",
)  # fmt: skip


def with_direct_match(
    application: "WSGIApplication", service: ApiContext, hosts: Sequence[str] | None
) -> "WSGIApplication":
    """The application behind one that answers plain matches; itself where the operator wants to
    know of every caller who it is, or how often it calls. `hosts` are the names it answers to."""
    settings, matching = service.settings, service.matching

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _is_plain(environ, settings.max_body):
            return application(environ, start_response)
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        try:
            get_host(environ, hosts)
            answer = matching.match(read_json(content), ANONYMOUS, deed_trace(environ))
            answer, told = packed(answer, environ.get("HTTP_ACCEPT_ENCODING"))
        except Exception:  # noqa: BLE001 - Flask meets it again, and tells of it
            environ["wsgi.input"] = BytesIO(content)
            return application(environ, start_response)
        environ[ROUTE] = PATH
        length = ("Content-Length", str(len(answer)))
        start_response("200 OK", [("Content-Type", JSON), *told, length])
        return [answer]

    return application if settings.rate_limit or not settings.is_open else call


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
