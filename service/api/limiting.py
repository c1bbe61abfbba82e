"""How often a client may call: by key, or by address where there is none.

Counts lie in the memory of each worker, unless the operator names a shared store; machines that
share a state count in it.
"""

import math
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from service.api.middleware import LIMITS
from service.domain.errors import ErrorCode, Refused
from service.domain.principal import Principal
from service.domain.text import Text
from service.storage.call_counts import CallCounts, CallWindow

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# The application's own.
LIMITER = "huice.limiter"
IN_MEMORY = "memory://"
# Where a request that was counted has what is left of its client's window.
_COUNTED = "huice.counted"
_TOO_OFTEN = Text(
    "请求过于频繁，请 {seconds} 秒后再试", "too many requests: try again in {seconds} s"
)


class WorkerCounts:
    """Counts in this worker's memory: when each client called within the last span.

    `limits` counts so too, but starts a thread for nearly every call, which only forgets: that
    takes a dozen times what finding the key does.
    """

    def __init__(self) -> None:
        self._calls: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self._sweep_at = 0.0

    def hit(self, item: RateLimitItem, client: str, now: float | None = None) -> CallWindow:
        """Count a call. One that is refused does not count."""
        # Not by the clock: one that is put back would keep clients waiting until it is there again.
        now = time.monotonic() if now is None else now
        seconds = item.get_expiry()
        with self._lock:
            self._forget(now, seconds)
            calls = self._calls.setdefault(client, deque())
            while calls and now - calls[0] > seconds:
                calls.popleft()
            allowed = len(calls) < item.amount
            if allowed:
                calls.append(now)
            # In this order: a call just made leaves the whole span, and not a trillionth more.
            return CallWindow(allowed, item.amount - len(calls), seconds - (now - calls[0]))

    def _forget(self, now: float, seconds: int) -> None:
        """Once a span, the clients that have not called within it."""
        if now >= self._sweep_at:
            self._sweep_at = now + seconds
            within = ((c, calls) for c, calls in self._calls.items() if calls[-1] >= now - seconds)
            self._calls = dict(within)

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._calls)


class _NamedCounts:
    """Counts in a place that `limits` knows."""

    def __init__(self, store: str) -> None:
        self._windows = MovingWindowRateLimiter(storage_from_string(store))

    def hit(self, item: RateLimitItem, client: str) -> CallWindow:
        allowed = self._windows.hit(item, client)
        stats = self._windows.get_window_stats(item, client)
        return CallWindow(allowed, stats.remaining, stats.reset_time - time.time())


def _counts_in(store: CallCounts | str) -> CallCounts | WorkerCounts | _NamedCounts:
    if not isinstance(store, str):
        return store
    return WorkerCounts() if store == IN_MEMORY else _NamedCounts(store)


class Limiter:
    """One bound for every client. Without one, nothing is counted."""

    def __init__(self, rate: str | None, store: CallCounts | str) -> None:
        """`rate` such as 600/minute; `store` is shared, or an address that `limits` knows."""
        self._item: RateLimitItem | None = parse(rate) if rate else None
        self._counts: CallCounts | WorkerCounts | _NamedCounts | None = None
        if rate:
            self._counts = _counts_in(store)

    def count(self, who: Principal, environ: "WSGIEnvironment") -> None:
        """Count a request once, however often it is asked about, and leave its answer the headers.
        Raises Refused (rate limited)."""
        item, counts = self._item, self._counts
        if item is None or counts is None:
            return
        if _COUNTED not in environ:
            client = who.actor if who.tenant else str(environ.get("REMOTE_ADDR"))
            environ[_COUNTED] = counts.hit(item, client)
        _tell(item, environ[_COUNTED], environ)


def _tell(item: RateLimitItem, window_now: CallWindow, environ: "WSGIEnvironment") -> None:
    seconds = max(1, math.ceil(window_now.seconds_left))
    environ[LIMITS] = [
        ("RateLimit-Policy", f'"default";q={item.amount};w={item.get_expiry()}'),
        ("RateLimit", f'"default";r={window_now.remaining};t={seconds}'),
    ]
    if not window_now.allowed:
        environ[LIMITS].append(("Retry-After", str(seconds)))
        raise Refused(_TOO_OFTEN.format(seconds=str(seconds)), ErrorCode.RATE_LIMITED, seconds)
