"""A followed company held against what was last told of it, cause by cause."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.advice.calendar import (
    CalendarEvent,
    EventKind,
    application_events,
    programme_events,
)
from service.domain.errors import InvalidInput
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import IN_REACH
from service.domain.facts.profile import Profile
from service.rendering.json_parts import COMPANY, Json, text_json
from service.storage.compared_answers import ComparedAnswers
from service.usecases.following.answers import (
    COMPANY_ROW,
    STATUSES,
    AnswerChange,
    FollowedCatalogue,
    changes,
    removed,
    reordered,
)


class Cause(StrEnum):
    """Why an answer is another."""

    CATALOGUE = "catalogue"  # other rules are served
    DATE = "date"  # a day has come
    COMPANY = "company"  # the company is another


@dataclass(frozen=True)
class ComparedCompany:
    """What came of a comparison: the answers of today, and for each cause the changes, as they are
    shown."""

    answers: ComparedAnswers
    changes: Mapping[Cause, list[Json]]


@dataclass(frozen=True)
class CompanyComparison:
    """Compares companies under one catalogue on one day. `order` gives the programmes of an earlier
    catalogue version with their digests."""

    catalogue: FollowedCatalogue
    today: date
    order: Callable[[str], Mapping[str, str]]

    @property
    def version(self) -> str:
        return self.catalogue.version

    def compare(
        self, version: int, then: ComparedAnswers, profile_of: Callable[[int], Profile]
    ) -> ComparedCompany:
        """`then` brought to this catalogue, this day, and this version of the company, one after
        the other, so that every change has one cause. `profile_of` reads a version of the company,
        and raises InvalidInput where that is in words no longer known."""
        items_by_cause: dict[Cause, list[Json]] = {}
        try:
            profile = profile_of(version)
        except InvalidInput:
            unread = ComparedAnswers(version, self.version, self.today, None)
            items_by_cause = {} if then.rows is None else {Cause.CATALOGUE: [_UNREADABLE]}
            return ComparedCompany(unread, items_by_cause)
        former = self._former(then, version, profile, profile_of)
        rows = then.rows
        if then.catalogue_version != self.version:
            rows, items_by_cause[Cause.CATALOGUE] = self._under_catalogue(former, then)
        if rows is None:
            rows = self.catalogue.rows(former, then.as_of)
        if then.as_of < self.today:
            rows, items_by_cause[Cause.DATE] = self._on_day(former, then.as_of, rows)
        if version != then.company_version:
            rows, items_by_cause[Cause.COMPANY] = self._of_company(profile, rows)
        found = {cause: items for cause, items in items_by_cause.items() if items}
        return ComparedCompany(ComparedAnswers(version, self.version, self.today, rows), found)

    def _former(
        self,
        then: ComparedAnswers,
        version: int,
        profile: Profile,
        profile_of: Callable[[int], Profile],
    ) -> Profile:
        """The company as it was then; as it is now where nobody can read that any more."""
        if version == then.company_version:
            return profile
        try:
            return profile_of(then.company_version)
        except InvalidInput:
            return profile

    @property
    def _programmes(self) -> tuple[str, ...]:
        return tuple(self.catalogue.digests)

    def _under_catalogue(
        self, profile: Profile, then: ComparedAnswers
    ) -> tuple[dict[str, str], list[Json]]:
        rows = self.catalogue.rows(profile, then.as_of)
        if then.rows is None:
            return rows, []
        before, after = self.order(then.catalogue_version), self.catalogue.digests
        amended = frozenset(p for p in after if p in before and before[p] != after[p])
        former = then.rows if list(before) == list(after) else reordered(then.rows, before, after)
        found = [
            *changes(former, rows, self._programmes, amended),
            *removed(then.rows, before, after),
        ]
        return rows, [self._json(c, _catalogue_kind(c, before)) for c in found]

    def _on_day(
        self, profile: Profile, start: date, before: Mapping[str, str]
    ) -> tuple[dict[str, str], list[Json]]:
        rows = self.catalogue.rows(profile, self.today)
        settled = with_contested_certificates(
            self.catalogue.compiled.catalogue, profile, self.today
        )
        days = (self.today - start).days
        events: dict[str, list[CalendarEvent]] = {}
        items = []
        for change in changes(before, rows, self._programmes):
            programme = self.catalogue.compiled.catalogue.programmes[change.programme]
            if programme.id not in events:
                events[programme.id] = list(programme_events(programme, settled, start, days))
            mine = [e for e in events[programme.id] if _row_of(e) == change.subject]
            items.append({**self._json(change, EventKind.CHANGES), **_dated(mine)})
        return rows, items + list(self._applications(settled, start, rows))

    def _applications(
        self, settled: Profile, start: date, rows: Mapping[str, str]
    ) -> Iterator[Json]:
        """Periods for applications that begin or have ended, where the programme is in reach."""
        days = (self.today - start).days
        for place, programme in self.catalogue.with_windows:
            if not any(STATUSES.get(row[place]) in IN_REACH for row in rows.values()):
                continue
            for event in application_events(programme, settled, start, days):
                status = STATUSES.get(rows.get(_row_of(event), "")[place : place + 1])
                if status in IN_REACH:
                    change = AnswerChange(programme.id, _row_of(event), status, status)
                    yield {**self._json(change, event.kind), "day": event.day.isoformat()}

    def _of_company(
        self, profile: Profile, before: Mapping[str, str]
    ) -> tuple[dict[str, str], list[Json]]:
        rows = self.catalogue.rows(profile, self.today)
        found = changes(before, rows, self._programmes)
        return rows, [self._json(c, EventKind.CHANGES) for c in found]

    def _json(self, change: AnswerChange, kind: str) -> Json:
        programme = self.catalogue.compiled.catalogue.programmes.get(change.programme)
        return {
            "programme": change.programme,
            "name": None if programme is None else text_json(programme.name),
            "subject": change.subject or (None if programme and programme.supports else COMPANY),
            "kind": str(kind),
            "before": change.before and change.before.value,
            "after": change.after and change.after.value,
            "day": None,
            "because": None,
        }


_UNREADABLE: Json = {
    "programme": None,
    "name": None,
    "subject": None,
    "kind": "unreadable",
    "before": None,
    "after": None,
    "day": None,
    "because": None,
}
_APPLICATIONS = (EventKind.APPLICATIONS_OPEN, EventKind.APPLICATIONS_CLOSE)


def _catalogue_kind(change: AnswerChange, before: Mapping[str, str]) -> str:
    if change.after is None:
        return "removed"
    if change.programme not in before:
        return "added"
    return "amended" if change.amended else EventKind.CHANGES


def _row_of(event: CalendarEvent) -> str:
    return event.after.subject.ref or COMPANY_ROW


def _dated(events: list[CalendarEvent]) -> Json:
    """On which day it turned, and by what, where that is known."""
    turned = [e for e in events if e.kind not in _APPLICATIONS]
    if not turned:
        return {}
    last = turned[-1]
    cause = last.cause
    event: Json = {"kind": last.kind.value, "day": last.day.isoformat()}
    if cause is not None:
        event["because"] = {"kind": cause.kind.value, "fact": cause.fact, "code": cause.code}
    return event
