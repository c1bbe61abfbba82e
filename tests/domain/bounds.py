"""Short ways to write the bounds of a number, a day or an age."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.domain.rules.operators import Age, Range


def at_least(low: int | Decimal | Fraction | date) -> Range:
    return Range(low=low)


def more_than(low: int | Decimal | Fraction | date) -> Range:
    return Range(low=low, low_included=False)


def at_most(high: int | Decimal | Fraction | date) -> Range:
    return Range(high=high)


def less_than(high: int | Decimal | Fraction | date) -> Range:
    return Range(high=high, high_included=False)


def years(bounds: Range) -> Age:
    """An age bound given in months and written in years."""
    return Age(bounds, in_years=True)
