"""How and when a programme is applied for, which is not how long its document is in force."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from service.domain.dates import DAY, Span, Window, day_in_year
from service.domain.facts.profile import Certificate, Subject
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class YearlyWindow:
    """The same days of every year, given as (month, day); it may run over the turn of a year.

    29 February stands for the last day of February where a year has no such day.
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def occurrence(self, year: int) -> Window:
        """The window that begins in a year."""
        start = day_in_year(year, *self.first)
        end = day_in_year(year, *self.last)
        return Window(start, end if end >= start else day_in_year(year + 1, *self.last))


@dataclass(frozen=True, slots=True)
class EventWindow:
    """So many months or days from a day of the applicant's own: a date, or a certificate's day of
    issue."""

    span: Span
    fact: str
    category: str | None = None

    def occurrences(self, subject: Subject) -> tuple[Window, ...]:
        """One window for each such day that is stated; the corresponding day still counts."""
        value = subject.get(self.fact)
        days = [value] if isinstance(value, date) else []
        for held in value if isinstance(value, tuple) else ():
            if isinstance(held, Certificate) and held.category == self.category:
                days += [held.issued_on] if held.issued_on else []
        return tuple(Window(day, self.span.after(day)) for day in days)


ApplicationWindow: TypeAlias = Window | YearlyWindow | EventWindow


@dataclass(frozen=True, slots=True)
class Application:
    """What an authority has published about applying; None, or an empty tuple, where it has not.

    `windows` are the days on which applications are taken. A `Window` with open ends is open all
    the time.
    """

    url: str | None = None
    contact: Text | None = None
    materials: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    windows: tuple[ApplicationWindow, ...] = ()
    lead_department: Text | None = None
    source_url: str | None = None
    reviewed_on: date | None = None

    def __bool__(self) -> bool:
        """Whether anything is published at all."""
        return any(getattr(self, name) for name in self.__slots__)

    def over(self, other: "Application") -> "Application":
        """What stands here, and for the rest what stands in the other."""
        given = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        return replace(other, **given) if given else other


NOTHING_PUBLISHED = Application()


@dataclass(frozen=True, slots=True)
class ApplicationPeriod:
    """Days on which applications are taken, seen from a day: running, or the next to come."""

    window: Window
    open: bool


def next_period(
    application: Application, in_force: Window, day: date, subject: Subject | None = None
) -> ApplicationPeriod | None:
    """The period that runs on a day, the one that ends first if several do; else the next to come.

    None where there is none any more, where nothing is published, or where it hangs on a day of the
    applicant's that is not known. A period never reaches outside `in_force`.
    """
    ahead = [
        clipped
        for window in application.windows
        for occurrence in _occurrences_from(window, day, subject)
        if (clipped := _clip_window(occurrence, in_force))
        and (clipped.end is None or clipped.end >= day)
    ]
    running = [w for w in ahead if day in w]
    if running:
        return ApplicationPeriod(min(running, key=lambda w: w.end or date.max), open=True)
    coming = min(ahead, key=lambda w: (w.start or date.min, w.end or date.max), default=None)
    return None if coming is None else ApplicationPeriod(coming, open=False)


def period_days(
    application: Application, in_force: Window, start: date, end: date, subject: Subject | None
) -> Iterator[date]:
    """The days after `start`, up to `end`, on which a period begins or the day after one ends."""
    for window in application.windows:
        for year in range(start.year, end.year + 1):
            for occurrence in _occurrences_from(window, max(start, date(year, 1, 1)), subject):
                clipped = _clip_window(occurrence, in_force)
                turns = (clipped.start, clipped.end and clipped.end + DAY) if clipped else ()
                yield from (day for day in turns if day and start < day <= end)


def _occurrences_from(
    window: ApplicationWindow, day: date, subject: Subject | None
) -> tuple[Window, ...]:
    """The windows that may run on a day or come after it."""
    match window:
        case Window():
            return (window,)
        case EventWindow():
            return window.occurrences(subject) if subject else ()
        case YearlyWindow():
            return tuple(window.occurrence(day.year + ahead) for ahead in (-1, 0, 1))
        case _:
            assert_never(window)


def _clip_window(window: Window, whole: Window) -> Window | None:
    """The part of a window that lies in another; None where there is none."""
    start = max((d for d in (window.start, whole.start) if d), default=None)
    end = min((d for d in (window.end, whole.end) if d), default=None)
    return None if start and end and end < start else Window(start, end)
