"""The process that makes a catalogue searchable beside the service, begun again until it has."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

from service.indexing import DONE

_PAUSE_SECONDS, _MAX_PAUSE_SECONDS, _LOOK_SECONDS = 1.0, 60.0, 0.2


class Indexer:
    """Makes one version searchable; begun at once, and done by a thread that waits for it."""

    def __init__(self, version: str) -> None:
        self._command = [sys.executable, "-m", "service.indexing", version]
        self._thread = threading.Thread(target=self._work, name="indexer", daemon=True)
        self._thread.start()

    def wait(self, seconds: float, meanwhile: Callable[[], None] | None) -> None:
        """Wait until it is done, no longer than so many seconds; `meanwhile` is done again and
        again."""
        deadline = time.monotonic() + seconds
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._thread.join(_LOOK_SECONDS)
            if meanwhile is not None:
                meanwhile()

    def _work(self) -> None:
        # What it wrote tells whether it came to its end: whoever waits for children may have taken
        # the status.
        pause = _PAUSE_SECONDS
        while self._run() != DONE:
            time.sleep(pause)
            pause = min(2 * pause, _MAX_PAUSE_SECONDS)

    def _run(self) -> bytes:
        # Our own program, with fixed arguments.
        process = subprocess.Popen(self._command, stdout=subprocess.PIPE)  # noqa: S603
        return process.communicate()[0]
