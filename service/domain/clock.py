"""The time, passed in where it is needed, and the day that it is in a zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo


@dataclass(frozen=True)
class Clock:
    """The time, passed in so that tests and replays choose it, and the zone of its days."""

    now: Callable[[], datetime]
    zone: tzinfo

    def today(self) -> date:
        """The calendar day in the zone."""
        return self.day_of(self.now())

    def day_of(self, moment: datetime | str) -> date:
        """The day in the zone that a moment lies on, also one in the contract's form.

        >>> from datetime import timedelta, timezone
        >>> clock = Clock(datetime.now, timezone(timedelta(hours=8)))
        >>> str(clock.day_of("2026-11-27T18:50:00+00:00"))
        '2026-11-28'
        """
        return self._in_zone(moment).date()

    def minute_of(self, moment: datetime | str) -> str:
        """The day and the time in the zone, as people read them.

        >>> from datetime import timedelta, timezone
        >>> Clock(datetime.now, timezone(timedelta(hours=8))).minute_of("2026-11-27T18:50:00+00:00")
        '2026-11-28 02:50'
        """
        return f"{self._in_zone(moment):%Y-%m-%d %H:%M}"

    def _in_zone(self, moment: datetime | str) -> datetime:
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return moment.astimezone(self.zone)
