"""Watches the worker beside the service: `python -m service.serving.watcher`, the service's pid.

A process that only waits holds little memory: nothing of what the worker works with is loaded here.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

from service.serving.companion import unblock_reload

_PR_SET_PDEATHSIG = 1
_PAUSE_SECONDS, _MAX_PAUSE_SECONDS, _LOOK_SECONDS = 1.0, 60.0, 0.1
# A worker that lasted so long had begun.
_SOUND_SECONDS = 10.0


def watch(parent: int | None = None) -> None:
    """A worker in a process of its own, started again whenever it ends; gone when this one is, and
    this one when `parent` is."""
    if parent is not None:
        end_with(parent)
    child: subprocess.Popen[bytes] | None = None
    ending = threading.Event()

    def renew(number: int, _frame: FrameType | None) -> None:
        # May come while a worker is being started: nothing is raised here that would lose it.
        if number == signal.SIGTERM:
            ending.set()
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, renew)
    signal.signal(signal.SIGHUP, renew)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unblock_reload()
    pause = _PAUSE_SECONDS
    while not ending.is_set():
        began = time.monotonic()
        # This very program, with fixed arguments.
        command = [sys.executable, "-m", "service.cli", "work", "--parent", str(os.getpid())]
        child = subprocess.Popen(command)  # noqa: S603  our own program
        if ending.is_set():
            child.terminate()
        child.wait()
        # What ends at once, every time, is not tried again every second.
        sound = time.monotonic() - began > _SOUND_SECONDS
        pause = _PAUSE_SECONDS if sound else min(2 * pause, _MAX_PAUSE_SECONDS)
        until = time.monotonic() + pause
        while not ending.is_set() and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)


def end_with(parent: int) -> None:
    """Where the system can: the process that started this one takes it along, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(0)


if __name__ == "__main__":
    watch(*map(int, sys.argv[1:2]))
