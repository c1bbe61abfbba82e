"""gunicorn's first process, as it serves Huice: being told to end comes before being told to take
up new policy files, however often it was told that; and workers are kept while files are read.

gunicorn does what it is told in the order of its coming, each reload to its end: twenty within a
second held up an end by half a minute, after which container engines kill.
"""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType

import structlog
from gunicorn.arbiter import Arbiter

from service.serving.buffering_worker import BufferingWorker

_ENDS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGQUIT})

_log = structlog.get_logger("huice.start")


class EndComesFirst(BaseException):
    """A reload is given up. Not an Exception: those are taken for faults of the files."""


class FirstProcess(Arbiter):
    """What `Arbiter` is made into before it hears signals: gunicorn has no setting for it."""

    _is_to_end = False
    _is_reloading = False

    def signal(self, sig: int, frame: FrameType | None) -> None:
        """Called wherever the process is. A worker that has just been forked, and has not yet said
        what it does when it is told to end, has nothing to finish."""
        if sig in _ENDS:
            if os.getpid() != self.pid:
                os._exit(0)
            self._is_to_end = True
        super().signal(sig, frame)

    def wait_for_signals(self, timeout: float | None = 1.0) -> list[int]:
        return in_turn(super().wait_for_signals(timeout))

    def reload(self) -> None:
        self._is_reloading = True
        try:
            self._give_way()
            super().reload()
        except EndComesFirst:
            _log.info("reload_given_up", why="told to end")
        finally:
            self._is_reloading = False

    def spawn_worker(self) -> int:
        self._give_way()
        return super().spawn_worker()

    def reap_workers(self) -> None:
        """Called again and again by a reload that waits for the former workers to leave."""
        super().reap_workers()
        self._give_way()

    def stop(self, graceful: bool = True) -> None:
        if BufferingWorker.handover is not None:
            BufferingWorker.handover.call_off()
        super().stop(graceful)

    def keep_workers(self) -> None:
        """Start a worker in the place of each that has ended, and end those that hang. gunicorn's
        own loop does it; here it is done while new policy files are read, which may take minutes.
        """
        self._give_way()
        for number in list(self.WORKERS):
            # One by one: whoever waits for another child is to learn how that ended.
            with suppress(ChildProcessError):
                ended, status = os.waitpid(number, os.WNOHANG)
                if ended:
                    _log.error("worker_ended", pid=number, status=status)
                    self._take_leave(number)
        self.murder_workers()
        if len(self.WORKERS) < self.num_workers:
            self.spawn_workers()

    def _take_leave(self, number: int) -> None:
        worker = self.WORKERS.pop(number)
        worker.tmp.close()
        self.cfg.child_exit(self, worker)

    def _give_way(self) -> None:
        if self._is_reloading and self._is_to_end:
            raise EndComesFirst


def in_turn(signals: Iterable[int]) -> list[int]:
    """Ends first, and one reload last for all that were asked for: it reads what is there then.

    >>> in_turn([signal.SIGHUP, signal.SIGTTIN, signal.SIGHUP, signal.SIGTERM, signal.SIGTTIN])
    [<Signals.SIGTERM: 15>, <Signals.SIGTTIN: 21>, <Signals.SIGTTIN: 21>, <Signals.SIGHUP: 1>]
    """
    waiting = list(signals)
    ends = [number for number in waiting if number in _ENDS]
    others = [number for number in waiting if number not in _ENDS and number != signal.SIGHUP]
    return [*ends, *others, *([signal.SIGHUP] if signal.SIGHUP in waiting else [])]
