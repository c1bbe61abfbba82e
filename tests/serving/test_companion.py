"""What works beside the service does so as long as the service does."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.serving.companion import Companion

WAIT_SECONDS = 30.0


@pytest.fixture
def companion() -> Iterator[Companion]:
    made = Companion([sys.executable, "-c", "import time; time.sleep(600)"])
    made.start()
    yield made
    made.end(WAIT_SECONDS)


def test_one_that_is_killed_is_started_again(companion: Companion) -> None:
    """As the system does for want of memory."""
    killed = companion.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + WAIT_SECONDS
    while companion.pid in (killed, None):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_reload_does_not_end_one_that_has_only_begun(companion: Companion) -> None:
    """The signal waits until the program has said what it does then."""
    companion.reload()
    status = Path(f"/proc/{companion.pid}/status").read_text(encoding="ascii")
    blocked, pending = (
        int(re.findall(rf"^{name}:\t([0-9a-f]+)$", status, re.MULTILINE)[0], 16)
        for name in ("SigBlk", "ShdPnd")
    )
    bit = 1 << (signal.SIGHUP - 1)
    assert blocked & bit
    assert pending & bit


def test_one_that_was_ended_stays_so() -> None:
    companion = Companion([sys.executable, "-c", "import time; time.sleep(600)"])
    companion.start()
    companion.end(WAIT_SECONDS)
    assert companion.pid is None
