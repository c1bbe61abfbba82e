"""How often a client may call: by key, or by address where there is none.

Counts lie in the memory of each worker, unless the operator names a shared store; machines that
share a state count in it.
"""

import math
import time

from flask import request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from service.api.middleware import LIMITS
from service.domain.errors import ErrorCode, Refused
from service.domain.principal import Principal
from service.domain.text import Text
from service.storage.call_counts import CallCounts, Window

# The application's own.
LIMITER = "huice.limiter"
_TOO_OFTEN = Text(
    "请求过于频繁，请 {seconds} 秒后再试", "too many requests: try again in {seconds} s"
)


class _OwnCounts:
    """Counts in a place that `limits` knows."""

    def __init__(self, store: str) -> None:
        self._windows = MovingWindowRateLimiter(storage_from_string(store))

    def hit(self, item: RateLimitItem, client: str) -> Window:
        allowed = self._windows.hit(item, client)
        stats = self._windows.get_window_stats(item, client)
        return Window(allowed, stats.remaining, stats.reset_time)


class Limiter:
    """One bound for every client. Without one, nothing is counted."""

    def __init__(self, rate: str | None, store: CallCounts | str) -> None:
        """`rate` such as 600/minute; `store` is shared, or an address that `limits` knows."""
        self._item: RateLimitItem | None = parse(rate) if rate else None
        self._counts: CallCounts | _OwnCounts | None = None
        if rate:
            self._counts = _OwnCounts(store) if isinstance(store, str) else store

    def count(self, who: Principal) -> None:
        """Count a call, and leave the answer its headers. Raises Refused (rate limited)."""
        item, counts = self._item, self._counts
        if item is None or counts is None:
            return
        window_now = counts.hit(item, who.actor if who.tenant else str(request.remote_addr))
        seconds = max(1, math.ceil(window_now.reset_time - time.time()))
        window = item.get_expiry()
        request.environ[LIMITS] = [
            ("RateLimit-Policy", f'"default";q={item.amount};w={window}'),
            ("RateLimit", f'"default";r={window_now.remaining};t={seconds}'),
        ]
        if not window_now.allowed:
            request.environ[LIMITS].append(("Retry-After", str(seconds)))
            raise Refused(_TOO_OFTEN.format(seconds=str(seconds)), ErrorCode.RATE_LIMITED)
