"""Whether the files of an open database are still those that were opened, and whole.

SQLite has pages in its memory and goes on with them: it would confirm what nobody finds again in a
file that was moved away, cut or written over, or beside a log that is gone.
"""

import os
import threading
import weakref
from pathlib import Path

import sqlite_utils

from service.storage.faults import StorageFault

# How the file begins; behind it the size of a page, 1 for the largest, and further on the number
# that counts our probes (sqlite.org/fileformat.html).
_BEGINNING, _MAX_PAGE_BYTES = b"SQLite format 3\0", 65_536
_PAGE_SIZE, _COUNT, _HEADER_BYTES = slice(16, 18), slice(60, 64), 64
_LOG_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24


class DatabaseFiles:
    """The file, its write-ahead log and the log's index, as one process has them open.

    Whatever is wrong is raised as StorageFault. Looking takes some microseconds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._logs = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
        self._place: tuple[int, int] | None = None
        self._file: int | None = None
        self._size = self._count = 0
        self._page_bytes = _MAX_PAGE_BYTES
        self._beside: tuple[tuple[int, int], ...] | None = None
        self._guard = threading.Lock()
        _every.add(self)

    def remember(self) -> None:
        """From now on another file, or none, in this one's place is a fault."""
        self._place = _identity(self.path)
        self.let_go()
        self._file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = self._count = 0

    def let_go(self) -> None:
        """Close the file, unless somebody else here has it open: that would end his locks, which
        are the process's (fcntl)."""
        others = (files for files in list(_every) if files is not self)
        if self._file is not None and not any(o.has_open(self._place) for o in others):
            os.close(self._file)
        self._file = None

    def has_open(self, place: tuple[int, int] | None) -> bool:
        return self._file is not None and self._place == place

    def forget_logs(self) -> None:
        """The last connection that is closed takes them away; those of the next are others."""
        with self._guard:
            self._beside = None

    def renew_after_fork(self) -> None:
        self._guard, self._beside = threading.Lock(), None

    def check_place(self) -> None:
        """An open file that was moved away still takes writes."""
        if self._place is not None and _identity(self.path) != self._place:
            raise _replaced(self.path)

    def check_file(self) -> None:
        """Whether the file begins as a database, is no shorter than it was, and no older: a copy of
        former days, written over it, counts fewer probes."""
        if self._file is None:
            return
        head = os.pread(self._file, _HEADER_BYTES, 0)
        if not head.startswith(_BEGINNING):
            raise StorageFault(f"{self.path} does not begin as a database does")
        size = os.fstat(self._file).st_size
        page = int.from_bytes(head[_PAGE_SIZE], "big")
        self._page_bytes = page if page > 1 else _MAX_PAGE_BYTES
        if size < self._size or size % self._page_bytes:
            raise StorageFault(f"{self.path} was cut: it has {size} bytes")
        count = int.from_bytes(head[_COUNT], "big")
        if count < self._count:
            raise StorageFault(f"{self.path} was written over by an earlier copy")
        self._size, self._count = size, count

    def check_log(self, connection: sqlite_utils.Database) -> None:
        """Whether the log holds what its index says. What is added to one that was cut lies behind
        a gap and is not read again. Called before a transaction."""
        if self._place is None:
            return
        (_, frames, _) = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        if frames <= 0:
            return
        size, log = _status(self._logs[0]).st_size, self._logs[0]
        if size < _LOG_HEADER_BYTES + frames * (_FRAME_HEADER_BYTES + self._page_bytes):
            raise StorageFault(f"{log} was cut: it has {size} bytes")

    def check_beside(self) -> None:
        """Nor would anybody find what is in a write-ahead log that was removed, or whose index was:
        SQLite keeps both as long as a connection is open. Called within a transaction, when both
        are there."""
        if self._place is None:
            return
        now = tuple([_identity(log) for log in self._logs])
        with self._guard:
            if self._beside is None:
                self._beside = now
            former = self._beside
        for log, was, found in zip(self._logs, former, now, strict=True):
            if was != found:
                raise _replaced(log)


def _status(path: Path) -> os.stat_result:
    try:
        return os.stat(path)  # noqa: PTH116  asked four times a write
    except OSError as error:
        raise StorageFault(f"{path} is gone: {error.strerror}") from error


def _identity(path: Path) -> tuple[int, int]:
    status = _status(path)
    return status.st_dev, status.st_ino


def _replaced(path: Path) -> StorageFault:
    return StorageFault(f"{path} is another file than the one that was opened")


_every: weakref.WeakSet[DatabaseFiles] = weakref.WeakSet()
