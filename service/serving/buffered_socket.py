"""A socket as gunicorn's parser and writer see it: reads come from a request that was received
whole, writes never wait for a slow reader unless very much is waiting for it."""

import errno
import os
import select
import socket
import time
from typing import Any, BinaryIO

# An answer up to this size leaves its thread at once, however slowly it is read.
MAX_WAITING_BYTES = 8 * 1024 * 1024
# A longer answer waits for its reader, who has to take something within so many seconds.
MAX_STALL_SECONDS = 20.0
_FILE_PIECE = 256 * 1024


class _FileRest:
    """What is still to be sent of a file, which may be closed and removed elsewhere meanwhile."""

    def __init__(self, file: BinaryIO, offset: int, count: int) -> None:
        self._descriptor = os.dup(file.fileno())
        self._offset, self.left = offset, count

    def read(self) -> bytes:
        """The next piece. Raises BrokenPipeError where the file has become shorter than was told
        to the reader."""
        piece = os.pread(self._descriptor, min(_FILE_PIECE, self.left), self._offset)
        if not piece:
            raise BrokenPipeError(errno.EPIPE, "the file was cut")
        self._offset += len(piece)
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        os.close(self._descriptor)


class BufferedSocket:
    """Made for one connection; one thread at a time uses it.

    `waiting` holds what could not be sent yet; the worker's loop sends it on when the socket takes
    more. Raises BrokenPipeError where a reader takes nothing for `MAX_STALL_SECONDS`.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.raw = sock
        self.waiting = bytearray()
        self._file: _FileRest | None = None
        self._request = memoryview(b"")
        self.continued = False

    @property
    def bytes_left(self) -> int:
        """How much is still to be sent."""
        return len(self.waiting) + (0 if self._file is None else self._file.left)

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
        while self._file is not None:  # nothing overtakes it
            self._take_piece()
        if not self.waiting:
            data = data[self._send_now(data) :]
        if data:
            self.waiting += data
            if len(self.waiting) > MAX_WAITING_BYTES:
                self._wait_for_reader()

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        """Have a part of a file sent after what waits; it is read as its reader takes it."""
        size = os.fstat(file.fileno()).st_size - offset if count is None else count
        if size > 0:
            self._file = _FileRest(file, offset, size)
        return size

    def flush(self) -> bool:
        """Send what the socket takes now; whether nothing is left. Raises OSError where the
        connection is gone."""
        if not self.waiting and self._file is not None:
            self._take_piece()
        if self.waiting:
            del self.waiting[: self._send_now(self.waiting)]
        return not self.bytes_left

    def drop(self) -> None:
        """Forget what is still to be sent."""
        self.waiting.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take_piece(self) -> None:
        assert self._file is not None
        self.waiting += self._file.read()
        if not self._file.left:
            self._file.close()
            self._file = None

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
                self.drop()
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
