"""What works beside the service does so as long as the service does."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from service.serving.companion import Companion

WAIT_SECONDS = 30.0


def running(companion: Companion, other_than: int | None = None) -> int:
    """The process, once there is one."""
    until = time.monotonic() + WAIT_SECONDS
    while (found := companion.pid) in (other_than, None):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert found is not None
    return found


@pytest.fixture
def companion() -> Iterator[Companion]:
    made = Companion([sys.executable, "-c", "import time; time.sleep(600)"])
    made.start()
    yield made
    made.end(WAIT_SECONDS)


def test_one_that_is_killed_is_started_again(companion: Companion) -> None:
    """As the system does for want of memory."""
    killed = running(companion)
    os.kill(killed, signal.SIGKILL)
    assert running(companion, other_than=killed)


def test_nobody_is_forked_while_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """He would hold the pipe by which it tells that it has begun, and a reload, or the end, would
    wait for ever."""
    begins, has_begun, popen = threading.Event(), threading.Event(), subprocess.Popen

    def slowly(command: list[str]) -> "subprocess.Popen[bytes]":
        begins.set()
        time.sleep(0.1)
        process = popen(command)
        has_begun.set()
        return process

    monkeypatch.setattr("service.serving.companion.subprocess.Popen", slowly)
    companion = Companion([sys.executable, "-c", "import time; time.sleep(600)"])
    companion.start()
    assert begins.wait(WAIT_SECONDS)
    child = os.fork()
    if not child:
        os._exit(not has_begun.is_set())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    companion.end(WAIT_SECONDS)


def test_one_that_is_to_begin_anew_does(companion: Companion) -> None:
    former = running(companion)
    companion.renew()
    assert running(companion, other_than=former)


def test_one_that_was_ended_stays_so() -> None:
    companion = Companion([sys.executable, "-c", "import time; time.sleep(600)"])
    companion.start()
    running(companion)
    companion.end(WAIT_SECONDS)
    assert companion.pid is None
