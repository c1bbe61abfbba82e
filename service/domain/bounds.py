"""Columns of numbers and dates: between two bounds of the rules every value is as good as another.

A quantity's bounds cut its line into points and gaps; the tests' truths are worked out once for
each of these, so that a value is looked up by bisection.
"""

from array import array
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias

from service.domain.columns import Column, Entry, Look, Masks, layers_of
from service.domain.conditions import Combine, Quantity
from service.domain.lanes import Bits, bits
from service.domain.operators import Age, Operator, Range
from service.domain.profile import Subject, Value

# Combined numbers are looked up as floats first; nearer to a bound than this share, exactly.
NEAR = 1e-9
# From so many bounds on, comparing exact numbers one by one is slower than a first look by wholes.
MANY = 24


# Bounds; what can be true at each of them and in each gap, as in `Points.table`; how many bounds.
Line: TypeAlias = tuple[list[Any], list[Bits], int]


class Points:
    """Bounds on a line: the set of every bound and of every gap between two.

    `table` holds them from below the first bound: gap, bound, gap, bound, …, gap. A stated number
    or date leaves nothing open.
    """

    def __init__(self, entries: list[Entry], full: Bits, quantity: Quantity | None = None) -> None:
        self.tested = bits(e.place for e in entries)
        ranges = [_range(e.operator) for e in entries]
        ends = {end for r in ranges for end in (r.low, r.high) if end is not None}
        self.bounds: list[Any] = [_plain(end) for end in sorted(ends, key=_line)]
        combined = quantity is not None and not quantity.single
        self.floats = [float(b) for b in self.bounds] if combined else []
        layers = [_sweep(layer, self.bounds, full) for layer in layers_of(entries)]
        table = layers[0]
        for other in layers[1:]:
            table = [a & b for a, b in zip(table, other, strict=True)]
        self.table: list[Masks] = [(can, 0) for can in table]
        self.line: Line | None = None
        self.masks = self._reader()

    def _reader(self) -> Look:
        """The function that looks a value up. Everything it needs is in its own variables: it runs
        for every number of every request. Where it takes no more than a bisection, `line` has what
        that takes."""
        bounds, table, last = self.bounds, self.table, len(self.bounds)

        def exact(value: Any, _as_of: date) -> Masks:
            i = bisect_left(bounds, value)
            return table[2 * i + (i < last and bounds[i] == value)]

        wholes = _wholes(bounds) if last > MANY else None
        if wholes is None:
            self.line = bounds, [can for can, _ in table], last
            return exact

        def by_whole(value: Any, as_of: date) -> Masks:
            whole = int(value)
            i = bisect_left(wholes, whole)
            if i < last and wholes[i] == whole:
                return exact(value, as_of)
            return table[2 * i]

        return by_whole

    def near(self, value: float, spread: float) -> Masks | None:
        """The masks of a number known to within `spread`; None where a bound lies as near."""
        i = bisect_left(self.floats, value - spread)
        # To the right of a bound that is reached: a sum of zeros is known to within nothing.
        if i != bisect_right(self.floats, value + spread):
            return None
        return self.table[2 * i]


def line_of(column: Column) -> Line | None:
    """What a look-up takes, where that is no more than a bisection."""
    return column.line if isinstance(column, Points) else None


def _wholes(bounds: Sequence[Any]) -> "array[int] | None":
    """The bounds without their fractions, side by side in memory: a value whose whole part is none
    of these lies in the same gap as that part. None for dates and for what takes over 64 bits."""
    try:
        return array("q", (int(b) for b in bounds))
    except (TypeError, OverflowError):
        return None


def _line(point: Any) -> Any:
    return Fraction(point) if isinstance(point, int | Decimal) else point


def _plain(point: Any) -> Any:
    """The same point in the type that compares fastest."""
    if isinstance(point, Fraction) and point.denominator == 1:
        return point.numerator
    return point


