"""Each sender's first comes before anybody's second, and nobody has all threads."""

import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest

from service.serving.turns import FairThreads, Turns


def test_senders_have_their_turns() -> None:
    turns: Turns[int] = Turns()
    for sender, item in (("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6)):
        turns.put(sender, item)
    assert turns.take(lambda sender: sender != "a") == ("b", 4)
    order = [turns.take(lambda _: True) for _ in range(5)]
    assert order == [("a", 1), ("c", 5), ("b", 6), ("a", 2), ("a", 3)]
    assert turns.take(lambda _: True) is None


def test_one_sender_leaves_threads_to_others() -> None:
    """Ten of one wait for an event at four threads: two of them are begun, another is answered."""
    threads, over = FairThreads(4, "tried"), threading.Event()
    begun = threading.Semaphore(0)

    def work() -> str:
        begun.release()
        return "done" if over.wait(10) else "late"

    many = [threads.submit("many", work) for _ in range(10)]
    assert threads.submit("another", lambda: "answered").result(10) == "answered"
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    assert not begun.acquire(timeout=0.05)
    over.set()
    assert [outcome.result(10) for outcome in many] == ["done"] * 10


def test_two_that_come_at_once_do_not_wait_for_one_thread() -> None:
    """One thread is idle, another may be started, and the idle one has not woken yet."""
    threads, over = FairThreads(2, "tried"), threading.Event()
    threads.submit("a", lambda: None).result(10)
    while not threads._idle:
        time.sleep(0.001)
    with threads._changed:  # nobody wakes between the two
        first = threads.submit("a", over.wait, 10)
        second = threads.submit("b", lambda: "answered")
    assert second.result(5) == "answered"
    over.set()
    assert first.result(10)


def test_what_is_raised_is_told_and_the_thread_goes_on() -> None:
    threads = FairThreads(1, "tried")

    def fail() -> None:
        raise SystemExit

    failed: Future[Any] = threads.submit("", fail)
    assert threads.submit("", lambda: threading.current_thread().daemon).result(10)
    with pytest.raises(SystemExit):
        failed.result(10)
