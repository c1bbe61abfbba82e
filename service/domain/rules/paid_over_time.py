"""Money that is paid over time: what a month, a quarter, a year and all of it come to, as
quantities and as the ceiling of one subject.
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
    AT_ZERO,
    MONTHS_OF_A_YEAR,
    between_bounds,
    from_zero,
    least_cap,
    months_of_year,
    one_after_other,
    paid_over,
    times,
)
from service.domain.rules.caps import CapsBySpan, Per, by_span
from service.domain.rules.ceiling import Ceiling, rounded_ceiling
from service.domain.rules.interval_arithmetic import Interval, sum_of
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
    (`lasts_in`). `shares`: what of it is paid in the first year, the second and so on, and nothing
    in any later one."""

    period: Period
    lasts: Quantity
    lasts_in: Period
    shares: tuple[Fraction, ...] = ()

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
    is counted for, the `floor` of the whole, and for how many `months`."""

    over: Duration
    amount: Interval
    caps: Sequence[tuple[Per, Interval]]
    floor: Interval
    months: Interval
    rounding: Rounding

    def ceiling(self) -> Ceiling:
        """The ceiling of the whole, and what the first year comes to: caps of a month, a quarter
        and a year bound each of them, all others the whole."""
        caps = by_span(self.caps)
        yearly = least_cap(caps.yearly)
        in_a_year = least_cap(
            [
                times(self.amount, times_a_year(self.over.period)),
                *(times(cap, times_a_year(period)) for period, cap in caps_within_a_year(caps)),
            ]
        )
        if self.over.shares:
            years = [
                paid_over(times(in_a_year, share), yearly, months_of_year(n, self.months))
                for n, share in enumerate(self.over.shares)
            ]
            return self._ceiling_by_year(years, caps.whole)
        whole = self._rounded(paid_over(in_a_year, yearly, self.months), caps.whole, self.floor)
        first = paid_over(in_a_year, yearly, months_of_year(0, self.months))
        return replace(whole, per_year=self._rounded(first, caps.whole, AT_ZERO))

    def _rounded(self, paid: Interval, caps: Sequence[Interval], floor: Interval) -> Ceiling:
        return rounded_ceiling(between_bounds(paid, caps, floor), least_cap(caps), self.rounding)

    def _ceiling_by_year(self, years: list[Interval], caps: Sequence[Interval]) -> Ceiling:
        """The ceiling of what differs from year to year: each year's, and that of all of them."""
        bound = least_cap(caps)
        paid = tuple(
            rounded_ceiling(year, bound, self.rounding) for year in one_after_other(years, caps)
        )
        whole = self._rounded(sum_of(years), caps, self.floor)
        most = max(paid, key=lambda year: (year.at_most is None, year.at_most or Decimal(0)))
        return replace(whole, per_year=most, by_year=paid)
