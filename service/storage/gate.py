"""The queue in which writers of the SQLite file wait for one another, at a lock beside the file.

SQLite lets one writer in and makes the others sleep for up to 100 ms between attempts: with four
processes the slowest writes of a burst took half a second. A queue at a file lock beside the
database wakes the next one at once (15 ms). SQLite's own lock remains the authority.

A lock that is let go belongs to whoever asks first, and that is the one who let it go: while a
large catalogue was stored, batch after batch, nobody else came in for seconds. So there are two
locks. Who has the first is next at the second, and lets the first go once it is in: who comes back
queues behind whoever waits.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.storage.faults import StorageFault, refused_as_busy


class WriteGate:
    """Mutual exclusion among the threads and processes that share one lock file.

    A wait that outlasts `timeout_seconds` raises Refused (busy), a lock that the file system does
    not give StorageFault.
    """

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._descriptors: tuple[int, int] | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        deadline = time.monotonic() + self._timeout_seconds
        if not self._lock.acquire(timeout=self._timeout_seconds):
            raise refused_as_busy()
        try:
            room = self._acquire(deadline)
            try:
                yield
            finally:
                fcntl.flock(room, fcntl.LOCK_UN)
        finally:
            self._lock.release()

    def _acquire(self, deadline: float) -> int:
        """The descriptor of the lock that is held then. Raises Refused (busy), StorageFault where
        the file system has no locks, or no place for their files."""
        try:
            queue, room = self._open()
            is_taken = _FileLocks(queue, room).acquire(deadline)
        except OSError as error:
            raise StorageFault(f"{self._path} cannot be locked: {error.strerror}") from error
        if not is_taken:
            self._descriptors = None  # the abandoned wait closes them
            raise refused_as_busy()
        return room

    def announce(self, words: str | None) -> None:
        """Tell all who pass here something that keeps them from writing; None takes it back."""
        with suppress(OSError):  # each of them will find it for itself
            self._path.write_text(words or "", encoding="utf-8")

    def announcement(self) -> str | None:
        """What was told, by whichever process."""
        try:
            size = os.stat(self._path).st_size  # noqa: PTH116  asked before each write
            return self._path.read_text(encoding="utf-8") if size else None
        except OSError:
            return None

    def close(self) -> None:
        """Waits for whoever is inside, as long as `timeout_seconds` allows."""
        if self._lock.acquire(timeout=self._timeout_seconds):
            self._close_descriptors()
            self._lock.release()

    def renew_after_fork(self) -> None:
        """A child shares its parent's lock with the descriptor it inherits, so it needs its own."""
        self._lock = threading.Lock()
        self._close_descriptors()

    def _open(self) -> tuple[int, int]:
        if self._descriptors is None:
            queue = self._path.with_name(self._path.name + ".queue")
            self._descriptors = _open_lock(queue), _open_lock(self._path)
        return self._descriptors

    def _close_descriptors(self) -> None:
        if self._descriptors is not None:
            for descriptor in self._descriptors:
                os.close(descriptor)
            self._descriptors = None


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock_now(descriptor: int) -> bool:
    """Whether a file's lock was to be had at once."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _FileLocks:
    """The lock of a room, taken by way of the queue before it, with a limit in time, which the
    system's call lacks: a thread waits in our stead.

    Asking again and again instead trebles the slowest waits, for the last holder always wins.
    """

    def __init__(self, queue: int, room: int) -> None:
        self._queue, self._room = queue, room
        self._deciding = threading.Lock()
        self._taken = threading.Event()
        self._abandoned = False
        self._fault: OSError | None = None

    def acquire(self, deadline: float) -> bool:
        """False where it was not to be had by then; the descriptors are then closed once it is.
        Raises OSError."""
        if _lock_now(self._queue) and _lock_now(self._room):
            fcntl.flock(self._queue, fcntl.LOCK_UN)
            return True
        threading.Thread(target=self._wait, name="write gate", daemon=True).start()
        self._taken.wait(max(deadline - time.monotonic(), 0))
        with self._deciding:
            self._abandoned = not self._taken.is_set()
        if self._fault is not None:
            raise self._fault
        return not self._abandoned

    def _wait(self) -> None:
        try:
            fcntl.flock(self._queue, fcntl.LOCK_EX)
            fcntl.flock(self._room, fcntl.LOCK_EX)
        except OSError as error:
            self._fault = error
        with self._deciding:
            with suppress(OSError):
                fcntl.flock(self._queue, fcntl.LOCK_UN)
            if self._abandoned:
                os.close(self._queue)
                os.close(self._room)
            else:
                self._taken.set()


@contextmanager
def lock_file(path: Path) -> Iterator[bool]:
    """Whether this process alone holds a file's lock, which the system lets go with the process."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
