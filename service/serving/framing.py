"""Where one HTTP/1.1 request ends in the bytes of a connection (RFC 9112, sections 3, 5 and 7).

Only framing is decided here, so that a request can be taken in whole before a thread works on it.
What its lines mean is for gunicorn's own parser, which sees the same bytes afterwards.
"""

import re
from dataclasses import dataclass
from typing import Protocol

MAX_HEADER_BYTES = 64 * 1024
MAX_CHUNK_LINE_BYTES = 1024
_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)", re.IGNORECASE)
_CODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_HOST = re.compile(rb"\r\nhost[ \t]*:", re.IGNORECASE)
_CONTINUE = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_DIGITS = re.compile(rb"[0-9]{1,15}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")


@dataclass(frozen=True, slots=True)
class FramingFault(Exception):
    """A request that is refused before any of it is worked on: HTTP status and stable code."""

    status: int
    code: str


class BodyLimit(Protocol):
    """The largest body, in bytes, that is taken for a request target."""

    def __call__(self, target: bytes) -> int: ...


class RequestFramer:
    """Collects the bytes of one connection and says where its first request ends.

    `buffer` holds what was received and not yet taken; `target` is the request target once the
    headers are there. After `feed`, `complete` says whether a whole request is there; `take` hands
    it out and keeps what follows for the next one.
    """

    def __init__(self, body_limit: BodyLimit) -> None:
        self.buffer = bytearray()
        self._body_limit = body_limit
        self._restart()

    def _restart(self) -> None:
        self.complete = False
        self.expects_continue = False
        self.target = b""
        self.body_bytes: int | None = None  # declared; None before the headers end, or chunked
        self.in_body = False
        self._scanned = 0
        self._end = 0
        self._chunks: _ChunkScanner | None = None

    def feed(self, data: bytes) -> None:
        """Take in received bytes. Raises FramingFault where they cannot be a request, or where the
        declared or received size is above a limit."""
        self.buffer += data
        if not self.complete:
            self._advance()

    def take(self) -> bytes:
        """The whole request, removed from the buffer."""
        assert self.complete
        request = bytes(memoryview(self.buffer)[: self._end])
        del self.buffer[: self._end]
        self._restart()
        return request

    def _advance(self) -> None:
        if not self.in_body and not self._read_headers():
            return
        if self._chunks is not None:
            end = self._chunks.advance(self.buffer)
            if end is not None:
                self._end, self.complete = end, True
        else:
            self.complete = len(self.buffer) >= self._end

    def _read_headers(self) -> bool:
        at = self.buffer.find(_END_OF_HEADERS, max(0, self._scanned - 3))
        self._scanned = len(self.buffer)
        if at < 0:
            if len(self.buffer) > MAX_HEADER_BYTES:
                raise FramingFault(431, "headers_too_large")
            return False
        if at > MAX_HEADER_BYTES:
            raise FramingFault(431, "headers_too_large")
        self._read_framing(bytes(self.buffer[: at + 2]), at + len(_END_OF_HEADERS))
        return True

    def _read_framing(self, head: bytes, body_start: int) -> None:
        words = head.split(b"\r\n", 1)[0].split(b" ")
        if words[-1] == b"HTTP/1.1" and len(_HOST.findall(head)) != 1:
            raise FramingFault(400, "bad_request")
        self.target = words[1] if len(words) > 1 else b""
        limit = self._body_limit(self.target)
        lengths = _LENGTH.findall(head)
        chunked = _CODING.search(head) is not None
        if len(lengths) > 1 or (lengths and chunked):
            raise FramingFault(400, "bad_request")
        self.expects_continue = _CONTINUE.search(head) is not None
        self.in_body = True
        if chunked:
            self._chunks = _ChunkScanner(body_start, limit)
            return
        if lengths and not _DIGITS.fullmatch(lengths[0]):
            raise FramingFault(400, "bad_request")
        self.body_bytes = int(lengths[0]) if lengths else 0
        if self.body_bytes > limit:
            raise FramingFault(413, "too_large")
        self._end = body_start + self.body_bytes


class _ChunkScanner:
    """Finds the end of a chunked body (RFC 9112, section 7.1)."""

    def __init__(self, start: int, limit: int) -> None:
        self._next_line = start
        self._left = limit
        self._in_trailers = False

    def advance(self, buffer: bytearray) -> int | None:
        """Where the request ends; None while more has to come. Raises FramingFault."""
        while True:
            end_of_line = buffer.find(b"\r\n", self._next_line)
            if end_of_line < 0:
                limit = MAX_HEADER_BYTES if self._in_trailers else MAX_CHUNK_LINE_BYTES
                if len(buffer) - self._next_line > limit:
                    raise FramingFault(400, "bad_request")
                return None
            line = bytes(buffer[self._next_line : end_of_line])
            if self._in_trailers:
                self._next_line = end_of_line + 2
                if not line:
                    return self._next_line
                continue
            size = _chunk_size(line)
            self._left -= size
            if self._left < 0:
                raise FramingFault(413, "too_large")
            if size == 0:
                self._in_trailers = True
                self._next_line = end_of_line + 2
                continue
            after = end_of_line + 2 + size
            if len(buffer) < after + 2:
                self._left += size  # this chunk is looked at again when more has come
                return None
            if buffer[after : after + 2] != b"\r\n":
                raise FramingFault(400, "bad_request")
            self._next_line = after + 2


def _chunk_size(line: bytes) -> int:
    found = _CHUNK_SIZE.fullmatch(line)
    if found is None:
        raise FramingFault(400, "bad_request")
    return int(found[1], 16)
