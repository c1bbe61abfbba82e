"""Requests that wait together are begun one after the other, and finished together."""

import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from service.serving.grouped_requests import GroupedRequests

Groups = SimpleQueue[Sequence[tuple[str, bool]]]


def _failed(_request: str, error: Exception) -> bool:
    return isinstance(error, OSError)


def test_what_waits_is_begun_before_anything_is_finished() -> None:
    """The first is held until the others are there."""
    order: list[str] = []
    others, done = threading.Event(), Groups()

    def begin(request: str) -> Callable[[], bool] | None:
        others.wait(10)
        order.append(f"begin {request}")

        def finish() -> bool:
            order.append(f"finish {request}")
            return request == "a"

        return None if request == "another's" else finish

    grouped = GroupedRequests(begin, _failed, done.put)
    for request in ("a", "another's", "b"):
        grouped.put("", request)
    others.set()
    assert done.get(timeout=10) == [("a", True), ("b", False)]
    assert order == ["begin a", "begin another's", "begin b", "finish a", "finish b"]


def test_the_thread_outlives_whatever_is_raised() -> None:
    done = Groups()

    def begin(request: str) -> Callable[[], bool]:
        def finish() -> bool:
            if request == "bad end":
                raise OSError
            return True

        if request == "bad beginning":
            raise ValueError
        return finish

    grouped = GroupedRequests(begin, _failed, done.put)
    found: list[tuple[str, bool]] = []
    for request in ("bad beginning", "bad end", "good"):
        grouped.put("", request)
        found += done.get(timeout=10)
    assert found == [("bad beginning", False), ("bad end", True), ("good", True)]


def test_nobody_waits_for_a_slow_one() -> None:
    """What was begun before it is finished, what comes after it begun, but for its own sender's
    third; when it is over, that has its turn."""
    over, done = threading.Event(), Groups()
    slow_begun = threading.Semaphore(0)

    def begin(request: str) -> Callable[[], bool]:
        if request.startswith("slow"):
            slow_begun.release()
            over.wait(10)
        return lambda: True

    def take(count: int) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            found += [request for request, _ in done.get(timeout=10)]
        return sorted(found)

    def look_until_begun() -> None:
        while not slow_begun.acquire(timeout=0.02):
            grouped.look()

    grouped = GroupedRequests(begin, _failed, done.put)
    for sender, request in (("many", "slow 1"), ("many", "slow 2"), ("another", "before")):
        grouped.put(sender, request)
    look_until_begun()
    look_until_begun()
    grouped.put("many", "slow 3")
    grouped.put("another", "after")
    while done.empty():
        grouped.look()
    assert take(2) == ["after", "before"]
    assert not slow_begun.acquire(timeout=0.02)
    over.set()
    assert take(3) == ["slow 1", "slow 2", "slow 3"]
