"""What the classes of quantities that are short for others stand for, once for all readings."""

from fractions import Fraction
from typing import assert_never

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import ONE, ZERO, Quantity

# The steps of a scale are no conditions of an article; nobody is shown where they stand.
_SCALE = Clause("scale", 0)


def reduced(quantity: forms.Short) -> forms.Core:
    """The same quantity made of the core classes."""
    match quantity:
        case forms.Excess(first, second):
            return forms.Difference(first, second)
        case forms.Growth(first, second):
            return forms.Difference(forms.Ratio(first, second), ONE)
        case forms.Mean(terms):
            return forms.Product((forms.Constant(Fraction(1, len(terms))), forms.Sum(terms)))
        case forms.ByCode():
            return forms.Cases(quantity.branches, quantity.otherwise)
        case forms.Bands():
            return _progressive_sum(quantity) if quantity.progressive else _step_of_whole(quantity)
        case _:
            assert_never(quantity)


def _progressive_sum(scale: forms.Bands) -> forms.Sum:
    """Each step's rate on the part of the number that lies in it."""
    terms: list[Quantity] = []
    begin: Fraction | None = None
    for band in scale.bands:
        inside = scale.of
        if band.limit is not None:
            inside = forms.Least((inside, forms.Constant(band.limit)))
        if begin is not None:
            inside = forms.Difference(
                forms.Greatest((inside, forms.Constant(begin))), forms.Constant(begin)
            )
        terms.append(forms.Product((forms.Constant(band.rate), inside)))
        begin = band.limit
    return forms.Sum(tuple(terms))


def _step_of_whole(scale: forms.Bands) -> forms.Cases:
    """The step that the number lies in counts for all of it; nothing above the last step's end."""
    *closed, last = scale.bands
    if last.limit is not None:
        return forms.Cases(tuple(_band_branch(scale, band) for band in scale.bands), ZERO)
    return forms.Cases(
        tuple(_band_branch(scale, band) for band in closed), _band_worth(scale, last)
    )


def _band_branch(scale: forms.Bands, band: forms.Band) -> forms.Branch:
    within = Range(high=band.limit, high_included=band.included)
    return forms.Branch(Predicate(scale.of, within, _SCALE), _band_worth(scale, band))


def _band_worth(scale: forms.Bands, band: forms.Band) -> Quantity:
    if not band.rate:
        return forms.Constant(band.amount, scale.unit)
    share = forms.Product((forms.Constant(band.rate), scale.of))
    return forms.Sum((share, forms.Constant(band.amount, scale.unit))) if band.amount else share
