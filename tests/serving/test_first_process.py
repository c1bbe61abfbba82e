"""Being told to end comes before being told to take up new files."""

import os
import queue
import signal
from typing import Any

import pytest
from gunicorn.arbiter import Arbiter

from service.serving.first_process import FirstProcess


@pytest.fixture
def first() -> FirstProcess:
    """One that was not started: what it would start is not."""
    process = FirstProcess.__new__(FirstProcess)
    process.SIG_QUEUE = queue.SimpleQueue()
    process.pid = os.getpid()
    return process


def test_twenty_reloads_are_one_and_an_end_is_heard_first(first: FirstProcess) -> None:
    for _ in range(20):
        first.signal(signal.SIGHUP, None)
    assert first.wait_for_signals(0) == [signal.SIGHUP]
    for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGCHLD, signal.SIGTERM, signal.SIGCHLD):
        first.signal(number, None)
    assert first.wait_for_signals(0) == [
        signal.SIGTERM, signal.SIGCHLD, signal.SIGCHLD, signal.SIGHUP,
    ]  # fmt: skip


@pytest.mark.parametrize("waiting", ["keep_workers", "spawn_worker", "reap_workers"])
def test_a_reload_is_given_up_for_an_end(
    first: FirstProcess, monkeypatch: pytest.MonkeyPatch, waiting: str
) -> None:
    """Wherever it is, files that are waited for included; and what ends the workers is not."""
    done: list[str] = []

    def reload(process: Any) -> None:
        done.append("begun")
        process.signal(signal.SIGTERM, None)
        getattr(process, waiting)()
        done.append("went on")

    monkeypatch.setattr(Arbiter, "reload", reload)
    monkeypatch.setattr(Arbiter, "reap_workers", lambda _: done.append("reaped"))
    monkeypatch.setattr(Arbiter, "spawn_worker", lambda _: done.append("spawned"))
    first.reload()
    first.reload()
    assert done == ["begun", *(["reaped"] if waiting == "reap_workers" else [])]
    assert first.wait_for_signals(0) == [signal.SIGTERM]
    first.reap_workers()
    assert done[-1] == "reaped"


def test_a_worker_that_has_not_begun_ends_when_it_is_told(first: FirstProcess) -> None:
    """What gunicorn would put in a queue that nobody reads there any more."""
    worker = os.fork()
    if not worker:
        first.signal(signal.SIGTERM, None)
        os._exit(1)
    assert os.waitpid(worker, 0)[1] == 0
