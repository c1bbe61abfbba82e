"""Requests that wait together take each step together, and are finished together."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from service.serving import grouped_requests
from service.serving.grouped_requests import (
    MAX_TOGETHER,
    SHARE_SECONDS,
    BegunRequest,
    GroupedRequests,
)

Groups = SimpleQueue[Sequence[tuple[str, bool]]]


def _failed(_request: str, error: Exception) -> bool:
    return isinstance(error, OSError)


def _finished(order: list[str], request: str) -> Callable[[], bool]:
    def finish() -> bool:
        order.append(f"finish {request}")
        if request == "bad end":
            raise OSError
        return request == "a"

    return finish


def _stepped(order: list[str], request: str) -> Iterator[None]:
    for step in (1, 2):
        order.append(f"step {step} of {request}")
        if request == "bad step":
            raise ValueError
        yield


def test_each_step_is_taken_by_all_that_wait_before_anything_is_finished() -> None:
    """The first is held until the others are there. Whoever raises is finished like the others."""
    order: list[str] = []
    others, done = threading.Event(), Groups()

    def begin(request: str) -> BegunRequest | None:
        others.wait(10)
        order.append(f"begin {request}")
        begun = BegunRequest(_stepped(order, request), _finished(order, request))
        return None if request == "another's" else begun

    grouped = GroupedRequests(begin, _failed, done.put)
    for request in ("a", "another's", "bad step", "b"):
        grouped.put("", request)
    others.set()
    assert done.get(timeout=10) == [("bad step", False), ("a", True), ("b", False)]
    assert order == [
        "begin a", "begin another's", "begin bad step", "begin b",
        "step 1 of a", "step 1 of bad step", "step 1 of b", "step 2 of a", "step 2 of b",
        "finish bad step", "finish a", "finish b",
    ]  # fmt: skip


def test_no_more_go_together_than_the_first_may_wait_for() -> None:
    others, done = threading.Event(), Groups()

    def begin(request: str) -> BegunRequest:
        others.wait(10)
        return BegunRequest(iter(()), _finished([], request))

    grouped = GroupedRequests(begin, _failed, done.put)
    for number in range(MAX_TOGETHER + 1):
        grouped.put("", str(number))
    others.set()
    assert [len(done.get(timeout=10)) for _ in range(2)] == [MAX_TOGETHER, 1]


class OneHeldInItsStep:
    """The steps of "first" wait until `others_are_there`."""

    def __init__(self, seconds_of_first: float = 0.0) -> None:
        self.order: list[str] = []
        self.at_its_step, self.others_are_there = threading.Event(), threading.Event()
        self.done = Groups()
        self.clock = 0.0
        self._seconds = seconds_of_first
        self.grouped = GroupedRequests(self._begin, _failed, self.done.put)

    def _begin(self, request: str) -> BegunRequest:
        self.order.append(f"begin {request}")
        return BegunRequest(self._steps(request), _finished(self.order, request))

    def _steps(self, request: str) -> Iterator[None]:
        if request == "first":
            self.at_its_step.set()
            assert self.others_are_there.wait(10)
            self.clock += self._seconds
        self.order.append(f"step of {request}")
        yield

    def groups(self, *others: tuple[str, str]) -> list[Sequence[tuple[str, bool]]]:
        """Those that are done until all have been: the first, then the others, which come while it
        is at its step."""
        self.grouped.put("one", "first")
        assert self.at_its_step.wait(10)
        for sender, request in others:
            self.grouped.put(sender, request)
        self.others_are_there.set()
        found: list[Sequence[tuple[str, bool]]] = []
        while sum(map(len, found)) <= len(others):
            found.append(self.done.get(timeout=10))
        return found


def test_what_comes_while_steps_are_taken_goes_with_the_group() -> None:
    """So that those who wait for their answers are not two halves, each with a transaction of its
    own."""
    held = OneHeldInItsStep()
    assert len(held.groups(("two", "second"), ("three", "third"))) == 1
    assert held.order == [
        "begin first", "step of first",
        "begin second", "begin third", "step of second", "step of third",
        "finish first", "finish second", "finish third",
    ]  # fmt: skip


def test_no_more_join_a_group_than_go_together() -> None:
    others = [(str(number), str(number)) for number in range(MAX_TOGETHER)]
    assert [len(group) for group in OneHeldInItsStep().groups(*others)] == [MAX_TOGETHER, 1]


def test_who_has_had_his_share_of_a_group_joins_it_with_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = OneHeldInItsStep(seconds_of_first=1.2 * SHARE_SECONDS)
    monkeypatch.setattr(grouped_requests, "time", SimpleNamespace(monotonic=lambda: held.clock))
    held.groups(("one", "his next"), ("another", "another's"))
    assert held.order.index("finish another's") < held.order.index("begin his next")


def test_the_thread_outlives_whatever_is_raised() -> None:
    done = Groups()

    def begin(request: str) -> BegunRequest:
        if request == "bad beginning":
            raise ValueError
        return BegunRequest(iter(()), _finished([], request))

    grouped = GroupedRequests(begin, _failed, done.put)
    found: list[tuple[str, bool]] = []
    for request in ("bad beginning", "bad end", "a"):
        grouped.put("", request)
        found += done.get(timeout=10)
    assert found == [("bad beginning", False), ("bad end", True), ("a", True)]


def _held_up(request: str, begun: threading.Semaphore, over: threading.Event) -> Iterator[None]:
    if request.startswith("slow"):
        begun.release()
        over.wait(10)
    yield


@pytest.mark.parametrize("in_a_step", [False, True])
def test_nobody_waits_for_a_slow_one(*, in_a_step: bool) -> None:
    """What was begun before it is finished, what comes after it begun, but for what
    its own sender sent beside it, be it begun; when it is over, that has its turn."""
    over, done = threading.Event(), Groups()
    slow_begun = threading.Semaphore(0)

    def begin(request: str) -> BegunRequest:
        steps = _held_up(request, slow_begun, over)
        if not in_a_step:
            next(steps)
        return BegunRequest(steps, lambda: True)

    def take(count: int) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            found += [request for request, _ in done.get(timeout=10)]
        return sorted(found)

    def look_until_begun() -> None:
        while not slow_begun.acquire(timeout=0.02):
            grouped.look()

    grouped = GroupedRequests(begin, _failed, done.put)
    for request in ("slow 1", "slow 2", "slow 3"):
        grouped.put("many", request)
    grouped.put("another", "before")
    look_until_begun()
    grouped.put("another", "after")
    while done.empty():
        grouped.look()
    assert take(2) == ["after", "before"]
    assert not slow_begun.acquire(timeout=0.02)
    over.set()
    assert take(3) == ["slow 1", "slow 2", "slow 3"]


def test_who_sent_one_without_end_is_answered_his_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while: nobody else could end it, and he waited as long as the worker lived."""
    monkeypatch.setattr(grouped_requests, "WITHOUT_END_SECONDS", 0.15)
    over, done = threading.Event(), Groups()

    def begin(request: str) -> BegunRequest:
        return BegunRequest(_held_up(request, threading.Semaphore(0), over), lambda: True)

    grouped = GroupedRequests(begin, _failed, done.put)
    grouped.put("one", "slow")
    grouped.put("one", "next")
    while done.empty():
        grouped.look()
        time.sleep(0.01)
    assert done.get() == [("next", True)]
    over.set()
    assert done.get(timeout=10) == [("slow", True)]


