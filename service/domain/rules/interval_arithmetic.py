"""Arithmetic with intervals: the ends between which sums, products, ratios and days lie.

A known number is an interval of one point. Whatever the parts turn out to be, the result lies in
the interval that comes out.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from heapq import nlargest
from itertools import product
from math import copysign, inf
from typing import NamedTuple, TypeAlias

from service.domain.dates import add_months

# A float only where a side is open: minus or plus infinity.
End: TypeAlias = Fraction | float


class Interval(NamedTuple):
    """Both ends are included. `void`: it may be without a value, as where a divisor is zero."""

    low: End = -inf
    high: End = inf
    void: bool = False

    @property
    def ends(self) -> tuple[End, End]:
        """Between which numbers it lies, where it has a value."""
        return self.low, self.high

    @property
    def point(self) -> Fraction | None:
        """The number, where it is known."""
        low, high, void = self
        if void or isinstance(low, float):
            return None
        # Of a known number both ends are one object: to compare fractions takes far longer.
        return low if low is high or low == high else None


ANYTHING = Interval()
NOTHING = Interval(void=True)
ONE = Interval(Fraction(1), Fraction(1))


def is_void(parts: Sequence[Interval]) -> bool:
    """Whether one of the parts may be without a value."""
    return any(p.void for p in parts)


def sum_of(terms: Sequence[Interval]) -> Interval:
    low = sum([p.low for p in terms], Fraction(0))
    known = all(p.low is p.high for p in terms)
    high = low if known else sum([p.high for p in terms], Fraction(0))
    return Interval(low, high, is_void(terms))


def negative(part: Interval) -> Interval:
    return Interval(-part.high, -part.low, part.void)


def product_of(terms: Sequence[Interval]) -> Interval:
    low, high, _ = terms[0] if terms else ONE
    for part in terms[1:]:
        ends = [_times(a, b) for a, b in product(_each(low, high), _each(*part.ends))]
        low = high = ends[0]
        if len(ends) > 1:
            low, high = min(ends), max(ends)
    return Interval(low, high, is_void(terms))


def _each(low: End, high: End) -> tuple[End, ...]:
    """Both ends; of a known number, which has one object for both, that one."""
    return (low,) if low is high else (low, high)


def _times(a: End, b: End) -> End:
    """A product in which zero times anything is zero: an open side is never reached."""
    if not a or not b:
        return Fraction(0)
    if isinstance(a, float) or isinstance(b, float):
        return copysign(inf, 1 if (a > 0) == (b > 0) else -1)
    return a * b


def ratio(first: Interval, second: Interval) -> Interval:
    if second.high <= 0:
        return NOTHING
    whole, part = second.point, first.point
    if whole is not None and part is not None:
        share = part / whole
        return Interval(share, share)
    least = _inverse(second.high)
    if second.low is second.high:
        most: End = least
    else:
        most = inf if second.low <= 0 else _inverse(second.low)
    low, high, _ = product_of([first, Interval(least, most)])
    return Interval(low, high, second.low <= 0 or first.void or second.void)


def _inverse(end: End) -> Fraction:
    return 1 / end if isinstance(end, Fraction) else Fraction(0)


def least_of(terms: Sequence[Interval]) -> Interval:
    return Interval(min(p.low for p in terms), min(p.high for p in terms), is_void(terms))


def greatest_of(terms: Sequence[Interval]) -> Interval:
    return Interval(max(p.low for p in terms), max(p.high for p in terms), is_void(terms))


def best_of(terms: Sequence[Interval], count: int) -> Interval:
    """The sum of so many of the largest, none of which is less than nothing."""
    ends = zip(*(p.ends for p in terms), strict=True) if terms else ((), ())
    low, high = (sum(nlargest(count, (e for e in side if e > 0)), Fraction(0)) for side in ends)
    return Interval(low, high, is_void(terms))


def hull(terms: Sequence[Interval]) -> Interval:
    """The interval that spans all of these."""
    return Interval(min(p.low for p in terms), max(p.high for p in terms), is_void(terms))


def year_of(day: Interval) -> Interval:
    return Interval(_year(day.low), _year(day.high), day.void)


def _year(end: End) -> End:
    return end if isinstance(end, float) else Fraction(_day(end).year)


def _day(number: Fraction) -> date:
    whole = number.numerator // number.denominator
    return date.fromordinal(min(max(whole, 1), date.max.toordinal()))


def steps_in(whole: Interval, each: Fraction, *, begun: bool) -> Interval:
    """How many times `each` is held; what is `begun` counts as whole, or not."""
    low, high = (_times_held(end, each, begun) for end in (whole.low, whole.high))
    return Interval(low, high, whole.void)


def _times_held(end: End, each: Fraction, begun: bool) -> End:
    if isinstance(end, float):
        return inf if end > 0 else Fraction(0)
    times = max(end, Fraction(0)) / each
    return Fraction(-(-times // 1) if begun else times // 1)


def months_between(first: Interval, second: Interval) -> Interval:
    """The later the first day and the earlier the second, the fewer months."""
    low, high = _months(first.high, second.low), _months(first.low, second.high)
    return Interval(low, high, first.void or second.void)


def _months(start: End, end: End) -> End:
    if isinstance(start, float) or isinstance(end, float):
        return Fraction(0) if start == inf or end == -inf else inf
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    return Fraction(max(0, months - (add_months(first, months) > last)))
