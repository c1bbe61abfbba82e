"""A process that works beside this one, as long as this one lives: started again if it ends."""

import os
import subprocess
import threading
import time
from contextlib import suppress

# One that ends at once, every time, is not started again every second.
_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 1.0, 60.0
# One that lasted so long had begun.
_SOUND_SECONDS = 10.0


class Companion:
    """A thread starts the process and waits for its end, which may be the system's doing for want
    of memory. The last argument of its command is the process that it works beside."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="companion", daemon=True)
        self._is_ours = True
        self._ending = threading.Event()
        # A worker that is forked while the process begins would hold the pipe by which that tells
        # that it has: whoever waits for it, with the lock, would do so as long as the worker lives.
        os.register_at_fork(
            before=self._lock.acquire,
            after_in_parent=self._lock.release,
            after_in_child=self._lock.release,
        )

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        with self._lock:
            return self._process.pid if self._process is not None and self._is_running() else None

    def start(self) -> None:
        self._thread.start()

    def renew(self) -> None:
        """Have it end, and begin anew."""
        with self._lock:
            if self._process is not None and self._is_running():
                self._process.terminate()

    def disown(self) -> None:
        """After a fork: it is no child of this process, which neither ends it nor waits for it."""
        self._is_ours = False
        if self._process is not None:
            self._process.returncode = 0

    def end(self, seconds: float | None) -> None:
        """Have it end, and wait for that so long, or as long as it takes."""
        self._ending.set()
        self.renew()
        if self._is_ours and self._thread.ident is not None:
            self._thread.join(seconds)

    def _is_running(self) -> bool:
        return self._is_ours and self._process is not None and self._process.poll() is None

    def _keep(self) -> None:
        pause = _PAUSE_SECONDS
        while not self._ending.is_set():
            began = time.monotonic()
            with suppress(OSError):  # no memory for it now: once more in a moment
                self._begin().wait()
            sound = time.monotonic() - began > _SOUND_SECONDS
            pause = _PAUSE_SECONDS if sound else min(2 * pause, _MAX_PAUSE_SECONDS)
            self._ending.wait(pause)

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._lock:
            # Our own program.
            self._process = subprocess.Popen([*self._command, str(os.getpid())])  # noqa: S603
            if self._ending.is_set():
                self._process.terminate()
            return self._process
