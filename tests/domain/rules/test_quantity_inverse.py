"""From what a quantity comes to back to the values of one fact."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from service.domain.facts.profile import Subject, Value
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Predicate
from service.domain.rules.intervals import interval_of
from service.domain.rules.operators import Age, InSet, Range
from service.domain.rules.quantity_inverse import QuantityInverse
from tests.domain.sample import CLAUSE, DAY, subject

A, B, FOUNDED = (forms.FactQuantity(f"company.{name}") for name in ("revenue", "rnd", "founded_on"))
FACTS: dict[str, Value] = {"revenue": 10, "rnd": 4, "founded_on": date(2020, 5, 31)}


def number(value: int) -> forms.Constant:
    return forms.Constant(Fraction(value))


# A quantity, and a number that it can come to by the first of its facts alone.
REACHED: list[tuple[forms.Quantity, int]] = [
    (A, 7),
    (forms.Sum((A, B, number(3))), 20),
    (forms.Difference(A, B), -2),
    (forms.Difference(B, A), -2),
    (forms.Product((A, number(3))), 12),
    (forms.Ratio(A, B), 5),
    (forms.Ratio(B, A), 2),
    (forms.Least((A, number(100))), 50),
    (forms.Greatest((A, B)), 50),
    (forms.Growth(A, B), 2),
    (forms.Steps(A, number(5)), 4),
    (forms.YearOf(FOUNDED), 2022),
    (forms.MonthsBetween(FOUNDED, forms.AsOf()), 18),
    (forms.MonthsBegun(FOUNDED, forms.AsOf()), 18),
]


@pytest.mark.parametrize(("quantity", "wanted"), REACHED, ids=str)
def test_at_one_of_the_values_the_quantity_is_what_was_wanted(
    quantity: forms.Quantity, wanted: int
) -> None:
    """All others being as they are stated."""
    fact = "company.founded_on" if FOUNDED.fact in quantity.facts else A.fact
    found = list(QuantityInverse(fact, subject(FACTS), DAY).reaching(quantity, Fraction(wanted)))
    assert wanted in {reached(quantity, fact, value) for value in found}


def reached(quantity: forms.Quantity, fact: str, value: Fraction) -> Fraction | None:
    exact = Decimal(value.numerator) / value.denominator
    changed = date.fromordinal(int(value)) if fact == FOUNDED.fact else exact
    facts = {**subject(FACTS).facts, fact: changed}
    return interval_of(quantity, Subject(None, facts, {}), DAY).point


@pytest.mark.parametrize(
    "quantity", [B, forms.AsOf(), number(3), forms.Product((A, number(0)))], ids=str
)
def test_nothing_is_tried_where_the_fact_moves_nothing(quantity: forms.Quantity) -> None:
    assert list(QuantityInverse(A.fact, subject(FACTS), DAY).reaching(quantity, Fraction(1))) == []


def test_of_cases_the_ends_of_each_condition_are_tried_too() -> None:
    """A quantity jumps where another case begins to hold."""
    above = tree_test(B, 6)
    cases = forms.Cases((forms.Branch(above, number(2)),), number(1))
    found = set(QuantityInverse(B.fact, subject(FACTS), DAY).reaching(cases, Fraction(2)))
    assert found == {6}


def test_of_cases_by_age_the_days_around_the_one_it_turns_on_are_tried() -> None:
    """An age that is reached leaves the case one day later than one that is not: both are tried."""
    young = Predicate(FOUNDED, Age(Range(high=60)), CLAUSE)
    cases = forms.Cases((forms.Branch(young, number(2)),), number(1))
    found = list(QuantityInverse(FOUNDED.fact, subject(FACTS), DAY).reaching(cases, Fraction(2)))
    assert {reached(cases, FOUNDED.fact, value) for value in found} == {1, 2}


def test_a_case_by_name_has_no_day_and_no_number_to_be_tried() -> None:
    """What it names is tried as a value of its own fact, not as an end of a quantity."""
    named = Predicate(B, InSet((4,)), CLAUSE)
    cases = forms.Cases((forms.Branch(named, number(2)),), number(1))
    assert list(QuantityInverse(B.fact, subject(FACTS), DAY).reaching(cases, Fraction(2))) == []


def tree_test(quantity: forms.Quantity, low: int) -> Predicate:
    return Predicate(quantity, Range(low=low), CLAUSE)
