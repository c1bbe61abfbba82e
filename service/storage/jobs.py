"""The queue of background work: huey over a SQLite file beside the database.

What is to be done stands in the database itself; the queue only says that there is something. So a
lost queue or a killed worker loses nothing: a worker that starts puts every batch that has not
ended into the queue again.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from huey import SqliteHuey, crontab

_POLL_SECONDS, _LONGEST_POLL = 0.1, 0.5


class JobQueue:
    """One queue. Whoever puts work in and whoever does it open the same file."""

    def __init__(self, path: Path) -> None:
        self.huey = SqliteHuey("huice", filename=str(path), results=False, fsync=True, timeout=10)
        self._work: Callable[[str], None] | None = None
        self._tidy: Callable[[], None] | None = None
        self._batch = self.huey.task(name="batch")(self._run)

    def put(self, batch_id: str) -> None:
        """There is a batch to run."""
        self._batch(batch_id)

    def consume(self, work: Callable[[str], None], tidy: Callable[[], None]) -> None:
        """Do the work in this process until it is told to end; `tidy` comes every minute."""
        self._work = work
        self.huey.periodic_task(crontab(minute="*"), name="tidy")(tidy)
        consumer = self.huey.create_consumer(
            workers=1, initial_delay=_POLL_SECONDS, max_delay=_LONGEST_POLL, periodic=True
        )
        consumer.run()

    def _run(self, batch_id: str) -> None:
        assert self._work is not None
        self._work(batch_id)


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Whether this process alone holds a file's lock, which the system lets go with the process."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
