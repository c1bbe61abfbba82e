"""A gunicorn worker whose threads never wait for a client.

gunicorn's own threaded worker gives a connection to a thread from its first byte to its last, so a
few dozen slow clients stop the service. Here the loop takes in each request and sends each answer
(`connection_loop`); a thread is busy only while a request is worked on. Probes have a thread of
their own, and dear requests (a memo as PDF, a table) queue for theirs, so that neither waits behind
the other nor behind everything else. What a client sent is never logged.
"""

import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import structlog
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.workers.gthread import TConn

from service.domain.steps import take_left
from service.serving.client_connection import ClientConnection
from service.serving.collector import look_for_what_goes
from service.serving.connection_loop import ConnectionLoop
from service.serving.dear_requests import DearRequests
from service.serving.framing import FramingFault
from service.serving.grouped_requests import BegunRequest, GroupedRequests
from service.serving.logs import log_internal
from service.serving.plain_requests import BegunAnswer, PlainRequests
from service.serving.refusals import fault_of, response_to
from service.serving.turns import FairThreads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# How many requests of one sender are at work and waiting in a worker.
MAX_AT_ONCE = 192
_ROUND_SECONDS = 0.1
_MAX_GROUPED_BYTES = 64 * 1024
# What is larger, with many projects, has all its steps taken at once: others would wait for each.
_MAX_STEPPED_BYTES = 3 * 1024
_LOOKED_UP = ("HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY")

_log = structlog.get_logger("huice.connections")


