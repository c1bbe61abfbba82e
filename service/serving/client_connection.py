"""One client's connection: what has come of its request, and until when the next part may take.

Every wait has an end, so that a client that goes quiet holds nothing for long.
"""

import re
import socket
import sys
import threading
import time
import traceback
from enum import Enum
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn

from service.serving.buffered_socket import BufferedSocket
from service.serving.dear_requests import DearQueue
from service.serving.framing import BodyLimit, RequestFramer

# Seconds: from the first byte to the end of the headers; for a body beside its size; for an answer
# to be taken further; between requests and after the last answer.
HEADER_SECONDS = 10.0
BODY_SECONDS = 15.0
SEND_SECONDS = 20.0
IDLE_SECONDS = 5.0
LINGER_SECONDS = 2.0
# A body may come as slowly as this, and an answer be read, in bytes a second.
MIN_BYTES_PER_SECOND = 8 * 1024
MAX_CHUNKED_SECONDS = 60.0
# What works on a request for longer than this has no end; a dear one may take longer.
WORK_SECONDS, DEAR_SECONDS = 120.0, 600.0
_FORWARDED = re.compile(rb"\r\nx-forwarded-for[ \t]*:([^\r\n]*)", re.IGNORECASE)


class ConnectionState(Enum):
    IDLE = "idle"  # nothing of a request has come
    READING = "reading"
    WORKING = "working"  # a thread has it
    SENDING = "sending"
    LINGERING = "lingering"  # answered for good; the client may still be sending


class ClientConnection(TConn):
    """A connection in the form that gunicorn's request code expects of it. What it waits for next
    is said by one of its methods; `deadline` is when that is over, in monotonic seconds."""

    def __init__(
        self, cfg: Any, raw: socket.socket, client: Any, server: Any, body_limit: BodyLimit
    ) -> None:
        super().__init__(cfg, raw, client, server)
        self.sock: BufferedSocket = BufferedSocket(raw)  # type: ignore[assignment]
        self.initialized = self.data_ready = True
        self.framer = RequestFramer(body_limit)
        self.state = ConnectionState.IDLE
        self.deadline = time.monotonic() + HEADER_SECONDS
        self.keep = False
        self.lingered = 0
        # The events that the worker's loop is told of.
        self.watched = 0
        self.is_plain = False
        self.dear_queue: DearQueue | None = None  # where its request at work waits, or is done
        self.request = b""
        self.sender = ""  # of the request at work
        self._worker: int | None = None  # the thread that works on it
        self.answer = b""  # to a plain request; the worker's loop sends it

    @property
    def address(self) -> str:
        """Whom it comes from, without the port."""
        return str(self.client[0]) if isinstance(self.client, tuple) else ""

    def find_sender(self, proxies: int) -> str:
        """Whom the request that is complete comes from: as the outermost of so many proxies of ours
        saw him, or as we do."""
        if not proxies:
            return self.address
        head = self.framer.buffer[: self.framer.buffer.find(b"\r\n\r\n")]
        hops = [at for line in _FORWARDED.findall(head) for at in line.split(b",")]
        return hops[-proxies].strip().decode("latin-1") if len(hops) >= proxies else self.address

    @property
    def kept_bytes(self) -> int:
        """What is kept of a request that comes, or of an answer that is not taken."""
        return len(self.framer.buffer) + len(self.sock.waiting)

    def init(self) -> None:
        """Nothing: everything is there when a thread gets the connection."""

    def take_request(self, *, plain: bool) -> None:
        """The request that is complete is about to be worked on; `plain`: it may be answered
        without gunicorn's parser."""
        self.request, self.is_plain = self.framer.take(), plain
        self.sock.has_answered = False
        self.state, self.deadline = ConnectionState.WORKING, float("inf")

    def begin_work(self) -> None:
        """A thread takes the request up: this one."""
        seconds = WORK_SECONDS if self.dear_queue is None else DEAR_SECONDS
        self._worker, self.deadline = threading.get_ident(), time.monotonic() + seconds

    def place_at_work(self) -> list[str]:
        """The lines of code that the thread is at which works on the request."""
        frame = sys._current_frames().get(self._worker or 0)  # noqa: SLF001  there is no other way
        return [] if frame is None else traceback.format_stack(frame)

    def load_request(self) -> None:
        """Hand the request that was taken to a parser of its own."""
        self.sock.load(self.request)
        self.parser = http.get_parser(self.cfg, self.sock, self.client)  # type: ignore[call-overload]

    def await_headers(self) -> None:
        """A request has begun."""
        self._wait(ConnectionState.READING, HEADER_SECONDS)

    def await_body(self) -> None:
        """The headers are there. A client that waits for leave to send the body has it."""
        size = self.framer.body_bytes
        seconds = (
            MAX_CHUNKED_SECONDS if size is None else BODY_SECONDS + size / MIN_BYTES_PER_SECOND
        )
        self._wait(ConnectionState.READING, seconds)
        if self.framer.expects_continue and not self.sock.continued:
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.sock.continued = True

    def await_reader(self) -> None:
        """The client has not yet taken the whole answer."""
        seconds = SEND_SECONDS + self.sock.bytes_left / MIN_BYTES_PER_SECOND
        self._wait(ConnectionState.SENDING, seconds)

    def await_next(self, keepalive: float) -> None:
        """Answered: another request may come."""
        self._wait(ConnectionState.IDLE, max(IDLE_SECONDS, keepalive))

    def linger(self) -> None:
        """Answered for good: our side ends. Raises OSError where the client has gone."""
        self._wait(ConnectionState.LINGERING, LINGER_SECONDS)
        self.sock.raw.shutdown(socket.SHUT_WR)

    def _wait(self, state: ConnectionState, seconds: float) -> None:
        self.state = state
        self.deadline = time.monotonic() + seconds
