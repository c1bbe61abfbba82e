"""Ceilings by whole columns: the reference's amounts, to the cent, however large."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.bulk.ceilings import WantedRows, at_most
from service.bulk.cells import Cells, DistinctColumn, Numbers
from service.domain.facts.profile import Subject
from service.domain.rules.amounts import Benefit, ceiling
from tests.domain.sample import DAY, money

BASE, RATE = "project.base", "project.rate"
MAX_AMOUNT = 10**15
amounts = (
    st.none() | st.integers(-MAX_AMOUNT * 100 + 1, MAX_AMOUNT * 100 - 1) | st.integers(-300, 300)
)
shares = st.none() | st.integers(0, 10**6) | st.integers(-(2**62), 2**62)
rates = st.decimals(0, 2, places=3) | st.sampled_from([Decimal("1e-19"), Decimal("0.123456789")])
rows = st.lists(st.tuples(amounts, shares, st.booleans(), st.booleans()), min_size=1, max_size=30)


@st.composite
def benefits(draw: st.DrawFn) -> Benefit:
    """A cap, a rate or an interval of rates, or both, on one fact or on the product of two."""
    cap = draw(st.none() | st.decimals(0, 10**7, places=3))
    low, high = sorted((draw(rates), draw(rates)))
    if draw(st.booleans()):
        low = high
    times = draw(st.sampled_from([(), (RATE,)]))
    return money(cap, low, high, BASE, times)


def numbers(listed: list[Any], places: int) -> Numbers:
    known = np.array([v is not None for v in listed])
    return Numbers(np.array([v or 0 for v in listed], np.int64), known, places)


def distinct(listed: list[Any], places: int) -> DistinctColumn:
    values = [Decimal(v).scaleb(-places) for v in listed if v is not None]
    ids = np.cumsum([v is not None for v in listed]) - 1
    return DistinctColumn(
        np.where([v is not None for v in listed], ids, -1).astype(np.int32), [*values]
    )


@given(benefits(), rows, st.booleans())
def test_each_row_has_the_references_bound(
    benefit: Benefit, listed: list[Any], plainly: bool
) -> None:
    """Rounded towards zero and capped; where a base is unknown or another programme's, the cap."""
    bases, factors, shown, own = (list(column) for column in zip(*listed, strict=True))
    held = numbers if plainly else distinct
    cells: dict[str, Cells] = {BASE: held(bases, 2), RATE: numbers(factors, 6)}
    found = at_most(
        benefit, cells, WantedRows(np.array(shown), np.array(own), frozenset(cells)), DAY
    ).to_pylist()
    for row, amount in enumerate(found):
        stated = {fact: cells[fact].value(row) for fact in cells} if own[row] else {}
        facts = {fact: value for fact, value in stated.items() if value is not None}
        expected = ceiling(benefit, Subject(None, facts, {}), DAY).at_most if shown[row] else None
        assert amount == expected


@pytest.mark.parametrize("cap", [None, Decimal("12.345")])
def test_without_a_rate_or_a_column_the_cap_is_the_bound(cap: Decimal | None) -> None:
    shown = np.array([True, False])
    for benefit in (money(cap), money(cap, Decimal("0.1"), Decimal("0.1"), BASE)):
        bound = None if cap is None else Decimal("12.34")
        assert at_most(benefit, {}, WantedRows(shown, shown), DAY).to_pylist() == [bound, None]
