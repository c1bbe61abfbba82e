"""A socket as gunicorn's parser and writer see it: reads come from a request that was received
whole, writes never wait for a slow reader."""

import errno
import os
import socket
from typing import Any, BinaryIO

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
    more, and bounds it and the time that it may take.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.raw = sock
        self.waiting = bytearray()
        self._file: _FileRest | None = None
        self._request = memoryview(b"")
        self.continued = False
        self.has_answered = False  # a part of an answer, at least

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
        self.has_answered = True
        while self._file is not None:  # nothing overtakes it
            self._take_piece()
        if not self.waiting:
            data = data[self._send_now(data) :]
        self.waiting += data

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

    def abandon(self) -> socket.socket:
        """The real socket, taken away from the thread that may still write here: it is told that
        the connection is gone."""
        raw, self.raw = self.raw, socket.socket()
        self.raw.close()
        return raw

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
