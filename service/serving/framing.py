"""Where one HTTP/1.1 request ends in the bytes of a connection (RFC 9112, sections 3, 5 and 7).

Only framing is decided here, so that a request can be taken in whole before a thread works on it.
What its lines mean is for gunicorn's own parser, which sees the same bytes afterwards.
"""

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote_to_bytes

MAX_HEADER_BYTES = 64 * 1024
MAX_CHUNK_LINE_BYTES = 1024
# More than a client needs who writes sixteen bytes at a time: finding chunks takes the loop's time.
MAX_CHUNKS = 65_536
_API = b"/api/"
_END_OF_HEADERS = b"\r\n\r\n"
# Spaces round a value are taken off afterwards: an expression that looks for where they begin looks
# again at every one of them, and 64 kB of spaces would hold the loop for twenty seconds.
_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:([^\r\n]*)", re.IGNORECASE)
_CODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:([^\r\n]*)", re.IGNORECASE)
# A method, or the first half of an empty line.
_BEGINNING = re.compile(rb"[A-Z]|\r$")
_HOST = re.compile(rb"\r\nhost[ \t]*:([^\r\n]*)", re.IGNORECASE)
# What the application would see joined by a comma, as if it were one name (RFC 9110, 5.3).
_REQUEST_NAME = re.compile(rb"\r\nidempotency-key[ \t]*:", re.IGNORECASE)
# A name or an address with a port, if any (RFC 3986, 3.2); other letters come as punycode.
_HOST_NAME = re.compile(
    rb"(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?",
)
# RFC 9112, 2.2 lets a bare LF end a line; only CRLF is accepted here.
_BARE_END = re.compile(rb"(?<!\r)\n")
_CONTINUE = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_LANGUAGES = re.compile(rb"\r\naccept-language[ \t]*:([^\r\n]*)", re.IGNORECASE)
_HTML = re.compile(rb"\r\naccept[ \t]*:[^\r\n]*\btext/html\b", re.IGNORECASE)
_DIGITS = re.compile(rb"[0-9]{1,15}")
# What may stand before the path where a proxy is asked, and what stands behind it.
_ORIGIN = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
# Another would be answered in a version that is not ours.
_VERSIONS = (b"HTTP/1.0", b"HTTP/1.1")
_SCHEMES = (b"http", b"https")
_BEHIND_PATH = re.compile(rb"[?#].*", re.DOTALL)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")


@dataclass(frozen=True, slots=True)
class FramingFault(Exception):
    """A request that is refused before any of it is worked on: HTTP status and stable code."""

    status: int
    code: str
    limit: int | None = None  # bytes, of what is too large
    retry_after: int | None = None  # seconds, where that is known


class BodyLimit(Protocol):
    """The largest body, in bytes, that is taken for a path."""

    def __call__(self, path: bytes) -> int: ...


def path_of(target: bytes) -> bytes:
    """The path that the application answers for, however a request target spells it: routes take
    several slashes at the beginning for one, and one at the end for none."""
    origin = _ORIGIN.match(target)  # at the beginning alone: a path may hold an address too
    path = unquote_to_bytes(_BEHIND_PATH.sub(b"", target[origin.end() if origin else 0 :]))
    return b"/" + path.strip(b"/") if path.startswith(b"/") else path


def _check_origin(target: bytes, hosts: list[bytes]) -> None:
    """An address that names its host names the one that the header does: of two, one would be
    trusted and the other answered for. Raises FramingFault."""
    origin = _ORIGIN.match(target)
    if origin is None:
        return
    scheme, _, host = origin[0].lower().partition(b"://")
    if scheme not in _SCHEMES or [host] != [name.lower() for name in hosts]:
        raise FramingFault(400, "bad_request")


def _values(header: re.Pattern[bytes], head: bytes) -> list[bytes]:
    """What a head says under a name, each time that it does."""
    return [value.strip(b" \t") for value in header.findall(head)]


