"""Requests whose bytes do not add up: refused with words, and nothing of them is logged."""

import json
import re
import socket
import time

import pytest

from tests.contract.conftest import MAX_BODY, Server
from tests.contract.test_served import REQUEST
from tests.hostile.conftest import log_of

HEAD = b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = json.dumps(REQUEST).encode()
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def exchange(server: Server, sent: bytes, *, end: bool = False) -> bytes:
    """All that the service answers to these bytes; `end`: the client then ends its side."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(sent)
        if end:
            client.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while piece := client.recv(65536):
                received += piece
                if not end and received.startswith(b"HTTP/1.1 200") and b"}" in piece:
                    break
        except TimeoutError:
            pass
        return received


@pytest.mark.parametrize(
    ("sent", "end", "status"),
    [
        (HEAD + b"Content-Length: %d\r\n\r\n" % (len(BODY) + 5) + BODY, True, 400),
        (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", False, 400),
        (CHUNKED + b"2\r\n{}xx0\r\n\r\n", False, 400),
        (CHUNKED + b"2\r\n{}\r\n", True, 400),
        (CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n", False, 400),
        (CHUNKED + b"f" * 2000, False, 400),
        (CHUNKED + b"2;a\0b\r\n{}\r\n0\r\n\r\n", False, 400),
        (CHUNKED + b"2\t\r\n{}\r\n0\r\n\r\n", False, 400),
        (CHUNKED + b"2\n{}\n0\n\n", False, 400),
        (CHUNKED + b"2\r\n{}\r\n0\r\nX: a\n\n", False, 400),
        (CHUNKED + b"2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n", False, 400),
        (CHUNKED + b"2\r\n{}\r\n0\r\nno colon\r\n\r\n", False, 400),
        (CHUNKED + b"2\r\n{}\r\n0\r\n" + b"X: a\r\n" * 20_000, False, 431),
        (CHUNKED + b"1\r\n{\r\n" * 70_000, False, 413),
        (HEAD + b"Transfer-Encoding: identity\r\n\r\n", False, 501),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", False, 501),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", False, 400),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", False, 400),
        (HEAD + b"Content-Length: -1\r\n\r\n", False, 400),
        (HEAD + b"Content-Length: +2\r\n\r\n{}", False, 400),
        (HEAD + b"Idempotency-Key: a\r\nidempotency-key:b\r\n\r\n", False, 400),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", False, 400),
        (b"GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", False, 400),
        (b"GET /healthz HTTP/1.1\r\n\r\n", False, 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", False, 400),
        (b"GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n", False, 400),
        (b"GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", False, 400),
        (b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n", False, 400),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", False, 400),
        (b"GET / HTTP/1.1\r\nHost: a@evil.example\r\n\r\n", False, 400),
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", False, 400),
        (b"GET /healthz HTTP/1.1\nHost: a\n\n", False, 400),
        (b"GET /healthz\n", False, 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n", True, 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", False, 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 80_000 + b"\r\n\r\n", False, 431),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", False, 414),
    ],
    ids=[
        "body shorter than declared", "chunk size no number", "chunk without its end",
        "chunks without an end", "negative chunk", "endless chunk line",
        "control character in an extension", "tab behind a size",
        "chunks without CR", "trailer without CR", "trailer that frames",
        "trailer that is none", "endless trailers", "chunks of one byte", "no coding",
        "coding below chunks", "two lengths",
        "length and coding", "negative length", "signed length", "two request names",
        "another host in the address", "another scheme in the address", "no host", "two hosts",
        "no host in a later version", "two hosts in an earlier version",
        "empty host", "host with a space", "host with a user", "host cut short",
        "lines without CR", "an address alone", "headers without their end",
        "TLS to a plain port", "long headers", "long address",
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_framed(
    attacked: Server, sent: bytes, end: bool, status: int
) -> None:
    """A 4xx as problem details, and the connection is closed."""
    head, _, body = exchange(attacked, sent, end=end).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        (b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 4", [400]),
        (b"Transfer-Encoding : chunked\r\nContent-Length: 4", [400]),
        (b"Transfer-Encoding: xchunked", [501]),
        (b"Transfer-Encoding: chunked, identity", [501]),
        (b'Transfer-Encoding: "chunked"', [501]),
        (b"Transfer-Encoding: \r\nContent-Length: 4", [400]),
        (b"Transfer-Encoding:\r\n chunked", [501]),
        (b"Content-Length:\r\n 4", [400]),
        (b"Content-Length: 4, 4", [400]),
        (b"Content-Length: 1_0", [400]),
        (b"Content-Length: 0x4", [400]),
        ("Content-Length: ٤".encode(), [400]),
        (b"Content-Len\0gth: 4", [400]),
        (b"X: a\rTransfer-Encoding: chunked\r\nContent-Length: 4", [400]),
        (b" Transfer-Encoding: chunked\r\nContent-Length: 4", [400]),
        (b"Transfer_Encoding: chunked\r\nContent-Length: 4", [422, 200]),
        (b"Content_Length: 100\r\nContent-Length: 4", [422, 200]),
        (b"Connection: Content-Length\r\nContent-Length: 4", [422, 200]),
        (b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 4", [422, 200]),
        (b"X-HTTP-Method-Override: DELETE\r\nContent-Length: 4", [422, 200]),
    ],
)
def test_no_two_readers_see_another_request(
    attacked: Server, lines: bytes, statuses: list[int]
) -> None:
    """What a proxy may read in another way ends the connection, so that what stands behind it is no
    request of somebody else; what is only odd leaves the length as it is said."""
    behind = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answers = exchange(attacked, HEAD + lines + b"\r\n\r\n{}\r\n" + behind, end=True)
    assert [int(found) for found in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answers)] == statuses


def test_who_looks_at_pages_is_refused_by_a_page(attacked: Server) -> None:
    """In both languages, with a way on; the interface is not."""
    for path, kind in ((b"/check", b"text/html"), (b"/api/v1/match", b"application/problem+json")):
        head, _, body = exchange(
            attacked,
            b"POST %b HTTP/1.1\r\nHost: a\r\nAccept: text/html,*/*;q=0.8\r\n"
            b"Content-Length: 200000000\r\n\r\n" % path,
        ).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 413 ")
        assert b"Content-Type: " + kind in head
        assert "提交的内容太大".encode() in body
        assert b"Too much was sent" in body


def test_a_chunked_body(attacked: Server) -> None:
    """Sound chunks, extensions and trailers included, are put together."""
    half = len(BODY) // 2
    pieces = b"%x;a=b\r\n%b\r\n%X\r\n%b\r\n0\r\nX-Trailer: 1\r\n\r\n" % (
        half, BODY[:half], len(BODY) - half, BODY[half:],
    )  # fmt: skip
    assert exchange(attacked, CHUNKED + pieces).startswith(b"HTTP/1.1 200 ")


def test_a_body_too_large_by_its_own_word(attacked: Server) -> None:
    """Refused from the header: who waited for the two megabytes would never answer."""
    answer = exchange(attacked, HEAD + b"Content-Length: 2000000\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert f"at most {MAX_BODY:,} bytes".encode() in answer


def test_a_table_of_companies_may_be_larger(attacked: Server) -> None:
    """At the desk, in each language, as over the interface: what refuses it is that nobody is
    signed in, and not its size."""
    for path in ("/api/v1/batches", "/desk/batches", "/en/desk/batches"):
        answer = attacked.post(path, b"x" * (MAX_BODY + 1), "multipart/form-data; boundary=y")
        assert answer.status in {303, 401}, path


def test_chunks_too_large_together(attacked: Server) -> None:
    """Refused as soon as they are above the limit, not at their end."""
    piece = b"%x\r\n%b\r\n" % (MAX_BODY // 2, b" " * (MAX_BODY // 2))
    assert exchange(attacked, CHUNKED + piece * 3).startswith(b"HTTP/1.1 413 ")


def test_bytes_behind_a_body_are_neither_logged_nor_echoed(attacked: Server) -> None:
    """A length that is too short leaves the rest of a company's figures where a request line
    should stand."""
    short = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY)
    secret = b'"revenue":"52123456.78","name":"LEAKED"}\r\nnothing: here\r\n\r\n'
    answer = exchange(attacked, short + BODY + secret)
    time.sleep(0.3)
    assert b"LEAKED" not in answer
    assert "52123456" not in log_of(attacked)
    assert "LEAKED" not in log_of(attacked)


def test_two_requests_sent_at_once_are_both_answered(attacked: Server) -> None:
    """Pipelined requests are answered in order."""
    ask = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = exchange(attacked, ask + ask + last, end=True)
    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_a_client_that_asks_whether_to_go_on(attacked: Server) -> None:
    """`Expect: 100-continue`: one interim answer, then the answer."""
    head = HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    with socket.create_connection(("127.0.0.1", attacked.port), timeout=30) as client:
        client.sendall(head)
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(BODY)
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
