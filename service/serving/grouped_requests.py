"""Requests that one thread begins one after the other, and finishes together.

Threads that reckon at the same time wait for each other at the interpreter, and empty each other's
caches. And what is begun before anything is finished has its receipts stored by one transaction.
"""

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

# So long a group is added to, in processor time: the first of it waits for the last.
GROUP_SECONDS = 0.03

T = TypeVar("T")


class GroupedRequests(Generic[T]):
    """A thread that starts with the first request."""

    def __init__(
        self,
        begin: Callable[[T], Callable[[], bool] | None],
        fail: Callable[[T, Exception], bool],
        done: Callable[[Sequence[tuple[T, bool]]], None],
    ) -> None:
        """`begin` gives what finishes a request; None where somebody else answers it. `fail` is
        told what either raised. `done` gets the group, with what finishing or failing gave."""
        self._begin, self._fail, self._done = begin, fail, done
        self._waiting: SimpleQueue[T] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, request: T) -> None:
        """Have a request answered. Called by one thread only."""
        self._waiting.put(request)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="grouped requests", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            begun = self._begin_group(self._waiting.get())
            self._done([(request, self._finished(request, end)) for request, end in begun])

    def _begin_group(self, request: T) -> list[tuple[T, Callable[[], bool]]]:
        """All that wait, as far as the time goes."""
        group, until = [], time.thread_time() + GROUP_SECONDS
        while True:
            try:
                finish = self._begin(request)
            except Exception as error:  # noqa: BLE001  the thread goes on, whatever it was
                finish = self._failing(request, error)
            if finish is not None:
                group.append((request, finish))
            try:
                if time.thread_time() > until:
                    return group
                request = self._waiting.get_nowait()
            except Empty:
                return group

    def _failing(self, request: T, error: Exception) -> Callable[[], bool]:
        return lambda: self._fail(request, error)

    def _finished(self, request: T, finish: Callable[[], bool]) -> bool:
        try:
            return finish()
        except Exception as error:  # noqa: BLE001  as above
            return self._fail(request, error)
