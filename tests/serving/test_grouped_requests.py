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
        grouped.put(request)
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
        grouped.put(request)
        found += done.get(timeout=10)
    assert found == [("bad beginning", False), ("bad end", True), ("good", True)]
