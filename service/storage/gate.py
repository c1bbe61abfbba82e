"""The gate writers pass one at a time.

SQLite lets one writer in and makes the others sleep for up to 100 ms between attempts: with four
processes the slowest writes of a burst took half a second. A queue at a file lock beside the
database wakes the next one at once (15 ms). SQLite's own lock remains the authority.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.storage.faults import refused_as_busy


class WriteGate:
    """Mutual exclusion among the threads and processes that share one lock file.

    A wait that outlasts `timeout_seconds` raises Refused (busy).
    """

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._descriptor: int | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        deadline = time.monotonic() + self._timeout_seconds
        if not self._lock.acquire(timeout=self._timeout_seconds):
            raise refused_as_busy()
        try:
            descriptor = self._open()
            if not _lock_now(descriptor) and not _FileLock(descriptor).acquire(
                deadline - time.monotonic()
            ):
                self._descriptor = None  # the abandoned wait closes it
                raise refused_as_busy()
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            self._lock.release()

    def announce(self, words: str | None) -> None:
        """Tell all who pass here something that keeps them from writing; None takes it back."""
        with suppress(OSError):  # each of them will find it for itself
            self._path.write_text(words or "", encoding="utf-8")

    def announcement(self) -> str | None:
        """What was told, by whichever process."""
        try:
            told = os.stat(self._path).st_size  # noqa: PTH116  asked before each write
            return self._path.read_text(encoding="utf-8") if told else None
        except OSError:
            return None

    def close(self) -> None:
        """Waits for whoever is inside, as long as `timeout_seconds` allows."""
        if self._lock.acquire(timeout=self._timeout_seconds):
            self._close_descriptor()
            self._lock.release()

    def renew_after_fork(self) -> None:
        """A child shares its parent's lock with the descriptor it inherits, so it needs its own."""
        self._lock = threading.Lock()
        self._close_descriptor()

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor

    def _close_descriptor(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock_now(descriptor: int) -> bool:
    """Whether a file's lock was to be had at once."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _FileLock:
    """flock with a limit in time, which the system call lacks: a thread waits in our stead.

    Asking again and again instead trebles the slowest waits, for the last holder always wins.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._deciding = threading.Lock()
        self._taken = threading.Event()
        self._abandoned = False

    def acquire(self, seconds: float) -> bool:
        """False after so many seconds; the descriptor is then closed once it gets the lock."""
        threading.Thread(target=self._wait, name="write gate", daemon=True).start()
        self._taken.wait(max(seconds, 0))
        with self._deciding:
            self._abandoned = not self._taken.is_set()
        return not self._abandoned

    def _wait(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._deciding:
            if self._abandoned:
                os.close(self._descriptor)
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
