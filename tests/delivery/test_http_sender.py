"""One POST, to what was resolved, once, within bounds: against real servers on this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from service.delivery.http_sender import HttpSender
from service.delivery.reachable import ReachableNetworks, read_networks

LOOPBACK = read_networks(["127.0.0.0/8"])


class Receiver(ThreadingHTTPServer):
    """Notes what it is sent; answers with `headers` and `status`, or what `judge` makes of it."""

    daemon_threads = True

    def __init__(self, status: int = 204, headers: dict[str, str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.headers = status, headers or {}
        self.judge: Callable[[bytes, dict[str, str]], int] = lambda *_: self.status
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # the sender was killed while it sent
        headers = dict(self.headers)
        self.server.got.append((self.path, headers, body))
        self.send_response(self.server.judge(body, headers))
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Silent."""


@contextmanager
def receiving(status: int = 204, headers: dict[str, str] | None = None) -> Iterator[Receiver]:
    server = Receiver(status, headers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def sender(host: str = "127.0.0.1", seconds: float = 5.0) -> HttpSender:
    return HttpSender(ReachableNetworks(LOOPBACK, lambda *_: [host]), seconds)


def test_what_is_posted_arrives() -> None:
    with receiving() as server:
        url = f"http://hooks.example:{server.port}/in?x=1"
        outcome = sender().send(url, b"{}", {"webhook-id": "evt_1"})
        assert (outcome.status, outcome.delivered) == (204, True)
        ((path, headers, body),) = server.got
    assert (path, body, headers["webhook-id"]) == ("/in?x=1", b"{}", "evt_1")
    assert headers["Host"] == f"hooks.example:{server.port}"


def test_a_redirect_is_not_followed() -> None:
    """It would lead where nobody looked."""
    with receiving() as target, receiving(307, {"Location": "x"}) as server:
        server.headers = {"Location": f"http://127.0.0.1:{target.port}/"}
        outcome = sender().send(f"http://x.example:{server.port}/", b"{}", {})
        assert (outcome.status, outcome.delivered) == (307, False)
        assert target.got == []


def test_without_the_operators_word_this_machine_is_never_called() -> None:
    """Neither by its address nor by a name that leads to it."""
    with receiving() as server:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1"):
            for scheme in ("http", "https"):
                url = f"{scheme}://{host}:{server.port}/"
                outcome = HttpSender(ReachableNetworks()).send(url, b"{}", {})
                assert (outcome.status, outcome.delivered) == (None, False)
        assert server.got == []


def test_a_name_that_changes_its_answer_gains_nothing() -> None:
    """It is resolved once, and what it said then is what is connected to."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    networks = ReachableNetworks((), resolver)
    assert networks.address_for("rebind.example", 443) == "8.8.8.8"
    with receiving() as server:
        outcome = HttpSender(networks).send(f"https://rebind.example:{server.port}/", b"", {})
        assert outcome.words == "the address is not a public one"
        assert (asked, server.got) == (["rebind.example"] * 2, [])


def test_plain_http_leaves_the_operators_networks_never() -> None:
    networks = ReachableNetworks((), lambda *_: ["8.8.8.8"])
    outcome = HttpSender(networks).send("http://x.example/", b"", {})
    assert "only https" in outcome.words


@pytest.mark.parametrize("say", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_who_answers_for_ever_is_let_go(say: bytes) -> None:
    """Silent, or dripping headers or a body: the whole has a limit."""
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        with suppress(OSError):
            client, _ = server.accept()
            with client:
                client.sendall(say)
                while say and not ended.wait(0.02):
                    client.sendall(b"x")
                ended.wait()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        url = f"http://slow.example:{server.getsockname()[1]}/"
        outcome = sender(seconds=0.3).send(url, b"{}", {})
        ended.set()
        thread.join()
    assert (outcome.delivered, outcome.words) == (False, "no answer within 0.3 seconds")


def test_what_is_said_ahead_of_an_answer_is_none() -> None:
    """Early hints, as networks of caches send them."""
    said = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"

    def answer(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.recv(65_536)
            client.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        outcome = sender().send(f"http://x.example:{server.getsockname()[1]}/", b"{}", {})
    assert outcome.status == 204


def test_nobody_there_is_an_outcome() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert sender().send(f"http://x.example:{port}/", b"", {}).words.startswith("no answer")