class RequestFramer:
    """Collects the bytes of one connection and says where its first request ends.

    `buffer` holds what was received and not yet taken; `path` is that of the request once the
    headers are there, and `wants_page` whether a browser shows the answer. After `feed`, `complete`
    says whether a whole request is there; `take` hands it out and keeps what follows for the next
    one.
    """

    def __init__(self, body_limit: BodyLimit) -> None:
        self.buffer = bytearray()
        self._body_limit = body_limit
        self._restart()

    def _restart(self) -> None:
        self.complete = False
        self.expects_continue = False
        self.path = b""
        self.wants_page = False
        self.languages = ""  # as Accept-Language names them
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
        while self.buffer.startswith(b"\r\n"):  # RFC 9112, 2.2: left behind a former body
            del self.buffer[:2]
        start = max(0, self._scanned - 3)
        at = self.buffer.find(_END_OF_HEADERS, start)
        bare = _BARE_END.search(self.buffer, start)
        if bare is not None and (at < 0 or bare.start() < at):
            raise FramingFault(400, "bad_request")
        self._scanned = len(self.buffer)
        if self.buffer and not _BEGINNING.match(self.buffer):
            raise FramingFault(400, "bad_request")  # TLS, most often
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
        hosts = _values(_HOST, head)
        unnamed = not hosts and words[-1] != b"HTTP/1.0"
        if words[-1] not in _VERSIONS or len(hosts) > 1 or unnamed:
            raise FramingFault(400, "bad_request")
        if hosts and not _HOST_NAME.fullmatch(hosts[0]):
            raise FramingFault(400, "bad_request")
        if len(words) > 1 and not words[1].startswith(b"/"):
            _check_origin(words[1], hosts)
        if len(_REQUEST_NAME.findall(head)) > 1:
            raise FramingFault(400, "duplicate_value")
        self.path = path_of(words[1]) if len(words) > 1 else b""
        self.wants_page = _HTML.search(head) is not None and not self.path.startswith(_API)
        self.languages = b",".join(_values(_LANGUAGES, head)).decode("latin-1")
        limit = self._body_limit(self.path)
        lengths = _values(_LENGTH, head)
        codings = _values(_CODING, head)
        if len(lengths) + len(codings) > 1:
            raise FramingFault(400, "bad_request")
        if codings and codings[0].lower() != b"chunked":
            raise FramingFault(501, "bad_request")
        self.expects_continue = _CONTINUE.search(head) is not None
        self.in_body = True
        if codings:
            self._chunks = _ChunkScanner(body_start, limit)
            return
        if lengths and not _DIGITS.fullmatch(lengths[0]):
            raise FramingFault(400, "bad_request")
        self.body_bytes = int(lengths[0]) if lengths else 0
        if self.body_bytes > limit:
            raise FramingFault(413, "too_large", limit)
        self._end = body_start + self.body_bytes


class _ChunkScanner:
    """Finds the end of a chunked body (RFC 9112, section 7.1)."""

    def __init__(self, start: int, limit: int) -> None:
        self._next_line = start
        self._left = self._limit = limit
        self._chunks_left = MAX_CHUNKS
        self._trailers_start: int | None = None

    def advance(self, buffer: bytearray) -> int | None:
        """Where the request ends; None while more has to come. Raises FramingFault."""
        while True:
            end_of_line = buffer.find(b"\r\n", self._next_line)
            self._check_line(buffer, end_of_line)
            if end_of_line < 0:
                return None
            line = bytes(buffer[self._next_line : end_of_line])
            if self._trailers_start is not None:
                self._next_line = end_of_line + 2
                if not line:
                    return self._next_line
                continue
            size = _chunk_size(line)
            if size == 0:
                self._trailers_start = self._next_line = end_of_line + 2
                continue
            after = end_of_line + 2 + size
            if size > self._left or self._chunks_left == 0:
                raise FramingFault(413, "too_large", self._limit)
            if len(buffer) < after + 2:
                return None  # this chunk is looked at again when more has come
            if buffer[after : after + 2] != b"\r\n":
                raise FramingFault(400, "bad_request")
            self._left -= size
            self._chunks_left -= 1
            self._next_line = after + 2

    def _check_line(self, buffer: bytearray, end_of_line: int) -> None:
        """Neither a line nor all trailers together may go on without end, and no line ends in a
        bare LF: whoever ends them so waits for an answer."""
        end = len(buffer) if end_of_line < 0 else end_of_line
        if buffer.find(b"\n", self._next_line, end) >= 0:
            raise FramingFault(400, "bad_request")
        if self._trailers_start is None:
            if end - self._next_line > MAX_CHUNK_LINE_BYTES:
                raise FramingFault(400, "bad_request")
        elif end - self._trailers_start > MAX_HEADER_BYTES:
            raise FramingFault(431, "headers_too_large")


def _chunk_size(line: bytes) -> int:
    found = _CHUNK_SIZE.fullmatch(line)
    if found is None:
        raise FramingFault(400, "bad_request")
    return int(found[1], 16)
