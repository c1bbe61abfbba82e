"""What a starting process is told is heard once it can be."""

import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from service.serving.held_signals import hold_signals, release_signals

TOLD = (signal.SIGHUP, signal.SIGUSR1, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What this process did before stays what it does."""
    held = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU)
    former = {number: signal.getsignal(number) for number in held}
    yield
    for number, what in former.items():
        signal.signal(number, what)


def test_what_comes_early_is_heard_once_and_later() -> None:
    """A reload and a new log are asked for, the first twice: neither ends the process."""
    hold_signals()
    for number in TOLD:
        os.kill(os.getpid(), number)
    hold_signals()  # as gunicorn's settings do, where `huice serve` has
    heard = hear()
    assert heard == []
    release_signals()
    assert heard == [signal.SIGHUP, signal.SIGUSR1]
    release_signals()
    assert len(heard) == 2


def hear() -> list[int]:
    """From now on what comes is heard."""
    heard: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    for number in TOLD:
        signal.signal(number, note)
    return heard
