"""Between which bounds numbers made of several facts lie, for all rows of a batch at once.

In floats, with how far they may be off: a row whose number lies nearer to a bound than that is left
to the exact way, as the index leaves it for one company. Of rows between the same bounds one speaks
for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard, assert_never

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Numbers
from service.domain.index.combined_quantities import NEAR
from service.domain.rules.quantities import FactQuantity, Growth, Mean, Quantity, Ratio, Sum

Floats: TypeAlias = NDArray[np.float64]
PlainQuantity: TypeAlias = Sum | Mean | Ratio | Growth
# Stand for a place between two bounds, which is never below zero: of a row whose number has no
# value, and of one whose number lies too near to a bound.
NO_NUMBER, UNCLEAR = -1, -2


@dataclass(frozen=True)
class EstimatedEnds:
    """The ends of what is known of a number in each row, how far either may be off, and where it
    has no value."""

    low: Floats
    high: Floats
    spread: Floats
    void: NDArray[np.bool_]

    def gaps(self, bounds: Sequence[float]) -> NDArray[np.int64]:
        """For each row one number for the two gaps between bounds that the ends lie in, UNCLEAR
        where an end lies as near to a bound as it may be off."""
        first, second = (self._gap(end, np.array(bounds)) for end in (self.low, self.high))
        joined = first * (len(bounds) + 1) + second
        return np.where((first < 0) | (second < 0), UNCLEAR, joined)

    def _gap(self, ends: Floats, bounds: Floats) -> NDArray[np.int64]:
        below = np.searchsorted(bounds, ends - self.spread, side="left")
        above = np.searchsorted(bounds, ends + self.spread, side="right")
        return np.where(below == above, below, UNCLEAR)


def estimated_ends(quantity: Quantity, numbers: Mapping[str, Numbers]) -> EstimatedEnds | None:
    """What is known of a sum, mean, ratio or growth of facts; None of any other number."""
    if not numbers or not _is_plain(quantity):
        return None
    parts = [part for part in quantity.parts if isinstance(part, FactQuantity)]
    rows = len(next(iter(numbers.values())).whole)
    ends = [_fact_ends(part, numbers.get(part.fact), rows) for part in parts]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        match quantity:
            case Sum():
                return _sum_ends(ends, 1)
            case Mean():
                return _sum_ends(ends, len(parts))
            case Ratio():
                return _ratio_ends(*ends, less=0)
            case Growth():
                return _ratio_ends(*ends, less=1)
            case _:
                assert_never(quantity)


def _is_plain(quantity: Quantity) -> TypeGuard[PlainQuantity]:
    return isinstance(quantity, PlainQuantity) and all(part.single for part in quantity.parts)


def _fact_ends(part: FactQuantity, held: Numbers | None, rows: int) -> tuple[Floats, Floats]:
    """A fact's value twice, or where it is not stated the ends that the vocabulary gives it."""
    low = -np.inf if part.low is None else float(part.low)
    high = np.inf if part.high is None else float(part.high)
    if held is None:
        return np.full(rows, low), np.full(rows, high)
    values = held.whole / 10.0**held.places
    return np.where(held.stated, values, low), np.where(held.stated, values, high)


def _sum_ends(ends: Sequence[tuple[Floats, Floats]], share: int) -> EstimatedEnds:
    low = np.sum([a for a, _ in ends], axis=0) / share
    high = np.sum([b for _, b in ends], axis=0) / share
    size = np.sum([_finite_ends(a) + _finite_ends(b) for a, b in ends], axis=0)
    return EstimatedEnds(low, high, size * NEAR, np.zeros(len(low), bool))


def _ratio_ends(
    first: tuple[Floats, Floats], second: tuple[Floats, Floats], *, less: int
) -> EstimatedEnds:
    """Without a value where the divisor may be zero or less."""
    quotients = [np.where((a == 0) | np.isinf(b), 0.0, a / b) for a in first for b in second]
    low, high = np.min(quotients, axis=0) - less, np.max(quotients, axis=0) - less
    size = _finite_ends(low) + _finite_ends(high) + 2
    return EstimatedEnds(low, high, size * NEAR, second[0] <= 0)


def _finite_ends(ends: Floats) -> Floats:
    return np.where(np.isfinite(ends), np.abs(ends), 0.0)
