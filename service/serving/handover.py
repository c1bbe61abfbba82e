"""How the workers of before a reload learn that those after it are ready.

gunicorn starts new workers and tells the old ones to leave in the same moment. An old worker that
left at once would leave nobody to take what comes until a new one is ready.
"""

from multiprocessing import RawArray, get_context

# A successor that does not come is not waited for longer than this, in seconds.
MAX_HANDOVER_SECONDS = 20.0


class Handover:
    """Made before the workers are forked: all see the same numbers."""

    def __init__(self, workers: int) -> None:
        """`workers`: how many are started at a time."""
        self._workers = workers
        self._shared = RawArray("q", 2)  # how many reloads there were; how many came since the last
        self._lock = get_context("fork").Lock()

    @property
    def generation(self) -> int:
        """How many reloads there were."""
        return int(self._shared[0])

    def begin(self) -> None:
        """A reload begins: called before the new workers are started."""
        with self._lock:
            self._shared[0] += 1
            self._shared[1] = 0

    def arrive(self) -> None:
        """A worker is ready to take requests."""
        with self._lock:
            self._shared[1] += 1

    def is_over(self, generation: int) -> bool:
        """Whether a worker of a generation is not needed any more: all of the next are ready, or
        none are coming, since everything is to end."""
        return self.generation == generation or self._shared[1] >= self._workers
