"""The plainest of matches, answered before Flask is asked.

Most requests are such: JSON in and out, of nobody in particular, to be done once. What Flask does
for each is longer than finding the status of every programme. Whatever is not plain, and whatever
goes wrong, is left to Flask, which gets the body anew: faults are told in one place.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_host

from service.api.compression import best_encoding, compress_bytes, is_short
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
# Whoever sends one of these asks for more than an answer to what the body says.
_NOT_PLAIN = (
    "HTTP_AUTHORIZATION", "HTTP_CONTENT_ENCODING", "HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING",
)  # fmt: skip


def with_direct_match(
    application: "WSGIApplication", service: ApiContext, hosts: Sequence[str] | None
) -> "WSGIApplication":
    """The application behind one that answers plain matches; itself where the operator wants to
    know of every caller who it is, or how often it calls."""
    settings = service.settings
    if not settings.is_open or settings.rate_limit is not None:
        return application
    return DirectMatch(application, service, hosts)


class DirectMatch:
    """Answers plain matches, and hands on all else."""

    def __init__(
        self, application: "WSGIApplication", service: ApiContext, hosts: Sequence[str] | None
    ) -> None:
        """`hosts` are the names it answers to; None: any."""
        self._application, self._service, self._hosts = application, service, hosts
        self._largest = service.settings.max_body

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PATH and self._is_plain(environ):
            content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            try:
                get_host(environ, self._hosts)
                answer = self._service.matching.match(
                    read_json(content), ANONYMOUS, deed_trace(environ)
                )
                answer, headers = _packed(answer, environ.get("HTTP_ACCEPT_ENCODING"))
            except Exception:  # noqa: BLE001 - Flask meets it again, and tells of it
                environ["wsgi.input"] = BytesIO(content)
            else:
                environ[ROUTE] = PATH
                start_response("200 OK", headers)
                return [answer]
        return self._application(environ, start_response)

    def _is_plain(self, environ: "WSGIEnvironment") -> bool:
        length = environ.get("CONTENT_LENGTH", "")
        return (
            environ["REQUEST_METHOD"] == "POST"
            and environ.get("CONTENT_TYPE") == JSON
            and not environ.get("QUERY_STRING")
            and environ.get("HTTP_ACCEPT", ANYTHING) in (ANYTHING, JSON)
            and length.isascii()
            and length.isdigit()
            and int(length) <= self._largest
            and environ.keys().isdisjoint(_NOT_PLAIN)
        )


def _packed(answer: bytes, accepted: str | None) -> tuple[bytes, list[tuple[str, str]]]:
    """The answer in the best way that its client accepts, and its headers."""
    headers = [("Content-Type", JSON)]
    if not is_short(answer):
        headers.append(("Vary", "Accept-Encoding"))
        encoding = best_encoding(accepted)
        if encoding is not None:
            answer = compress_bytes(answer, encoding)
            headers.append(("Content-Encoding", encoding))
    headers.append(("Content-Length", str(len(answer))))
    return answer, headers
