"""Requests that take seconds of a processor: only a few of each kind run at a time, and few wait,
so that neither other requests nor those of another kind wait for them.
"""

import math
import re
import time
from collections import Counter
from collections.abc import Callable

from service.serving.turns import FairThreads

# Memos and summaries are set as PDF files, candidates sought among all companies of an institution.
PAPERS = re.compile(rb"(?:/memo|\.pdf|/candidates(?:\.[a-z]+)?)$")
# A table is looked over before it is put in the queue, and again when it is to be read otherwise.
TABLES = re.compile(
    rb"/(?:api/v1/batches(?:/[^/]+/choices)?|(?:en/)?desk/batches(?:/[^/]+)?)$", re.ASCII
)
_THREADS = 1
# At work and waiting, in each worker; three quarters of one sender, so that others find room.
MAX_PAPERS, MAX_TABLES = 4, 8
MAX_RETRY_SECONDS = 60


class DearQueue:
    """One kind's thread; `most` are at work or wait for it."""

    def __init__(self, name: str, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.pool = FairThreads(_THREADS, name)
        self._most = most
        self._senders: Counter[str] = Counter()
        self._clock = clock
        # When the present one began, and how long the last one took.
        self._began_at = self._last_seconds = 0.0

    def has_room_for(self, sender: str) -> bool:
        """Whether a request of a sender may wait here."""
        if self._senders.total() >= self._most:
            return False
        return self._senders[sender] < self._most * 3 // 4

    def enter(self, sender: str) -> None:
        """A request of a sender waits."""
        if not self._senders:
            self._began_at = self._clock()
        self._senders[sender] += 1

    def leave(self, sender: str) -> None:
        """One is answered."""
        self._senders -= Counter({sender: 1})
        now = self._clock()
        self._last_seconds, self._began_at = now - self._began_at, now

    def seconds_until_room(self) -> int:
        """When a place will be free, if the present one takes as long as the last one did."""
        left = self._began_at + self._last_seconds - self._clock()
        return min(max(1, math.ceil(left)), MAX_RETRY_SECONDS)


class DearRequests:
    """A worker's queues."""

    def __init__(self) -> None:
        self._papers = DearQueue("papers", MAX_PAPERS)
        self._tables = DearQueue("tables", MAX_TABLES)

    def queue_for(self, path: bytes, *, sends: bool) -> DearQueue | None:
        """Where a request waits; `sends`: it is a POST. None for one that takes no time."""
        if PAPERS.search(path):
            return self._papers
        return self._tables if sends and TABLES.match(path) else None
