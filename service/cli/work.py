"""`huice work`: does in the background what was put in the queue. `huice serve` starts it."""

import os
import signal
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import FrameType

import click

from service.bulk.memory import share_free_memory
from service.cli.context import Context, command
from service.cli.following import Following
from service.forks import end_with
from service.resources import batches_of, job_queue, state_of
from service.serving.companion import Companion
from service.serving.logs import configure_logging, log_as_lines
from service.startup import open_prepared
from service.storage.batches import BatchState
from service.storage.call_counts import CallCounts
from service.storage.cases import CaseRepository
from service.storage.idempotency import IdempotencyRepository
from service.storage.receipts import ReceiptRepository
from service.storage.times import PastTime
from service.usecases.receipts.receipts import purge_receipts
from service.usecases.tenancy.batch_worker import BatchWorker

# A machine that begins may not know yet what time it is: nothing is deleted for its age before.
SETTLED_SECONDS = 600.0


class BackgroundWorker:
    """What the worker does. The catalogue is loaded when the first batch comes."""

    def __init__(self, context: Context, *, create: bool) -> None:
        self._context = context
        self._store = state_of(context.settings, create=create)
        self._batches = batches_of(context.settings, self._store)
        self.queue = job_queue(context.settings, self._batches)
        self._began, self._time = time.monotonic(), PastTime()
        self._time.past(datetime.now(UTC))

    @cached_property
    def _worker(self) -> BatchWorker:
        share_free_memory()
        services = open_prepared(self._context.settings, create=False)
        return BatchWorker(self._batches, services.compiled, services.clock)

    def run(self, batch_id: str) -> None:
        self._worker.run(batch_id)

    def recover(self) -> None:
        """Whatever has not ended goes into the queue again: a killed worker had taken it out."""
        for batch in self._batches.in_state(BatchState.QUEUED, BatchState.RUNNING):
            self.queue.put(batch.id)

    def tidy(self) -> None:
        """Delete what has been kept for its time."""
        if time.monotonic() - self._began < SETTLED_SECONDS:
            return
        now = self._time.past(datetime.now(UTC))
        self._batches.purge(now)
        CaseRepository(self._store, timedelta()).purge(now)
        days = self._context.settings.retention_days
        kept = None if days is None else timedelta(days=days)
        purge_receipts(ReceiptRepository(self._store), kept, now)
        IdempotencyRepository(self._store).purge(now)
        CallCounts(self._store).purge(now.timestamp())


def _end(_number: int, _frame: FrameType | None) -> None:
    """End in order at a signal, so that the batch at work is not blamed for a process that was cut
    off."""
    sys.exit(0)


def keep_working(command: list[str]) -> None:
    """A worker in a process of its own, which `command` starts (as Companion's), started again
    whenever it ends, until this one is told to end; anew when it is told to read anew."""
    worker = Companion(command)
    heard, telling = socket.socketpair()
    telling.setblocking(False)
    # What is written comes even at the moment at which this thread begins to wait. A handler of
    # Python's own would be called only once something else had ended the wait.
    signal.set_wakeup_fd(telling.fileno())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave_to_who_waits)
    worker.start()
    while heard.recv(1) == bytes([signal.SIGHUP]):
        worker.renew()
    worker.end(None)


def _leave_to_who_waits(_number: int, _frame: FrameType | None) -> None:
    """A signal that has a handler does nothing else to the process."""


@click.command()
@click.option("--watched", is_flag=True, help="Start again where it ends by itself.")
@click.option("--parent", type=int, hidden=True, help="The process that it ends with.")
@command
def work(context: Context, watched: bool, parent: int | None) -> None:
    """Run batches from the queue, compare what is followed and deliver events, in the foreground.
    `huice serve` does so beside the service."""
    if watched:
        keep_working([sys.executable, "-m", "service.cli", "work", "--parent"])
        return
    if parent is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells the parent, too
        end_with(parent)
    os.umask(0o077)  # as the service: what is written here is its user's alone
    configure_logging(context.settings.log_level)
    log_as_lines("huey")
    # Beside a service there is a state; where it is gone it was lost, and nobody begins anew.
    work = BackgroundWorker(context, create=parent is None)
    work.recover()
    signal.signal(signal.SIGTERM, _end)
    Following(context.settings).start()
    work.queue.consume(work.run, work.tidy)
