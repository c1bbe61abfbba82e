"""A long table of bit sets is kept in part, and read as if it were kept whole."""

from functools import reduce
from operator import and_, or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.index.interval_rows import IntervalRows

TABLES = st.lists(st.integers(0, 2**9 - 1), min_size=1, max_size=40)


@given(TABLES, st.integers(1, 12), st.data())
def test_rows_are_those_that_were_given(table: list[int], most: int, data: st.DataObject) -> None:
    """Each by its number, all in turn, and what some and all of a stretch have."""
    rows = IntervalRows(iter(table), len(table), most=most)
    assert [rows.row(number) for number in range(len(table))] == list(rows) == table
    first = data.draw(st.integers(0, len(table) - 1))
    last = data.draw(st.integers(first, len(table) - 1))
    part = table[first : last + 1]
    assert rows.between(first, last) == (reduce(or_, part), reduce(and_, part))


@pytest.mark.parametrize("count", [50, 5_000])
def test_what_is_kept_whole_does_not_grow_with_the_table(count: int) -> None:
    """A table in which each row turns one bit keeps no more unions than it may keep rows."""
    steps = [(1 << number) - 1 for number in range(count)]
    rows = IntervalRows(iter(steps), count, most=100)
    assert len(rows.unions) <= 100
    assert bool(rows.lacking) == (count > 100)
