"""Calendar arithmetic: whole months, with both ends of a period included."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
# Where nothing hangs on the day, this one is as good as any.
ANY_DAY = date(2026, 1, 1)


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of a month that has no such day.

    So a company founded on 29 February completes its first year on 28 February, as Article 202 of
    the Civil Code counts periods.
    """
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """The first day whose corresponding day `months` later is not before a day."""
    start = add_months(day, -months)
    while add_months(start, months) < day:
        start += DAY
    while add_months(start - DAY, months) >= day:
        start -= DAY
    return start


def day_in_year(year: int, month: int, day: int) -> date:
    """A day that comes every year; in a month that has no such day its last one."""
    return date(year, month, min(day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in whole months, or in days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day on which it is over; the corresponding day of a month still lies in it."""
        return add_months(day, self.months) + self.days * DAY

    def before(self, day: date) -> date:
        """The first day from which it is not over before a day."""
        return months_before(day - self.days * DAY, self.months)


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which something is in force, both ends included; None leaves an end open.

    `inferred` marks a window that the document does not state and that we concluded.
    """

    start: date | None = None
    end: date | None = None
    inferred: bool = False

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)
