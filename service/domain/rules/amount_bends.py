"""Where the money of a rule bends: the end of a band, the figure from which a cap binds, the month
after which nothing more is paid. Beside such a value the rule says something else.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Fact
from service.domain.rules.amounts import Benefit, Per, Period
from service.domain.rules.narrowing import bends_of
from service.domain.rules.quantities import (
    ZERO,
    Constant,
    FactQuantity,
    Greatest,
    Least,
    Product,
    Quantity,
)
from service.domain.rules.units import YEAR

_MONTHS_OF_A_YEAR = Constant(Fraction(12))


def bending_points(
    benefit: Benefit, fact: Fact, subject: Subject, as_of: date
) -> tuple[Fraction, ...]:
    """The values of a fact at which the money bends, the subject's other facts as they are."""
    low, high = (None if end is None else Fraction(end) for end in (fact.minimum, fact.maximum))
    moving = FactQuantity(fact.id, low, high)
    found = {
        point
        for quantity in _reckoned(benefit)
        if fact.id in quantity.facts
        for point in bends_of(quantity, moving, subject, as_of)
    }
    return tuple(sorted(found))


def _reckoned(benefit: Benefit) -> Iterator[Quantity]:
    """What the money is made of: the whole; of what is paid over time one year, how long, and all
    of it."""
    if benefit.whole is not None:
        yield benefit.whole
    if benefit.over is None or benefit.amount is None:
        return
    yearly = tuple(c.quantity for c in benefit.caps if c.per is Per.YEAR)
    monthly = tuple(c.quantity for c in benefit.caps if c.per is Per.MONTH)
    rest = tuple(c.quantity for c in benefit.caps if c.per not in (Per.YEAR, Per.MONTH))
    by_month = benefit.over.period is Period.MONTH
    paid: Quantity = Greatest((benefit.amount, ZERO))
    paid = Product((_MONTHS_OF_A_YEAR, paid)) if by_month else paid
    year = Least((paid, *(Product((_MONTHS_OF_A_YEAR, cap)) for cap in monthly), *yearly))
    lasts = benefit.over.lasts
    scale = () if benefit.over.in_years else (Constant(1 / _MONTHS_OF_A_YEAR.value),)
    yield from (year, lasts, Least((Product((year, lasts, *scale)), *rest)))
    for place, share in enumerate(benefit.over.shares, 1):
        step = Product((Constant(share), paid))
        yield from (Least((step, *yearly)), Least((lasts, Constant(Fraction(place), YEAR))))
