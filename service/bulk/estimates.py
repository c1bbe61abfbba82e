"""Between which bounds numbers made of several facts lie, for all rows of a batch at once.

In floats, with how far they may be off: a row whose number lies nearer to a bound than that is left
to the exact way, as the index leaves it for one company. Of rows between the same bounds one speaks
for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial, reduce
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, Numbers
from service.domain.index.combined_quantities import NEAR
from service.domain.rules import quantities as forms
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_reading import EstimatedReading, NoEstimateError

Floats: TypeAlias = NDArray[np.float64]
# Stand for a place between two bounds, which is never below zero: of a row whose number has no
# value, and of one whose number lies too near to a bound.
NO_NUMBER, UNCLEAR = -1, -2
# Up to here every whole number is a float.
_WHOLE = 2.0**53
_FIRST_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class EstimatedEnds:
    """The ends of what is known of a number in each row, and where it has no value. Each with the
    size of what it was made of: it may be off by NEAR of that."""

    low: Floats
    high: Floats
    low_size: Floats
    high_size: Floats
    void: NDArray[np.bool_]

    def gaps(self, bounds: Sequence[float]) -> NDArray[np.int64]:
        """For each row one number for the two gaps between bounds that the ends lie in, UNCLEAR
        where an end lies as near to a bound as it may be off."""
        held = np.array(bounds)
        first, second = _gap(self.low, self.low_size, held), _gap(self.high, self.high_size, held)
        joined = first * (len(bounds) + 1) + second
        return np.where((first < 0) | (second < 0), UNCLEAR, joined)


def _gap(ends: Floats, sizes: Floats, bounds: Floats) -> NDArray[np.int64]:
    known = np.isfinite(sizes)
    spread = np.where(known, sizes, 0) * NEAR
    below = np.searchsorted(bounds, ends - spread, side="left")
    above = np.searchsorted(bounds, ends + spread, side="right")
    return np.where((below == above) & known, below, UNCLEAR)


def as_numbers(cells: Cells) -> Numbers | None:
    """A column of numbers, or of days as their numbers; None for any other."""
    if isinstance(cells, Numbers):
        return cells
    days = [v.toordinal() for v in cells.values if isinstance(v, date)]
    if len(days) < len(cells.values):
        return None
    return Numbers(np.array([*days, 0], np.int64)[cells.ids], cells.ids >= 0, 0)


def estimated_ends(
    quantity: Quantity, numbers: Mapping[str, Numbers], as_of: date
) -> EstimatedEnds | None:
    """What is known of a number made of facts; None where only the exact way will do."""
    if not numbers:
        return None
    rows = len(next(iter(numbers.values())).whole)
    try:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return _Estimates(numbers, rows, as_of).ends(quantity)
    except NoEstimateError:
        return None


@dataclass
class _Estimates(EstimatedReading[EstimatedEnds]):
    numbers: Mapping[str, Numbers]
    rows: int
    as_of: date

    def of_fact(self, quantity: forms.FactQuantity) -> EstimatedEnds:
        low = -np.inf if quantity.low is None else quantity.low
        high = np.inf if quantity.high is None else quantity.high
        unstated, held = self.of_number(low, high), self.numbers.get(quantity.fact)
        if held is None:
            return unstated
        values = held.whole / 10.0**held.places
        sizes = np.abs(values) if held.places else np.zeros(self.rows)
        return EstimatedEnds(
            np.where(held.stated, values, unstated.low),
            np.where(held.stated, values, unstated.high),
            np.where(held.stated, sizes, unstated.low_size),
            np.where(held.stated, sizes, unstated.high_size),
            unstated.void,
        )

    def of_number(self, low: Fraction | float, high: Fraction | float) -> EstimatedEnds:
        return EstimatedEnds(
            np.full(self.rows, float(low)),
            np.full(self.rows, float(high)),
            np.full(self.rows, _size_of(low)),
            np.full(self.rows, _size_of(high)),
            np.zeros(self.rows, bool),
        )

    def of_sum(self, terms: Sequence[EstimatedEnds]) -> EstimatedEnds:
        low, high = np.sum([t.low for t in terms], axis=0), np.sum([t.high for t in terms], axis=0)
        low_size = np.sum([t.low_size for t in terms], axis=0) + _beyond_whole(low)
        high_size = np.sum([t.high_size for t in terms], axis=0) + _beyond_whole(high)
        return EstimatedEnds(low, high, low_size, high_size, _void_of(terms))

    def of_negative(self, part: EstimatedEnds) -> EstimatedEnds:
        return EstimatedEnds(-part.high, -part.low, part.high_size, part.low_size, part.void)

    def of_product(self, terms: Sequence[EstimatedEnds]) -> EstimatedEnds:
        return reduce(partial(_widest, _times), terms)

    def of_ratio(
        self, first: EstimatedEnds, second: EstimatedEnds, divisor: Quantity
    ) -> EstimatedEnds:
        """Without a value where the divisor may be zero or less; whether it may is for the exact
        way to tell where it is so near to zero as it may be off."""
        found = _widest(_over, first, second)
        sure = _is_sure(second.low, second.low_size)
        return replace(
            found,
            low_size=np.where(sure, found.low_size, np.inf),
            high_size=np.where(sure, found.high_size, np.inf),
            void=found.void | (sure & (second.low <= 0)),
        )

    def of_least(self, terms: Sequence[EstimatedEnds]) -> EstimatedEnds:
        return _outermost(terms, np.min)

    def of_greatest(self, terms: Sequence[EstimatedEnds]) -> EstimatedEnds:
        return _outermost(terms, np.max)

    def of_year(self, day: EstimatedEnds) -> EstimatedEnds:
        if np.any(day.low_size) or np.any(day.high_size):
            raise NoEstimateError
        exact = np.zeros(self.rows)
        return EstimatedEnds(_years(day.low), _years(day.high), exact, exact, day.void)


def _size_of(end: Fraction | float) -> float:
    """Nothing for a whole number and for an open side, which are exact."""
    is_exact = not np.isfinite(float(end)) or Fraction(end).denominator == 1
    return 0.0 if is_exact and not _WHOLE < abs(float(end)) < np.inf else abs(float(end))


def _beyond_whole(ends: Floats) -> Floats:
    """The size of sums that are too large for exact whole numbers."""
    return np.where(np.isfinite(ends) & (np.abs(ends) > _WHOLE), np.abs(ends), 0.0)


def _is_sure(ends: Floats, sizes: Floats) -> NDArray[np.bool_]:
    """Whether it is plain on which side of zero a number lies, or that it is zero."""
    sure: NDArray[np.bool_] = (sizes == 0) | (np.abs(ends) > sizes * NEAR)
    return sure


def _void_of(terms: Sequence[EstimatedEnds]) -> NDArray[np.bool_]:
    void: NDArray[np.bool_] = np.any([term.void for term in terms], axis=0)
    return void


# What one end of a number makes with one of another: the outcome and its size.
_Combine: TypeAlias = Callable[[Floats, Floats, Floats, Floats], tuple[Floats, Floats]]


def _times(a: Floats, a_size: Floats, b: Floats, b_size: Floats) -> tuple[Floats, Floats]:
    """Zero times anything is zero: an open side is never reached."""
    found = np.where((a == 0) | (b == 0), 0.0, a * b)
    size = np.nan_to_num(np.abs(found) + np.abs(a) * b_size + np.abs(b) * a_size, posinf=0.0)
    return found, np.where(_is_sure(a, a_size) & _is_sure(b, b_size), size, np.inf)


def _over(a: Floats, a_size: Floats, b: Floats, b_size: Floats) -> tuple[Floats, Floats]:
    found = np.where((a == 0) | np.isinf(b), 0.0, a / b)
    size = np.abs(found) + (a_size + np.abs(found) * b_size) / np.abs(b)
    return found, np.nan_to_num(size, posinf=0.0)


def _widest(combine: _Combine, first: EstimatedEnds, second: EstimatedEnds) -> EstimatedEnds:
    """The least and the most that ends of two numbers make."""
    ends = [[(e.low, e.low_size), (e.high, e.high_size)] for e in (first, second)]
    made = [combine(*one, *other) for one, other in product(*ends)]
    found, sizes = (np.array(parts) for parts in zip(*made, strict=True))
    size = sizes.max(axis=0)
    return EstimatedEnds(
        found.min(axis=0), found.max(axis=0), size, size, _void_of([first, second])
    )


def _outermost(terms: Sequence[EstimatedEnds], choose: Callable[..., Floats]) -> EstimatedEnds:
    low_size = np.max([t.low_size for t in terms], axis=0)
    high_size = np.max([t.high_size for t in terms], axis=0)
    low, high = choose([t.low for t in terms], axis=0), choose([t.high for t in terms], axis=0)
    return EstimatedEnds(low, high, low_size, high_size, _void_of(terms))


def _years(days: Floats) -> Floats:
    """The year of each day; an open side stays open."""
    known = np.isfinite(days)
    within = np.clip(np.where(known, days, 1), 1, date.max.toordinal()).astype(np.int64)
    years = (within - _FIRST_DAY).astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    return np.where(known, years, days)
