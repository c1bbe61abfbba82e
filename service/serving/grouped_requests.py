"""Requests that one thread answers together: one step of all, then the next, then finished.

Threads that reckon at the same time wait for each other at the interpreter, and empty each other's
caches; and so does a request that is answered from end to end before the next (ADR 35). What is
begun before anything is finished has its receipts stored by one transaction.
Nobody waits for a request that takes long: another thread goes on with what is there beside it.
Nor for many of one sender that take long together: of his, a group does so much and no more before
what others asked for is answered.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import Generic, NamedTuple, TypeVar

from service.domain.steps import took_step
from service.serving.turns import FairThreads, Turns

# So many at most: the first of a group waits for the last.
MAX_TOGETHER = 16
# Whose step takes longer has the rest taken at once, so that it is found to take long as a whole.
STEP_SECONDS = 0.03
# What takes longer goes on beside the others, so many at a time. Of one sender one does, and his
# other requests wait for its end: two threads that reckon take twice the time each. They wait no
# longer than the dearest takes that is known, since one may have no end.
SLOW_SECONDS, WITHOUT_END_SECONDS = 0.1, 1.0
MAX_SLOW = 8
# Whose requests have taken so long in a group has the rest of them wait for its end.
SHARE_SECONDS = 0.1

T = TypeVar("T")
H = TypeVar("H")


class BegunRequest(NamedTuple):
    """What is left to do of a request: steps, taken together with those of others, and what
    finishes it and says whether its connection may be asked again."""

    steps: Iterator[None]
    finish: Callable[[], bool]


class _Group(Generic[T]):
    """What one thread is at: since when, and for whom; what it has begun, of what it has taken all
    steps, and what it has done."""

    def __init__(self) -> None:
        self.since: float | None = None
        self.sender = ""
        # Each in the order of the others: the first step of all is taken before anybody's second.
        self.begun: deque[tuple[str, T, BegunRequest]] = deque()
        self.stepped: deque[tuple[str, T, BegunRequest]] = deque()
        # What is left for the next, and how long it has been at each sender's.
        self.later: deque[tuple[str, T, BegunRequest]] = deque()
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.done: list[tuple[T, bool]] = []
        # Whose request took so long that another thread goes on with the rest, if any.
        self.held_up_by = ""

    def turn_to(self, sender: str) -> float:
        """The time it is."""
        self.sender = sender
        self.since = now = time.monotonic()  # last: what is read by another thread is true then
        return now

    def spend(self, sender: str, since: float) -> None:
        """Count what was done for a sender."""
        self.spent[sender] += time.monotonic() - since

    def has_had_share(self, sender: str) -> bool:
        return self.spent[sender] >= SHARE_SECONDS

    def may_begin(self, sender: str) -> bool:
        """Whether another of a sender's is begun now, or first what he has here."""
        return not self.has_had_share(sender) and all(sender != held[0] for held in self.later)

    def takes_long(self) -> bool:
        """Whether what it is at has lasted longer than others should wait for."""
        since = self.since
        return since is not None and time.monotonic() - since > SLOW_SECONDS

    def keeps_waiting(self, sender: str) -> bool:
        """Whether a sender's others wait for what it is at."""
        since = self.since
        waited = 0.0 if since is None else time.monotonic() - since
        return self.held_up_by == sender and waited < WITHOUT_END_SECONDS

    def split(self) -> "_Group[T]":
        """A group of all but what it is at."""
        fresh: _Group[T] = _Group()
        fresh.begun, self.begun = self.begun, fresh.begun
        fresh.stepped, self.stepped = self.stepped, fresh.stepped
        fresh.later, self.later = self.later, fresh.later
        fresh.done, self.done = self.done, fresh.done
        self.held_up_by = self.sender
        return fresh


