"""How often each client has called lately, counted once for all machines that share the state."""

import time
from typing import TYPE_CHECKING, NamedTuple

from service.storage.faults import translate_errors
from service.storage.store import Repository

if TYPE_CHECKING:
    from limits import RateLimitItem

_COUNT = (
    "INSERT INTO call_counts (owner, began, calls) VALUES (?, ?, 1)"
    " ON CONFLICT (owner, began) DO UPDATE SET calls = call_counts.calls + 1 RETURNING calls"
)
# Twice the longest span there is.
_KEPT_SECONDS = 2 * 86_400
_BEFORE = "SELECT calls FROM call_counts WHERE owner = ? AND began = ?"


class CallWindow(NamedTuple):
    """What is left of a client's window, and in how many seconds the next begins; of a call that is
    not allowed, in how many seconds one will be that comes alone."""

    allowed: bool
    remaining: int
    seconds_left: float


class CallCounts(Repository):
    """Two spans side by side, of which the former counts less the longer it is over."""

    def hit(self, item: "RateLimitItem", client: str, now: float | None = None) -> CallWindow:
        """Count a call. One that is refused counts too: whoever does not wait goes on waiting."""
        now = time.time() if now is None else now
        seconds = item.get_expiry()
        began = int(now // seconds) * seconds
        with translate_errors():
            db = self._store.connection()
            (calls,) = db.execute(_COUNT, (client, began)).fetchone()
            before = db.execute(_BEFORE, (client, began - seconds)).fetchone()
        former = before[0] if before else 0
        weighed = calls + former * (1 - (now - began) / seconds)
        if weighed <= item.amount:
            return CallWindow(True, int(item.amount - weighed), began + seconds - now)
        return CallWindow(False, 0, began + seconds * _spans_until(item, former, calls) - now)

    def purge(self, now: float) -> None:
        """Forget what nothing looks at any more."""
        with translate_errors():
            self._store.connection().execute(
                "DELETE FROM call_counts WHERE began < ?", (int(now) - _KEPT_SECONDS,)
            )


def _spans_until(item: "RateLimitItem", former: int, calls: int) -> float:
    """How long after the beginning of this span one more call is allowed, in spans: as soon as the
    former span counts little enough beside it, or else this one as the former of the next."""
    room = item.amount - 1
    if calls <= room and former:
        return 1 - (room - calls) / former
    return 2 - min(1, room / calls)
