"""Numbers of a batch between bounds: plain ones by floats, near ones left to the exact way."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from service.bulk.cells import Numbers
from service.bulk.estimates import UNCLEAR, estimated_ends
from service.domain.facts.profile import Subject, Value
from service.domain.rules import quantities as forms
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.intervals import interval_of

A = forms.FactQuantity("company.a", Fraction(0), Fraction(1000))
B = forms.FactQuantity("company.b", Fraction(0))
C = forms.FactQuantity("company.c")
DAY = date(2026, 11, 22)
BOUNDS = [Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(5), Fraction(300)]
VALUES = [None, 0, 1, 3, 10, 30, 100, 1000, 77_777, 10**14]


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
    ],
    ids=repr,
)
def test_rows_lie_between_the_bounds_that_the_exact_way_finds(quantity: forms.Quantity) -> None:
    random = Random(2)
    listed = [[random.choice(VALUES) for _ in quantity.parts] for _ in range(300)]
    numbers = {}
    for i, fact in enumerate(quantity.facts):
        cells = [row[i] for row in listed]
        whole = np.array([(v or 0) * 100 for v in cells], np.int64)
        numbers[fact] = Numbers(whole, np.array([v is not None for v in cells]), 2)
    ends = estimated_ends(quantity, numbers)
    assert ends is not None
    gaps = ends.gaps([float(b) for b in BOUNDS])
    clear = 0
    for row, gap, void in zip(listed, gaps.tolist(), ends.void.tolist(), strict=True):
        pairs = zip(quantity.facts, row, strict=True)
        stated: dict[str, Value] = {f: Decimal(v) for f, v in pairs if v is not None}
        exact = interval_of(quantity, Subject(None, stated, {}), DAY)
        assert void == exact.void, row
        if not void and gap != UNCLEAR:
            clear += 1
            assert divmod(gap, len(BOUNDS) + 1) == (gap_of(exact.low), gap_of(exact.high)), row
    assert clear > 100


def test_other_numbers_are_left_to_the_exact_way() -> None:
    numbers = {"company.a": Numbers(np.array([1]), np.array([True]), 0)}
    assert estimated_ends(forms.Difference(A, B), numbers) is None
    assert estimated_ends(forms.Ratio(forms.Sum((A, B)), B), numbers) is None
