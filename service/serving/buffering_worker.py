"""A gunicorn worker whose threads never wait for a client.

gunicorn's own threaded worker gives a connection to a thread from its first byte to its last, so a
few dozen slow clients stop the service. Here the worker's loop, which waits for all connections at
once, takes in each request whole and sends on what a slow reader has not yet taken; a thread is
busy only while a request is worked on. Probes have a thread of their own, and dear requests (a memo
as PDF, a table) queue for theirs, so that neither waits behind the other nor behind everything
else. Requests that are late, too large or cannot be framed are refused by the loop. Whoever makes a
worker keep most for him is let go first where all keep too much. What a client sent is never
logged.
"""

import errno
import re
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import structlog
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.workers.gthread import TConn, ThreadWorker

from service.domain.steps import step_together
from service.serving.at_once import AtOnce
from service.serving.client_connection import LINGER_SECONDS, ClientConnection, ConnectionState
from service.serving.dear_requests import DearRequests
from service.serving.framing import FramingFault
from service.serving.grouped_requests import BegunRequest, GroupedRequests
from service.serving.handover import MAX_HANDOVER_SECONDS, Handover
from service.serving.logs import log_internal
from service.serving.plain_requests import BegunAnswer, PlainRequests
from service.serving.refusals import fault_of, response_to
from service.serving.turns import FairThreads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PIECE = 64 * 1024
_MAX_ACCEPTED_AT_ONCE = 64
# What the system says where it has no descriptor or memory for another connection.
_WITHOUT_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_MAX_LINGER_BYTES = 4 * 1024 * 1024
# What all connections of a worker may make it keep; it is added up each time that so much has come.
MAX_KEPT_BYTES = 256 * 1024 * 1024
_RECKON_BYTES = 16 * 1024 * 1024
# How many requests of one address are at work and waiting, for each worker there is.
MAX_AT_ONCE = 96
_ROUND_SECONDS = 0.1
_MAX_GROUPED_BYTES = 64 * 1024
# What is larger, with many projects, has all its steps taken at once: others would wait for each.
_MAX_STEPPED_BYTES = 3 * 1024
_LOOKED_UP = ("HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY")

_log = structlog.get_logger("huice.connections")


