"""What the classes of quantities that are short for others stand for, once for all readings."""

from fractions import Fraction
from typing import assert_never

from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import (
    ONE,
    ZERO,
    Band,
    Bands,
    Branch,
    ByCode,
    Cases,
    Constant,
    Core,
    Difference,
    Excess,
    Greatest,
    Growth,
    Least,
    Mean,
    Product,
    Quantity,
    Ratio,
    Short,
    Sum,
)

# The steps of a scale are no conditions of an article; nobody is shown where they stand.
_SCALE = Clause("scale", 0)


def reduced(quantity: Short) -> Core:
    """The same quantity made of the core classes."""
    match quantity:
        case Excess(first, second):
            return Difference(first, second)
        case Growth(first, second):
            return Difference(Ratio(first, second), ONE)
        case Mean(terms):
            return Product((Constant(Fraction(1, len(terms))), Sum(terms)))
        case ByCode():
            return Cases(quantity.branches, quantity.otherwise)
        case Bands():
            return _progressive(quantity) if quantity.progressive else _whole(quantity)
        case _:
            assert_never(quantity)


def _progressive(scale: Bands) -> Sum:
    """Each step's rate on the part of the number that lies in it."""
    terms: list[Quantity] = []
    begin: Fraction | None = None
    for band in scale.bands:
        inside = scale.of
        if band.limit is not None:
            inside = Least((inside, Constant(band.limit)))
        if begin is not None:
            inside = Difference(Greatest((inside, Constant(begin))), Constant(begin))
        terms.append(Product((Constant(band.rate), inside)))
        begin = band.limit
    return Sum(tuple(terms))


def _whole(scale: Bands) -> Cases:
    """The step that the number lies in counts for all of it; nothing above the last step's end."""
    *closed, last = scale.bands
    if last.limit is not None:
        return Cases(tuple(_branch(scale, band) for band in scale.bands), ZERO)
    return Cases(tuple(_branch(scale, band) for band in closed), _worth(scale, last))


def _branch(scale: Bands, band: Band) -> Branch:
    within = Range(high=band.limit, high_included=band.included)
    return Branch(Predicate(scale.of, within, _SCALE), _worth(scale, band))


def _worth(scale: Bands, band: Band) -> Quantity:
    if not band.rate:
        return Constant(band.amount, scale.unit)
    share = Product((Constant(band.rate), scale.of))
    return Sum((share, Constant(band.amount, scale.unit))) if band.amount else share
