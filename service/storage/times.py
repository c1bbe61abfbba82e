"""Moments as text: UTC, microseconds always written, so that text order is time order."""

from datetime import UTC, datetime


def written_time(moment: datetime) -> str:
    """`2026-11-22T08:00:00.000000+00:00`. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text)
