"""The days on which something about a programme turns for a subject as it stands, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache, partial
from itertools import pairwise
from typing import Any, TypeAlias, assert_never

from service.domain.dates import DAY, add_months, day_in_year
from service.domain.facts.parameters import Parameter
from service.domain.facts.profile import Award, Certificate, Subject, projects_in, records_in
from service.domain.rules.conditions import Group, Predicate, leaves, tests_below, tests_in
from service.domain.rules.intervals import has_begun, truth_of
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Operator, Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import (
    AsOf,
    Between,
    Branch,
    Count,
    Excess,
    FactQuantity,
    MonthsBegun,
    MonthsBetween,
    ParameterQuantity,
    ProjectTotal,
    Quantity,
    YearOf,
)
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.record_tests import AwardTest, CertificateTest, award_days
from service.domain.rules.record_times import FiscalYears, Recent
from service.domain.truth import Truth

# In so many parts a span of days is looked at where nobody can say that nothing turns in it: where
# it is open on every day, these look-ups are a seventh on top of one for each day.
_PARTS = 8


class CauseKind(StrEnum):
    EXPIRES = "expires"  # a certificate has run out
    BEGINS = "begins"  # a certificate's term begins
    AGE = "age"  # a date has become old enough, or too old
    YEAR = "year"  # a calendar year begins: this year has become last year
    PARAMETER = "parameter"  # a public figure has another value, or is not known any more


@dataclass(frozen=True, slots=True)
class ChangeCause:
    """Why a result changes on a day: one thing, however many programmes hang on it."""

    kind: CauseKind
    fact: str | None = None
    code: str | None = None
    parameter: Parameter | None = None


# A day on which a test may turn by itself, and why; None: any day may be one.
Turn: TypeAlias = tuple[date | None, ChangeCause]


@dataclass(frozen=True, slots=True)
class ChangeDate:
    """A day on which a truth differs from the day before. No cause: the programme's own window."""

    day: date
    cause: ChangeCause | None = None


def change_dates(
    programme: Programme, subject: Subject, start: date, end: date
) -> Iterator[ChangeDate]:
    """The days after `start`, up to `end`, on which the programme's window or the truth of one of
    its tests turns; a day may come several times, with a cause each."""
    window = programme.window
    for day in (window.start, window.end and window.end + DAY):
        if day and start < day <= end:
            yield ChangeDate(day)
    for leaf in leaves(programme.condition):
        if not isinstance(leaf, Predicate) or not has_begun(leaf.quantity, subject):
            continue
        truth_on = cache(partial(truth_of, leaf, subject))
        for day, cause in sorted(_turning_days(leaf, subject, start, end).items()):
            if truth_on(day) is not truth_on(day - DAY):
                yield ChangeDate(day, cause)


def facts_that_date(programme: Programme) -> frozenset[str | None]:
    """The facts of which a stated value may make a programme's conditions turn on a day; None where
    something in them turns by itself."""
    found: set[str | None] = set()
    for test in tests_in(programme.condition):
        quantity = test.quantity
        if not isinstance(quantity, FactQuantity):
            found |= {None} if _hangs_on_days(quantity) else set()
        elif _turns_by_itself(test.operator):
            found.add(quantity.fact)
    return frozenset(found)


def _turns_by_itself(operator: Operator) -> bool:
    """Whether a test of a stated value may come out otherwise on another day."""
    match operator:
        case HoldsCertificate() | Age():
            return True
        case InSet() | Range():
            return False
        case _:
            assert_never(operator)


def _hangs_on_days(quantity: Quantity) -> bool:
    """Whether a quantity may come to something else on another day."""
    of_days = (
        YearOf | MonthsBetween | MonthsBegun | Excess
        | ParameterQuantity | Count | ProjectTotal | AsOf
    )  # fmt: skip
    return any(isinstance(part, of_days) for part in all_parts(quantity))


def _turning_days(
    test: Predicate, subject: Subject, start: date, end: date
) -> dict[date, ChangeCause]:
    """The only days on which a test may turn, each with the first cause that is found for it."""
    found: dict[date, ChangeCause] = {}
    on_any: ChangeCause | None = None
    for part in tests_in(test):
        for day, cause in _candidate_days(part, subject, start, end):
            if day is None:
                on_any = cause
            elif start < day <= end:
                found.setdefault(day, cause)
    if on_any is not None:
        days = _days_reckoned_with(test, subject, sorted({start, *found, end + DAY}))
        found = {**{day: on_any for day in days if day > start}, **found}
    return found


def _days_reckoned_with(test: Predicate, subject: Subject, turns: list[date]) -> Iterator[date]:
    """The only days on which a test may turn in which the day is reckoned with, as in a number of
    days. From one of the other `turns` to the next nothing else in it does: if it comes out in one
    way with any of the days between, it does not turn there."""
    waiting = [(first, after - DAY) for first, after in pairwise(turns)]
    while waiting:
        first, last = waiting.pop()
        if first == last or _comes_out_alike(test, subject, first, last):
            yield first
            continue
        step = (last - first) // _PARTS + DAY
        while first <= last:
            waiting.append((first, min(first + step - DAY, last)))
            first += step


def _comes_out_alike(test: Predicate, subject: Subject, first: date, last: date) -> bool:
    """Whether a test surely comes out in one way with any of some days."""
    return truth_of(_with_day_between(test, first, last), subject, first) is not Truth.UNKNOWN


