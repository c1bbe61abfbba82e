"""What opens, closes or changes for a company in the days ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.advice.change_dates import change_dates
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme, subjects
from service.domain.facts.profile import Certificate, Profile, Subject
from service.domain.rules.application import next_period, period_days
from service.domain.rules.catalogue import Catalogue, Programme


class EventKind(StrEnum):
    OPENS = "opens"  # the programme comes into force
    CLOSES = "closes"  # its last day has passed
    CHANGES = "changes"  # the company's status changes while it is in force
    APPLICATIONS_OPEN = "applications_open"  # a period in which applications are taken begins
    APPLICATIONS_CLOSE = "applications_close"  # the last day of such a period has passed


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which a match comes out otherwise than the day before, or a period for applications
    begins or has ended; then `before` and `after` are the same match."""

    day: date
    kind: EventKind
    before: Match
    after: Match


_DAY = timedelta(days=1)


def calendar(catalogue: Catalogue, profile: Profile, start: date, days: int) -> tuple[Event, ...]:
    """The events of the `days` days after `start`, by day, then programme.

    Only days on which something can turn are looked at: the ends of windows and of certificates,
    dates that stand in conditions, and birthdays of dates whose age is asked.
    """
    end = start + timedelta(days=days)
    events = [
        event
        for programme in catalogue.programmes.values()
        for subject in subjects(programme, profile)
        for event in (
            *_events(programme, subject, start, end),
            *_application_events(programme, subject, start, end),
        )
    ]
    return tuple(sorted(events, key=lambda e: (e.day, e.after.programme.id)))


def _application_events(
    programme: Programme, subject: Subject, start: date, end: date
) -> Iterator[Event]:
    """The days on which applications begin or cease to be taken."""
    application, window = programme.application, programme.window
    days = period_days(application, window, start, end, subject) if application.windows else ()
    for day in sorted(set(days)):
        open_before, open_after = (
            bool(period and period.open)
            for period in (next_period(application, window, d, subject) for d in (day - _DAY, day))
        )
        if open_before != open_after:
            match = evaluate_programme(programme, subject, day)
            happening = EventKind.APPLICATIONS_OPEN if open_after else EventKind.APPLICATIONS_CLOSE
            yield Event(day, happening, match, match)


def _events(programme: Programme, subject: Subject, start: date, end: date) -> Iterator[Event]:
    before = evaluate_programme(programme, subject, start)
    for day in sorted({d for d in change_dates(programme, subject) if start < d <= end}):
        after = evaluate_programme(programme, subject, day)
        if after.status is not before.status:
            yield Event(day, _event_kind(before, after), before, after)
        before = after


def _event_kind(before: Match, after: Match) -> EventKind:
    if before.status is Status.NOT_IN_FORCE:
        return EventKind.OPENS
    return EventKind.CLOSES if after.status is Status.NOT_IN_FORCE else EventKind.CHANGES


class CauseKind(StrEnum):
    EXPIRES = "expires"  # a certificate has run out
    BEGINS = "begins"  # a certificate's term begins
    AGE = "age"  # a date has become old enough, or too old


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a result changes on a day: one thing, however many programmes hang on it."""

    kind: CauseKind
    fact: str
    code: str | None = None


def cause_of(event: Event) -> Cause | None:
    """What turned on the day of a change; None where that is a programme's own window."""
    if event.kind is not EventKind.CHANGES:
        return None
    for fact, value in sorted(event.after.subject.facts.items()):
        for record in value if isinstance(value, tuple) else ():
            if not isinstance(record, Certificate):
                continue
            if record.expires_on is not None and record.expires_on + _DAY == event.day:
                return Cause(CauseKind.EXPIRES, fact, record.category)
            if record.issued_on == event.day:
                return Cause(CauseKind.BEGINS, fact, record.category)
    dated = [f for f in sorted(event.after.programme.facts)
             if isinstance(event.after.subject.get(f), date)]  # fmt: skip
    return Cause(CauseKind.AGE, dated[0]) if dated else None