def _sweep(entries: Sequence[Entry], bounds: Sequence[Any], full: Bits) -> list[Bits]:
    """The table of tests that stand at different bits: each bound turns some of them round."""
    place = {bound: 2 * i + 1 for i, bound in enumerate(bounds)}
    last = 2 * len(bounds) + 1
    turns: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        reach = _range(entry.operator)
        start = 0 if reach.low is None else place[reach.low] + (not reach.low_included)
        end = last if reach.high is None else place[reach.high] + reach.high_included
        if start < end:
            turns[start].append(entry.place)
            turns[end].append(entry.place)
    current = full ^ bits(e.place for e in entries if not e.negated)
    table = []
    for at in range(last):
        if at in turns:
            current ^= _turned(turns[at])
        table.append(current)
    return table


def _turned(places: list[int]) -> Bits:
    if len(places) > MANY:
        return bits(places)
    found = 0
    for place in places:
        found ^= 1 << place
    return found


class Ages:
    """How many months ago a day was: a line of half months, the odd ones between completions."""

    def __init__(self, entries: list[Entry], full: Bits) -> None:
        self.tested = bits(e.place for e in entries)
        self.before = full ^ bits(e.place for e in entries if not e.negated)
        halves = [Entry(e.place, _halves(e.operator), e.negated) for e in entries]
        self.at_age = Points(halves, full).masks

    def masks(self, value: date, as_of: date) -> Masks:
        if value > as_of:
            return self.before, 0
        months = (as_of.year - value.year) * 12 + as_of.month - value.month
        due, today = value.day, as_of.day
        if due > 28:
            due = min(due, monthrange(as_of.year, as_of.month)[1])
        age = 2 * months + (due != today) - 2 * (due > today)
        return self.at_age(age, as_of)


def _halves(operator: Operator) -> Range:
    assert isinstance(operator, Age)
    months = operator.months
    low, high = (2 * end if isinstance(end, int) else None for end in (months.low, months.high))
    return Range(low, high, months.low_included, months.high_included)


def _range(operator: Operator) -> Range:
    assert isinstance(operator, Range)
    return operator


class Combined:
    """A number made of several facts, and its columns."""

    def __init__(self, quantity: Quantity, columns: list[Column]) -> None:
        self.quantity = quantity
        self.columns = columns
        self.tested = 0
        for column in columns:
            self.tested |= column.tested

    def masks(self, facts: Mapping[str, Value], as_of: date) -> list[Masks] | None:
        """What its columns say; None where it has no value."""
        stated = [facts.get(f) for f in self.quantity.facts]
        numbers = [v for v in stated if isinstance(v, int | Decimal)]
        if len(numbers) < len(stated):
            return None
        close = _estimate(self.quantity.combine, numbers)
        found = [self._near(column, close) for column in self.columns]
        if all(f is not None for f in found):
            return [f for f in found if f is not None]
        value = self.quantity.read(Subject(None, facts, {}))
        return None if value is None else [c.masks(value, as_of) for c in self.columns]

    def _near(self, column: Column, close: tuple[float, float] | None) -> Masks | None:
        return column.near(*close) if close and isinstance(column, Points) else None


def _estimate(combine: Combine, numbers: Sequence[int | Decimal]) -> tuple[float, float] | None:
    """A combined number and how far it may be off, in floats; None where only the exact way
    will do."""
    try:
        values = [float(n) for n in numbers]
    except OverflowError:
        return None
    scale = sum(map(abs, values))
    if combine is Combine.SUM or combine is Combine.MEAN:
        share = len(values) if combine is Combine.MEAN else 1
        value, size = sum(values) / share, scale / share
    else:
        first, second = values
        if second <= 0:
            return None
        size = abs(first / second) + 1
        value = first / second - (combine is Combine.GROWTH)
    return (value, size * NEAR) if isfinite(size) and isfinite(value) else None
