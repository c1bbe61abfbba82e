"""Whose request is worked on next: each sender's first comes before anybody's second.

In the order of their coming, sixty requests of a second each that one sender sends at once held up
everybody else's for minutes.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, by its sender. For one thread at a time."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[T]] = {}

    def put(self, sender: str, item: T) -> None:
        """To the end of its sender's own."""
        self._waiting.setdefault(sender, deque()).append(item)

    def take(self, may: Callable[[str], bool]) -> tuple[str, T] | None:
        """The next of those whose sender `may` have a turn, with its sender, who is last then; None
        where there is none."""
        for sender in self._waiting:
            if may(sender):
                break
        else:
            return None
        own = self._waiting.pop(sender)
        item = own.popleft()
        if own:
            self._waiting[sender] = own
        return sender, item


class FairThreads:
    """A pool of threads that take work from senders in turns. Unlike those of the standard library
    they end with the process, whatever they are at."""

    def __init__(self, threads: int, name: str, most_of_one: int | None = None) -> None:
        """`most_of_one`: how many work for one sender at a time; half of them unless given, so that
        another finds one free."""
        self._threads, self._name = threads, name
        self._most_of_one = (threads + 1) // 2 if most_of_one is None else most_of_one
        self._turns: Turns[Callable[[], None]] = Turns()
        self._changed = threading.Condition()
        self._at_work: Counter[str] = Counter()
        self._started = self._idle = 0

    def submit(self, sender: str, work: Callable[..., Any], *args: Any) -> "Future[Any]":
        """Have something done in its sender's turn."""
        outcome: Future[Any] = Future()

        def run() -> None:
            try:
                outcome.set_result(work(*args))
            except BaseException as error:  # noqa: BLE001  told to whoever asks for the outcome
                outcome.set_exception(error)

        with self._changed:
            self._turns.put(sender, run)
            if self._idle:
                # Counted here, not when it wakes: a second call may come before that.
                self._idle -= 1
                self._changed.notify()
            elif self._started < self._threads:
                self._started += 1
                name = f"{self._name}_{self._started}"
                threading.Thread(target=self._run, name=name, daemon=True).start()
        return outcome

    def shutdown(self, wait: bool = True) -> None:
        """Called by gunicorn when all has been answered: nothing, they end with the process."""

    def _run(self) -> None:
        while True:
            with self._changed:
                while (taken := self._turns.take(self._may_have_turn)) is None:
                    self._idle += 1
                    self._changed.wait()
                sender, run = taken
                self._at_work[sender] += 1
            run()
            with self._changed:
                self._at_work[sender] -= 1
                if not self._at_work[sender]:
                    del self._at_work[sender]

    def _may_have_turn(self, sender: str) -> bool:
        return self._at_work[sender] < self._most_of_one
