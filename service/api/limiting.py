"""How often a client may call: by key, or by address where there is none.

Counts lie in the memory of each worker, unless the operator names a shared store.
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

# The application's own.
LIMITER = "huice.limiter"
_TOO_OFTEN = Text(
    "请求过于频繁，请 {seconds} 秒后再试", "too many requests: try again in {seconds} s"
)


class Limiter:
    """One bound for every client. Without one, nothing is counted."""

    def __init__(self, rate: str | None, store: str) -> None:
        """`rate` such as 600/minute, `store` an address that `limits` knows."""
        self._item: RateLimitItem | None = parse(rate) if rate else None
        self._limiter = MovingWindowRateLimiter(storage_from_string(store)) if rate else None

    def count(self, who: Principal) -> None:
        """Count a call, and leave the answer its headers. Raises Refused (rate limited)."""
        item, limiter = self._item, self._limiter
        if item is None or limiter is None:
            return
        client = who.actor if who.tenant else str(request.remote_addr)
        allowed = limiter.hit(item, client)
        stats = limiter.get_window_stats(item, client)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        window = item.get_expiry()
        request.environ[LIMITS] = [
            ("RateLimit-Policy", f'"default";q={item.amount};w={window}'),
            ("RateLimit", f'"default";r={stats.remaining};t={seconds}'),
        ]
        if not allowed:
            request.environ[LIMITS].append(("Retry-After", str(seconds)))
            raise Refused(_TOO_OFTEN.format(seconds=str(seconds)), ErrorCode.RATE_LIMITED)
