"""What opens, closes or changes for a company in the days ahead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.advice.change_dates import ChangeCause, change_dates
from service.domain.dates import DAY
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme, subjects
from service.domain.facts.profile import Profile, Subject
from service.domain.rules.application import next_period, period_days
from service.domain.rules.programmes import Programme


class EventKind(StrEnum):
    OPENS = "opens"  # the programme comes into force
    CLOSES = "closes"  # its last day has passed
    CHANGES = "changes"  # the company's status changes while it is in force
    APPLICATIONS_OPEN = "applications_open"  # a period in which applications are taken begins
    APPLICATIONS_CLOSE = "applications_close"  # the last day of such a period has passed


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A day on which a match comes out otherwise than the day before, or a period for applications
    begins or has ended; then `before` and `after` are the same match. `cause` says what turned
    where that is not a window."""

    day: date
    kind: EventKind
    before: Match
    after: Match
    cause: ChangeCause | None = None


def events_ahead(
    programmes: Iterable[Programme], profile: Profile, start: date, days: int
) -> tuple[CalendarEvent, ...]:
    """The events of the `days` days after `start`, by day, then programme.

    Only days on which something can turn are looked at: the ends of windows and of certificates,
    dates that stand in conditions, birthdays of dates whose age is asked, turns of the year and of
    public figures.
    """
    events = [
        event
        for programme in programmes
        for event in programme_events(programme, profile, start, days)
    ]
    return tuple(sorted(events, key=lambda e: (e.day, e.after.programme.id)))


def programme_events(
    programme: Programme, profile: Profile, start: date, days: int
) -> Iterator[CalendarEvent]:
    """The events of one programme, subject by subject."""
    end = start + timedelta(days=days)
    for subject in subjects(programme, profile):
        yield from _programme_events_between(programme, subject, start, end)
        yield from _application_events(programme, subject, start, end)


def application_events(
    programme: Programme, profile: Profile, start: date, days: int
) -> Iterator[CalendarEvent]:
    """The periods in which a programme takes applications, as events."""
    for subject in subjects(programme, profile):
        yield from _application_events(programme, subject, start, start + timedelta(days=days))


def _application_events(
    programme: Programme, subject: Subject, start: date, end: date
) -> Iterator[CalendarEvent]:
    """The days on which applications begin or cease to be taken."""
    application, window = programme.application, programme.window
    days = period_days(application, window, start, end, subject) if application.windows else ()
    for day in sorted(set(days)):
        open_before, open_after = (
            bool(period and period.open)
            for period in (next_period(application, window, d, subject) for d in (day - DAY, day))
        )
        if open_before != open_after:
            match = evaluate_programme(programme, subject, day)
            happening = EventKind.APPLICATIONS_OPEN if open_after else EventKind.APPLICATIONS_CLOSE
            yield CalendarEvent(day, happening, match, match)


def _programme_events_between(
    programme: Programme, subject: Subject, start: date, end: date
) -> Iterator[CalendarEvent]:
    causes: dict[date, ChangeCause | None] = {}
    for turn in change_dates(programme, subject, start, end):
        causes[turn.day] = causes.get(turn.day) or turn.cause
    if not causes:
        return
    before = evaluate_programme(programme, subject, start)
    for day, cause in sorted(causes.items(), key=lambda item: item[0]):
        after = evaluate_programme(programme, subject, day)
        if after.status is not before.status:
            kind = _event_kind(before, after)
            yield CalendarEvent(
                day, kind, before, after, cause if kind is EventKind.CHANGES else None
            )
        before = after


def _event_kind(before: Match, after: Match) -> EventKind:
    if before.status is Status.NOT_IN_FORCE:
        return EventKind.OPENS
    return EventKind.CLOSES if after.status is Status.NOT_IN_FORCE else EventKind.CHANGES
