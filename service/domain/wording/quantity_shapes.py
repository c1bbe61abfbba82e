"""How a quantity is worded by its shape: what is a scale, a factor or an addition, and where its
words begin with a capital.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.units import ITEM, SHARE
from service.domain.text import Text


def prices_spread(terms: Iterable[Quantity]) -> Iterator[Quantity]:
    """The factors of a product; of what is a price by its unit alone what it is made of."""
    for term in terms:
        if isinstance(term, forms.Product) and any(map(_only_says_each, term.terms)):
            yield from (part for part in term.terms if not _only_says_each(part))
        else:
            yield term


def _only_says_each(term: Quantity) -> bool:
    """Whether a factor is there for its unit alone: it makes an amount one for each of a thing."""
    if not isinstance(term, forms.Constant) or term.value != 1:
        return False
    return term.unit != SHARE and not term.unit.above


def is_factor(number: Fraction) -> bool:
    """Whether a number is said as so many times: a whole one, and one that is no plain percentage
    above the whole."""
    return number >= 1 and (number.denominator == 1 or (number * 100).denominator != 1)


def is_price_of_each(price: forms.Constant | forms.Between) -> bool:
    """Whether a price is for things that have no unit of their own."""
    return ITEM.above[0] in price.unit.below


def is_table(cases: forms.Cases) -> bool:
    """Whether each case is a whole number of one and the same quantity, such as the year of a
    day."""
    of = {
        t.quantity if isinstance(t, Predicate) and not t.term and _is_one_number(t) else None
        for t in (branch.condition for branch in cases.branches)
    }
    return len(of) == 1 and None not in of


def _is_one_number(test: Predicate) -> bool:
    if not isinstance(test.operator, Range) or isinstance(test.quantity, forms.Excess):
        return False
    return test.operator.low is not None and test.operator.low == test.operator.high


def alike(branches: Iterable[forms.Branch]) -> list[list[forms.Branch]]:
    """The branches of a table in a row; those that stand together and are worth the same are
    one."""
    return [list(same) for _, same in groupby(branches, key=lambda branch: branch.quantity)]


def is_nothing(quantity: Quantity) -> bool:
    return isinstance(quantity, forms.Constant) and not quantity.value


def worths_of(scale: Quantity) -> Iterator[Fraction]:
    """The numbers that a scale is worth in one case or another, as far as they stand there."""
    if isinstance(scale, forms.Constant):
        yield scale.value
    if isinstance(scale, forms.Bands):
        yield from (band.amount for band in scale.bands)
    elif is_scale(scale):
        for part in scale.parts:
            yield from worths_of(part)


def is_scale(quantity: Quantity) -> bool:
    return isinstance(quantity, forms.Bands | forms.Cases | forms.ByCode)


def is_open_upwards(quantity: Quantity) -> bool:
    """Whether a number stands in it of which the text names no most."""
    numbers = (part for part in all_parts(quantity) if isinstance(part, forms.Between))
    return any(number.high is None for number in numbers)


def has_loose_end(quantity: Quantity) -> bool:
    """Whether its words end in what holds for a part of it, so that what comes behind would be read
    as of that part alone."""
    if isinstance(quantity, forms.Product):
        return any(raises_in(quantity.terms))
    return is_scale(quantity) or (
        isinstance(quantity, forms.Sum) and any(uplifts_in(quantity.terms))
    )


def uplifts_in(terms: Iterable[Quantity]) -> Iterator[forms.Cases]:
    """What is added only where a condition holds."""
    return (t for t in terms if isinstance(t, forms.Cases) and is_nothing(t.otherwise))


def raises_in(terms: Iterable[Quantity]) -> Iterator[forms.Sum]:
    """The factors that raise what they stand beside by a share of it where a condition holds."""
    return (
        t
        for t in terms
        if isinstance(t, forms.Sum) and forms.ONE in t.terms and any(uplifts_in(t.terms))
    )


def inside(words: Text, quantity: Quantity) -> Text:
    """The words of a quantity within a phrase: a label has a capital only where the phrase begins
    with it, or its first word is one of capitals (R&D)."""
    label = isinstance(quantity, forms.FactQuantity | forms.ParameterQuantity)
    return without_capital(words) if label else words


def without_capital(words: Text) -> Text:
    stands_in = any(other == words.en for _, other in words.others)
    if stands_in or not words.en[1:2].islower():
        return words
    return replace(words, en=words.en[0].lower() + words.en[1:])
