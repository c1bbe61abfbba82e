"""What an amount between two ends comes to within caps, above a floor, and paid over years."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf

from service.domain.rules.interval_arithmetic import End, Interval, sum_of

MONTHS_OF_A_YEAR = 12
_ZERO = Fraction(0)
AT_ZERO = Interval(_ZERO, _ZERO)


def from_zero(amount: Interval) -> Interval:
    """Nobody owes a negative amount; what has no value may be anything."""
    if amount.void:
        return Interval(Fraction(0), inf)
    return Interval(_not_below_zero(amount.low), _not_below_zero(amount.high))


def _not_below_zero(end: End) -> End:
    """The end or zero, whichever is more; a fraction is compared by its sign, which takes a quarter
    of the time."""
    sign = end.numerator if isinstance(end, Fraction) else end
    return end if sign >= 0 else _ZERO


def least_cap(parts: Sequence[Interval]) -> Interval:
    """The least of several caps; without any nothing is bounded."""
    if not parts:
        return Interval(inf, inf)
    ends = [from_zero(p) for p in parts]
    return Interval(min(p.low for p in ends), min(p.high for p in ends))


def paid_over(amount: Interval, cap: Interval, months: Interval) -> Interval:
    """What is paid over so many months, of which each year's amount is capped."""
    low = _paid_until(amount.low, cap.low, months.low)
    if amount.low is amount.high and cap.low is cap.high and months.low is months.high:
        return Interval(low, low)
    return Interval(low, _paid_until(amount.high, cap.high, months.high))


def _paid_until(year: End, cap: End, months: End) -> End:
    """What is paid until so many months are over: whole years, and a part of one."""
    if not months or not year:
        return Fraction(0)
    if isinstance(months, float):
        return inf
    years, rest = divmod(months, MONTHS_OF_A_YEAR)
    part = year * (Fraction(rest) / MONTHS_OF_A_YEAR) if rest else Fraction(0)
    return (min(year, cap) * years if years else Fraction(0)) + min(part, cap)


def months_of_year(number: int, months: Interval) -> Interval:
    """How many of so many months lie in one year, counted from 0."""
    low, high = (
        min(max(end - number * MONTHS_OF_A_YEAR, Fraction(0)), Fraction(MONTHS_OF_A_YEAR))
        for end in months.ends
    )
    return Interval(low, high)


def times(amount: Interval, number: Fraction) -> Interval:
    """So many times an amount, or a share of it."""
    return Interval(amount.low * number, amount.high * number)


def one_after_other(years: list[Interval], cap: Interval) -> Iterator[Interval]:
    """What each year comes to within a cap of the whole, of which the years before take theirs."""
    first, *others = years
    yield within_bounds(first, cap, AT_ZERO)
    before = first
    for year in others:
        low, high = cap.low, cap.high
        if isinstance(low, Fraction):
            low = max(low - before.high, Fraction(0))
        if isinstance(high, Fraction) and isinstance(before.low, Fraction):
            high = max(high - before.low, Fraction(0))
        yield Interval(min(year.low, low), min(year.high, high))
        before = sum_of([before, year])


def within_bounds(amount: Interval, cap: Interval, floor: Interval) -> Interval:
    """An amount within a cap and above a floor."""
    return Interval(
        max(min(amount.low, cap.low), floor.low), max(min(amount.high, cap.high), floor.high)
    )


def from_minimum(paid: Interval, minimum: Fraction) -> Interval:
    """An amount of which nothing is paid where it is below a minimum."""
    low, high = (end if end >= minimum else _ZERO for end in paid.ends)
    return Interval(low, high)
