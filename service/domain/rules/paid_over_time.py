"""Money that is paid over time: what a month, a quarter, a year and all of it come to for one
subject, from the ends of the parts it is reckoned from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from service.domain.facts.profile import Subject
from service.domain.rules.capped_intervals import (
    MONTHS_OF_A_YEAR,
    from_zero,
    least_cap,
    months_of_year,
    one_after_other,
    paid_over,
    times,
    within_bounds,
)
from service.domain.rules.caps import CapsBySpan, Per
from service.domain.rules.ceiling import Ceiling, rounded_ceiling
from service.domain.rules.interval_arithmetic import Interval, product_of, sum_of
from service.domain.rules.intervals import interval_of
from service.domain.rules.quantities import Constant, Product, Quantity
from service.domain.rules.rounding import Rounding

T = TypeVar("T")


class Period(StrEnum):
    """What an amount that is paid over time is paid for."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """How many months it has."""
        return _MONTHS[self]


_MONTHS = {Period.YEAR: MONTHS_OF_A_YEAR, Period.QUARTER: 3, Period.MONTH: 1}
# The spans that a cap may be counted for.
_CAPPED = {Per.YEAR: Period.YEAR, Per.QUARTER: Period.QUARTER, Per.MONTH: Period.MONTH}


@dataclass(frozen=True, slots=True)
class Duration:
    """Over how long an amount of one `period` is paid, counted in years, quarters or months
    (`lasts_in`). `shares`: what of it is paid in the first year, the second and so on, which may
    hang on a case, and nothing in any later one."""

    period: Period
    lasts: Quantity
    lasts_in: Period
    shares: tuple[Quantity, ...] = ()

    def of_period(self, amount: Quantity, period: Period) -> Quantity:
        """What another period comes to of an amount of its own."""
        return of_period(amount, self.period, period)

    def of_all(self, year: Quantity) -> Quantity:
        """What the whole comes to where each year comes to so much."""
        scale = Constant(Fraction(self.lasts_in.months, MONTHS_OF_A_YEAR))
        return Product((year, self.lasts, scale))

    def months(self, subject: Subject, as_of: date) -> Interval:
        """For how many months a subject is paid."""
        lasts = from_zero(interval_of(self.lasts, subject, as_of))
        return Interval(lasts.low * self.lasts_in.months, lasts.high * self.lasts_in.months)


def of_period(amount: Quantity, known: Period, wanted: Period) -> Quantity:
    """What one period comes to where another comes to so much: of a month's a year's is twelve
    times it."""
    if known is wanted:
        return amount
    return Product((amount, Constant(Fraction(wanted.months, known.months))))


def capped_amount(amount: Quantity, per: Per, over: Duration | None) -> Quantity:
    """What a cap is held against: the amount; of what is paid over time a month's, a quarter's, a
    year's, or all of it."""
    if over is None:
        return amount
    if per in _CAPPED:
        return over.of_period(amount, _CAPPED[per])
    return over.of_all(over.of_period(amount, Period.YEAR))


def caps_within_a_year(caps: CapsBySpan[T]) -> Iterator[tuple[Period, T]]:
    """The caps of less than a year, each with what it is counted for."""
    for period, bounds in ((Period.MONTH, caps.monthly), (Period.QUARTER, caps.quarterly)):
        yield from ((period, cap) for cap in bounds)


def times_a_year(period: Period) -> Fraction:
    """How often a period comes in a year."""
    return Fraction(MONTHS_OF_A_YEAR, period.months)


@dataclass(frozen=True, slots=True)
class PaidOverTime:
    """What a subject is paid over time: the `amount` of one period, its `caps`, each with what it
    is counted for, the `floor` of the whole, for how many `months`, and the `shares` of the
    years."""

    over: Duration
    amount: Interval
    caps: CapsBySpan[Interval]
    floor: Interval
    months: Interval
    shares: Sequence[Interval] = ()

    def ends(self) -> tuple[Interval, list[Interval]]:
        """All of it, and the first year; where the years differ each of them, within what those
        before leave of the caps of the whole. Caps of a month, a quarter and a year bound each of
        them, all others the whole."""
        year, yearly, cap = (
            self._of_a_year(),
            least_cap(self.caps.yearly),
            least_cap(self.caps.whole),
        )
        if not self.shares:
            whole = paid_over(year, yearly, self.months)
            years = [paid_over(year, yearly, months_of_year(0, self.months))]
        else:
            years = [
                paid_over(product_of([year, share]), yearly, months_of_year(n, self.months))
                for n, share in enumerate(self.shares)
            ]
            whole = sum_of(years)
        return within_bounds(whole, cap, self.floor), list(one_after_other(years, cap))

    def _of_a_year(self) -> Interval:
        """What a year comes to within the caps of what is less than a year."""
        year = times(self.amount, times_a_year(self.over.period))
        within_a_year = list(caps_within_a_year(self.caps))
        if not within_a_year:
            return year
        return least_cap([year, *(times(c, times_a_year(span)) for span, c in within_a_year)])


def ceiling_over_time(
    whole: Interval, years: Sequence[Interval], cap: Interval, rounding: Rounding
) -> Ceiling:
    """The ceiling of the whole and what its years come to: the first, or each where they differ."""
    found = rounded_ceiling(whole, cap, rounding)
    paid = tuple(rounded_ceiling(year, cap, rounding) for year in years)
    most = max(paid, key=lambda year: (year.at_most is None, year.at_most or Decimal(0)))
    return replace(found, per_year=most, by_year=paid if len(paid) > 1 else ())