def _with_day_between(part: Any, first: date, last: date) -> Any:
    """A condition, or a part of one, in which the day of the evaluation is any from the first to
    the last."""
    if isinstance(part, AsOf):
        return Between(Fraction(first.toordinal()), Fraction(last.toordinal()))
    if isinstance(part, tuple):
        return tuple([_with_day_between(inside, first, last) for inside in part])
    if not isinstance(part, Predicate | Group | Branch | Quantity):
        return part
    made_of = {f.name: getattr(part, f.name) for f in fields(part) if f.init}
    return replace(part, **{k: _with_day_between(v, first, last) for k, v in made_of.items()})


def _candidate_days(test: Predicate, subject: Subject, start: date, end: date) -> Iterator[Turn]:
    """The days on which one test may turn by itself, inside the span or not."""
    quantity, operator = test.quantity, test.operator
    if not isinstance(quantity, FactQuantity):
        yield from _of_quantity(quantity, subject, start, end)
        return
    match operator:
        case HoldsCertificate():
            yield from _of_certificates(quantity.fact, subject)
        case Age(months):
            value = subject.get(quantity.fact)
            if isinstance(value, date):
                completed = [add_months(value, count) for count in _month_bounds(months)]
                days = [value, *completed, *(d + DAY for d in completed)]
                yield from _of_age(quantity.fact, days)
        case InSet() | Range():
            pass  # what these ask of a value is the same on every day
        case _:
            assert_never(operator)


def _of_quantity(  # noqa: C901  # a case for each class that may turn
    quantity: Quantity, subject: Subject, start: date, end: date
) -> Iterator[Turn]:
    """The days on which a quantity may come to something else. Conditions inside it are tests of
    their own and are looked at as such."""
    match quantity:
        case YearOf(AsOf()):
            yield from _new_years(start, end)
        case Excess(FactQuantity(fact), AsOf()) | Excess(AsOf(), FactQuantity(fact)):
            day = subject.get(fact)
            yield from _of_age(fact, [day, day + DAY] if isinstance(day, date) else [])
        case MonthsBetween(FactQuantity(fact), AsOf()):
            day = subject.get(fact)
            yield from _of_age(fact, _monthly_birthdays(day, end) if isinstance(day, date) else [])
        case MonthsBegun(FactQuantity(fact), AsOf()):
            day = subject.get(fact)
            begun = _monthly_birthdays(day, end) if isinstance(day, date) else ()
            yield from _of_age(fact, (d + DAY for d in begun))
        case ParameterQuantity(parameter):
            cause = ChangeCause(CauseKind.PARAMETER, parameter=parameter)
            yield from ((day, cause) for day in (*parameter.turning_days(), parameter.until + DAY))
        case Count():
            yield from _of_certificates(quantity.fact, subject)
            yield from _of_recent(quantity, subject)
            years = quantity.test.years
            yield from (
                _new_years(start, end) if years is not None and years.turn_with_the_year else ()
            )
        case ProjectTotal(fact, worth=worth):
            for project in projects_in(subject.get(fact)):
                yield from _of_project(worth, Subject(None, project.facts, {}), start, end)
        case AsOf():
            yield None, ChangeCause(CauseKind.AGE)
        case _:
            for part in quantity.parts:
                yield from _of_quantity(part, subject, start, end)


def _of_project(worth: Quantity, project: Subject, start: date, end: date) -> Iterator[Turn]:
    """The days on which one project may count for something else."""
    yield from _of_quantity(worth, project, start, end)
    for test in tests_below(worth):
        yield from _candidate_days(test, project, start, end)


def _of_age(fact: str, days: Iterable[date]) -> Iterator[Turn]:
    cause = ChangeCause(CauseKind.AGE, fact)
    yield from ((day, cause) for day in days)


def _monthly_birthdays(day: date, end: date) -> Iterator[date]:
    """A day and all on which another month since it is complete, up to an end."""
    months = max(0, (end.year - day.year) * 12 + end.month - day.month)
    yield from (add_months(day, n) for n in range(months + 1))


def _new_years(start: date, end: date) -> Iterator[Turn]:
    for year in range(start.year, end.year + 1):
        yield date(year, 1, 1), ChangeCause(CauseKind.YEAR)


def _of_certificates(fact: str, subject: Subject) -> Iterator[Turn]:
    held = subject.get(fact)
    for record in held if isinstance(held, tuple) else ():
        if isinstance(record, Certificate):
            if record.issued_on:
                yield record.issued_on, ChangeCause(CauseKind.BEGINS, fact, record.category)
            if record.expires_on:
                day = record.expires_on + DAY
                yield day, ChangeCause(CauseKind.EXPIRES, fact, record.category)


def _of_recent(count: Count, subject: Subject) -> Iterator[Turn]:
    """The days from which a record is older than is asked."""
    held, test = subject.get(count.fact), count.test
    if isinstance(test, AwardTest) and test.within is not None:
        for award in records_in(held):
            days = award_days(award, date.max) if isinstance(award, Award) else None
            yield from (
                (_outgrown(test.within, day), ChangeCause(CauseKind.AGE, count.fact, award.code))
                for day in days or ()
            )
    if not isinstance(test, CertificateTest) or not isinstance(test.issued, Recent):
        return
    for record in held if isinstance(held, tuple) else ():
        if isinstance(record, Certificate) and record.issued_on:
            day = test.issued.span.after(record.issued_on) + DAY
            yield day, ChangeCause(CauseKind.AGE, count.fact, record.category)


def _outgrown(within: Recent | FiscalYears, day: date) -> date:
    """The first day that does not look back as far as a day."""
    if isinstance(within, Recent):
        return within.span.after(day) + DAY
    last = day_in_year(day.year, within.month, within.day)
    years = within.count - (day <= last)
    return day_in_year(day.year + years, within.month, within.day) + DAY


def _month_bounds(months: Range) -> Iterator[int]:
    return (m for m in (months.low, months.high) if isinstance(m, int))
