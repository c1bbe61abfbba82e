"""Months on the calendar, and windows with both end days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.dates import Window, add_months
from tests.domain.strategies import FAST

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
ONE_DAY = timedelta(1)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_the_corresponding_day_of_a_later_month(start: date, months: int, end: date) -> None:
    """The same day of the month, or the month's last day where there is no such day."""
    assert add_months(start, months) == end


@FAST
@given(start=DAYS, months=st.integers(0, 1200))
def test_only_a_day_the_month_lacks_is_moved(start: date, months: int) -> None:
    """The result lies in the month so many months on, and on the same day if that exists."""
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + ONE_DAY).day == 1)


@FAST
@given(start=DAYS, months=st.integers(0, 1200))
def test_a_later_start_never_ends_earlier(start: date, months: int) -> None:
    assert add_months(start, months) <= add_months(start + ONE_DAY, months)
    assert add_months(start, months) < add_months(start, months + 1)


FIRST, LAST = date(2025, 9, 26), date(2030, 9, 25)


@pytest.mark.parametrize(
    ("window", "day", "inside"),
    [
        (Window(FIRST, LAST), FIRST - ONE_DAY, False),
        (Window(FIRST, LAST), FIRST, True),
        (Window(FIRST, LAST), LAST, True),
        (Window(FIRST, LAST), LAST + ONE_DAY, False),
        (Window(FIRST, FIRST), FIRST, True),
        (Window(FIRST, None), date.max, True),
        (Window(FIRST, None), FIRST - ONE_DAY, False),
        (Window(None, LAST), date.min, True),
        (Window(None, LAST), LAST + ONE_DAY, False),
        (Window(), FIRST, True),
        (Window(FIRST, LAST, inferred=True), LAST, True),
    ],
)
def test_a_window_includes_both_end_days(window: Window, day: date, inside: bool) -> None:
    """An end that is not stated leaves that side open."""
    assert (day in window) is inside
