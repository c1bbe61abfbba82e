"""What is read and written without gunicorn is what gunicorn makes of it."""

import re
import socket
from collections.abc import Iterable
from typing import Any

import pytest
from gunicorn import http
from gunicorn.config import Config
from gunicorn.http import wsgi

from service.serving.buffered_socket import BufferedSocket
from service.serving.plain_requests import PlainRequests

CFG = Config()
US, NEIGHBOUR, STRANGER = ("127.0.0.1", 8000), ("127.0.0.1", 50_000), ("192.0.2.7", 50_000)
PLAIN = "POST /api/v1/match HTTP/1.1\r\nHost: huice.example:8000\r\nContent-Length: 4\r\n"
# Made for each request, or of no use to the application.
NOT_COMPARED = {"wsgi.input", "wsgi.errors", "wsgi.early_hints", "gunicorn.socket"}


@pytest.fixture
def plain() -> PlainRequests:
    return PlainRequests(CFG)


def by_gunicorn(request: bytes, client: Any) -> tuple[Any, dict[str, Any], bytes]:
    """gunicorn's response, environment and body."""
    ours, other = socket.socketpair()
    with ours, other:
        buffered: Any = BufferedSocket(ours)
        buffered.load(request)
        parsed: Any = next(http.get_parser(CFG, buffered, client))
        response, environ = wsgi.create(parsed, buffered, client, US, CFG)
        return response, dict(environ), environ["wsgi.input"].read()


@pytest.mark.parametrize("client", [NEIGHBOUR, STRANGER])
@pytest.mark.parametrize(
    "more",
    [
        "",
        "Content-Type: application/json\r\nAccept: */*\r\nUser-Agent: curl/8 (x; y)\r\n",
        "ACCEPT-encoding:gzip, zstd  \r\nX-Request-Id: a.b\r\n",
        "Connection: Keep-Alive\r\n",
        "connection: close\r\n",
        "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n",
        "X-Forwarded-Proto: http\r\n",
        "X-Forwarded-Ssl: on\r\nX-Forwarded-Proto: https\r\n",
    ],
)
def test_a_plain_request_becomes_what_gunicorn_makes_of_it(
    plain: PlainRequests, more: str, client: tuple[str, int]
) -> None:
    """Headers, addresses, the scheme that a trusted proxy tells, and the body."""
    request = f"{PLAIN}{more}\r\nabcd".encode()
    environ = plain.environ_of(request, client, US)
    assert environ is not None
    _, expected, body = by_gunicorn(request, client)
    expected["wsgi.multithread"] = True
    assert environ["wsgi.input"].read() == body
    assert {k: v for k, v in environ.items() if k not in NOT_COMPARED} == {
        k: v for k, v in expected.items() if k not in NOT_COMPARED
    }
    assert plain.wants_more(environ) == ("close" not in more)


@pytest.mark.parametrize(
    "head",
    [
        PLAIN.replace("POST", "GET"),
        PLAIN.replace("match", "match?a=1"),
        PLAIN.replace("match", "m%61tch"),
        PLAIN.replace("/api", "http://huice.example/api"),
        PLAIN.replace("1.1", "1.0"),
        PLAIN.replace(" /api", "  /api"),
        PLAIN + "Content-Length: 4\r\n",
        PLAIN + "Accept: a\r\nAccept: b\r\n",
        PLAIN + "Transfer-Encoding: chunked\r\n",
        PLAIN + "Expect: 100-continue\r\n",
        PLAIN + "Upgrade: h2c\r\nConnection: upgrade\r\n",
        PLAIN + "Connection: keep-alive, x-request-id\r\n",
        PLAIN + "X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n",
        PLAIN + "Content_Type: text/plain\r\n",
        PLAIN + "X-A : b\r\n",
        PLAIN + "X-A: b\r\n c\r\n",
        PLAIN + "X-A: \x00\r\n",
        PLAIN + "X-A: b\tc\r\n",
        PLAIN + "X-A: é\r\n",
        PLAIN + "X-A:\r\n",
        PLAIN + "X-A: b\nX-B: c\r\n",
        PLAIN + "X-A\r\n",
        PLAIN + "".join(f"X-{n}: b\r\n" for n in range(40)),
        PLAIN + f"X-A: {'b' * 4096}\r\n",
    ],
)
def test_all_that_has_to_be_looked_at_is_left_to_gunicorn(plain: PlainRequests, head: str) -> None:
    """It takes some of these and refuses others; we are none the wiser."""
    assert plain.environ_of(f"{head}\r\nabcd".encode(), NEIGHBOUR, US) is None


def test_a_client_at_a_socket_of_the_file_system_is_left_to_gunicorn(plain: PlainRequests) -> None:
    """It has no address, and the server no port."""
    assert plain.environ_of(f"{PLAIN}\r\nabcd".encode(), "", "/run/huice.sock") is None


def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    headers = [("Content-Type", "text/plain"), ("X-A", "b")]
    start("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body[:2], body[2:]]


@pytest.mark.parametrize("more", ["", "Connection: close\r\n"])
def test_an_answer_is_written_as_gunicorn_writes_it(plain: PlainRequests, more: str) -> None:
    """To the byte, but for the second."""
    request = f"{PLAIN}{more}\r\nabcd".encode()
    response, expected, _ = by_gunicorn(request, NEIGHBOUR)
    ours, reader = socket.socketpair()
    with ours, reader:
        response.sock = BufferedSocket(ours)
        for part in application(
            {**expected, "wsgi.input": _Body(b"abcd")}, response.start_response
        ):
            response.write(part)
        written = reader.recv(1000)
    environ = plain.environ_of(request, NEIGHBOUR, US)
    assert environ is not None
    told = plain.answer(application, environ, keep=plain.wants_more(environ))
    assert [_undated(told)] == [_undated(written)]


class _Body:
    def __init__(self, content: bytes) -> None:
        self.read = lambda: content


def _undated(response: bytes) -> bytes:
    dated, found = re.subn(rb"Date: [A-Z][^\r]+ GMT\r\n", b"", response)
    assert found == 1
    return dated


def test_an_answer_of_unknown_length_is_told_its_length_and_closed(plain: PlainRequests) -> None:
    """Whatever an application gives is taken in whole, and told that it was."""
    closed: list[bool] = []

    class Parts(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def parted(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("404 Not Found", [])
        return Parts([b"ab", b"c"])

    told = plain.answer(parted, {}, keep=True)
    assert told.endswith(b"Content-Length: 3\r\n\r\nabc")
    assert closed == [True]


def test_no_header_of_ours_can_end_the_head(plain: PlainRequests) -> None:
    """Whatever a value holds that was let through."""

    def split(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("X-A", "b\r\n\r\n<script>")])
        return [b""]

    with pytest.raises(ValueError, match="a header"):
        plain.answer(split, {}, keep=True)
