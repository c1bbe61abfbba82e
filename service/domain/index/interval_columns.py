"""Columns of numbers and dates: between two bounds of the rules every value is as good as another.

The bounds of all tests of a quantity cut its line into elementary intervals: each bound, and each
gap between two. Within one of these no test changes its answer. So the answers are worked out once
for each interval (see `interval_rows`), and a stated value is looked up by bisection among the
bounds, however many programmes ask.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import inf
from typing import Any, TypeAlias

from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.column import IndexedTest, TruthMasks, split_by_bit
from service.domain.index.interval_rows import IntervalRows, rows_kept
from service.domain.rules.operators import Age, Operator, Range
from service.domain.rules.quantities import Quantity

# What it takes to look up a number that is no bound: the bounds as floats with one more above all;
# for the gap below each the union of rows that its row is kept in, and the places that its row
# lacks of these; none of these where no row lacks any.
IntervalLookup: TypeAlias = tuple[list[float], list[BitSet], list[tuple[int, ...]]]
NO_NUMBERS: IntervalLookup = [], [], []


class IntervalColumn:
    """The range tests of one quantity.

    `rows` has the tests that can be true in every elementary interval from below the first bound
    upward: gap, bound, gap, bound, …, gap. Nothing is unknown of a number or date that is stated.

    "At most 50" stands at bit 0, "below 20" at bit 1:

    >>> column = IntervalColumn(
    ...     [
    ...         IndexedTest(0, Range(high=50), negated=False),
    ...         IndexedTest(1, Range(high=20, high_included=False), negated=False),
    ...     ],
    ...     full=0b11,
    ... )
    >>> column.bounds
    [20, 50]
    >>> [f"{possible:02b}" for possible in column.rows]
    ['11', '01', '01', '01', '00']
    >>> column.masks(30, date(2026, 1, 1))
    (1, 0)
    """

    def __init__(
        self, entries: list[IndexedTest], full: BitSet, quantity: Quantity | None = None
    ) -> None:
        self.test_bits = bitset_of(e.bit for e in entries)
        ranges = [_range(e.operator) for e in entries]
        ends = {end for r in ranges for end in (r.low, r.high) if end is not None}
        self.bounds: list[Any] = [_fastest_form(end) for end in sorted(ends, key=_sort_key)]
        # Compared faster; none where the bounds are days.
        self.floats = [float(b) for b in self.bounds if not isinstance(b, date)]
        layers, count = split_by_bit(entries), 2 * len(self.bounds) + 1
        most = rows_kept(full.bit_length())
        self.rows = IntervalRows(_all_layers(layers, self.bounds, full), count, most)
        # Of a number made of several facts only an interval may be known: each layer has its own.
        combined = quantity is not None and not quantity.single
        self.layers = [self.rows] if combined else []
        if combined and len(layers) > 1:
            self.layers = [
                IntervalRows(_sweep_intervals(layer, self.bounds, full), count, most)
                for layer in layers
            ]

    @property
    def lookup(self) -> IntervalLookup:
        """For who looks numbers up in a loop of his own: one that is, in floats, none of the bounds
        stands in a gap between two. For one that is, there is `masks`. `NO_NUMBERS` of days."""
        if not self.floats:
            return NO_NUMBERS
        rows, gaps = self.rows, range(0, self.rows.count, 2)
        unions = [rows.unions[gap >> rows.shift] for gap in gaps]
        until = rows.until if rows.lacking else ()
        lacking = [tuple(rows.lacking[until[gap] : until[gap + 1]]) for gap in gaps if until]
        return [*self.floats, inf], unions, lacking

    def masks(self, value: Any, _as_of: date) -> TruthMasks:
        return self.rows.row(self._row(value)), 0

    def masks_near(self, low: float, high: float, spread: float) -> TruthMasks | None:
        """The masks of a number whose ends are known to within `spread`; None where a bound lies as
        near to one."""
        floats = self.floats
        first = bisect_left(floats, low - spread)
        # To the right of a bound that is reached: a sum of zeros is known to within nothing.
        if first != bisect_right(floats, low + spread):
            return None
        last = first
        if high != low:
            last = bisect_left(floats, high - spread)
            if last != bisect_right(floats, high + spread):
                return None
        return self._rows(2 * first, 2 * last)

    def between(self, low: Any, high: Any) -> TruthMasks:
        """The masks of a number of which only the ends are known that it lies between."""
        first = self._row(low)
        return self._rows(first, first if low == high else self._row(high))

    def _rows(self, first: int, last: int) -> TruthMasks:
        """A test can be true where it is at some point of these rows, and is UNKNOWN where it is
        not at all of them."""
        if first == last:
            return self.rows.row(first), 0
        possible = true = -1
        for layer in self.layers:
            some, every = layer.between(first, last)
            possible &= some
            true &= every
        return possible, possible & ~true

    def _row(self, end: Any) -> int:
        """The row of the table that a number, or an open side, stands in."""
        i = bisect_left(self.bounds, end)
        return 2 * i + (i < len(self.bounds) and self.bounds[i] == end)


def _sort_key(point: Any) -> Any:
    """Floats are compared faster; points that are one float, exactly."""
    return point if isinstance(point, date) else (float(point), Fraction(point))


def _fastest_form(point: Any) -> Any:
    """The same point in the type that compares fastest."""
    if isinstance(point, Fraction) and point.denominator == 1:
        return point.numerator
    return point


def _all_layers(
    layers: Sequence[Sequence[IndexedTest]], bounds: Sequence[Any], full: BitSet
) -> Iterator[BitSet]:
    """The rows of tests that may stand at one bit: all of these have to be true."""
    for rows in zip(*(_sweep_intervals(layer, bounds, full) for layer in layers), strict=True):
        found = full
        for row in rows:
            found &= row
        yield found


def _sweep_intervals(
    entries: Sequence[IndexedTest], bounds: Sequence[Any], full: BitSet
) -> Iterator[BitSet]:
    """The rows of tests that stand at different bits: each bound turns some of them round."""
    place = {bound: 2 * i + 1 for i, bound in enumerate(bounds)}
    last = 2 * len(bounds) + 1
    turns: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        reach = _range(entry.operator)
        start = 0 if reach.low is None else place[reach.low] + (not reach.low_included)
        end = last if reach.high is None else place[reach.high] + reach.high_included
        if start < end:
            turns[start].append(entry.bit)
            turns[end].append(entry.bit)
    current = full ^ bitset_of(e.bit for e in entries if not e.negated)
    for at in range(last):
        if at in turns:
            current ^= bitset_of(turns[at])
        yield current


class AgeColumn:
    """How many months ago a day was: a line of half months, the odd ones between completions."""

    def __init__(self, entries: list[IndexedTest], full: BitSet) -> None:
        self.test_bits = bitset_of(e.bit for e in entries)
        self.before = full ^ bitset_of(e.bit for e in entries if not e.negated)
        halves = [IndexedTest(e.bit, _halves(e.operator), e.negated) for e in entries]
        self.ages = IntervalColumn(halves, full)

    def masks(self, value: date, as_of: date) -> TruthMasks:
        if value > as_of:
            return self.before, 0
        months = (as_of.year - value.year) * 12 + as_of.month - value.month
        due, today = value.day, as_of.day
        if due > 28:
            due = min(due, monthrange(as_of.year, as_of.month)[1])
        age = 2 * months + (due != today) - 2 * (due > today)
        return self.ages.masks(age, as_of)


def _halves(operator: Operator) -> Range:
    assert isinstance(operator, Age)
    months = operator.months
    low, high = (2 * end if isinstance(end, int) else None for end in (months.low, months.high))
    return Range(low, high, months.low_included, months.high_included)


def _range(operator: Operator) -> Range:
    assert isinstance(operator, Range)
    return operator
