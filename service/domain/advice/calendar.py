"""What opens, closes or changes for a company in the days ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from service.domain.dates import add_months
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme, subjects
from service.domain.facts.profile import Certificate, Profile, Subject
from service.domain.rules.application import next_period, period_days
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.rules.conditions import Predicate, leaves
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.quantities import FactQuantity


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
    for day in sorted({d for d in _change_dates(programme, subject) if start < d <= end}):
        after = evaluate_programme(programme, subject, day)
        if after.status is not before.status:
            yield Event(day, _event_kind(before, after), before, after)
        before = after


def _event_kind(before: Match, after: Match) -> EventKind:
    if before.status is Status.NOT_IN_FORCE:
        return EventKind.OPENS
    return EventKind.CLOSES if after.status is Status.NOT_IN_FORCE else EventKind.CHANGES


def _change_dates(programme: Programme, subject: Subject) -> Iterator[date]:
    """Every day on which a truth may differ from the day before."""
    if programme.window.start:
        yield programme.window.start
    if programme.window.end:
        yield programme.window.end + _DAY
    for leaf in leaves(programme.condition):
        if isinstance(leaf, Predicate):
            yield from _leaf_days(leaf, subject)


def _leaf_days(test: Predicate, subject: Subject) -> Iterator[date]:
    quantity, operator = test.quantity, test.operator
    value = subject.get(quantity.fact) if isinstance(quantity, FactQuantity) else None
    match operator:
        case HoldsCertificate():
            for certificate in value if isinstance(value, tuple) else ():
                if isinstance(certificate, Certificate):
                    yield from _certificate_days(certificate)
        case Age():
            if isinstance(value, date):
                yield value
                for months in _bounds(operator.months):
                    completed = add_months(value, months)
                    yield from (completed, completed + _DAY)
        case InSet() | Range():  # these say the same on every day
            return
        case _:
            assert_never(operator)


def _certificate_days(certificate: Certificate) -> Iterator[date]:
    if certificate.issued_on:
        yield certificate.issued_on
    if certificate.expires_on:
        yield certificate.expires_on + _DAY


def _bounds(months: Range) -> Iterator[int]:
    return (m for m in (months.low, months.high) if isinstance(m, int))
