"""How the workers of before a reload learn that those after it are ready.

gunicorn starts new workers and tells the old ones to leave in the same moment. An old worker that
left at once would leave nobody to take what comes until a new one is ready.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import mmap

# A successor that does not come is not waited for longer than this, in seconds.
MAX_HANDOVER_SECONDS = 20.0


class Handover:
    """Made before the workers are forked: all see the same numbers."""

    def __init__(self, workers: int) -> None:
        """`workers`: how many are started at a time."""
        self._workers = workers
        # In memory that has no name in a folder: /dev/shm may be full, or only be read.
        self._file = os.memfd_create("huice-handover")
        os.ftruncate(self._file, 16)
        # How many reloads there were; how many workers came since the last.
        self._shared = memoryview(mmap(self._file, 16)).cast("q")

    @property
    def generation(self) -> int:
        """How many reloads there were."""
        return int(self._shared[0])

    def begin(self) -> None:
        """A reload begins: called before the new workers are started."""
        with self._alone():
            self._shared[0] += 1
            self._shared[1] = 0

    def arrive(self) -> None:
        """A worker is ready to take requests."""
        with self._alone():
            self._shared[1] += 1

    def call_off(self) -> None:
        """Everything is to end: no successor is waited for."""
        with self._alone():
            self._shared[1] = self._workers

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Meanwhile no other process changes the numbers: such a lock is its process's own."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def is_over(self, generation: int) -> bool:
        """Whether a worker of a generation is not needed any more: all of the next are ready, or
        none are coming, since everything is to end."""
        return self.generation == generation or self._shared[1] >= self._workers
