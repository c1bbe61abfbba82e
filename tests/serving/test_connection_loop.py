"""Whom a worker's loop lets go first, where connections are too many or keep too much."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from service.serving import connection_loop
from service.serving.client_connection import ClientConnection
from service.serving.connection_loop import ConnectionLoop

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
BEGUN_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"


class LoopOfTest(ConnectionLoop):
    """A loop whose requests are answered with their own path at once."""

    def _work(self, connection: ClientConnection) -> None:
        connection.answer = b"answer to " + connection.framer.path
        connection.take_request(plain=True)
        self._send_answer(connection, keep=True)


class Clients:
    """Clients of a loop at a listener of its own."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.listener.setblocking(False)
        cfg = Config()
        self.loop = LoopOfTest(1, 1, [], None, 30, cfg, Logger(cfg))
        self.loop.poller = stack.enter_context(selectors.DefaultSelector())

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A client that has sent so much, which the loop has taken in."""
        client = self._stack.enter_context(socket.create_connection(self.listener.getsockname()))
        client.settimeout(5)
        if sent:
            client.sendall(sent)
        self.loop.accept(self.listener)
        return client


@pytest.fixture
def clients() -> Iterator[Clients]:
    with ExitStack() as stack:
        clients = Clients(stack)
        yield clients
        clients.loop.murder_keepalived(force=True)
        clients.loop.tmp.close()


def test_a_request_that_is_whole_is_worked_on_and_answered(clients: Clients) -> None:
    assert clients.connect(REQUEST).recv(99) == b"answer to /"


def test_where_there_is_no_room_who_has_been_silent_longest_goes(clients: Clients) -> None:
    clients.loop.worker_connections = 3
    begun, silent, last = clients.connect(b"G"), clients.connect(), clients.connect()
    assert silent.recv(99) == b""
    assert clients.loop.nr_conns == 2
    for heard in (begun, last):
        heard.setblocking(False)
        with pytest.raises(BlockingIOError):
            heard.recv(99)


def test_who_keeps_most_is_let_go_until_half_is_free(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_loop, "MAX_KEPT_BYTES", 6_000)
    monkeypatch.setattr(connection_loop, "_RECKON_BYTES", 1)
    small = clients.connect(BEGUN_BODY + bytes(500))
    largest, large = (clients.connect(BEGUN_BODY + bytes(size)) for size in (4_000, 2_000))
    assert largest.recv(9_999).startswith(b"HTTP/1.1 503 ")
    for kept in (small, large):
        kept.setblocking(False)
        with pytest.raises(BlockingIOError):
            kept.recv(99)


def test_who_is_late_is_told_and_who_said_nothing_is_not(clients: Clients) -> None:
    late, silent = clients.connect(b"G"), clients.connect()
    for connection in clients.loop._connections:
        connection.deadline = 0
    clients.loop.murder_keepalived()
    assert late.recv(99).startswith(b"HTTP/1.1 408 ")
    assert silent.recv(99) == b""
