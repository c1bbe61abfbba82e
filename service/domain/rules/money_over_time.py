"""Money that is paid over time, as quantities: what all of it and what its years come to.

`PaidOverTime` reckons the same from the ends of the parts; where something stands in several of
them, and where two rules are compared, it is looked at as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import ceil

from service.domain.facts.profile import NOBODY
from service.domain.rules.capped_intervals import MONTHS_OF_A_YEAR
from service.domain.rules.caps import CapsBySpan, Per, by_span
from service.domain.rules.conditions import is_dated
from service.domain.rules.paid_over_time import Duration, Period, caps_within_a_year, of_period
from service.domain.rules.quantities import (
    ONE,
    ZERO,
    Constant,
    Difference,
    Greatest,
    Least,
    Product,
    Quantity,
    Steps,
    Sum,
)

# Of more years each is not written out by itself.
_MAX_YEARS = 40
_YEAR = Constant(Fraction(MONTHS_OF_A_YEAR))


@dataclass(frozen=True)
class MoneyOverTime:
    """The `amount` of one period, its `caps`, each with what it is counted for, and `over` how long
    it is paid."""

    amount: Quantity
    caps: tuple[tuple[Per, Quantity], ...]
    over: Duration

    def whole(self) -> Quantity:
        """All of it, within the caps of the whole."""
        return _least((self._all(), *self._bounds.whole))

    @cached_property
    def years(self) -> tuple[Quantity, ...]:
        """The first year; where the years differ each of them, of which those before have taken
        their part of the caps of the whole."""
        caps = self._bounds.whole
        years = [self._year(number) for number in range(len(self.over.shares) or 1)]
        before = [Sum((*years[:number], ZERO)) for number in range(len(years))]
        return tuple(
            _least((year, *(Greatest((Difference(cap, taken), ZERO)) for cap in caps)))
            for year, taken in zip(years, before, strict=True)
        )

    def _all(self) -> Quantity:
        """Every year together, each within its own caps."""
        if not self.over.shares and not self._bounds.yearly:
            return self.over.of_all(self._of_a_year)
        years = len(self.over.shares) or self._most_years()
        if years is not None:
            return Sum((*map(self._year, range(years)), ZERO))
        whole = Steps(self._months, _YEAR)
        rest = Greatest((Difference(self._months, Product((whole, _YEAR))), ZERO))
        return Sum(
            (Product((self._within_yearly(ONE, _YEAR), whole)), self._within_yearly(ONE, rest))
        )

    def _year(self, number: int) -> Quantity:
        """One year, counted from 0."""
        share = self.over.shares[number] if self.over.shares else ONE
        return self._within_yearly(share, self._months_of(number))

    def _within_yearly(self, share: Quantity, months: Quantity) -> Quantity:
        """A share of what a year comes to for so many months of it, within the yearly caps."""
        part = Product((Constant(Fraction(1, MONTHS_OF_A_YEAR)), share, months, self._of_a_year))
        return _least((part, *self._bounds.yearly))

    @cached_property
    def _bounds(self) -> CapsBySpan[Quantity]:
        return by_span((per, _not_negative(cap)) for per, cap in self.caps)

    @cached_property
    def _of_a_year(self) -> Quantity:
        """What a year comes to, within the caps of what is less than a year."""
        paid = self.over.of_period(_not_negative(self.amount), Period.YEAR)
        within = caps_within_a_year(self._bounds)
        return _least((paid, *(of_period(cap, span, Period.YEAR) for span, cap in within)))

    @cached_property
    def _months(self) -> Quantity:
        lasts, months = self.over.lasts, Constant(Fraction(self.over.lasts_in.months))
        if isinstance(lasts, Constant):
            return Constant(lasts.value * months.value)
        return Product((_not_negative(lasts), months))

    def _months_of(self, number: int) -> Quantity:
        """How many months lie in one year, counted from 0."""
        months, before = self._months, Fraction(number * MONTHS_OF_A_YEAR)
        if isinstance(months, Constant):
            return Constant(min(max(months.value - before, Fraction(0)), _YEAR.value))
        return Least((Greatest((Difference(months, Constant(before)), ZERO)), _YEAR))

    def _most_years(self) -> int | None:
        """For how many years it is paid at most; None where nothing bounds them, or too many."""
        if is_dated(self.over.lasts):
            return None
        most = self.over.months(NOBODY, date.min).high
        years = ceil(most / MONTHS_OF_A_YEAR) if isinstance(most, Fraction) else _MAX_YEARS + 1
        return years if years <= _MAX_YEARS else None


def _not_negative(quantity: Quantity) -> Quantity:
    return quantity if isinstance(quantity, Constant) else Greatest((quantity, ZERO))


def _least(terms: Sequence[Quantity]) -> Quantity:
    return terms[0] if len(terms) == 1 else Least(tuple(terms))
