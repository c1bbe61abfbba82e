"""Moments as text: UTC, microseconds always written, so that text order is time order."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def written_time(moment: datetime) -> str:
    """`2026-11-22T08:00:00.000000+00:00`. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


class PastTime:
    """Until when something is past for certain: what is deleted for its age does not come back, and
    a clock that is set ahead by mistake is set back. Such a step, seen while the process lasts, is
    not believed."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._began: tuple[datetime, float] | None = None

    def past(self, now: datetime) -> datetime:
        """The moment that the clock tells, or the one that it was first asked at and what has gone
        by since, if that is earlier."""
        if self._began is None:
            self._began = now, self._monotonic()
        first, counted = self._began
        return min(now, first + timedelta(seconds=self._monotonic() - counted))
