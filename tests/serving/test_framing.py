"""Where a request goes is decided by the path that the application will see."""

import time
from contextlib import suppress

import pytest

from service.serving.framing import MAX_HEADER_BYTES, FramingFault, RequestFramer, path_of


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/a/memo?format=pdf", b"/a/memo"),
        (b"/a/memo#top", b"/a/memo"),
        (b"/a/m%65mo", b"/a/memo"),
        (b"/a/memo%2Epdf?x", b"/a/memo.pdf"),
        (b"http://localhost:8000/a/memo", b"/a/memo"),
        (b"HTTPS://localhost?x", b""),
        (b"/a?next=http://b/memo", b"/a"),
        (b"/a/http://b/memo", b"/a/http://b/memo"),
        (b"*", b"*"),
        (b"/", b"/"),
        (b"/a/memo/?x", b"/a/memo"),
        (b"//a/memo%2F", b"/a/memo"),
        (b"http://localhost//healthz/", b"/healthz"),
        (b"/a%zz%", b"/a%zz%"),
    ],
)
def test_a_path_however_it_is_spelled(target: bytes, path: bytes) -> None:
    """No spelling lets a dear request pass for another, or another for a probe."""
    assert path_of(target) == path


def framed(data: bytes, piece: int) -> list[bytes]:
    """The requests in bytes that come in pieces of one size."""
    framer, requests = RequestFramer(lambda _path: 100), []
    for at in range(0, len(data), piece):
        framer.feed(data[at : at + piece])
        while framer.complete:
            requests.append(framer.take())
            framer.feed(b"")
    assert not framer.buffer
    return requests


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_requests_are_told_apart_however_they_come(piece: int) -> None:
    """Empty lines before a request belong to none; chunks and trailers to theirs."""
    get = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\n"
    length = head + b"Content-Length: 3\r\n\r\nabc"
    chunked = (
        head + b"Transfer-Encoding: Chunked\r\n\r\n1;x=y\r\na\r\n2\r\n\r\n\r\n0\r\nT: 1\r\n\r\n"
    )
    sent = [b"\r\n\r\n", get, length, b"\r\n", chunked, get]
    assert framed(b"".join(sent), piece) == [get, length, chunked, get]


def test_all_chunks_together_are_held_to_the_limit() -> None:
    """The limit is that of the body, whatever stands between its chunks."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert framed(head + b"32\r\n" + b"a" * 50 + b"\r\n32\r\n" + b"a" * 50 + b"\r\n0\r\n\r\n", 9)
    with pytest.raises(FramingFault) as caught:
        framed(head + b"32\r\n" + b"a" * 50 + b"\r\n33\r\n", 9)
    assert caught.value.status == 413


@pytest.mark.parametrize(
    "head",
    [
        b"GET /%b HTTP/1.1\r\nHost: a",
        b"GET / HTTP/1.1\r\nHost: a%ba",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1%b1",
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: a%ba",
        b"GET / HTTP/1.1\r\nHost: a\r\nExpect:%b100-continue",
        b"GET / HTTP/1.1\r\nHost: a\r\nAccept: %ba",
    ],
    ids=["address", "host", "length", "coding", "expectation", "accepted"],
)
@pytest.mark.parametrize("filling", [b"a", b" ", b" \t", b"text/htm"])
def test_no_head_keeps_the_loop_busy(head: bytes, filling: bytes) -> None:
    """The loop serves all connections: the longest head takes it milliseconds, whatever is in it.
    An expression that looks again from each byte took twenty seconds."""
    room = MAX_HEADER_BYTES - len(head)
    sent = head % (filling * (room // len(filling))) + b"\r\n\r\n"
    began = time.process_time()
    with suppress(FramingFault):
        RequestFramer(lambda _path: 100).feed(sent)
    assert time.process_time() - began < 1
