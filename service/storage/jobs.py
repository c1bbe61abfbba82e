"""The queue of background work: what is to be done stands in the database itself, so that a lost
queue or a killed worker loses nothing.

On one machine huey, over a SQLite file beside the database, says that there is something; a worker
that starts puts every batch that has not ended into it again. Machines that share a state look into
it themselves.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from service.domain.errors import HuiceError
from service.storage.batches import BatchRepository, BatchState
from service.storage.faults import StorageFault

if TYPE_CHECKING:
    from huey import SqliteHuey
    from huey.api import TaskWrapper

_POLL_SECONDS, _MAX_POLL_SECONDS = 0.1, 0.5
_TIDY_SECONDS = 60.0

_log = structlog.get_logger("huice.work")


class JobQueue:
    """One queue. Whoever puts work in and whoever does it open the same file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._work: Callable[[str], None] | None = None

    @cached_property
    def _opened(self) -> "tuple[SqliteHuey, TaskWrapper]":
        """Opened when it is first needed: it writes then, which a full disk does not allow. Raises
        StorageFault."""
        # Imported late: it brings psycopg where that is installed, a tenth of all there is.
        from huey import SqliteHuey  # noqa: PLC0415

        name = str(self._path)
        try:
            huey = SqliteHuey("huice", filename=name, results=False, fsync=True, timeout=10)
        except sqlite3.Error as error:
            raise StorageFault(f"queue: {self._path}: {error}") from error
        return huey, huey.task(name="batch")(self._run)

    @property
    def huey(self) -> "SqliteHuey":
        """The queue as its library has it."""
        return self._opened[0]

    def put(self, batch_id: str) -> None:
        """There is a batch to run. Raises StorageFault where nothing can be written: it is run once
        a worker starts again."""
        try:
            self._opened[1](batch_id)
        except sqlite3.Error as error:
            raise StorageFault(f"queue: {error}") from error

    def consume(self, work: Callable[[str], None], tidy: Callable[[], None]) -> None:
        """Do the work in this process until it is told to end; `tidy` comes every minute."""
        from huey import crontab  # noqa: PLC0415

        self._work = work
        self.huey.periodic_task(crontab(minute="*"), name="tidy")(tidy)
        consumer = self.huey.create_consumer(
            workers=1, initial_delay=_POLL_SECONDS, max_delay=_MAX_POLL_SECONDS, periodic=True
        )
        consumer.run()

    def _run(self, batch_id: str) -> None:
        assert self._work is not None
        self._work(batch_id)


class SharedQueue:
    """The queue of machines that share a state: whoever is free takes what nobody works on."""

    def __init__(self, batches: BatchRepository) -> None:
        self._batches = batches

    def put(self, batch_id: str) -> None:
        """Does nothing: the state of the batch says already that it waits."""

    def consume(self, work: Callable[[str], None], tidy: Callable[[], None]) -> None:
        """As `JobQueue` does. A state that cannot be reached is looked for again, and a batch that
        fails for a reason nobody foresaw keeps none of the others from being worked on."""
        tidied = float("-inf")
        while True:
            waiting: list[str] = []
            with _failures_logged():
                found = self._batches.in_state(BatchState.QUEUED, BatchState.RUNNING)
                waiting = [batch.id for batch in found]
            for batch_id in waiting:
                with _failures_logged():
                    work(batch_id)
            if time.monotonic() - tidied >= _TIDY_SECONDS:
                tidied = time.monotonic()
                with _failures_logged():
                    tidy()
            time.sleep(_MAX_POLL_SECONDS)


@contextmanager
def _failures_logged() -> Iterator[None]:
    """Whatever goes wrong in it ends there; its message, which may hold figures, is not told."""
    try:
        yield
    except HuiceError as error:
        _log.warning("state_unavailable", code=error.code.value)
    except Exception as error:  # noqa: BLE001  see above
        _log.error("work_failed", exception=type(error).__qualname__)
