"""What is asked of one thing a company holds: a certificate, or support it has had.

A detail that is not stated leaves it open whether the record is one of those that are meant.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import ClassVar, TypeAlias

from service.domain.dates import Window
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Award, Certificate, Record
from service.domain.rules.operators import is_undefined, valid_on
from service.domain.rules.record_times import FiscalYears, Recent, Years
from service.domain.text import Text
from service.domain.truth import Truth, every, some


def award_days(award: Award, as_of: date) -> tuple[date, date] | None:
    """The first and the last day on which support may have been promised: one where the day is
    stated; otherwise its year, of which nothing lies ahead. None where neither is."""
    if award.granted_on is not None:
        return award.granted_on, award.granted_on
    if award.year is None:
        return None
    first, last = date(award.year, 1, 1), date(award.year, 12, 31)
    return first, max(first, min(last, as_of))


@dataclass(frozen=True)
class AwardTest:
    """Support of one of these programmes, purposes and levels, had in these years, or `within`
    these days. Empty: any. `names` are those of the programmes. `stated`: of support that says
    which programme paid it only that counts; purposes, levels and years tell what may have been it
    where that is not said, and whoever states no support is asked nothing."""

    programmes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    years: Years | None = None
    names: tuple[Text, ...] = ()
    stated: bool = False
    within: Recent | FiscalYears | None = None

    @property
    def payers(self) -> dict[str, Text | None]:
        """The programmes with what they are called."""
        return dict(zip_longest(self.programmes, self.names))

    def meets(self, record: Record, as_of: date) -> Truth:
        """Whether a record is one of those that are meant."""
        if not isinstance(record, Award):
            return Truth.FALSE
        if self.stated and not record.payer_unsure:
            return Truth.of(record.programme in self.programmes)
        asked = [
            some(map(record.paid_by, self.programmes)) if self.programmes else Truth.TRUE,
            _among(record.purpose, self.purposes),
            _among(record.level, self.levels),
        ]
        if self.years is not None:
            asked.append(self.years.hold(record.year, as_of))
        if self.within is not None:
            asked.append(_lies_in(self.within.on(as_of), award_days(record, as_of)))
        return every(asked)

    def never_absent(self) -> bool:
        return False

    def witness(self, as_of: date) -> Record:
        """A record that surely is one."""
        year = None if self.years is None else _some_year(self.years, as_of)
        granted = None if self.within is None else as_of
        purpose, level = _first(self.purposes) or "other", _first(self.levels)
        programme, payer = next(iter(self.payers.items()), (None, None))
        return Award(purpose, level, Decimal(1), year, programme, granted_on=granted, payer=payer)


@dataclass(frozen=True)
class CertificateTest:
    """A certificate of one of these categories, issued in these days or years; `valid`: its term
    includes the day of the evaluation."""

    categories: tuple[str, ...]
    codes: CodeList
    issued: Window | Recent | None = None
    years: Years | None = None
    valid: bool = True
    stated: ClassVar[bool] = False

    def issue_days(self, as_of: date) -> Window | None:
        """The days of issue that are meant on a day; None where any will do."""
        return self.issued.on(as_of) if isinstance(self.issued, Recent) else self.issued

    def meets(self, record: Record, as_of: date) -> Truth:
        """Whether a record is one of those that are meant."""
        if not isinstance(record, Certificate) or not self.counts(record.category):
            return Truth.FALSE
        asked = [valid_on(record, as_of)] if self.valid else []
        if record.unsure:
            asked.append(Truth.UNKNOWN)
        day = record.issued_on
        days = self.issue_days(as_of)
        if days is not None:
            asked.append(Truth.UNKNOWN if day is None else Truth.of(day in days))
        if self.years is not None:
            asked.append(self.years.hold(day.year if day else None, as_of))
        return every(asked)

    def never_absent(self) -> bool:
        """Whether nobody can conclude that there is none."""
        return any(is_undefined(self.codes, category) for category in self.categories)

    def counts(self, category: str) -> bool:
        """Whether a category is one of those that are meant, or lies in one."""
        return self.codes.lies_in(category, self.categories)

    def witness(self, as_of: date) -> Record:
        """A record that surely is one, where the day allows it."""
        day = as_of
        days = self.issue_days(as_of)
        if days is not None:
            day = days.start or days.end or as_of
        elif self.years is not None:
            year = _some_year(self.years, as_of)
            day = as_of if year in (None, as_of.year) else date(year or as_of.year, 12, 31)
        return Certificate(self.categories[0], day, max(day, as_of))


RecordTest: TypeAlias = AwardTest | CertificateTest


def _among(value: str | None, named: tuple[str, ...]) -> Truth:
    if not named:
        return Truth.TRUE
    return Truth.UNKNOWN if value is None else Truth.of(value in named)


def _lies_in(window: Window, days: tuple[date, date] | None) -> Truth:
    """Whether all, none or some of the days that may be the one lie in a window."""
    if days is None:
        return Truth.UNKNOWN
    first, last = days
    if first in window and last in window:
        return Truth.TRUE
    apart = (window.start and last < window.start) or (window.end and window.end < first)
    return Truth.FALSE if apart else Truth.UNKNOWN


def _first(values: tuple[str, ...]) -> str | None:
    return values[0] if values else None


def _some_year(years: Years, as_of: date) -> int | None:
    first, last = years.on(as_of)
    return first if first is not None else last