def _first(waiting: deque[H]) -> H | None:
    """Taken out of what waits; None where there is nothing, which another thread may have taken at
    the same moment."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


class GroupedRequests(Generic[T]):
    """A thread that starts with the first request."""

    def __init__(
        self,
        begin: Callable[[T], BegunRequest | None],
        fail: Callable[[T, Exception], bool],
        done: Callable[[Sequence[tuple[T, bool]]], None],
    ) -> None:
        """`begin` gives None where somebody else answers a request. `fail` is told what it or
        finishing raised. `done` gets the group, with what finishing or failing gave."""
        self._begin, self._fail, self._done = begin, fail, done
        # Nobody waits at a lock to put something here; None: a sender may have a turn again.
        self._coming: SimpleQueue[tuple[str, T] | None] = SimpleQueue()
        self._turns: Turns[T] = Turns()
        self._lock = threading.Lock()  # of turns, of which group is at work, and of what is slow
        self._group: _Group[T] | None = None
        self._slow: set[_Group[T]] = set()
        self._threads = FairThreads(1 + MAX_SLOW, "matches", most_of_one=1 + MAX_SLOW)

    def put(self, sender: str, request: T) -> None:
        """Have a request answered in its sender's turn. Called by one thread only."""
        self._coming.put((sender, request))
        if self._group is None:
            self._start(_Group())

    @property
    def is_at_work(self) -> bool:
        """Whether something may come to take long: to be looked at soon."""
        return self._group is not None and self._group.since is not None

    def look(self) -> None:
        """Have another thread go on with the rest where the one at work is at something slow.
        Called by the thread that puts."""
        group = self._group
        if self._slow:
            self._coming.put(None)  # one may have been waited for long enough
        if group is None or not group.takes_long():
            return
        with self._lock:
            if not group.takes_long() or len(self._slow) >= MAX_SLOW:
                return
            self._slow.add(group)
            fresh = group.split()
            self._group = fresh
        self._start(fresh)

    def _start(self, group: _Group[T]) -> None:
        self._group = group
        self._threads.submit("", self._run, group)

    def _run(self, group: _Group[T]) -> None:
        while self._gather(group):
            self._step_all(group)
            while self._join(group):
                self._step_all(group)
            while (held := _first(group.stepped)) is not None:
                if not self._leaves(group, held):
                    self._finish(group, held)
            self._end_turn(group)
            done, group.done = group.done, []
            if done:
                self._done(done)
        with self._lock:
            self._slow.discard(group)
        self._coming.put(None)

    def _step_all(self, group: _Group[T]) -> None:
        """Take the steps of all that are begun."""
        while (held := _first(group.begun)) is not None:
            if not self._leaves(group, held):
                self._step(group, held)

    def _join(self, group: _Group[T]) -> bool:
        """Begin what has come since the group began, if it has room; whether something did. Else
        senders who wait for their answers come to be two halves: one asks while the other's
        receipts are stored, and each has a transaction of its own for ever."""
        while group.stepped and len(group.begun) + len(group.stepped) < MAX_TOGETHER:
            taken = self._take(group)
            if taken is None:
                break
            self._begin_one(group, *taken)
        return bool(group.begun)

    def _end_turn(self, group: _Group[T]) -> None:
        # INVARIANT: a group is split only in a turn. Without the lock, whoever has just found that
        # it takes long would split it after its end, and give away what its own thread handles.
        with self._lock:
            group.since = None

    def _gather(self, group: _Group[T]) -> bool:
        """Begin all that wait, as many as go together, and take up what was left; whether there is
        something to be finished, which there is at last unless another thread goes on with the
        rest."""
        group.spent.clear()
        while len(group.begun) < MAX_TOGETHER:
            taken = self._take(group)
            if taken is not None:
                self._begin_one(group, *taken)
            elif group.begun or group.stepped or group.done or not self._all_wait(group):
                break
            elif group is not self._group:
                return False
            elif group.spent:
                group.spent.clear()  # of requests that others answer
            else:
                self._receive(self._coming.get())
        self._take_up(group)
        return True

    def _all_wait(self, group: _Group[T]) -> bool:
        return all(self._waits(group, held[0]) for held in group.later)

    def _take_up(self, group: _Group[T]) -> None:
        """What was left for this group, unless it waits for the end of what takes long."""
        left, group.later = group.later, deque()
        for held in left:
            (group.later if self._waits(group, held[0]) else group.begun).append(held)

    def _waits(self, group: _Group[T], sender: str) -> bool:
        """Whether a request of a sender takes long beside this group."""
        return group is self._group and self._is_held_up(sender)

    def _leaves(self, group: _Group[T], held: tuple[str, T, BegunRequest]) -> bool:
        """Whether a request is left for the next group, as its sender has had his share of this."""
        is_left = group.has_had_share(held[0]) or self._waits(group, held[0])
        if is_left:
            group.later.append(held)
        return is_left

    def _take(self, group: _Group[T]) -> tuple[str, T] | None:
        """Whose turn it is, with his request; None where there is none, or it is another
        thread's."""
        with self._lock:
            if group is not self._group:
                return None
            while not self._coming.empty():
                self._receive(self._coming.get())
            return self._turns.take(lambda w: not self._is_held_up(w) and group.may_begin(w))

    def _is_held_up(self, sender: str) -> bool:
        return any(slow.keeps_waiting(sender) for slow in tuple(self._slow))

    def _receive(self, coming: tuple[str, T] | None) -> None:
        if coming is not None:
            self._turns.put(*coming)

    def _begin_one(self, group: _Group[T], sender: str, request: T) -> None:
        since = group.turn_to(sender)
        try:
            begun = self._begin(request)
        except Exception as error:  # noqa: BLE001  the thread goes on, whatever it was
            begun = BegunRequest(iter(()), self._failing(request, error))
        self._end_turn(group)
        group.spend(sender, since)
        if begun is not None:
            group.begun.append((sender, request, begun))

    def _failing(self, request: T, error: Exception) -> Callable[[], bool]:
        return lambda: self._fail(request, error)

    def _step(self, group: _Group[T], held: tuple[str, T, BegunRequest]) -> None:
        """Take a step of a request, which then waits for the others."""
        sender, _, begun = held
        since = group.turn_to(sender)
        while has_more := took_step(begun.steps):
            if time.monotonic() - since < STEP_SECONDS:
                break
        group.spend(sender, since)
        (group.begun if has_more else group.stepped).append(held)

    def _finish(self, group: _Group[T], held: tuple[str, T, BegunRequest]) -> None:
        """Finish a request of which all steps were taken."""
        sender, request, begun = held
        since = group.turn_to(sender)
        try:
            kept = begun.finish()
        except Exception as error:  # noqa: BLE001  as above
            kept = self._fail(request, error)
        group.spend(sender, since)
        group.done.append((request, kept))
