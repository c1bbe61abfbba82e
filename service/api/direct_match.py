"""The plainest of matches, answered before Flask is asked.

Most requests are such: JSON in and out, to be done once, of nobody in particular or with a key or a
signature. What Flask does for each is longer than finding the status of every programme. Whatever
is not plain, and whatever goes wrong, is left to Flask, which gets the body anew: faults and
refusals are told in one place. Who asks and how often is found by the functions that Flask's view
asks too, and not a second time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from flask import request
from werkzeug.wsgi import get_host

from service.api.http import ANYTHING, JSON
from service.api.limiting import Limiter
from service.api.middleware import deed_trace
from service.api.observe import ROUTE
from service.api.openapi import PREFIX
from service.api.ports import ApiContext
from service.api.principals import find_match_principal
from service.domain.steps import take_left
from service.intake.json_reader import read_json
from service.rendering.compression import packed
from service.usecases.matching import BegunMatch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = f"{PREFIX}/match"
# Where the fault stands for which a request could not be finished: it is told, and not met again,
# since that may take seconds for each of those who waited together.
FAULT = "huice.fault"
# What a plain request has none of.
_UNUSUAL = (
    "HTTP_CONTENT_ENCODING", "HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SteppedAnswer:
    """The parts of an answer; it is made when they are read. Whoever has several takes the `steps`
    of all together before, and has their receipts stored together by reading the first."""

    steps: Iterator[None]
    parts: Iterator[bytes]

    def __iter__(self) -> Iterator[bytes]:
        return self.parts


@dataclass(frozen=True)
class DirectMatch:
    """The application behind one that answers plain matches. `hosts` are the names it answers
    to."""

    application: "WSGIApplication"
    service: ApiContext
    limiter: Limiter
    hosts: Sequence[str] | None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if not _is_plain(environ, self.service.limits.max_body):
            return self.application(environ, start_response)
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        begun: list[BegunMatch] = []
        steps = self._begin(content, environ, begun)
        return SteppedAnswer(steps, self._finish(steps, begun, content, environ, start_response))

    def _begin(
        self, content: bytes, environ: "WSGIEnvironment", begun: list[BegunMatch]
    ) -> Iterator[None]:
        get_host(environ, self.hosts)
        who = find_match_principal(self.service, self.limiter, environ, lambda: content)
        raw = read_json(content)
        yield
        match = yield from self.service.matching.begin_in_steps(raw, who, deed_trace(environ))
        begun.append(match)

    def _finish(
        self,
        steps: Iterator[None],
        begun: list[BegunMatch],
        content: bytes,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterator[bytes]:
        take_left(steps)  # of one that raised there is nothing
        try:
            answer = begun[0].finish() if begun else None
        except Exception as error:  # noqa: BLE001 - Flask tells of it
            environ[FAULT], answer = error, None
        if answer is None:
            environ["wsgi.input"] = BytesIO(content)
            yield from self.application(environ, start_response)
            return
        environ[ROUTE] = PATH
        packed_answer, headers = packed(answer, environ.get("HTTP_ACCEPT_ENCODING"))
        length = ("Content-Length", str(len(packed_answer)))
        start_response("200 OK", [("Content-Type", JSON), *headers, length])
        yield packed_answer


def tell_fault() -> None:
    """Raise the fault that kept Flask's request from being finished before Flask, if one did."""
    fault: Exception | None = request.environ.get(FAULT)
    if fault is not None:
        raise fault


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
