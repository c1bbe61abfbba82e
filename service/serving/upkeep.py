"""What gunicorn's own loop does for its workers, done while it waits for something else: new policy
files may take minutes to read, and a worker that dies or hangs meanwhile is replaced at once.
"""

import os
from contextlib import suppress

import structlog
from gunicorn.arbiter import Arbiter

_log = structlog.get_logger("huice.start")


def keep_workers(server: Arbiter) -> None:
    """Start a worker in the place of each that has ended, and end those that hang."""
    for number in list(server.WORKERS):
        # One by one: whoever waits for another child is to learn how that ended.
        with suppress(ChildProcessError):
            ended, status = os.waitpid(number, os.WNOHANG)
            if ended:
                _log.error("worker_ended", pid=number, status=status)
                _take_leave(server, number)
    server.murder_workers()
    if len(server.WORKERS) < server.num_workers:
        server.spawn_workers()


def _take_leave(server: Arbiter, number: int) -> None:
    worker = server.WORKERS.pop(number)
    worker.tmp.close()
    server.cfg.child_exit(server, worker)