class BufferingWorker(ThreadWorker):
    """See the module. Names that gunicorn calls: accept, handle, handle_error, finish_request,
    murder_keepalived, murder_pending."""

    tpool: FairThreads  # type: ignore[assignment]
    # The largest body for paths that begin so; every other one gets `default_body_limit`.
    body_limits: Mapping[bytes, int] = {}
    default_body_limit = 1_048_576
    probes = re.compile(rb"/(?:healthz|readyz|metrics)$")
    # How many requests each address has at work at a time; None where proxies of ours stand before
    # the service, through which everybody comes from the same.
    at_once: AtOnce | None = None
    # So many proxies of ours stand before the service.
    proxies = 0
    # Plain requests are answered by one thread, one after the other, where that waits for nothing
    # but a disk of this machine.
    groups_plain_requests = False
    # Tells at a reload when the successors are ready.
    handover: Handover | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections: dict[ClientConnection, None] = {}
        self._probe_pool = FairThreads(1, "probes")
        self._dear = DearRequests()
        self._row = None if self.at_once is None else self.at_once.claim(self.age)
        self._unreckoned = 0
        self._plain = PlainRequests(self.cfg)
        finished = partial(self.method_queue.defer, self._finish_group)
        self._grouped = GroupedRequests(self._begin, self._fail, finished)
        self._leave_at: float | None = None
        self._generation = 0 if self.handover is None else self.handover.generation

    def get_thread_pool(self) -> FairThreads:  # type: ignore[override]
        """The threads for what is neither a probe nor dear."""
        return FairThreads(self.cfg.threads, "requests")

    def _body_limit(self, path: bytes) -> int:
        for prefix, limit in self.body_limits.items():
            if path.startswith(prefix):
                return limit
        return self.default_body_limit

    # Receiving

    def accept(self, listener: socket.socket) -> None:
        """Take what waits at the listener."""
        for _ in range(_MAX_ACCEPTED_AT_ONCE):
            try:
                raw, client = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _WITHOUT_ROOM:
                    raise
                self._drop_silent()
                return
            server = listener.getsockname()
            connection = ClientConnection(self.cfg, raw, client, server, self._body_limit)
            self._connections[connection] = None
            self.nr_conns += 1
            self._watch(connection, selectors.EVENT_READ)
            self._read(connection)  # the request has usually come with the connection
            if self.nr_conns >= self.worker_connections:
                self._drop_silent()
                return

    def _drop_silent(self) -> None:
        """Make room: the connection that has said nothing for longest goes; where all have said
        something, the one that has not come to the end of its headers for longest."""
        for state in (ConnectionState.IDLE, ConnectionState.READING):
            for connection in self._connections:
                if connection.state is state and not connection.framer.in_body:
                    self._close(connection)
                    return

    def _reckon(self, count: int) -> None:
        """So many bytes more are kept. Where that is too much, those who have most kept go until
        half of it is free: many small requests are not in the way of anybody."""
        self._unreckoned += count
        if self._unreckoned < _RECKON_BYTES:
            return
        self._unreckoned = 0
        idle = [c for c in self._connections if c.state is not ConnectionState.WORKING]
        kept = sum(c.kept_bytes for c in idle)
        if kept <= MAX_KEPT_BYTES:
            return
        for connection in sorted(idle, key=lambda c: c.kept_bytes, reverse=True):
            kept -= connection.kept_bytes
            self._let_go(connection)
            if kept <= MAX_KEPT_BYTES // 2:
                return

    def _let_go(self, connection: ClientConnection) -> None:
        if connection.state is ConnectionState.READING:
            connection.framer.buffer.clear()
            self._refuse(connection, FramingFault(503, "busy"))
        else:
            self._close(connection)

    def wait_for_and_dispatch_events(self, timeout: float | None) -> None:
        """What gunicorn does between any two events, some system calls and a look at all
        connections, is done ten times a second under load."""
        until = time.monotonic() + _ROUND_SECONDS
        while True:
            soon = _ROUND_SECONDS if self._grouped.is_at_work else timeout
            super().wait_for_and_dispatch_events(soon)
            self._grouped.look()
            timeout = until - time.monotonic()
            if timeout <= 0 or not self.alive:
                return

    def _watch(self, connection: ClientConnection, events: int) -> None:
        """Hear of these events of a connection from now on; of none where 0."""
        if events == connection.watched:
            return
        raw = connection.sock.raw
        if not events:
            self.poller.unregister(raw)
        elif connection.watched:
            self.poller.modify(raw, events, lambda _: self._on_event(connection))
        else:
            self.poller.register(raw, events, lambda _: self._on_event(connection))
        connection.watched = events

    def _on_event(self, connection: ClientConnection) -> None:
        if connection not in self._connections:
            return  # closed by an earlier event of the same round
        if connection.state is ConnectionState.WORKING:
            self._watch(connection, 0)  # whatever it is, it waits for the answer
        elif connection.state is ConnectionState.SENDING:
            self._write(connection)
        else:
            self._read(connection)

    def _read(self, connection: ClientConnection) -> None:
        try:
            data = connection.sock.raw.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._close(connection)
            return
        if connection.state is ConnectionState.LINGERING:
            connection.lingered += len(data)
            if not data or connection.lingered > _MAX_LINGER_BYTES:
                self._close(connection)
        elif not data:
            self._end_of_input(connection)
        else:
            self._feed(connection, data)
            self._reckon(len(data))

    def _end_of_input(self, connection: ClientConnection) -> None:
        """The client has ended its side in the middle of a request, or between two."""
        if connection.framer.buffer:
            self._refuse(connection, FramingFault(400, "bad_request"))
        else:
            self._close(connection)

    def _feed(self, connection: ClientConnection, data: bytes) -> None:
        framer = connection.framer
        began = connection.state is ConnectionState.IDLE
        had_headers = framer.in_body
        try:
            framer.feed(data)
        except FramingFault as fault:
            self._refuse(connection, fault)
            return
        if framer.complete:
            self._work(connection)
            return
        if began:
            connection.await_headers()
        if framer.in_body and not had_headers:
            connection.await_body()

    # Working

    def _work(self, connection: ClientConnection) -> None:
        path = connection.framer.path
        sends = connection.framer.buffer.startswith(b"POST ")
        dear = self._dear.queue_for(path, sends=sends)
        connection.sender = connection.find_sender(self.proxies)
        if dear is not None and not dear.has_room_for(connection.sender):
            self._refuse(connection, FramingFault(503, "busy"))
            return
        is_probe = self.probes.match(path) is not None
        if self.at_once is not None:
            if not is_probe and self.at_once.has_enough(connection.address):
                self._refuse(connection, FramingFault(429, "rate_limited"))
                return
            self.at_once.begin(self._row, connection.address)
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
            step_together([begun.steps])
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
        """As gunicorn counts and answers, without its parser and writer. The loop sends the answer:
        a thread that did would give the interpreter away each time."""
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
        self._go_on(conn, keep=error is None and bool(fs.result()))

    def _finish_group(self, group: Sequence[tuple[ClientConnection, bool]]) -> None:
        for connection, keep in group:
            self._go_on(connection, keep=keep)

    def _go_on(self, conn: ClientConnection, *, keep: bool) -> None:
        """Send what is left of an answer, and then go on or end."""
        if conn not in self._connections:
            return  # given up
        if conn.dear_queue is not None:
            conn.dear_queue.leave(conn.sender)
            conn.dear_queue = None
        if self.at_once is not None:
            self.at_once.end(self._row, conn.address)
        conn.keep = keep
        conn.parser, conn.request = None, b""
        conn.sock.continued = False
        answer, conn.answer = conn.answer, b""
        try:
            if answer:
                conn.sock.sendall(answer)
            sent = conn.sock.flush()
        except OSError:
            self._close(conn)
            return
        self._reckon(len(conn.sock.waiting))
        if sent:
            self._after_answer(conn)
            return
        conn.await_reader()
        self._watch(conn, selectors.EVENT_WRITE)

    def _write(self, connection: ClientConnection) -> None:
        try:
            sent = connection.sock.flush()
        except OSError:
            self._close(connection)
            return
        if sent:
            self._after_answer(connection)

    def _after_answer(self, connection: ClientConnection) -> None:
        self._watch(connection, selectors.EVENT_READ)
        if not connection.keep:
            self._linger(connection)
            return
        connection.await_next(self.cfg.keepalive)
        # To the end of the order: it was heard of last.
        del self._connections[connection]
        self._connections[connection] = None
        if connection.framer.buffer:  # the next request came behind this one
            self._feed(connection, b"")

    # Ending

    def _refuse(self, connection: ClientConnection, fault: FramingFault) -> None:
        """Answer for good from the loop. A client that does not take so little has no answer."""
        _log.info("refused", status=fault.status, code=fault.code)
        connection.sock.drop()
        try:
            connection.sock.sendall(response_to(fault, connection.framer))
        except OSError:
            self._close(connection)
            return
        self._linger(connection)

    def _linger(self, connection: ClientConnection) -> None:
        """End our side and wait a little for the client's: closing at once would reset the
        connection under what it still sends, and it might never see the answer."""
        try:
            connection.linger()
        except OSError:
            self._close(connection)

    def _close(self, connection: ClientConnection) -> None:
        self._watch(connection, 0)
        del self._connections[connection]
        self.nr_conns -= 1
        connection.sock.drop()
        connection.sock.raw.close()

    def murder_keepalived(self, force: bool = False) -> None:
        """Called by gunicorn's loop every second at least: end what is past its time."""
        now = time.monotonic()
        if self.alive and self._may_leave(now):
            self.alive = False
            self._leave_at = now
        for connection in list(self._connections):
            if connection.state is ConnectionState.WORKING:
                if connection.deadline < now:
                    self._give_up(connection)
                continue
            if not self.alive and self._leave_at and connection.state is ConnectionState.IDLE:
                # A client may be sending its next request just now.
                last = self._leave_at + LINGER_SECONDS
                connection.deadline = min(connection.deadline, last)
            if force:
                self._close(connection)
            elif connection.deadline < now:
                if connection.state is ConnectionState.READING:
                    self._refuse(connection, FramingFault(408, "request_timeout"))
                else:
                    self._close(connection)

    def _give_up(self, connection: ClientConnection) -> None:
        """A request that is worked on without end. Nothing ends a thread but the end of its
        process: the worker leaves when the others are answered, and another takes its place."""
        _log.error("request_without_end", where=connection.place_at_work())
        self.alive, self._leave_at = False, time.monotonic()
        self._watch(connection, 0)
        del self._connections[connection]
        self.nr_conns -= 1
        with connection.sock.abandon() as raw, suppress(OSError):
            if not connection.sock.has_answered:
                raw.send(response_to(FramingFault(500, "internal")))
            raw.shutdown(socket.SHUT_WR)

    def _may_leave(self, now: float) -> bool:
        if self._leave_at is None:
            return False
        handover = self.handover
        return now >= self._leave_at or handover is None or handover.is_over(self._generation)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: leave at once, or at a reload when the successors are ready. The loop, which
        looks for it every second at least, is woken."""
        if self._leave_at is None:
            self._leave_at = time.monotonic() + MAX_HANDOVER_SECONDS
            self.method_queue.defer(self.murder_keepalived)

    def murder_pending(self) -> None:
        """Nothing: all connections are in one place here."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """A request that gunicorn's parser refuses, or a fault of ours outside the application.
        Neither the request's bytes nor a message that may quote them are logged."""
        fault = fault_of(exc)
        if fault.status == 500:
            log_internal(_log, "internal_error", exc)
        else:
            _log.info("refused", status=fault.status, code=fault.code)
        client.sendall(response_to(fault))
