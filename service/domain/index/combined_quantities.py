"""Numbers that are made of several facts: sums, shares, growth, the years since a day.

Where that can be, the number is estimated first (see `estimates`); only where a bound of the rules
lies as near as the estimate may be off is it reckoned exactly.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import inf, isfinite
from typing import Any

from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.index.bitset import BitSet
from service.domain.index.column import IndexedTest, TruthMasks
from service.domain.index.estimates import End, estimator_of
from service.domain.index.interval_columns import IntervalColumn
from service.domain.rules.intervals import interval_of
from service.domain.rules.quantities import FactQuantity, Quantity, Ratio
from service.domain.rules.quantity_reading import NoEstimateError

# Numbers made of one fact, and days, whose masks are kept.
CACHE_SIZE = 1024
# Nearer to a bound than this share of what an estimate is made of, a number is reckoned exactly.
NEAR = 1e-9
_NOT_YET: TruthMasks = (0, 0)


class CombinedQuantity:
    """A number made of several facts, and the column of its tests."""

    def __init__(self, quantity: Quantity, entries: list[IndexedTest], full: BitSet) -> None:
        self.quantity = quantity
        self.column = IntervalColumn(entries, full, quantity)
        self.test_bits = self.column.test_bits
        self.facts = frozenset(quantity.facts_needed)
        # What has to be stated for any test of it to be decided.
        self.needed = frozenset(_needed_facts(quantity, self.column.bounds))
        self._estimate = estimator_of(quantity)
        # What one fact makes and cannot be estimated comes back again and again, above all what is
        # counted of records that nobody states.
        self._alone = quantity.facts[0] if len(quantity.facts) == 1 else None
        self._masks_of_one: BoundedCache[object, TruthMasks | None] = BoundedCache(CACHE_SIZE)

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of a quantity: no functions."""
        return vars(self) | {"_estimate": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._estimate = estimator_of(self.quantity)

    def masks(self, facts: Mapping[str, Value], as_of: date) -> TruthMasks | None:
        """What its column says; None where nothing is known of it."""
        stated = facts.keys()
        if not stated >= self.needed or (self.facts and stated.isdisjoint(self.facts)):
            return None
        if self._estimate is not None:
            try:
                low, high, size = self._estimate(facts, as_of)
            except (NoEstimateError, OverflowError):
                return self._exact(facts, as_of)
            if low == -inf and high == inf:
                return None
            return self._masks_at(low, high, size) or self._exact(facts, as_of)
        value = None if self._alone is None else facts.get(self._alone)
        if self._alone is None or isinstance(value, tuple):  # records: hardly any come again
            return self._exact(facts, as_of)
        key = value, as_of
        known = self._masks_of_one.get(key, _NOT_YET)
        if known is _NOT_YET:
            known = self._masks_of_one.keep(key, self._exact(facts, as_of))
        return known

    def _masks_at(self, low: End, high: End, size: float) -> TruthMasks | None:
        """The masks of an estimate; None where a bound is too near."""
        if not size or (_is_exact(low, -inf) and _is_exact(high, inf)):
            return self.column.between(low, high)
        return self.column.masks_near(low, high, size * NEAR) if isfinite(size) else None

    def _exact(self, facts: Mapping[str, Value], as_of: date) -> TruthMasks | None:
        found = interval_of(self.quantity, Subject(None, facts, {}), as_of)
        return None if found.void else self.column.between(found.low, found.high)


class CombinedQuantities:
    """Several of these, looked up together: most companies state none of the facts."""

    def __init__(self, quantities: Sequence[CombinedQuantity], full: BitSet) -> None:
        self._each = tuple(quantities)
        self._facts = frozenset(fact for one in self._each for fact in one.quantity.facts)
        self._full = full
        self._unstated: BoundedCache[date, TruthMasks] = BoundedCache(CACHE_SIZE)

    def masks(self, facts: Mapping[str, Value], as_of: date) -> TruthMasks:
        """What all tests of them leave, over the lanes: can be true, and UNKNOWN."""
        if not facts.keys().isdisjoint(self._facts):
            return self._look_up(facts, as_of)
        known = self._unstated.get(as_of)
        return known or self._unstated.keep(as_of, self._look_up({}, as_of))

    def _look_up(self, facts: Mapping[str, Value], as_of: date) -> TruthMasks:
        possible, unknown = self._full, 0
        for one in self._each:
            found = one.masks(facts, as_of)
            if found is None:
                unknown |= one.test_bits
            else:
                possible, unknown = possible & found[0], unknown | found[1]
        return possible, unknown


def together(quantities: Sequence[CombinedQuantity], full: BitSet) -> CombinedQuantities | None:
    """Quantities as one; None where there is none."""
    return CombinedQuantities(quantities, full) if quantities else None


def _is_exact(end: End, open_side: float) -> bool:
    return isinstance(end, int) or end == open_side


def _needed_facts(quantity: Quantity, bounds: Sequence[Fraction]) -> Iterator[str]:
    """What a share is of, where that may be nothing; and of a share that is compared with more than
    nothing what is shared, where it has no end above zero by itself."""
    if not isinstance(quantity, Ratio):
        return
    part, whole = quantity.first, quantity.second
    if isinstance(whole, FactQuantity) and (whole.low is None or whole.low <= 0):
        yield whole.fact
    if isinstance(part, FactQuantity) and not part.low and part.high is None and bounds[0] > 0:
        yield part.fact
