"""A socket as gunicorn's parser and writer see it: reads come from a request that was received
whole, writes never wait for a slow reader unless very much is waiting for it."""

import errno
import select
import socket
import time
from typing import Any, BinaryIO

# An answer up to this size leaves its thread at once, however slowly it is read.
MAX_WAITING_BYTES = 8 * 1024 * 1024
# A longer answer waits for its reader, who has to take something within so many seconds.
MAX_STALL_SECONDS = 20.0
_FILE_PIECE = 256 * 1024


class BufferedSocket:
    """Made for one connection; one thread at a time uses it.

    `waiting` holds what could not be sent yet; the worker's loop sends it on when the socket takes
    more. Raises BrokenPipeError where a reader takes nothing for `MAX_STALL_SECONDS`.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.raw = sock
        self.waiting = bytearray()
        self._request = memoryview(b"")
        self.continued = False

    def load(self, request: bytes) -> None:
        """Give the bytes that `recv` hands out next; after them it reports the end."""
        self._request = memoryview(request)

    def recv(self, size: int) -> bytes:
        piece = self._request[:size]
        self._request = self._request[size:]
        return bytes(piece)

    def send(self, data: bytes) -> int:
        if not (self.continued and data.startswith(b"HTTP/1.1 100")):
            self.sendall(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        if not self.waiting:
            data = data[self._send_now(data) :]
        if data:
            self.waiting += data
            if len(self.waiting) > MAX_WAITING_BYTES:
                self._wait_for_reader()

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        file.seek(offset)
        sent = 0
        while count is None or sent < count:
            size = _FILE_PIECE if count is None else min(_FILE_PIECE, count - sent)
            piece = file.read(size)
            if not piece:
                break
            self.sendall(piece)
            sent += len(piece)
        return sent

    def flush(self) -> bool:
        """Send what the socket takes now; whether nothing is left. Raises OSError where the
        connection is gone."""
        if self.waiting:
            del self.waiting[: self._send_now(self.waiting)]
        return not self.waiting

    def _send_now(self, data: bytes | bytearray) -> int:
        try:
            return self.raw.send(data)
        except (BlockingIOError, InterruptedError):
            return 0

    def _wait_for_reader(self) -> None:
        last_progress = time.monotonic()
        poller = select.poll()
        poller.register(self.raw, select.POLLOUT)
        while len(self.waiting) > MAX_WAITING_BYTES // 2:
            poller.poll(1000)
            before = len(self.waiting)
            self.flush()
            now = time.monotonic()
            if len(self.waiting) < before:
                last_progress = now
            elif now - last_progress > MAX_STALL_SECONDS:
                self.waiting.clear()
                raise BrokenPipeError(errno.EPIPE, "the reader takes nothing")

    # What gunicorn asks of a socket beside; the real one never blocks.
    def setblocking(self, _flag: bool) -> None: ...

    def settimeout(self, _seconds: float | None) -> None: ...

    def gettimeout(self) -> float | None:
        return None

    def fileno(self) -> int:
        return self.raw.fileno()

    def getpeername(self) -> Any:
        return self.raw.getpeername()

    def getsockname(self) -> Any:
        return self.raw.getsockname()

    def shutdown(self, how: int) -> None:
        """Nothing: the worker closes connections itself once all has been sent."""

    def close(self) -> None:
        """Nothing, as above."""
