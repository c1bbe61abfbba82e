"""Estimates of numbers made of facts agree with what is reckoned exactly."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.profile import Subject, Value
from service.domain.index.combined_quantities import NEAR
from service.domain.index.estimates import estimator_of
from service.domain.rules import quantities as forms
from service.domain.rules.intervals import interval_of
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_reading import NoEstimateError

DAY = date(2026, 11, 22)
NUMBERS = [
    forms.FactQuantity("a", Fraction(0), Fraction(1000)),
    forms.FactQuantity("b", Fraction(1, 10)),
    forms.FactQuantity("c"),
]
FOUNDED = forms.FactQuantity("founded")
LEAVES: list[Quantity] = [
    *NUMBERS,
    forms.Constant(Fraction(101, 100)),
    forms.Constant(Fraction(-3)),
    forms.Between(Fraction(1), Fraction(7, 3)),
    forms.Between(Fraction(1), None),
    forms.YearOf(FOUNDED),
    forms.YearOf(forms.AsOf()),
]


def grown(parts: st.SearchStrategy[Quantity]) -> st.SearchStrategy[Quantity]:
    """Quantities made of others."""
    pairs = st.tuples(parts, parts)
    return st.one_of(
        *(st.builds(form, parts, parts) for form in (forms.Difference, forms.Ratio, forms.Growth)),
        st.builds(forms.Excess, parts, parts),
        *(
            st.builds(form, pairs)
            for form in (forms.Sum, forms.Product, forms.Mean, forms.Least, forms.Greatest)
        ),
    )


QUANTITIES = st.recursive(st.sampled_from(LEAVES), grown, max_leaves=6)
FIGURES = st.one_of(
    st.integers(-(10**15), 10**15),
    st.integers(0, 3),
    st.decimals(-(10**15), 10**15, places=2, allow_nan=False),
)
FACTS = st.fixed_dictionaries(
    {},
    optional={"a": FIGURES, "b": FIGURES, "c": FIGURES, "founded": st.dates(date(1900, 1, 1))},
)


@given(QUANTITIES, FACTS)
def test_the_exact_ends_lie_as_near_as_an_estimate_says(
    quantity: Quantity, facts: dict[str, Value]
) -> None:
    estimate = estimator_of(quantity)
    assert estimate is not None
    try:
        low, high, size = estimate(facts, DAY)
    except (NoEstimateError, OverflowError):
        return
    exact = interval_of(quantity, Subject(None, facts, {}), DAY)
    assert not exact.void
    for found, end in ((low, exact.low), (high, exact.high)):
        if isinstance(found, int) or abs(found) == inf or not size:
            assert found == end
        else:
            assert abs(Fraction(found) - Fraction(end)) <= Fraction(NEAR) / 100 * Fraction(size)


@pytest.mark.parametrize(
    ("quantity", "ends"),
    [
        (forms.Excess(NUMBERS[2], forms.YearOf(FOUNDED)), (-19, -19)),
        (forms.Excess(forms.YearOf(FOUNDED), forms.YearOf(forms.AsOf())), (-7, -7)),
        (forms.Ratio(NUMBERS[0], NUMBERS[2]), (0, 0.5)),
        (forms.Sum((NUMBERS[0], NUMBERS[1], NUMBERS[2])), (2000.1, inf)),
    ],
)
def test_whole_numbers_and_open_sides_are_exact(
    quantity: Quantity, ends: tuple[float, float]
) -> None:
    facts: dict[str, Value] = {"c": 2000, "founded": date(2019, 3, 1)}
    estimate = estimator_of(quantity)
    assert estimate is not None
    assert estimate(facts, DAY)[:2] == ends


@pytest.mark.parametrize(
    "quantity",
    [
        forms.MonthsBetween(FOUNDED, forms.AsOf()),
        forms.Sum((NUMBERS[0], forms.Steps(NUMBERS[1], forms.Constant(Fraction(100))))),
    ],
)
def test_what_has_no_estimate_says_so(quantity: Quantity) -> None:
    assert estimator_of(quantity) is None


def test_a_share_of_what_may_be_anything_has_no_estimate() -> None:
    estimate = estimator_of(forms.Ratio(NUMBERS[0], NUMBERS[2]))
    assert estimate is not None
    with pytest.raises(NoEstimateError):
        estimate({"a": Decimal(5)}, DAY)
