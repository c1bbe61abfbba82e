"""A process that works beside the service as long as this one lives."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

_LOOK_SECONDS = 1.0
# One that ends at once, every time, is not started again every second.
_MAX_PAUSE_SECONDS = 60.0
_SOUND_SECONDS = 10.0


class Companion:
    """Started once; started again where something ends it, be it the system for want of memory.
    The last argument of its command is the process that it works beside."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._pause = _LOOK_SECONDS
        self._is_ours = True
        self._ending = threading.Event()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        with self._lock:
            return self._process.pid if self._process is not None and self._is_running() else None

    def start(self) -> None:
        self._begin()
        threading.Thread(target=self._watch, name="companion", daemon=True).start()

    def reload(self) -> None:
        """Have it begin anew (SIGHUP)."""
        with self._lock:
            if self._is_running():
                assert self._process is not None
                self._process.send_signal(signal.SIGHUP)

    def disown(self) -> None:
        """After a fork: it is no child of this process, which neither ends it nor waits for it."""
        self._lock = threading.Lock()
        self._is_ours = False
        if self._process is not None:
            self._process.returncode = 0

    def end(self, seconds: float) -> None:
        """Have it end, and wait for that so long."""
        self._ending.set()
        with self._lock:
            if not self._is_running():
                return
            assert self._process is not None
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)

    def _is_running(self) -> bool:
        return self._is_ours and self._process is not None and self._process.poll() is None

    def _begin(self) -> None:
        """SIGHUP, which would end a process that has not said what it does then, waits until it has
        (`unblock_reload`)."""
        with self._lock:
            if self._ending.is_set():
                return
            former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
            try:
                command = [*self._command, str(os.getpid())]
                self._process = subprocess.Popen(command)  # noqa: S603  our own program
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, former)
            self._began = time.monotonic()

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK_SECONDS):
            with self._lock:
                is_running = self._is_running()
            lasted = time.monotonic() - self._began
            if is_running or lasted < self._pause:
                continue
            sound = lasted > _SOUND_SECONDS
            self._pause = _LOOK_SECONDS if sound else min(2 * self._pause, _MAX_PAUSE_SECONDS)
            with suppress(OSError):  # no memory for it now: once more in a moment
                self._begin()


def unblock_reload() -> None:
    """Called by a companion once it knows what to do when it is told to begin anew."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
