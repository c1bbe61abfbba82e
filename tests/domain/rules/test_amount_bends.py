"""Where the money of a rule bends."""

from fractions import Fraction

import pytest

from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Fact, FactType, Owner
from service.domain.rules.amount_bends import bending_points
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, Per
from service.domain.rules.paid_over_time import Duration, Period
from service.domain.rules.quantities import (
    Band,
    Bands,
    Constant,
    FactQuantity,
    Least,
    Product,
    Quantity,
)
from service.domain.rules.units import unit
from service.domain.text import Text
from tests.domain.sample import DAY, subject

COST, TERM, AREA = "project.cost", "project.term", "project.area"
HALF = Product((Constant(Fraction(1, 2)), FactQuantity(COST)))
SHARE = Product((Constant(Fraction(1, 10)), FactQuantity(COST)))
TERM_CAPPED = Least((FactQuantity(TERM), Constant(Fraction(36))))


def constant(number: int) -> Constant:
    return Constant(Fraction(number))


def bent(benefit: Benefit, fact: str, **given: int) -> list[int]:
    text = Text("", "")
    asked = Fact(fact, Owner.PROJECT, fact, FactType.NUMBER, text, text, text)
    facts: dict[str, Value] = {f"project.{name}": value for name, value in given.items()}
    return [int(p) for p in bending_points(benefit, asked, subject(facts), DAY)]


MONTHLY = Duration(Period.MONTH, TERM_CAPPED, Period.MONTH)
YEARLY = Duration(Period.YEAR, TERM_CAPPED, Period.MONTH)
FADING = Duration(Period.YEAR, TERM_CAPPED, Period.MONTH, (constant(1), Constant(Fraction(1, 2))))
PRICED: Quantity = Product((constant(30), Least((FactQuantity(AREA), constant(500)))))


@pytest.mark.parametrize(
    ("benefit", "fact", "points"),
    [
        (Benefit(HALF, (Cap(constant(200)),)), COST, [0, 400]),
        (Benefit(HALF, floor=constant(5)), COST, [0, 10]),
        (Benefit(SHARE, (Cap(constant(60), Per.YEAR),), over=YEARLY), COST, [0, 600]),
        (Benefit(SHARE, (Cap(constant(60), Per.YEAR),), over=MONTHLY), COST, [0, 50]),
        (Benefit(SHARE, (Cap(constant(60), Per.YEAR),), over=MONTHLY), TERM, [36]),
        (Benefit(SHARE, over=FADING), TERM, [12, 24, 36]),
        (Benefit(SHARE, floor=constant(40), over=YEARLY), COST, [0, 200]),
        (Benefit(SHARE, (Cap(PRICED, Per.MONTH),), over=YEARLY), AREA, [2, 500]),
    ],
    ids=[
        "a cap",
        "a floor",
        "a yearly cap",
        "a yearly cap of months",
        "a term",
        "a term of years that differ",
        "a floor of all years",
        "a price for each",
    ],
)
def test_money_bends_where_a_bound_begins_to_count(
    benefit: Benefit, fact: str, points: list[int]
) -> None:
    """By hand, the other facts being known."""
    assert bent(benefit, fact, cost=7_200, term=24, area=100) == points


def test_money_bends_at_the_end_of_each_band() -> None:
    """Where the next rate begins."""
    bands = (Band(Fraction(100), True, Fraction(1, 2)), Band(None, True, Fraction(1, 5)))
    scale = Bands(FactQuantity(COST), bands, progressive=True, unit=unit("CNY"))
    assert bent(Benefit(scale), COST) == [0, 100]
