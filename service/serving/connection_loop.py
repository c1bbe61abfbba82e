"""The loop of a gunicorn worker that waits for all its connections at once.

It takes in each request whole, sends on what a slow reader has not yet taken of an answer, and ends
what is late, too large or cannot be framed. Whoever makes a worker keep most for him is let go
first where all keep too much. How a request is worked on is not said here.
"""

import errno
import selectors
import socket
import time
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from gunicorn.workers.gthread import ThreadWorker

from service.serving.client_connection import LINGER_SECONDS, ClientConnection, ConnectionState
from service.serving.framing import FramingFault
from service.serving.handover import MAX_HANDOVER_SECONDS, Handover
from service.serving.refusals import response_to

_PIECE = 64 * 1024
_MAX_ACCEPTED_AT_ONCE = 64
# What the system says where it has no descriptor or memory for another connection.
_WITHOUT_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_MAX_LINGER_BYTES = 4 * 1024 * 1024
# What all connections of a worker may make it keep; it is added up each time that so much has come.
MAX_KEPT_BYTES = 256 * 1024 * 1024
_RECKON_BYTES = 16 * 1024 * 1024

_log = structlog.get_logger("huice.connections")


class ConnectionLoop(ThreadWorker):
    """See the module. Names that gunicorn calls: accept, murder_keepalived, murder_pending,
    handle_exit."""

    # The largest body for paths that begin so; every other one gets `default_body_limit`.
    body_limits: Mapping[bytes, int] = {}
    default_body_limit = 1_048_576
    # Tells at a reload when the successors are ready.
    handover: Handover | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections: dict[ClientConnection, None] = {}
        self._unreckoned = 0
        self._leave_at: float | None = None
        self._generation = 0 if self.handover is None else self.handover.generation

    @abstractmethod
    def _work(self, connection: ClientConnection) -> None:
        """A request is there whole: have it answered, and then send its answer."""

    # Receiving

    def _body_limit(self, path: bytes) -> int:
        for prefix, limit in self.body_limits.items():
            if path.startswith(prefix):
                return limit
        return self.default_body_limit

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
        """Count so many more bytes as kept. Where all together are too many, the connections that
        keep the most are closed until half of the room is free; many small requests disturb
        nobody."""
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

    # Sending

    def _send_answer(self, conn: ClientConnection, *, keep: bool) -> None:
        """Send what is left of an answer, and then go on or end."""
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
