"""Signals that reach a process while it starts: held, and handed to gunicorn once it listens.

Before that the system would end, or stop, the process: whoever asks for new policy files or another
log does not know how far a start is.
"""

import os
import signal
from types import FrameType

_HELD = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU)
_came: list[int] = []


def hold_signals() -> None:
    """From now on they are kept. Being told to end is not among them."""
    for number in _HELD:
        signal.signal(number, _keep)


def release_signals() -> None:
    """Tell this process again, once, each that came: it hears them now."""
    for number in dict.fromkeys(_came):
        os.kill(os.getpid(), number)
    _came.clear()


def _keep(number: int, _frame: FrameType | None) -> None:
    _came.append(number)
