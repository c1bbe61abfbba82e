"""A column of very many bounds, of which not every row is kept, answers as its tests do."""

from datetime import date
from fractions import Fraction
from random import Random

import pytest

from service.domain.index import interval_rows
from service.domain.index.column import IndexedTest
from service.domain.index.interval_columns import IntervalColumn
from service.domain.index.interval_rows import WHOLE_ROWS
from service.domain.rules.operators import Range
from service.domain.rules.quantities import FactQuantity, Sum
from service.domain.truth import Truth

DAY = date(2026, 11, 22)
TOP = 5_000


def random_tests(random: Random, count: int) -> list[IndexedTest]:
    """Tests with one side or two, near ones too, some negated, several at a bit."""
    found = []
    for _ in range(count):
        low = random.randrange(TOP)
        ends = random.choice([(low, None), (None, low), (low, low + random.randrange(1, 9))])
        included = random.random() < 0.5, random.random() < 0.5
        operator = Range(*ends, *included)
        found.append(IndexedTest(random.randrange(count // 2), operator, random.random() < 0.3))
    return found


def can_be_true(entry: IndexedTest, value: int | Fraction) -> bool:
    """Whether a stated value leaves a test true, which must not hold where it is negated."""
    return (entry.operator.decide(value, DAY).truth is Truth.TRUE) != entry.negated


@pytest.mark.parametrize("seed", range(2))
def test_a_long_column_answers_as_its_tests_do(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interval_rows, "WHOLE_BYTES", 0)
    random = Random(seed)
    entries = random_tests(random, 300)
    full = (1 << 150) - 1
    several = Sum((FactQuantity("a"), FactQuantity("b")))
    column = IntervalColumn(entries, full, several)
    assert column.rows.lacking
    assert 2 * len(column.bounds) + 1 > WHOLE_ROWS
    for value in random.sample(range(-1, TOP + 10), 40):
        failed = {e.bit for e in entries if not can_be_true(e, value)}
        assert column.masks(value, DAY) == (full & ~sum(1 << bit for bit in failed), 0)
        low, high = sorted((value, value + random.randrange(40)))
        known = [
            {can_be_true(e, Fraction(number, 2)) for number in range(2 * low, 2 * high + 1)}
            for e in entries
        ]
        never = {e.bit for e, seen in zip(entries, known, strict=True) if seen == {False}}
        assert column._rows(column._row(low), column._row(high))[0] == full & ~sum(
            1 << bit for bit in never
        )
