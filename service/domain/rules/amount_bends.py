"""Where the money of a rule bends: the end of a band, the figure from which a cap binds, the month
after which nothing more is paid. Beside such a value the rule says something else.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Fact
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import by_span
from service.domain.rules.narrowing import bends_of
from service.domain.rules.paid_over_time import (
    Period,
    caps_within_a_year,
    of_period,
    times_a_year,
)
from service.domain.rules.quantities import (
    ZERO,
    Constant,
    FactQuantity,
    Greatest,
    Least,
    Product,
    Quantity,
)


def bending_points(
    benefit: Benefit, fact: Fact, subject: Subject, as_of: date
) -> tuple[Fraction, ...]:
    """The values of a fact at which the money bends, the subject's other facts as they are."""
    low, high = (None if end is None else Fraction(end) for end in (fact.minimum, fact.maximum))
    moving = FactQuantity(fact.id, low, high)
    bends = {
        point
        for quantity in _parts_of_money(benefit)
        if fact.id in quantity.facts
        for point in bends_of(quantity, moving, subject, as_of)
    }
    return tuple(sorted(bends))


def _parts_of_money(benefit: Benefit) -> Iterator[Quantity]:
    """What the money is made of: the whole; of what is paid over time one year, how long, and all
    of it."""
    if benefit.over is None and benefit.whole is not None:
        yield benefit.whole
    if benefit.over is None or benefit.amount is None:
        return
    over = benefit.over
    caps = by_span((c.per, c.quantity) for c in benefit.caps)
    paid = over.of_period(Greatest((benefit.amount, ZERO)), Period.YEAR)
    bound = [of_period(cap, period, Period.YEAR) for period, cap in caps_within_a_year(caps)]
    year = Least((paid, *bound, *caps.yearly))
    whole: Quantity = Least((over.of_all(year), *caps.whole))
    if benefit.floor is not None:
        whole = Greatest((whole, benefit.floor))
    yield from (year, over.lasts, whole)
    for number, share in enumerate(over.shares, 1):
        paid_in_it = Product((share, paid))
        yield Least((paid_in_it, *caps.yearly))
        yield Least((over.lasts, Constant(number * times_a_year(over.lasts_in))))
