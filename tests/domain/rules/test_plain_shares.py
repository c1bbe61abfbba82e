"""A share of facts within a fixed cap is reckoned in decimals, and means what quantities do."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.profile import Value
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.caps import Cap
from service.domain.rules.quantities import ZERO, Between, Constant, FactQuantity, Product, Quantity
from service.domain.rules.rounding import Direction, Rounding
from service.domain.rules.units import unit
from tests.domain.sample import DAY, D, money, subject
from tests.domain.strategies import FAST

BASE, FACTOR = FactQuantity("project.cost", Fraction(0)), FactQuantity("project.lpr")
YUAN = unit("CNY")
SHARES = st.fractions(0, 1, max_denominator=400)
NUMBERS = st.decimals(-(10**9), 10**12, places=2) | st.integers(-5, 10**20)


def of_facts(rate: Quantity, *caps: int) -> Benefit:
    amounts = tuple(Cap(Constant(Fraction(cap), YUAN)) for cap in caps)
    return Benefit(Product((rate, BASE, FACTOR)), amounts)


RATES = st.builds(Constant, SHARES) | st.lists(SHARES, min_size=2, max_size=2).map(
    lambda ends: Between(min(ends), max(ends))
)


@FAST
@given(RATES, st.lists(st.integers(0, 10**9), max_size=2), NUMBERS | st.none(), NUMBERS | st.none())
def test_it_is_the_ceiling_of_its_quantities(
    rate: Quantity, caps: list[int], base: Value | None, factor: Value | None
) -> None:
    """A floor of nothing changes nothing, and takes the way of all other rules."""
    rule = of_facts(rate, *caps)
    stated = {BASE.fact: base, FACTOR.fact: factor}
    who = subject({fact: value for fact, value in stated.items() if value is not None})
    assert ceiling(rule, who, DAY) == ceiling(replace(rule, floor=ZERO), who, DAY)


@pytest.mark.parametrize("digits", [60, 150])
def test_many_digits_are_reckoned_exactly(digits: int) -> None:
    """Beyond what is multiplied as decimals the fractions take over: the last digit is right."""
    rule = Benefit(Product((Constant(Fraction(1, 100)), BASE, FACTOR)))
    many = Decimal("1" * digits)
    found = ceiling(rule, subject({BASE.fact: many, FACTOR.fact: 9}), DAY).amount
    assert found == Decimal("9" * (digits - 2) + ".99")


def test_what_is_more_than_a_share_within_caps_is_no_plain_share() -> None:
    """A floor, a least amount, time, a rounding of its own, a share without an end."""
    plain = of_facts(Constant(Fraction(3, 10)), 1000)
    assert plain.plain is not None
    assert plain.plain.facts == (BASE.fact, FACTOR.fact)
    others = [
        replace(plain, floor=ZERO),
        replace(plain, minimum=Constant(Fraction(5), YUAN)),
        replace(plain, rounding=Rounding(Direction.UP)),
        of_facts(Constant(Fraction(1, 3))),
        of_facts(Constant(Fraction(2), YUAN)),
        replace(plain, caps=(Cap(BASE),)),
        money(D(500_000)),
    ]
    assert [rule.plain for rule in others] == [None] * len(others)
