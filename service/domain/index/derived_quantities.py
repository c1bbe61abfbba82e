"""Numbers that are made of several facts: sums, shares, growth, the years since a day.

Where all parts are facts as they stand, the number is reckoned in floats first, together with how
far it may be off; only where a bound of the rules lies as near as that is it reckoned exactly.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import inf, isfinite
from typing import TypeAlias, TypeGuard, assert_never

from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.index.column import Column, TruthMasks
from service.domain.index.interval_columns import IntervalColumn
from service.domain.rules.intervals import interval_of
from service.domain.rules.quantities import FactQuantity, Growth, Mean, Quantity, Ratio, Sum
from service.domain.rules.quantity_contents import facts_needed

# Numbers made of one fact whose masks are kept.
CACHE_SIZE = 1024
# Combined numbers are looked up as floats first; nearer to a bound than this share, exactly.
NEAR = 1e-9
_NUMBERS = (int, Decimal)
_NOT_YET: list[TruthMasks] = []
# The numbers that are reckoned in floats first, where all their parts are facts as they stand.
PlainQuantity: TypeAlias = Sum | Mean | Ratio | Growth
# The least and the most that a number may be, and how far either may be off.
Estimate: TypeAlias = tuple[float, float, float]


class DerivedQuantity:
    """A number made of several facts, and its columns."""

    def __init__(self, quantity: Quantity, columns: list[Column]) -> None:
        self.quantity = quantity
        self.columns = columns
        self.facts = frozenset(facts_needed(quantity))
        self.test_bits = 0
        for column in columns:
            self.test_bits |= column.test_bits
        self._plain = quantity if is_plain(quantity) else None
        plain = [] if self._plain is None else fact_parts(self._plain)
        # What has to be stated for anything to be known: what a share is of, where that may be
        # nothing.
        self.divisor = _divisor_that_may_be_nothing(quantity, plain)
        self.plain_facts = tuple(part.fact for part in plain)
        self._ends = tuple(_float_ends(part) for part in plain)
        # Of a part that nobody states as much is known whatever the whole is: nothing above zero.
        self._unbounded = _is_unbounded_share(quantity, plain)
        self._masks_of_unstated: list[TruthMasks] | None = None
        # What one fact makes, such as the years since one: it comes back again and again. So does
        # what is counted of records that nobody states.
        self._alone = quantity.facts[0] if len(quantity.facts) == 1 else None
        self._masks_of_one: BoundedCache[object, list[TruthMasks] | None] = BoundedCache(CACHE_SIZE)

    def masks(self, facts: Mapping[str, Value], as_of: date) -> list[TruthMasks] | None:
        """What its columns say; None where nothing is known of it."""
        if self.facts and facts.keys().isdisjoint(self.facts):
            return None
        if self.divisor is not None and self.divisor not in facts:
            return None
        if self._alone is not None:
            value = facts.get(self._alone)
            if isinstance(value, tuple):  # records: hardly any come again
                return self._exact(facts, as_of)
            key = value, as_of
            found = self._masks_of_one.get(key, _NOT_YET)
            if found is _NOT_YET:
                found = self._masks_of_one.keep(key, self._exact(facts, as_of))
            return found
        if self._unbounded and self.plain_facts[0] not in facts:
            whole = facts.get(self.plain_facts[1])
            if isinstance(whole, _NUMBERS) and whole > 0:
                return self._of_unstated(as_of)
        close = None if self._plain is None else self._estimate(self._plain, facts)
        if close is not None:
            near = [self._near(column, close) for column in self.columns]
            if None not in near:
                return [masks for masks in near if masks is not None]
        return self._exact(facts, as_of)

    def _of_unstated(self, as_of: date) -> list[TruthMasks] | None:
        """What its columns say of an unstated part of any whole above zero."""
        if self._masks_of_unstated is None:
            self._masks_of_unstated = self._exact({self.plain_facts[1]: 1}, as_of)
        return self._masks_of_unstated

    def _exact(self, facts: Mapping[str, Value], as_of: date) -> list[TruthMasks] | None:
        interval = interval_of(self.quantity, Subject(None, facts, {}), as_of)
        if interval.void:
            return None
        return [c.between(interval) for c in self.columns if isinstance(c, IntervalColumn)]

    def _near(self, column: Column, close: Estimate) -> TruthMasks | None:
        return column.masks_near(*close) if isinstance(column, IntervalColumn) else None

    def _estimate(self, plain: PlainQuantity, facts: Mapping[str, Value]) -> Estimate | None:
        """The ends that the number may have and how far each may be off, in floats; None where only
        the exact way will do."""
        lows: list[float] = []
        highs: list[float] = []
        for fact, least, most in self._ends:
            value, low, high = facts.get(fact), least, most
            if isinstance(value, _NUMBERS):
                try:
                    low = high = float(value)
                except OverflowError:
                    return None
            elif value is not None:
                return None
            lows.append(low)
            highs.append(high)
        return _estimate(plain, lows, highs)


def _float_ends(part: FactQuantity) -> tuple[str, float, float]:
    """A fact, and the ends that it has where it is not stated."""
    low, high = part.low, part.high
    return part.fact, -inf if low is None else float(low), inf if high is None else float(high)


def _divisor_that_may_be_nothing(quantity: Quantity, plain: Sequence[FactQuantity]) -> str | None:
    if not plain or not isinstance(quantity, Ratio):
        return None
    whole = plain[1]
    return whole.fact if whole.low is None or whole.low <= 0 else None


def _is_unbounded_share(quantity: Quantity, plain: Sequence[FactQuantity]) -> bool:
    """Whether a number is a part of a whole, or grows from it, where the part has no end above zero
    by itself."""
    if not plain or not isinstance(quantity, Ratio | Growth):
        return False
    part, whole = plain
    return not part.low and part.high is None and part.fact != whole.fact


def is_plain(quantity: Quantity) -> TypeGuard[PlainQuantity]:
    """Whether a number is a sum, mean, ratio or growth of facts as they stand."""
    return isinstance(quantity, Sum | Mean | Ratio | Growth) and all(
        part.single for part in quantity.parts
    )


def fact_parts(quantity: PlainQuantity) -> list[FactQuantity]:
    """The facts that a plain number is made of, in order, one for each place."""
    return [part for part in quantity.parts if isinstance(part, FactQuantity)]


def _estimate(quantity: PlainQuantity, lows: list[float], highs: list[float]) -> Estimate | None:
    match quantity:
        case Sum():
            return _estimated_sum(lows, highs, 1)
        case Mean():
            return _estimated_sum(lows, highs, len(lows))
        case Ratio():
            return _estimated_ratio(lows, highs, 0)
        case Growth():
            return _estimated_ratio(lows, highs, 1)
        case _:
            assert_never(quantity)


def _estimated_sum(lows: list[float], highs: list[float], share: int) -> Estimate | None:
    size = sum([abs(end) for end in (*lows, *highs) if isfinite(end)]) / share
    return _estimate_within(sum(lows) / share, sum(highs) / share, size)


def _estimated_ratio(lows: list[float], highs: list[float], less: int) -> Estimate | None:
    whole = lows[1]
    if whole != highs[1] or whole <= 0 or not isfinite(whole):
        return None
    low, high = lows[0] / whole - less, highs[0] / whole - less
    return _estimate_within(low, high, sum([abs(e) for e in (low, high) if isfinite(e)]) + 1)


def _estimate_within(low: float, high: float, size: float) -> Estimate | None:
    """The ends, either off by a share of the size of what was reckoned with."""
    return (low, high, size * NEAR) if isfinite(size) else None
