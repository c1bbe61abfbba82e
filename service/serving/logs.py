"""Logs are lines of JSON on standard error, written beside the requests and never in their way.

Whoever reads them may have gone, or may have stopped reading: lines then wait, up to a limit, and
beyond it are dropped and counted. A request is answered all the same.
"""

import atexit
import logging
import os
import sys
import threading
import time
import traceback
from collections import deque
from typing import Any

import orjson
import structlog
from gunicorn.glogging import Logger

from service.storage.faults import UnusableDatabase

MAX_WAITING_LINES = 20_000
WRITE_INTERVAL_SECONDS = 0.05
_EXIT_SECONDS = 1.0


class LogWriter:
    """Writes lines to a file descriptor from a thread of its own, in each process anew.

    Waking a thread for every line would cost a request more than the line; so the thread looks
    for lines every `WRITE_INTERVAL_SECONDS`.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: deque[bytes] = deque()
        self._dropped = 0
        self._thread: threading.Thread | None = None
        self._start_lock = threading.Lock()
        os.register_at_fork(after_in_child=self._renew)

    def put(self, line: bytes) -> None:
        """Have a line written; never waits, never raises."""
        if len(self._lines) >= MAX_WAITING_LINES:
            self._dropped += 1
            return
        self._lines.append(line)
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._start_lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log writer", daemon=True)
                self._thread.start()
                atexit.register(self._finish)

    def _renew(self) -> None:
        """A child has none of its parent's threads, and leaves its parent's lines to it."""
        self._lines.clear()
        self._dropped = 0
        self._thread = None
        self._start_lock = threading.Lock()

    def _run(self) -> None:
        while True:
            time.sleep(WRITE_INTERVAL_SECONDS)
            self._write_waiting()

    def _write_waiting(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        if self._dropped:
            lines.append(orjson.dumps({"event": "log_lines_dropped", "lines": self._dropped}))
            self._dropped = 0
        if not lines:
            return
        data = memoryview(b"\n".join(lines) + b"\n")
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            self._dropped += len(lines)  # nobody reads any more, or the disk is full

    def _finish(self) -> None:
        """Wait a moment, at the end of the process, for the last lines to be written."""
        deadline = time.monotonic() + _EXIT_SECONDS
        while self._lines and time.monotonic() < deadline:
            time.sleep(WRITE_INTERVAL_SECONDS)


writer = LogWriter(2)


class QueuedLogger:
    """What structlog hands its finished lines to."""

    def msg(self, message: bytes) -> None:
        writer.put(message)

    debug = info = warning = error = critical = msg


def configure_logging(level: str) -> None:
    """Write events of this level and above; `level` is DEBUG, INFO, WARNING or ERROR."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=lambda *_: QueuedLogger(),
        cache_logger_on_first_use=True,
    )


def log_internal(log: Any, event: str, error: BaseException) -> None:
    """Tell a fault of ours: its kind and the lines of code. Its message may quote what somebody
    sent, so it is told only where it is for the operator, of a database that must not be used."""
    frames = traceback.format_tb(error.__traceback__)
    reason = {"reason": str(error)} if isinstance(error, UnusableDatabase) else {}
    log.error(event, exception=type(error).__qualname__, where=frames, **reason)


class _JsonHandler(logging.Handler):
    """A library's own messages as lines like ours. Of an exception its kind and the lines of code
    are told, never its message, which may quote a request."""

    def __init__(self, library: str) -> None:
        super().__init__()
        self._library = library

    def emit(self, record: logging.LogRecord) -> None:
        line: dict[str, Any] = {
            "event": self._library,
            "message": record.getMessage(),
            "level": record.levelname.lower(),
            "process": record.process,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
            line["where"] = traceback.format_tb(record.exc_info[2])
        writer.put(orjson.dumps(line))


def log_as_lines(library: str) -> None:
    """Have a library's own messages written as lines like ours, where it would write to the
    standard error, in the way of whoever calls it."""
    logger = logging.getLogger(library)
    logger.handlers = [_JsonHandler(library)]
    logger.propagate = False


class GunicornLogger(Logger):
    """gunicorn's logger, writing where ours do."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers = [_JsonHandler("gunicorn")]


def hold_standard_streams() -> None:
    """Give descriptors 0 to 2 something to be where they were closed: the next file opened, the
    database even, would take their place and be written to."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    if sys.stdout is None:
        sys.stdout = sys.stderr
