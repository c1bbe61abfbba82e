"""Clients that send or read slowly, or not at all, keep nobody from being served."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from service.serving.connection_loop import MAX_KEPT_BYTES
from tests.contract.conftest import Server, environment_of, free_port, starting, wait_until_ready
from tests.contract.test_served import REQUEST

HEAD = b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = json.dumps(REQUEST).encode()
GOOD_REQUESTS = 120
# A good client gives up after so many seconds.
PATIENCE_SECONDS = 5.0


@contextmanager
def connections(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many open connections to the service."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            for _ in range(count)
        ]


@contextmanager
def dripping(clients: list[socket.socket], first: bytes, rest: bytes) -> Iterator[None]:
    """Each client has sent `first` and goes on with one byte of `rest` a second."""
    for client in clients:
        client.sendall(first)
    ended = threading.Event()

    def drip() -> None:
        at = 0
        while not ended.wait(1.0) and at < len(rest):
            for client in clients:
                try:
                    client.send(rest[at : at + 1])
                except OSError:
                    continue
            at += 1

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def share_served(server: Server) -> float:
    """The share of good requests, half of them matches, that are answered in time."""

    def one(number: int) -> bool:
        began = time.monotonic()
        try:
            if number % 2:
                status = server.match(REQUEST).status
            else:
                status = server.send("GET", "/healthz").status
        except OSError:
            return False
        return status == 200 and time.monotonic() - began < PATIENCE_SECONDS

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, range(GOOD_REQUESTS))) / GOOD_REQUESTS


def test_slow_headers(attacked: Server) -> None:
    """150 clients that send a header byte a second."""
    with connections(attacked.port, 150) as slow, dripping(slow, HEAD, b"X-Slow: " + b"a" * 60):
        assert share_served(attacked) >= 0.99


def test_slow_bodies(attacked: Server) -> None:
    """150 clients that send a body byte a second."""
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY)
    with connections(attacked.port, 150) as slow, dripping(slow, head, BODY):
        assert share_served(attacked) >= 0.99


def test_slow_chunks(attacked: Server) -> None:
    """150 clients that send a chunk of one byte a second."""
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    with connections(attacked.port, 150) as slow, dripping(slow, head, b"1\r\n{\r\n" * 20):
        assert share_served(attacked) >= 0.99


def test_slow_readers(attacked: Server) -> None:
    """150 clients that ask for something and read nothing of it."""
    ask = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connections(attacked.port, 150) as slow:
        for client in slow:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.sendall(ask)
        assert share_served(attacked) >= 0.99


def test_one_byte(attacked: Server) -> None:
    """40 clients that send one byte and then nothing."""
    with connections(attacked.port, 40) as slow:
        for client in slow:
            client.sendall(b"P")
        assert share_served(attacked) >= 0.99


def test_silence(attacked: Server) -> None:
    """1,000 connections over which nothing is ever sent."""
    with connections(attacked.port, 1000):
        assert share_served(attacked) >= 0.99


@pytest.mark.deep
@pytest.mark.parametrize("files", [80, 200])
def test_silence_where_few_files_may_be_open(tmp_path: Path, files: int) -> None:
    """More connections than descriptors: the silent ones make room, and no worker ends."""
    database = tmp_path / "huice.sqlite3"
    limit = ("sh", "-c", f'ulimit -n {files}; exec "$@"', "sh")
    with starting(database, environment_of(free_port(), database), limit) as server:
        wait_until_ready(server, tmp_path / "log")
        with connections(server.port, 3 * files):
            assert share_served(server) >= 0.99
    assert "exited" not in (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sent", "seconds", "answer"),
    [
        (b"", 10, b""),
        (b"P", 10, b"HTTP/1.1 408 "),
        (HEAD + b"Content-Length: 100\r\n\r\n{", 15, b"HTTP/1.1 408 "),
    ],
    ids=["silent", "one byte", "half a body"],
)
@pytest.mark.deep
def test_who_is_too_slow_is_told_and_let_go(
    attacked: Server, sent: bytes, seconds: float, answer: bytes
) -> None:
    """The limits of client_connection: ten seconds for the headers, fifteen and the body's time."""
    with socket.create_connection(("127.0.0.1", attacked.port), timeout=40) as client:
        began = time.monotonic()
        client.sendall(sent)
        received = client.recv(4096)
        assert received.startswith(answer)
        assert bool(received) == bool(answer)
        assert seconds - 1 < time.monotonic() - began < seconds + 5


def test_a_large_answer_is_read_as_slowly_as_one_likes(attacked: Server) -> None:
    """What is read in small pieces, and later in larger ones, arrives whole."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.settimeout(10)
        client.connect(("127.0.0.1", attacked.port))
        client.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        received = b"".join(client.recv(997) for _ in range(40))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        received += b"".join(iter(lambda: client.recv(9_973), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"200 OK" in head
    assert json.loads(body)["openapi"]


@pytest.mark.deep
def test_bodies_that_never_end_do_not_fill_the_memory(attacked: Server) -> None:
    """Thirty uploads of thirty megabytes each stop before their last byte: those who make a worker
    keep most are let go, and small requests pass."""
    head = b"POST /api/v1/batches HTTP/1.1\r\nHost: a\r\nContent-Length: 31000000\r\n\r\n"
    most = 2 * (MAX_KEPT_BYTES + 64 * 1024 * 1024)  # of two workers, which have their own, too
    before = memory_of(attacked)
    with connections(attacked.port, 30) as greedy:
        for client in greedy:
            with suppress(OSError):
                client.sendall(head + bytes(30_000_000))
        assert memory_of(attacked) - before < most
        assert share_served(attacked) == 1.0


def memory_of(server: Server) -> int:
    """The bytes that the workers hold for themselves."""
    process = server.process.pid
    workers = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    held = 0
    for worker in workers:
        with suppress(OSError):
            told = Path(f"/proc/{worker}/smaps_rollup").read_text(encoding="ascii")
            held += sum(
                int(kb) for kb in re.findall(r"^Private_\w+: +(\d+) kB", told, re.MULTILINE)
            )
    return held * 1024
