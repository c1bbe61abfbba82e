"""Numbers of a batch between bounds: plain ones by floats, near ones left to the exact way."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from service.bulk.cells import Cells, DistinctColumn, Numbers
from service.bulk.estimates import UNCLEAR, as_numbers, estimated_ends
from service.domain.facts.profile import Subject
from service.domain.rules import quantities as forms
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.intervals import interval_of

A = forms.FactQuantity("company.a", Fraction(0), Fraction(1000))
B = forms.FactQuantity("company.b", Fraction(0))
C = forms.FactQuantity("company.c")
DAY = date(2026, 11, 22)
BOUNDS = [Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(5), Fraction(300)]
VALUES = [None, 0, 1, 3, 10, 30, 100, 1000, 77_777, 10**14]
BORN = forms.FactQuantity("company.born")
DAYS = [None, date(1950, 1, 1), date(1999, 12, 31), date(2020, 2, 29), date(2026, 11, 22)]


def number(value: Fraction | int) -> forms.Constant:
    return forms.Constant(Fraction(value))


def gap_of(end: End) -> int | None:
    """How many bounds lie below an end; None where it lies on one."""
    return None if end in BOUNDS else sum(bound < end for bound in BOUNDS)


@pytest.mark.parametrize(
    "quantity",
    [
        forms.Ratio(A, B),
        forms.Ratio(C, A),
        forms.Ratio(A, C),
        forms.Growth(B, A),
        forms.Growth(C, B),
        forms.Sum((A, C)),
        forms.Mean((A, B)),
        forms.Mean((A, C)),
        forms.Difference(A, B),
        forms.Excess(forms.Sum((A, C)), B),
        forms.Excess(A, forms.Sum((A, B))),
        forms.Ratio(forms.Sum((A, B)), B),
        forms.Ratio(A, forms.Difference(B, A)),
        forms.Ratio(B, forms.Difference(C, number(Fraction(1, 3)))),
        forms.Product((A, B)),
        forms.Product((forms.Difference(A, B), C)),
        forms.Product((forms.Between(Fraction(1, 2), Fraction(2)), B)),
        forms.Product((forms.Between(Fraction(1, 2), None), B)),
        forms.Least((A, C, number(200))),
        forms.Greatest((forms.Growth(B, A), C)),
        forms.Difference(forms.AsOf(), BORN),
        forms.Excess(A, forms.Difference(forms.YearOf(forms.AsOf()), forms.YearOf(BORN))),
    ],
    ids=repr,
)
def test_rows_lie_between_the_bounds_that_the_exact_way_finds(quantity: forms.Quantity) -> None:
    """Also of numbers made of others, and of days."""
    random = Random(2)
    facts = tuple(dict.fromkeys(quantity.facts))
    listed = [{f: random.choice(DAYS if f == BORN.fact else VALUES) for f in facts}
              for _ in range(600)]  # fmt: skip
    columns = {f: as_numbers(column([row[f] for row in listed])) for f in facts}
    numbers = {f: found for f, found in columns.items() if found is not None}
    ends = estimated_ends(quantity, numbers, DAY)
    assert ends is not None
    gaps = ends.gaps([float(b) for b in BOUNDS])
    clear = 0
    for row, gap, void in zip(listed, gaps.tolist(), ends.void.tolist(), strict=True):
        stated = {
            f: Decimal(v) if isinstance(v, int) else v for f, v in row.items() if v is not None
        }
        exact = interval_of(quantity, Subject(None, stated, {}), DAY)
        if gap == UNCLEAR:
            continue
        assert void == exact.void, row
        if not void:
            clear += 1
            assert divmod(gap, len(BOUNDS) + 1) == (gap_of(exact.low), gap_of(exact.high)), row
    assert clear > 100


def column(cells: Sequence[int | date | None]) -> Cells:
    """Cells as a batch holds them: amounts with two places, days by their values."""
    stated = np.array([v is not None for v in cells])
    days = [v for v in cells if isinstance(v, date)]
    if days:
        ids = np.array([days.index(v) if isinstance(v, date) else -1 for v in cells], np.int32)
        return DistinctColumn(ids, [*days])
    whole = [(v if isinstance(v, int) else 0) * 100 for v in cells]
    return Numbers(np.array(whole, np.int64), stated, 2)


def test_other_numbers_are_left_to_the_exact_way() -> None:
    """Those that rest on cases, on records or on a public figure."""
    numbers = {"company.a": Numbers(np.array([1]), np.array([True]), 0)}
    cases = forms.Cases((), A)
    assert estimated_ends(forms.Sum((cases, A)), numbers, DAY) is None
    assert estimated_ends(forms.MonthsBetween(BORN, forms.AsOf()), numbers, DAY) is None


def test_only_numbers_and_days_are_reckoned_with() -> None:
    words = DistinctColumn(np.array([0, -1], np.int32), ["a"])
    assert as_numbers(words) is None