@pytest.mark.parametrize("dear", ["begin", "step", "finish"])
def test_many_of_one_that_take_long_together_hold_nobody_up(
    monkeypatch: pytest.MonkeyPatch, dear: str
) -> None:
    """None of them takes long by itself. Of such a sender's a group does two, be it that they are
    dear to begin; then the other is answered, and after him the rest."""
    clock = [0.0]
    monkeypatch.setattr(grouped_requests, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    order: list[str] = []
    others, done = threading.Event(), Groups()

    def spend(request: str, at: str) -> None:
        if at == dear and request != "another's":
            clock[0] += 0.6 * SHARE_SECONDS

    def steps(request: str) -> Iterator[None]:
        spend(request, "step")
        yield

    def begin(request: str) -> BegunRequest:
        others.wait(10)
        spend(request, "begin")
        return BegunRequest(steps(request), lambda: finish(request))

    def finish(request: str) -> bool:
        spend(request, "finish")
        order.append(request)
        return True

    grouped = GroupedRequests(begin, _failed, done.put)
    for request in ("1", "2", "3", "4", "5"):
        grouped.put("many", request)
    grouped.put("another", "another's")
    others.set()
    answered = 0
    while answered < 6:
        answered += len(done.get(timeout=10))
    assert order.index("another's") <= 2
    assert sorted(order) == ["1", "2", "3", "4", "5", "another's"]


def test_what_only_has_to_be_finished_waits_for_nobody_either() -> None:
    """As where the first waits for a disk: the others are finished beside it, though nothing else
    comes that would wake their thread."""
    others_are_there, over, ending = (threading.Event() for _ in range(3))
    done = Groups()

    def begin(request: str) -> BegunRequest:
        if request == "first":
            others_are_there.wait(10)
        return BegunRequest(iter(()), finish_slowly if request == "first" else lambda: True)

    def finish_slowly() -> bool:
        ending.set()
        return over.wait(10)

    grouped = GroupedRequests(begin, _failed, done.put)
    for request in ("first", "second", "third"):
        grouped.put(request, request)
    others_are_there.set()
    assert ending.wait(10)
    deadline = time.monotonic() + 10
    while done.empty() and time.monotonic() < deadline:
        grouped.look()
        time.sleep(0.01)
    finished = [] if done.empty() else done.get()
    over.set()
    assert [request for request, _ in finished] == ["second", "third"]
    assert done.get(timeout=10) == [("first", True)]