class BufferingWorker(ConnectionLoop):
    """See the module. Names that gunicorn calls: handle, handle_request, handle_error,
    finish_request, wait_for_and_dispatch_events, get_thread_pool."""

    tpool: FairThreads  # type: ignore[assignment]
    probes = re.compile(rb"/(?:healthz|readyz|metrics)$")
    # So many proxies of ours stand before the service.
    proxies = 0
    # Plain requests are answered by one thread, one after the other, where that waits for nothing
    # but a disk of this machine.
    groups_plain_requests = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._probe_pool = FairThreads(1, "probes")
        self._dear = DearRequests()
        self._at_work: Counter[str] = Counter()  # by sender
        self._plain = PlainRequests(self.cfg)
        finished = partial(self.method_queue.defer, self._finish_group)
        self._grouped = GroupedRequests(self._begin, self._fail, finished)

    def get_thread_pool(self) -> FairThreads:  # type: ignore[override]
        """The threads for what is neither a probe nor dear."""
        return FairThreads(self.cfg.threads, "requests")

    def wait_for_and_dispatch_events(self, timeout: float | None) -> None:
        """What gunicorn does between any two events, some system calls and a look at all
        connections, is done ten times a second under load."""
        until = time.monotonic() + _ROUND_SECONDS
        while True:
            soon = _ROUND_SECONDS if self._grouped.is_at_work else timeout
            super().wait_for_and_dispatch_events(soon)
            self._grouped.look()
            look_for_what_goes()
            timeout = until - time.monotonic()
            if timeout <= 0 or not self.alive:
                return

    def _work(self, connection: ClientConnection) -> None:
        path = connection.framer.path
        sends = connection.framer.buffer.startswith(b"POST ")
        dear = self._dear.queue_for(path, sends=sends)
        connection.sender = connection.find_sender(self.proxies)
        if dear is not None and not dear.has_room_for(connection.sender):
            again = dear.seconds_until_room()
            self._refuse(connection, FramingFault(503, "busy", retry_after=again))
            return
        is_probe = self.probes.match(path) is not None
        if not is_probe and self._at_work[connection.sender] >= MAX_AT_ONCE:
            self._refuse(connection, FramingFault(429, "rate_limited"))
            return
        self._at_work[connection.sender] += 1
        pool = self._probe_pool if is_probe else self.tpool
        if dear is not None:
            connection.dear_queue, pool = dear, dear.pool
            dear.enter(connection.sender)
        is_plain = path in getattr(self.wsgi, "plain_paths", ())
        connection.take_request(plain=is_plain)
        if is_plain and self.groups_plain_requests:
            self._grouped.put(connection.sender, connection)
        else:
            self._submit(pool, connection)

    def _submit(
        self,
        pool: FairThreads,
        connection: ClientConnection,
        environ: "WSGIEnvironment | None" = None,
    ) -> None:
        """`environ`: of a plain request whose head has been read."""
        working = pool.submit(connection.sender, self.handle, connection, environ)
        working.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, connection, done)
        )

    def handle(self, conn: TConn, environ: "WSGIEnvironment | None" = None) -> bool:
        """Answer a request, in a thread; whether the connection may be asked again."""
        assert isinstance(conn, ClientConnection)
        conn.begin_work()
        if environ is None and conn.is_plain:
            environ = self._plain.environ_of(conn.request, conn.client, conn.server)
        if environ is None:
            conn.load_request()
            return bool(super().handle(conn))
        try:
            return self._answer_plain(conn, environ, BegunAnswer(self.wsgi, environ))
        except Exception as error:  # noqa: BLE001  as gunicorn does
            return self._fail(conn, error)

    def _begin(self, conn: ClientConnection) -> BegunRequest | None:
        """Have the application begin a plain request. One that takes long goes to the other
        threads, so that nobody waits for it: a large one, and one that the database is asked for,
        who has a key or what was answered before."""
        conn.begin_work()
        environ = self._plain.environ_of(conn.request, conn.client, conn.server)
        if (
            environ is None
            or len(conn.request) > _MAX_GROUPED_BYTES
            or not environ.keys().isdisjoint(_LOOKED_UP)
        ):
            self._submit(self.tpool, conn, environ)
            return None
        begun = BegunAnswer(self.wsgi, environ)
        if len(conn.request) > _MAX_STEPPED_BYTES:
            take_left(begun.steps)
        return BegunRequest(begun.steps, partial(self._answer_plain, conn, environ, begun))

    def _fail(self, conn: ClientConnection, error: Exception) -> bool:
        """Tell a fault outside the application, unless it is that the client has gone."""
        with suppress(OSError):
            if not isinstance(error, OSError):
                self.handle_error(None, conn.sock, conn.client, error)
        return False

    def _answer_plain(
        self, conn: ClientConnection, environ: "WSGIEnvironment", begun: BegunAnswer
    ) -> bool:
        """Send an answer as gunicorn does, without its parser and writer. The loop sends it: a
        thread that did would give up the interpreter each time."""
        self.nr += 1
        if self.alive and self.nr >= self.max_requests:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
        keep = self.alive and self._plain.wants_more(environ)
        conn.answer = self._plain.finish(begun, keep=keep)
        return keep

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """The body is there whole. What gunicorn's parser does not take in its chunks is told now,
        as the client's fault; the application would meet it as one of ours."""
        if isinstance(req.body.reader, ChunkedReader):
            req.body = Body(BytesIO(req.body.read()))  # type: ignore[arg-type]
        return bool(super().handle_request(req, conn))

    def finish_request(self, conn: TConn, fs: "Future[bool]") -> None:
        """A thread is done with a request."""
        assert isinstance(conn, ClientConnection)
        error = fs.exception()
        if error is not None:
            log_internal(_log, "internal_error", error)
        self._end_work(conn, keep=error is None and bool(fs.result()))

    def _finish_group(self, group: Sequence[tuple[ClientConnection, bool]]) -> None:
        for connection, keep in group:
            self._end_work(connection, keep=keep)

    def _end_work(self, conn: ClientConnection, *, keep: bool) -> None:
        """A request is answered: nobody waits behind it any more, and its answer is sent."""
        if conn not in self._connections:
            return  # given up
        if conn.dear_queue is not None:
            conn.dear_queue.leave(conn.sender)
            conn.dear_queue = None
        self._at_work[conn.sender] -= 1
        if not self._at_work[conn.sender]:
            del self._at_work[conn.sender]
        self._send_answer(conn, keep=keep)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """A request that gunicorn's parser refuses, or a fault of ours outside the application.
        Neither the request's bytes nor a message that may quote them are logged."""
        fault = fault_of(exc)
        if fault.status == 500:
            log_internal(_log, "internal_error", exc)
        else:
            _log.info("refused", status=fault.status, code=fault.code)
        client.sendall(response_to(fault))
