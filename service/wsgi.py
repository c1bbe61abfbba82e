"""What gunicorn serves: the application, opened late; 503 while it cannot be opened.

Nothing is loaded at import: the catalogue is prepared before the workers start, and each worker
opens the database for itself.

Where the policy files are broken the last catalogue that was sound stays in use. A worker that
cannot open the service at all answers 503 and tries again: an import that raises would make
gunicorn stop every worker.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from service.api.direct_match import PATH
from service.api.factory import create_app
from service.api.observe import Spans, record_degraded
from service.app import Services, open_services
from service.domain.errors import ErrorCode, HuiceError
from service.faces import api_context, page_context
from service.publishing import publish_ahead
from service.resources import state_of
from service.serving.indexer import await_written, begin_indexing, take_up_written
from service.serving.logs import configure_logging, log_internal
from service.serving.problem import problem
from service.settings import Settings, read_settings
from service.startup import Meanwhile, PreparedCatalogue, open_prepared, prepared
from service.storage.faults import OutOfDate, StorageFault
from service.web.site import register_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PAUSE = 2.0
_ALIVE = "/healthz"
_log = structlog.get_logger("huice.start")


class LazyApplication:
    """A WSGI application that is opened on first use, and again a while after it failed to.

    `plain_paths`: asked so often that a worker does without gunicorn's parser where it can.
    """

    plain_paths = frozenset({PATH.encode()})

    def __init__(
        self, open_application: "Callable[[], WSGIApplication]", pause: float = _PAUSE
    ) -> None:
        """`pause`: seconds between attempts."""
        self._open = open_application
        self._pause = pause
        self._lock = threading.Lock()
        self._application: WSGIApplication | None = None
        self._next_attempt = 0.0
        self._reason = ErrorCode.BUSY

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        # Whoever asks whether the process lives does not wait until it could do more.
        alive = self._application is None and environ.get("PATH_INFO") == _ALIVE
        application = None if alive else self.warm()
        if application is None:
            return _unavailable(environ, start_response, self._reason)
        return application(environ, start_response)

    def warm(self) -> "WSGIApplication | None":
        """The application, opened if need be; None while it cannot be."""
        return self._application or self._opened()

    def _opened(self) -> "WSGIApplication | None":
        with self._lock:
            if self._application is None and time.monotonic() >= self._next_attempt:
                self._attempt()
            return self._application

    def _attempt(self) -> None:
        try:
            self._application = self._open()
        except Exception as error:  # noqa: BLE001  whatever it was, the process must go on
            if not isinstance(error, OutOfDate):  # whoever brings it up to date tells of it
                log_internal(_log, "cannot_open", error)
            self._reason = error.code if isinstance(error, StorageFault) else ErrorCode.BUSY
            self._next_attempt = time.monotonic() + self._pause


def _unavailable(
    environ: "WSGIEnvironment", start_response: "StartResponse", reason: ErrorCode
) -> Iterable[bytes]:
    """What can be said without a service."""
    if environ.get("PATH_INFO") == _ALIVE:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"status":"alive"}']
    path, accepted = str(environ.get("PATH_INFO")), str(environ.get("HTTP_ACCEPT"))
    as_page = "text/html" in accepted and not path.startswith("/api/")
    status, headers, body = problem(503, reason, as_page=as_page)
    start_response(status, list(headers.items()))
    return [body]


class Preparation:
    """The catalogue that workers are started with. gunicorn's first process prepares it, so that
    they share its memory; a worker without one prepares its own."""

    def __init__(self) -> None:
        self.current: PreparedCatalogue | None = None
        # What they said when all they name was there. A worker that read them anew, after a folder
        # has gone, could not open what it has been given.
        self.settings: Settings | None = None
        # Once there was a state, no process of this service makes an empty one in its place: a file
        # that is gone was lost.
        self.has_state = False

    def refresh(self, meanwhile: Meanwhile = None) -> None:
        """Take up today's policy files, doing something `meanwhile`. Where nothing can be prepared
        the former stays, degraded, and the log says why."""
        try:
            settings = read_settings()
            configure_logging(settings.log_level)
            self.settings = settings
            found = prepared(settings, meanwhile)
            found.compiled.warm()
            self.current = found
            with suppress(HuiceError):  # the workers meet the same fault, and tell of it
                require_current(settings)
                create = not self.has_state
                done = publish_ahead(settings, found.compiled, found.files, create=create)
                self.has_state = True
                self.current = replace(self.current, published=True)
                if not (take_up_written(settings, found.compiled) and done):
                    begin_indexing(found.compiled.catalogue.version)
        except Exception as error:  # noqa: BLE001  the processes that serve must go on
            log_internal(_log, "cannot_prepare", error)
            if self.current is not None:
                why = f"today's files could not be prepared: {type(error).__name__}"
                self.current = replace(self.current, degraded_by=(why,))


def open_for_serving(
    settings: Settings, found: PreparedCatalogue | None = None, *, create: bool = True
) -> Services:
    """The service; under the last good catalogue where the policy files are broken.

    Raises HuiceError where there is none, or no state and it may not `create` one.
    """
    if found is None:
        return open_prepared(settings, create=create)
    return open_services(
        settings,
        source=found.files,
        compiled=found.compiled,
        degraded_by=found.degraded_by,
        published=found.published,
        create=create,
    )


def require_current(settings: Settings) -> None:
    """Raises OutOfDate where the state is of an earlier version: what serves does not stand still
    for as long as it takes to bring it up to date."""
    if settings.postgresql is not None or settings.database.exists():
        state_of(settings, migrate=False).close()


def _spans_to(collector: str | None) -> Spans | None:
    """Sends spans of requests, where there is a collector. Its libraries are an extra, and loaded
    for that only."""
    if collector is None:
        return None
    from service.serving.tracing import RequestSpans  # noqa: PLC0415

    return RequestSpans(collector)


def _application() -> "WSGIApplication":
    settings = preparation.settings or read_settings()
    configure_logging(settings.log_level)
    require_current(settings)
    huice = open_for_serving(settings, preparation.current, create=not preparation.has_state)
    record_degraded(degraded=bool(huice.degraded_by))
    application = create_app(api_context(huice), _spans_to(settings.traces))
    register_pages(application, page_context(huice))
    huice.serve()
    await_written(settings, huice.compiled)
    return application


preparation = Preparation()
app = LazyApplication(_application)
