"""Short forms of quantities written out: growth, mean, scales, codes as sums, ratios and cases.

The evaluator, the SQL and the solver know the core forms only. What a short form means is said
here, once for all of them: growth from b to a is a/b - 1, the mean of three a third of their sum.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import prod
from typing import assert_never

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import ONE, ZERO, Quantity
from service.domain.rules.unit_check import unit_of_name
from service.domain.rules.units import DAY

# The steps of a scale are no conditions of an article; nobody is shown where they stand.
_SCALE = Clause("scale", 0)
_MONTHS = Fraction(12)


def reduced(quantity: forms.Short) -> forms.Core:  # noqa: C901  # a case for each class
    """The same quantity made of the core classes."""
    match quantity:
        case forms.FixedDay(day):
            return forms.Constant(Fraction(day.toordinal()), DAY)
        case forms.Excess(first, second):
            if set(first.facts).isdisjoint(second.facts):
                return forms.Difference(first, second)
            return _collected(quantity)
        case forms.Growth(first, second):
            return forms.Difference(forms.Ratio(first, second), ONE)
        case forms.Mean(terms):
            return forms.Product((forms.Constant(Fraction(1, len(terms))), forms.Sum(terms)))
        case forms.Power(of, times):
            return forms.Product((of,) * times)
        case forms.Score(of):
            return forms.Sum((of,))
        case forms.ByCode():
            if quantity.complete:
                return forms.Cases(quantity.branches[:-1], quantity.branches[-1].quantity)
            return forms.Cases(quantity.branches, quantity.otherwise)
        case forms.Bands():
            return _progressive_sum(quantity) if quantity.progressive else _step_of_whole(quantity)
        case forms.ParameterOn():
            return _value_of_day(quantity)
        case forms.MonthOf(day):
            return _month_of(day)
        case forms.MonthsBegun(first, second):
            return _months_begun(first, second)
        case _:
            assert_never(quantity)


def _collected(quantity: Quantity) -> forms.Core:
    """A comparison whose sides have facts in common, each with what it counts for in all: exports
    of at least half of exports and other sales are half of exports less half of the others."""
    counted: dict[Quantity, Fraction] = {}
    apart: list[Quantity] = []
    for factor, part in _linear_parts(quantity, Fraction(1)):
        if _is_open(part):
            apart.append(_times(factor, part))  # whoever decides may choose twice
        else:
            counted[part] = counted.get(part, Fraction(0)) + factor
    # What may be without a value stays so, even where it counts for nothing.
    terms = [
        _times(factor, part)
        for part, factor in counted.items()
        if factor or not isinstance(part, forms.FactQuantity)
    ]
    return forms.Sum((*terms, *apart, ZERO))


def _linear_parts(quantity: Quantity, factor: Fraction) -> Iterator[tuple[Fraction, Quantity]]:
    """What a quantity is the sum of, each with what it is multiplied by."""
    match quantity:
        case forms.Sum(terms):
            for term in terms:
                yield from _linear_parts(term, factor)
        case forms.Difference(first, second) | forms.Excess(first, second):
            yield from _linear_parts(first, factor)
            yield from _linear_parts(second, -factor)
        case forms.Product(terms):
            known = [t.value for t in terms if isinstance(t, forms.Constant)]
            rest = [t for t in terms if not isinstance(t, forms.Constant)]
            factor *= prod(known)
            if len(rest) == 1:
                yield from _linear_parts(rest[0], factor)
            else:
                yield factor, forms.Product(tuple(rest)) if rest else ONE
        case forms.Ratio(first, forms.Constant(value)) if value > 0:
            yield from _linear_parts(first, factor / value)
        case forms.Mean():
            yield from _linear_parts(reduced(quantity), factor)
        case forms.Constant(value):
            yield factor * value, ONE
        case _:
            yield factor, quantity


def _times(factor: Fraction, part: Quantity) -> Quantity:
    return forms.Product((forms.Constant(factor), part))


def _is_open(quantity: Quantity) -> bool:
    """Whether the text leaves a number in it open."""
    return isinstance(quantity, forms.Between) or any(map(_is_open, quantity.parts))


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


def _value_of_day(figure: forms.ParameterOn) -> forms.Cases:
    """The value that a figure had on the day; none is known before its first and beyond the last
    day for which somebody has looked."""
    parameter = figure.parameter
    unknown: Quantity = forms.ParameterQuantity(replace(parameter, values=()))
    branches, here = list[forms.Branch](), unknown
    for value in parameter.values:
        before = Range(high=value.start, high_included=False)
        branches.append(forms.Branch(Predicate(figure.day, before, _SCALE), here))
        here = forms.Constant(value.value, unit_of_name(parameter.unit))
    seen = Range(high=parameter.until)
    branches.append(forms.Branch(Predicate(figure.day, seen, _SCALE), here))
    return forms.Cases(tuple(branches), unknown)


def _month_of(day: Quantity) -> forms.Least:
    """The months that are over since the first of all years, less those of the years before; never
    beyond 1 and 12, however little is known of the day."""
    since = forms.MonthsBetween(forms.FixedDay(date.min), day)
    years = forms.Product((forms.Constant(_MONTHS), forms.YearOf(day)))
    month = forms.Sum((forms.Difference(since, years), forms.Constant(_MONTHS + 1)))
    return forms.Least((forms.Greatest((month, ONE)), forms.Constant(_MONTHS)))


def _months_begun(first: Quantity, second: Quantity) -> forms.Least:
    """One more than the months that are complete the day before; none where no day has passed, and
    so never more than the days."""
    before = forms.Difference(second, forms.Constant(Fraction(1), DAY))
    begun = forms.Sum((forms.MonthsBetween(first, before), ONE))
    return forms.Least((begun, forms.Greatest((forms.Difference(second, first), ZERO))))


def _band_branch(scale: forms.Bands, band: forms.Band) -> forms.Branch:
    within = Range(high=band.limit, high_included=band.included)
    return forms.Branch(Predicate(scale.of, within, _SCALE), _band_worth(scale, band))


def _band_worth(scale: forms.Bands, band: forms.Band) -> Quantity:
    if not band.rate:
        return forms.Constant(band.amount, scale.unit)
    share = forms.Product((forms.Constant(band.rate), scale.of))
    return forms.Sum((share, forms.Constant(band.amount, scale.unit))) if band.amount else share
